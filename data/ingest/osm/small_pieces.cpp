#include "data/ingest/osm/small_pieces.hpp"

#include <algorithm>
#include <vector>

namespace jobmap::data::osm {

std::uint32_t close_small_pieces(geo::StreetNetwork& network, geo::TravelMode mode) {
  constexpr std::uint32_t small = 100, part_of_largest = 20;
  const std::uint8_t open = mode == geo::TravelMode::walk ? geo::StreetEdge::walk : geo::StreetEdge::bike;
  const auto piece = geo::pieces(network, mode);
  std::vector<std::uint32_t> nodes(piece.size(), 0);
  for (const auto p : piece)
    if (p != geo::no_piece) ++nodes[p];
  const auto largest = nodes.empty() ? 0 : *std::max_element(nodes.begin(), nodes.end());
  const auto is_small = [&](std::uint32_t root) {
    return nodes[root] < small && nodes[root] < largest / part_of_largest;
  };
  std::uint32_t closed = 0;
  std::vector<bool> counted(piece.size(), false);
  for (auto& e : network.edges) {
    if (!(e.access & open)) continue;
    const auto root = piece[e.from];
    if (!is_small(root)) continue;
    e.access &= static_cast<std::uint8_t>(~open);
    if (!counted[root]) ++closed;
    counted[root] = true;
  }
  return closed;
}

}  // namespace jobmap::data::osm
