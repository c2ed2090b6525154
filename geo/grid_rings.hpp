#pragma once
// Areas on a grid of whole units, as a tile has them, so that nobody who draws them meets a ring that crosses
// or touches itself.
//
//   // Each is the outer ring, then its holes.
//   for (const auto& polygon : valid_polygons(rings)) draw(polygon);
//
// Rounding lets ends of thin parts meet, and simplifying lets a ring cross itself. Such rings are taken apart
// by GEOS (geo/polygon.hpp) into the areas that they enclose by the even-odd rule, on the same grid. What is
// left of one that is smaller than a pixel (least_part, square units) is dropped; a ring that is simple stays
// as it is, point by point.
#include <cstdint>
#include <vector>

namespace jobmap::geo {

struct GridPoint {
  std::int32_t x = 0, y = 0;
  bool operator==(const GridPoint&) const = default;
};
using GridRing = std::vector<GridPoint>;

// A device pixel is four of the 4096 units of a tile.
inline constexpr double least_part = 4 * 4;

// Whether a ring, closed or not, meets itself nowhere. Repeated points in a row are one.
bool is_simple(const GridRing& ring);
// Makes valid polygons, their rings open, of the rings of one polygon, the outer one first. Nothing where the
// outer ring encloses nothing.
std::vector<std::vector<GridRing>> valid_polygons(const std::vector<GridRing>& rings);

}  // namespace jobmap::geo
