#pragma once
// How a place of a query stands to the streets (data/index/footing.hpp).
//
//   if (footing(snapshot, place, geo::TravelMode::walk) == data::Footing::on) use(place);   // of a snapshot with streets
#include <string_view>

#include "data/index/footing.hpp"
#include "data/index/walks.hpp"

namespace jobmap::query {

using data::Footing;

inline Footing footing(const data::Snapshot& snapshot, geo::LonLat at, geo::TravelMode mode) {
  return data::footing(*snapshot.streets, geo::to_e7(at), mode, snapshot.walks->snap_limit_m);
}

inline constexpr std::string_view beyond_streets_note =
    "beyond the streets that are loaded: from there by straight lines with the detour";

}  // namespace jobmap::query
