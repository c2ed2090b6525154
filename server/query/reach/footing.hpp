#pragma once
// How a place stands to the streets that are loaded: on them, off them, or beyond the part of the world that
// the extract has.
//
//   switch (footing(snapshot, place, geo::TravelMode::walk)) ...       // of a snapshot with streets
//
// On: a street lies within the limit of the import. Beyond: it lies outside the box round all streets, or no
// street is within 2 km, so the extract says nothing of it and a straight line is all there is. Off: in a
// lake or a wood, where the extract says that no street is.
#include <cstdint>
#include <string_view>

#include "data/walks.hpp"
#include "geo/street_graph.hpp"

namespace jobmap::query {

enum class Footing : std::uint8_t { on, off, beyond };

inline constexpr double beyond_streets_m = 2000;

inline Footing footing(const data::Snapshot& snapshot, geo::LonLat at, geo::TravelMode mode) {
  const auto p = geo::to_e7(at);
  const auto& streets = *snapshot.streets;
  if (streets.snap(p, mode, snapshot.walks->snap_limit_m)) return Footing::on;
  const bool near = streets.bounds().contains(p) && streets.snap(p, mode, beyond_streets_m);
  return near ? Footing::off : Footing::beyond;
}

inline constexpr std::string_view beyond_streets_note =
    "beyond the streets that are loaded: from there by straight lines with the detour";

}  // namespace jobmap::query
