#pragma once
// How a place stands to the streets that are loaded: on them, off them, or beyond the part of the world that
// the extract has.
//
//   if (footing(streets, at, geo::TravelMode::walk, 250) == Footing::on) use(at);
//
// On: a street lies within the limit of the import. Beyond: it lies outside the box round all streets, or no
// street is within 2 km, so the extract says nothing of it and a straight line is all there is. Off: in a
// lake or a wood, where the extract says that no street is.
#include <algorithm>
#include <cmath>
#include <cstdint>

#include "geo/distance.hpp"
#include "geo/street_graph.hpp"

namespace jobmap::data {

enum class Footing : std::uint8_t { on, off, beyond };

inline constexpr double beyond_streets_m = 2000;

inline Footing footing(const geo::StreetGraph& streets, geo::PointE7 at, geo::TravelMode mode,
                       double snap_limit_m) {
  if (streets.snap(at, mode, snap_limit_m)) return Footing::on;
  const bool near = streets.bounds().contains(at) && streets.snap(at, mode, beyond_streets_m);
  return near ? Footing::off : Footing::beyond;
}

// How many times longer than the straight line a way is taken to be, where nobody says.
inline constexpr double usual_detour = 1.22;

// The way from a place beyond the streets, in millimetres, the last one whole.
inline std::uint32_t straight_mm(const geo::DistanceFrom& from, geo::PointE7 to) {
  return static_cast<std::uint32_t>(std::min(4e9, std::ceil(from.metres(to) * usual_detour * 1000)));
}

}  // namespace jobmap::data
