#pragma once
// The small city with streets: a grid of 300 m, a river from north to south without a way across but for one
// bridge, and a ferry that outruns a walker. Beside it the lengths of all ways by Bellman and Ford, without
// buckets, heaps or bounds.
//
//   StreetCity city(seed, 2000);
//   Ways ways(*city.streets, geo::TravelMode::walk, {{snap, 0}});
//   ways.to(other_snap);                                          // millimetres, or nothing
#include <cstdlib>
#include <limits>
#include <optional>

#include "data/index/walks.hpp"
#include "geo/distance.hpp"
#include "tests/query/small_city.hpp"
#include "tests/street_grid.hpp"

namespace jobmap::test {

// Beyond the river of the grid round 120.17 E; the bridge is at the latitude of the stations.
inline constexpr std::int32_t river_lon = 1'201'700'000 + 20'000;

inline geo::StreetGraph river_city() {
  auto n = street_grid({120.17, 30.2}, 70, 300);
  const auto west = [&](std::uint32_t i) { return n.nodes[i].lon < river_lon; };
  std::optional<geo::StreetEdge> bridge;
  std::vector<geo::StreetEdge> edges;
  for (const auto& e : n.edges) {
    if (west(e.from) == west(e.to)) {
      edges.push_back(e);
      continue;
    }
    const auto off = [&](const geo::StreetEdge& b) { return std::abs(n.nodes[b.from].lat - 302'000'000); };
    if (!bridge || off(e) < off(*bridge)) bridge = e;
  }
  edges.push_back(*bridge);
  const auto nearest = [&](double lon, double lat) {
    std::uint32_t best = 0;
    for (std::uint32_t i = 0; i < n.nodes.size(); ++i)
      if (geo::distance_m(geo::to_lonlat(n.nodes[i]), {lon, lat}) <
          geo::distance_m(geo::to_lonlat(n.nodes[best]), {lon, lat}))
        best = i;
    return best;
  };
  // 4.8 km of water in the time of 1.2 km on foot.
  edges.push_back({nearest(120.13, 30.22), nearest(120.18, 30.22), 1'200'000,
                   geo::StreetEdge::walk | geo::StreetEdge::bike | geo::StreetEdge::afloat});
  n.edges = std::move(edges);
  return geo::StreetGraph(geo::hilbert_ordered(std::move(n)));
}

struct StreetCity : SmallCity {
  StreetCity(unsigned seed, int jobs, geo::StreetGraph graph = river_city())
      : SmallCity(seed, jobs), streets(std::make_shared<const geo::StreetGraph>(std::move(graph))) {
    rebuild();
  }
  void rebuild(double snap_limit_m = 180) {
    city->finish();
    data::JobTableBuilder builder;
    for (const auto& p : postings) builder.add(p);
    const auto table = std::move(builder).build(*city);
    snapshot = data::make_snapshot(table, city, "0123456789abcdef", 1, now,
                                   {streets, data::find_walks(*streets, *table, *city, snap_limit_m)});
  }
  const data::Walks& walks() const { return *snapshot->walks; }
  std::shared_ptr<const geo::StreetGraph> streets;
};

class Ways {
 public:
  Ways(const geo::StreetGraph& graph, geo::TravelMode mode, std::vector<geo::Seed> seeds)
      : graph_(graph), mode_(mode), seeds_(std::move(seeds)), mm_(graph.nodes(), unreached) {
    for (const auto& [at, cost] : seeds_) {
      if (!at) continue;
      const auto& e = graph.edge(at.edge);
      const std::uint64_t before = std::uint64_t{cost} + at.offset_mm;
      if (e.open_backward(mode)) least(e.from, before + at.along_mm);
      if (e.open_forward(mode)) least(e.to, before + e.length_mm - at.along_mm);
    }
    for (bool changed = true; changed;) {
      changed = false;
      for (const auto& e : graph.network().edges) {
        if (e.open_forward(mode)) changed |= least(e.to, mm_[e.from] + e.length_mm);
        if (e.open_backward(mode)) changed |= least(e.from, mm_[e.to] + e.length_mm);
      }
    }
  }

  std::optional<std::uint64_t> to(const geo::Snap& place) const {
    if (!place) return std::nullopt;
    const auto& e = graph_.edge(place.edge);
    std::uint64_t best = unreached;
    if (e.open_forward(mode_)) best = std::min(best, mm_[e.from] + place.along_mm);
    if (e.open_backward(mode_)) best = std::min(best, mm_[e.to] + e.length_mm - place.along_mm);
    for (const auto& [at, cost] : seeds_)
      if (at && at.edge == place.edge &&
          (at.along_mm <= place.along_mm ? e.open_forward(mode_) : e.open_backward(mode_)))
        best = std::min(best, std::uint64_t{cost} + at.offset_mm +
                                  static_cast<std::uint64_t>(
                                      std::abs(std::int64_t{at.along_mm} - std::int64_t{place.along_mm})));
    if (best >= unreached) return std::nullopt;
    return best + place.offset_mm;
  }

 private:
  static constexpr std::uint64_t unreached = std::uint64_t{1} << 60;
  bool least(std::uint32_t node, std::uint64_t mm) {
    if (mm >= mm_[node]) return false;
    mm_[node] = mm;
    return true;
  }
  const geo::StreetGraph& graph_;
  geo::TravelMode mode_;
  std::vector<geo::Seed> seeds_;
  std::vector<std::uint64_t> mm_;
};

}  // namespace jobmap::test
