#pragma once
// The shifted coordinates of Chinese maps, GCJ-02 (AMap, Tencent) and BD-09 (Baidu), to and from WGS84.
//
//   LonLat shown = wgs84_to_gcj02({120.15937, 30.25698});   // some 550 m away
//   LonLat again = gcj02_to_wgs84(shown);                   // the same place to within a micrometre
//
// Degrees, longitude first. No authority publishes either system: these are the formulas the field has used
// since 2010 (see tests/geo/datum_test.cpp for reference pairs). Forward is closed form. Backward solves
// forward(p) = q by fixed-point iteration, which gains two digits or more a step, until a step is below 1e-12
// degree.
//
// Outside China both systems are WGS84. "China" is by the field's convention the rectangle of shifts_at(); it
// decides on the WGS84 side, so whatever lies in it comes back from a round trip. It reaches beyond the
// borders, and within 3 km outside of its own edge, in sea and foreign land, a shifted coordinate has two
// meanings: the inner one is taken.
#include "geo/coords.hpp"

namespace jobmap::geo {

// Whether GCJ-02 and BD-09 differ from WGS84 at this WGS84 place.
constexpr bool shifts_at(LonLat p) {
  return p.lon >= 72.004 && p.lon <= 137.8347 && p.lat >= 0.8293 && p.lat <= 55.8271;
}

LonLat wgs84_to_gcj02(LonLat p);
LonLat gcj02_to_wgs84(LonLat p);
LonLat wgs84_to_bd09(LonLat p);
LonLat bd09_to_wgs84(LonLat p);

}  // namespace jobmap::geo
