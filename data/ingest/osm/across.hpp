#pragma once
// The straight lines by which one walks across an open area: from door to door, and round its corners and
// holes where those are in the way.
//
//   std::vector<Line> lines = lines_across({.rings = {outline, hole}, .doors = doors, .inside = {stairs}});
//   for (const Line& l : lines) use(l.from, l.to);     // corners: rings end to end, then `inside`
//
// It is the reduced visibility graph (Latombe 1991, "Robot motion planning", 4.1): two corners see each other
// where the line between them stays in the area and crosses no wall, and of a corner that is no door only
// those lines count that go round it. So the shortest way from door to door is one of these lines or several;
// lines that others replace within two hundredths are left out. Coordinates are 1e-7 degree and crossings are
// exact. Rings have no point twice and close by themselves. An area of more corners than `most_corners` is
// crossed from door to door alone, one of more doors not at all.
#include <cstdint>
#include <vector>

#include "geo/coords.hpp"

namespace jobmap::data::osm {

struct OpenArea {
  std::vector<std::vector<geo::PointE7>> rings;  // outlines and holes, which the even-odd rule tells apart
  std::vector<bool> doors;                       // of each corner of the rings: whether one comes in there
  std::vector<geo::PointE7> inside;              // doors that are no corners
  struct Wall {
    geo::PointE7 a, b;
  };
  std::vector<Wall> walls;
};
struct Line {
  std::uint32_t from, to;
  bool operator==(const Line&) const = default;
};

inline constexpr std::size_t most_corners = 200;

std::vector<Line> lines_across(const OpenArea& area);
// Whether the area holds a point, or its edge does.
bool holds(const OpenArea& area, geo::PointE7 p);

}  // namespace jobmap::data::osm
