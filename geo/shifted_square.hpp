#pragma once
// Tiles for maps that are drawn in GCJ-02 or BD-09: the same Web Mercator matrix over shifted coordinates.
//
//   const ShiftedSquare square(Crs::gcj02, {14, 13660, 6744});
//   if (square.reach().contains(p) && square.contains(shift(Crs::gcj02, p))) use(p);  // p in WGS84
//
// A place lies in the square that its shifted coordinates, rounded to 1e-7 degree, lie in: half-open like any
// tile, so each place is in exactly one square of a zoom. The systems move a place by less than 1.4 km, which
// is how far reach() reaches beyond.
#include <algorithm>

#include "geo/crs.hpp"
#include "geo/datum.hpp"
#include "geo/tile_id.hpp"

namespace jobmap::geo {

constexpr bool is_shifted(Crs crs) { return crs == Crs::gcj02 || crs == Crs::bd09; }

inline LonLat shift(Crs crs, LonLat p) {
  return crs == Crs::gcj02 ? wgs84_to_gcj02(p) : crs == Crs::bd09 ? wgs84_to_bd09(p) : p;
}
inline PointE7 shift(Crs crs, PointE7 p) { return is_shifted(crs) ? to_e7(shift(crs, to_lonlat(p))) : p; }

// The box with what it may be moved by, either way; at the 56th parallel 0.025 degrees are 1.5 km.
inline BoxE7 widened_by_shift(const BoxE7& b) {
  constexpr std::int32_t lon = 250'000, lat = 150'000, east = 1'800'000'000, north = 900'000'000;
  return {std::max(b.min_lon, lon - east) - lon, std::max(b.min_lat, lat - north) - lat,
          std::min(b.max_lon, east - lon) + lon, std::min(b.max_lat, north - lat) + lat};
}

class ShiftedSquare {
 public:
  // The square's zoom may be deeper than max_zoom.
  ShiftedSquare(Crs crs, TileId square) : crs_(crs), square_(square) {
    const Box b = square.bounds();
    const PointE7 low = to_e7({b.min_x, b.min_y}), high = to_e7({b.max_x, b.max_y});
    reach_ = widened_by_shift({low.lon, low.lat, high.lon, high.lat});
    // A place beyond the matrix counts as on its edge.
    if (square.y == 0) reach_.max_lat = 900'000'000;
    if (square.y + 1 == 1u << square.z) reach_.min_lat = -900'000'000;
  }
  Crs crs() const { return crs_; }
  const BoxE7& reach() const { return reach_; }  // in WGS84
  bool contains(GridCell shifted) const {
    const unsigned below = grid_bits - square_.z;
    return shifted.x >> below == square_.x && shifted.y >> below == square_.y;
  }
  bool contains(PointE7 shifted) const { return contains(to_grid(shifted)); }

 private:
  Crs crs_;
  TileId square_;
  BoxE7 reach_;
};

}  // namespace jobmap::geo
