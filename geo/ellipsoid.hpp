#pragma once
// The ellipsoid of WGS84, on which lengths and areas are measured.
//
//   const double semi_minor_m = semi_major_m * (1 - flattening);    // 6,356,752.3
#include <numbers>

namespace jobmap::geo {

inline constexpr double semi_major_m = 6378137.0;
inline constexpr double flattening = 1 / 298.257223563;
inline constexpr double eccentricity2 = flattening * (2 - flattening);
inline constexpr double rad = std::numbers::pi / 180;  // radians a degree

}  // namespace jobmap::geo
