#pragma once
// Open areas of an extract that one walks across (squares, platforms, piers), as lines from place to place.
//
//   Squares squares(std::move(ends), std::move(walls));
//   for (const Line& l : squares.across(square, is_door, place_at)) use(l.from, l.to);        // places
//
// One comes in where a street meets the outline, and where a street ends inside at the same level, as stairs
// from below do. Walls at that level are walked round, not through. A square that is larger than a town, or
// of more corners than a town has, gives none.
#include <functional>

#include "data/ingest/osm/across.hpp"
#include "data/ingest/osm/street_rules.hpp"

namespace jobmap::data::osm {

struct Square {
  std::vector<std::vector<std::uint32_t>> rings;  // places, the first not again at the end
  Passage passage;
  int level = 0;
};

class Squares {
 public:
  struct End {  // where a street ends
    geo::PointE7 at;
    std::uint32_t place;
    int level;
  };
  struct Wall {  // a straight piece of one
    geo::PointE7 a, b;
    std::uint32_t place_a, place_b;
    int level;
  };
  using IsDoor = std::function<bool(std::uint32_t place)>;
  using PlaceAt = std::function<geo::PointE7(std::uint32_t place)>;

  Squares(std::vector<End> ends, std::vector<Wall> walls);

  std::vector<Line> across(const Square& square, const IsDoor& is_door, const PlaceAt& place_at) const;

 private:
  std::vector<End> ends_;         // by latitude
  std::vector<Wall> walls_;       // by the latitude of a, but for the tall ones
  std::vector<Wall> tall_walls_;  // those that reach far from south to north
};

}  // namespace jobmap::data::osm
