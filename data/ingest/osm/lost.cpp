#include "data/ingest/osm/lost.hpp"

#include <algorithm>
#include <unordered_map>

namespace jobmap::data::osm {
namespace {

constexpr std::int32_t cell = 100'000;  // 0.01 degree

std::unordered_map<std::uint64_t, double> length_by_cell(const geo::StreetNetwork& n) {
  std::unordered_map<std::uint64_t, double> by;
  for (const auto& e : n.edges) {
    if (e.access & geo::StreetEdge::afloat || e.from >= n.nodes.size()) continue;
    const auto at = n.nodes[e.from];
    const auto x = static_cast<std::uint32_t>(at.lon / cell), y = static_cast<std::uint32_t>(at.lat / cell);
    by[std::uint64_t{x} << 32 | y] += e.length_mm;
  }
  return by;
}

}  // namespace

double lost_share(const geo::StreetNetwork& before, const geo::StreetNetwork& after) {
  const auto had = length_by_cell(before), has = length_by_cell(after);
  double all = 0, lost = 0;
  for (const auto& [at, length] : had) {
    all += length;
    const auto now = has.find(at);
    lost += now == has.end() ? length : std::max(0.0, length - now->second);
  }
  return all > 0 ? lost / all : 0;
}

}  // namespace jobmap::data::osm
