#pragma once
// The area that can be reached in so much time, as polygons: what a search along the streets found, drawn.
//
//   search.run(graph, TravelMode::walk, seeds, cutoffs.front());
//   Isochrone iso = draw_isochrone(graph, TravelMode::walk, search, cutoffs, 250);
//   iso.areas[0];           // of the first cutoff: valid, outer rings counter-clockwise, holes clockwise
//   iso.resolution_m;       // how far its edge may be off
//
// A place is as far as the street it is nearest to, there, and the straight way to that street: the rule that
// gives a job its minutes (StreetGraph::snap). So an area holds the jobs of its time, and ends half way to a
// street that is not reached: it crosses no water without a bridge. The nearest street of each point of a
// grid is found from the streets outwards (a point takes the nearest street of its neighbours; Danielsson
// 1980), and the areas are drawn by marching squares (geo/contour.hpp). The map is flat round its middle:
// right to a thousandth at 20 km.
#include <cstdint>
#include <span>
#include <vector>

#include "geo/geometry.hpp"
#include "geo/street_search.hpp"

namespace jobmap::geo {

struct Isochrone {
  double resolution_m = 0;          // the side of a cell; 0 where there is nothing to draw
  std::vector<MultiPolygon> areas;  // of each cutoff; empty where nothing is reached
};

// Cutoffs in mm of way, none beyond the limit of the search's run. No area goes farther than off_street_m
// from a street.
Isochrone draw_isochrone(const StreetGraph& graph, TravelMode mode, const StreetSearch& search,
                         std::span<const std::uint32_t> cutoffs_mm, double off_street_m);

// Without streets: the places whose straight way from a centre, `detour` times as long, is within the cutoff.
struct Centre {
  LonLat at;
  std::uint32_t cost_mm = 0;  // spent already
};
Isochrone draw_circles(std::span<const Centre> centres, std::span<const std::uint32_t> cutoffs_mm,
                       double detour);

}  // namespace jobmap::geo
