#pragma once
// A city grid: streets north-south and east-west, `block_m` apart round a centre, each block's side an edge
// that is open to all. Lengths vary by a hash of the place, 1 to 1.05 blocks, so that few ways are equally
// long.
//
//   geo::StreetGraph graph(street_grid({120.16, 30.25}, 708, 100));      // 1,001,112 edges
#include "geo/street_graph.hpp"

namespace jobmap {

inline geo::StreetNetwork street_grid(geo::LonLat centre, std::uint32_t side, double block_m) {
  geo::StreetNetwork n;
  const auto scale = geo::local_scale(centre.lat);
  const auto middle = geo::to_e7(centre);
  const auto offset = [&](std::uint32_t i, double metres_a_unit) {
    return static_cast<std::int32_t>((i - side / 2.0) * block_m / metres_a_unit);
  };
  const auto add = [&](std::uint32_t from, std::uint32_t to) {
    const auto hash = (from * 2654435761u ^ to * 40503u) >> 20;
    const double length = block_m * 1000 * (1 + 0.05 * hash / 4096);
    n.edges.push_back(
        {from, to, static_cast<std::uint32_t>(length), geo::StreetEdge::walk | geo::StreetEdge::bike});
  };
  for (std::uint32_t y = 0; y < side; ++y)
    for (std::uint32_t x = 0; x < side; ++x) {
      const auto here = static_cast<std::uint32_t>(n.nodes.size());
      n.nodes.push_back({middle.lon + offset(x, scale.x), middle.lat + offset(y, scale.y)});
      if (x + 1 < side) add(here, here + 1);
      if (y + 1 < side) add(here, here + side);
    }
  return geo::hilbert_ordered(std::move(n));
}

}  // namespace jobmap
