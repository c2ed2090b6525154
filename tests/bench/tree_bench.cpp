// The spatial index built from the same points in the same, random order by us and by Boost.Geometry's
// packing constructor.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <boost/geometry/geometries/point.hpp>
#include <boost/geometry/index/rtree.hpp>
#include <random>

#include "tests/bench/bench_data.hpp"

namespace jobmap {
namespace {

namespace bg = boost::geometry;
using BoostPoint = bg::model::point<std::int32_t, 2, bg::cs::cartesian>;
using BoostTree = bg::index::rtree<std::pair<BoostPoint, std::uint32_t>, bg::index::rstar<16>>;

const std::vector<geo::PointE7>& shuffled_points() {
  static const auto points = [] {
    const auto& jobs = *bench_snapshot().jobs;
    std::vector<geo::PointE7> list(jobs.located);
    for (data::Row row = 0; row < jobs.located; ++row) list[row] = jobs.tree.point(row);
    std::shuffle(list.begin(), list.end(), std::mt19937(1));
    return list;
  }();
  return points;
}

void tree_build_ours(benchmark::State& state) {
  const auto& points = shuffled_points();
  for (auto _ : state) {
    const auto tree = geo::RTree::build(points);
    benchmark::DoNotOptimize(tree.lon());
  }
}
BENCHMARK(tree_build_ours)->Unit(benchmark::kMillisecond);

void tree_build_boost(benchmark::State& state) {
  std::vector<std::pair<BoostPoint, std::uint32_t>> values;
  for (const auto p : shuffled_points())
    values.emplace_back(BoostPoint(p.lon, p.lat), static_cast<std::uint32_t>(values.size()));
  for (auto _ : state) {
    const BoostTree tree(values.begin(), values.end());
    benchmark::DoNotOptimize(tree.size());
  }
}
BENCHMARK(tree_build_boost)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace jobmap
