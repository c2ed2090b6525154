#pragma once
// Areas that reach beyond 180 degrees, cut at the antimeridian as RFC 7946 (3.1.9) asks.
//
//   // Of an area at 179 to 181 degrees: one part to 180, one from -180.
//   MultiPolygon parts = cut_at_antimeridian(area);
//
// An area inside the map stays as it is, point by point. At most half a turn beyond either edge.
#include <cstdint>
#include "geo/geometry.hpp"

namespace jobmap::geo {

inline constexpr std::int32_t half_turn_e7 =
    1'800'000'000;  // the antimeridian, which is also at its negative

MultiPolygon cut_at_antimeridian(const MultiPolygon& area);
// The longitude of a place as it is seen from another: at most half a turn from it, so perhaps beyond 180
// degrees.
double longitude_seen_from(double from, double lon);

}  // namespace jobmap::geo
