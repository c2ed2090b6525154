#pragma once
// The ellipsoid of WGS84, on which lengths and areas are measured.
#include <numbers>

namespace jobmap::geo {

inline constexpr double semi_major_m = 6378137.0;
inline constexpr double flattening = 1 / 298.257223563;
inline constexpr double eccentricity2 = flattening * (2 - flattening);
inline constexpr double rad = std::numbers::pi / 180;  // radians a degree

}  // namespace jobmap::geo
