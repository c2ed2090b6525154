#pragma once
// The Web Mercator square as a unit square: x to the east, y to the south, (0,0) its north-west corner, as
// tiles count. Closed form on the sphere of radius 6,378,137 m (EPSG:3857); latitudes beyond +-85.0511 lie
// outside [0,1].
//
//   Mercator m = to_mercator({120.15937, 30.25698});   // m.x * 2^z is the tile column at zoom z
#include <algorithm>
#include <cmath>
#include <numbers>

#include "geo/coords.hpp"

namespace jobmap::geo {

struct Mercator {
  double x = 0;  // [0, 1) over longitudes [-180, 180)
  double y = 0;  // 0 at 85.0511 N, 1 at 85.0511 S
};

inline constexpr double earth_radius_m = 6378137.0;
inline constexpr double max_mercator_lat = 85.05112877980659;

inline Mercator to_mercator(LonLat p) {
  const double s = std::sin(p.lat * std::numbers::pi / 180);
  // atanh(s) by one logarithm: twice as fast, and as exact as a grid of 2^31 cells needs.
  return {p.lon / 360 + 0.5, 0.5 - std::log((1 + s) / (1 - s)) / (4 * std::numbers::pi)};
}
inline LonLat from_mercator(Mercator m) {
  return {(m.x - 0.5) * 360,
          std::atan(std::sinh((0.5 - m.y) * 2 * std::numbers::pi)) * 180 / std::numbers::pi};
}

// EPSG:3857 metres, x east and y north.
inline constexpr double mercator_extent_m = std::numbers::pi * earth_radius_m;
inline Box to_epsg3857(Mercator m) {
  const double x = (m.x - 0.5) * 2 * mercator_extent_m, y = (0.5 - m.y) * 2 * mercator_extent_m;
  return {x, y, x, y};
}
inline Mercator from_epsg3857(double x, double y) {
  return {x / (2 * mercator_extent_m) + 0.5, 0.5 - y / (2 * mercator_extent_m)};
}

// The cell of a point in the grid of 2^31 x 2^31 cells (2 cm at the equator) that carries the Hilbert order
// and decides which tile a point belongs to. Beyond the square's north and south edge: the nearest cell.
struct GridCell {
  std::uint32_t x = 0, y = 0;  // [0, 2^31)
};
inline constexpr int grid_bits = 31;
inline GridCell to_grid(PointE7 p) {
  const Mercator m = to_mercator(to_lonlat(p));
  constexpr double side = 2147483648.0;
  auto cell = [](double v) { return static_cast<std::uint32_t>(std::clamp(v * side, 0.0, side - 1)); };
  return {cell(m.x), cell(m.y)};
}

}  // namespace jobmap::geo
