#pragma once
// A tile of the Web Mercator matrix (OGC WebMercatorQuad, XYZ): column x from the west, row y from the north.
//
//   TileId t{12, 3414, 1687};  if (!t.is_valid()) refuse();  Box b = t.bounds();
//
// Tiles are half-open (west and north edge belong to them), so each point lies in exactly one tile of a zoom.
#include <cstdint>

#include "geo/mercator.hpp"

namespace jobmap::geo {

inline constexpr unsigned max_zoom = 22;

struct TileId {
  unsigned z = 0;
  std::uint32_t x = 0, y = 0;
  bool operator==(const TileId&) const = default;

  bool is_valid() const { return z <= max_zoom && x < (1u << z) && y < (1u << z); }
  Mercator north_west() const {
    const double n = 1u << z;
    return {x / n, y / n};
  }
  Mercator south_east() const {
    const double n = 1u << z;
    return {(x + 1) / n, (y + 1) / n};
  }
  // In degrees, closed: the box to look in, not the test of membership.
  Box bounds() const {
    const LonLat nw = from_mercator(north_west()), se = from_mercator(south_east());
    return {nw.lon, se.lat, se.lon, nw.lat};
  }
};

}  // namespace jobmap::geo
