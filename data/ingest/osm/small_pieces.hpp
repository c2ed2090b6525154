#pragma once
// Closes the pieces of a network from which one gets nowhere: the path in a courtyard, the platform whose
// stairs aren't mapped. Who stands nearest to such a piece would reach nothing, though a street is near.
//
//   const std::uint32_t closed = close_small_pieces(network, geo::TravelMode::walk);    // pieces
//
// A piece is small with under 100 nodes and under a twentieth of the largest. Its edges stay, and what else
// is open on them stays open.
#include "geo/street_graph.hpp"

namespace jobmap::data::osm {

std::uint32_t close_small_pieces(geo::StreetNetwork& network, geo::TravelMode mode);

}  // namespace jobmap::data::osm
