#pragma once
// How much of a street network another one hasn't: what is asked before an import takes its place.
//
//   if (lost_share(before, after) > 0.5) refuse();    // 0: as many streets everywhere; 1: none where any were
//
// By length, cell by cell of about a kilometre: so a part of a city loses the rest, and another city of the
// same size loses all.
#include "geo/street_graph.hpp"

namespace jobmap::data::osm {

double lost_share(const geo::StreetNetwork& before, const geo::StreetNetwork& after);

}  // namespace jobmap::data::osm
