// Searches along a city grid of a million edges, by us and by Boost.Graph's Dijkstra with a visitor that
// stops at the limit and puts back only what it touched; and what a snapshot and an isochrone are made of.
#include <benchmark/benchmark.h>

#include <boost/graph/compressed_sparse_row_graph.hpp>
#include <boost/graph/dijkstra_shortest_paths_no_color_map.hpp>
#include <filesystem>
#include <fstream>

#include "data/index/walks.hpp"
#include "data/ingest/osm/import_osm.hpp"
#include "geo/isochrone.hpp"
#include "geo/street_search.hpp"
#include "tests/bench/bench_data.hpp"
#include "tests/data/osm_file.hpp"
#include "tests/street_grid.hpp"

namespace jobmap {
namespace {

constexpr std::uint32_t quarter_hour = 1'170'000;  // mm at 4.68 km/h
constexpr auto walk = geo::TravelMode::walk;
constexpr geo::LonLat centre{120.17, 30.25};

const geo::StreetGraph& grid(std::int64_t block_m) {
  static const geo::StreetGraph wide(street_grid(centre, 708, 100)), narrow(street_grid(centre, 708, 25));
  return block_m == 100 ? wide : narrow;
}

std::vector<geo::Seed> random_seeds(const geo::StreetGraph& g, std::size_t n) {
  std::vector<geo::Seed> seeds;
  std::uint32_t r = 1;
  for (std::size_t i = 0; i < n; ++i) {
    r = r * 1664525 + 1013904223;
    seeds.push_back(
        {g.snap(g.node(static_cast<std::uint32_t>(std::uint64_t{r} * g.nodes() >> 32)), walk, 250), 0});
  }
  return seeds;
}

void streets_quarter_hour_ours(benchmark::State& state) {
  const auto& g = grid(state.range(0));
  const auto seeds = random_seeds(g, 1000);
  auto& search = geo::StreetSearch::of_this_thread();
  std::size_t i = 0, nodes = 0;
  for (auto _ : state) {
    search.run(g, walk, {&seeds[i++ % seeds.size()], 1}, quarter_hour);
    nodes += search.nodes().size();
  }
  state.counters["nodes"] =
      benchmark::Counter(static_cast<double>(nodes), benchmark::Counter::kAvgIterations);
}
BENCHMARK(streets_quarter_hour_ours)->Arg(100)->Arg(25)->Unit(benchmark::kMicrosecond);

struct Length {
  std::uint32_t mm;
};
using BoostGraph = boost::compressed_sparse_row_graph<boost::directedS, boost::no_property, Length>;

BoostGraph boost_graph(const geo::StreetGraph& g) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> arcs;
  std::vector<Length> lengths;
  for (std::uint32_t n = 0; n < g.nodes(); ++n)
    for (const auto& arc : g.arcs(n)) arcs.emplace_back(n, arc.to()), lengths.push_back({arc.length_mm});
  return {boost::edges_are_sorted, arcs.begin(), arcs.end(), lengths.begin(), g.nodes()};
}

struct Done {};
struct Bounded : boost::default_dijkstra_visitor {
  std::vector<std::uint32_t>* distance;
  std::vector<std::uint32_t>* touched;
  std::size_t* nodes;
  void discover_vertex(std::size_t v, const BoostGraph&) {
    touched->push_back(static_cast<std::uint32_t>(v));
  }
  void examine_vertex(std::size_t v, const BoostGraph&) {
    if ((*distance)[v] > quarter_hour) throw Done();
    ++*nodes;
  }
};

void streets_quarter_hour_boost(benchmark::State& state) {
  const auto& g = grid(state.range(0));
  const BoostGraph boost = boost_graph(g);
  const auto seeds = random_seeds(g, 1000);
  std::vector<std::uint32_t> distance(g.nodes(), 0xFFFFFFFF), touched;
  std::size_t i = 0, nodes = 0;
  Bounded visitor;
  visitor.distance = &distance, visitor.touched = &touched, visitor.nodes = &nodes;
  for (auto _ : state) {
    const auto& seed = seeds[i++ % seeds.size()].at;
    const std::size_t from = seed.along_mm ? g.edge(seed.edge).to : g.edge(seed.edge).from;
    distance[from] = 0;
    try {
      boost::dijkstra_shortest_paths_no_color_map_no_init(
          boost, from, boost::dummy_property_map(),
          boost::make_iterator_property_map(distance.begin(), get(boost::vertex_index, boost)),
          get(&Length::mm, boost), get(boost::vertex_index, boost), std::less<>(),
          boost::closed_plus<std::uint32_t>(), 0xFFFFFFFFu, 0u, visitor);
    } catch (const Done&) {
    }
    for (const auto v : touched) distance[v] = 0xFFFFFFFF;
    distance[from] = 0xFFFFFFFF;
    touched.clear();
  }
  state.counters["nodes"] =
      benchmark::Counter(static_cast<double>(nodes), benchmark::Counter::kAvgIterations);
}
BENCHMARK(streets_quarter_hour_boost)->Arg(100)->Arg(25)->Unit(benchmark::kMicrosecond);

void streets_nearest_of_1000_for_all(benchmark::State& state) {
  const auto& g = grid(state.range(0));
  const auto seeds = random_seeds(g, 1000);
  auto& search = geo::StreetSearch::of_this_thread();
  for (auto _ : state) search.run(g, walk, seeds, geo::StreetSearch::no_limit);
}
BENCHMARK(streets_nearest_of_1000_for_all)->Arg(100)->Arg(25)->Unit(benchmark::kMillisecond);

void streets_snapshot_walks(benchmark::State& state) {
  const auto& g = grid(state.range(0));
  const auto& s = bench_snapshot();
  for (auto _ : state) benchmark::DoNotOptimize(data::find_walks(g, *s.jobs, *s.city));
}
BENCHMARK(streets_snapshot_walks)->Arg(100)->Arg(25)->Unit(benchmark::kMillisecond)->UseRealTime();

void streets_isochrone_5_10_15(benchmark::State& state) {
  const auto& g = grid(state.range(0));
  const auto seeds = random_seeds(g, 1000);
  const std::vector<std::uint32_t> cutoffs{quarter_hour, 780'000, 390'000};
  geo::StreetSearch search;
  std::size_t i = 0;
  for (auto _ : state) {
    search.run(g, walk, {&seeds[i++ % seeds.size()], 1}, quarter_hour);
    benchmark::DoNotOptimize(geo::draw_isochrone(g, walk, search, cutoffs, 250));
  }
}
BENCHMARK(streets_isochrone_5_10_15)->Arg(100)->Arg(25)->Unit(benchmark::kMillisecond);

// Two million nodes: streets of 1,000 nodes that cross every tenth of them.
std::string large_extract() {
  OsmFile osm;
  constexpr std::int64_t columns = 1000, rows = 2000;
  for (std::int64_t y = 0; y < rows; ++y)
    for (std::int64_t x = 0; x < columns; ++x)
      osm.node(1 + y * columns + x, 120 + 1e-4 * static_cast<double>(x), 30 + 1e-4 * static_cast<double>(y));
  for (std::int64_t y = 0; y < rows; y += 10) {
    std::vector<std::int64_t> street;
    for (std::int64_t x = 0; x < columns; ++x) street.push_back(1 + y * columns + x);
    osm.way(1 + y, street, {{"highway", "residential"}, {"name", "synthetic"}});
  }
  for (std::int64_t x = 0; x < columns; x += 10) {
    std::vector<std::int64_t> street;
    for (std::int64_t y = 0; y < rows; ++y) street.push_back(1 + y * columns + x);
    osm.way(100'000 + x, street, {{"highway", "footway"}});
  }
  return osm.pbf();
}

void streets_import_2m_nodes(benchmark::State& state) {
  const auto dir = std::filesystem::temp_directory_path() / ("jobmap-bench-" + std::to_string(getpid()));
  std::filesystem::create_directory(dir);
  const auto file = (dir / "grid.osm.pbf").string();
  std::ofstream(file, std::ios::binary) << large_extract();
  std::uint64_t nodes = 0;
  int n = 0;
  for (auto _ : state) {
    data::OsmOptions options;
    options.database = (dir / (std::to_string(n++) + ".sqlite")).string(), options.file = file;
    nodes += data::import_osm(options).nodes_read;
  }
  state.counters["nodes/s"] = benchmark::Counter(static_cast<double>(nodes), benchmark::Counter::kIsRate);
  std::filesystem::remove_all(dir);
}
BENCHMARK(streets_import_2m_nodes)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace jobmap
