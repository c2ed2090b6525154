// Lists and counts of the job query, in process: what the server does between the parsed request and the
// bytes.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <random>

#include "server/encode/job_list.hpp"
#include "server/query/list/evaluate.hpp"
#include "tests/bench/bench_data.hpp"

namespace jobmap {
namespace {

using query::JobQuery;

JobQuery near_query(double radius_m) {
  JobQuery q;
  q.categories = 1u << static_cast<unsigned>(data::Category::internship);
  q.anchor = query::AnchorKind::near;
  q.anchors = {{}};
  q.radius_m = radius_m;
  q.sort = query::Sort::distance;
  return q;
}

enum class Answer { rows, geojson, pb };

void list(benchmark::State& state, double radius_m, Answer answer) {
  const auto& snapshot = bench_snapshot();
  const auto& at = bench_places();
  auto q = near_query(radius_m);
  std::size_t i = 0, bytes = 0;
  std::uint64_t matches = 0;
  for (auto _ : state) {
    q.anchors[0] = at[i++ % at.size()];
    const auto page = query::evaluate(q, snapshot);
    matches += page.totals.ads;
    if (answer == Answer::rows) {
      benchmark::DoNotOptimize(page.hits.data());
      continue;
    }
    const encode::JobList list{q, snapshot, page, "/v1/jobs?near=120.1593700,30.2569800", ""};
    const auto body = answer == Answer::pb ? encode::list_pb(list) : encode::list_geojson(list);
    bytes += body.size();
    benchmark::DoNotOptimize(body.data());
  }
  const auto n = static_cast<double>(state.iterations());
  state.counters["matches"] = static_cast<double>(matches) / n;
  if (bytes) state.counters["KB"] = static_cast<double>(bytes) / n / 1000;
}
BENCHMARK_CAPTURE(list, radius_1_km_one_category_nearest_50, 1000, Answer::rows)
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(list, radius_1_km_one_category_nearest_50_geojson, 1000, Answer::geojson)
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(list, radius_1_km_one_category_nearest_50_protobuf, 1000, Answer::pb)
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(list, nearest_50_of_a_category, 50'000, Answer::rows)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(list, nearest_50_of_a_category_geojson, 50'000, Answer::geojson)
    ->Unit(benchmark::kMicrosecond);

// A tenth by a tenth of the sides of all jobs' bounds.
geo::Box box_at(double x, double y) {
  const auto b = bench_snapshot().jobs->tree.bounds();
  const auto low = geo::to_lonlat({b.min_lon, b.min_lat}), high = geo::to_lonlat({b.max_lon, b.max_lat});
  const double width = high.lon - low.lon, height = high.lat - low.lat;
  const double min_x = low.lon + x * 0.9 * width, min_y = low.lat + y * 0.9 * height;
  return {min_x, min_y, min_x + 0.1 * width, min_y + 0.1 * height};
}

std::vector<geo::Box> random_boxes(std::size_t n) {
  std::mt19937 random(2);
  std::uniform_real_distribution<double> unit(0, 1);
  std::vector<geo::Box> boxes;
  for (std::size_t i = 0; i < n; ++i) boxes.push_back(box_at(unit(random), unit(random)));
  return boxes;
}

// Those of many random boxes that hold the most.
std::vector<geo::Box> dense_boxes(std::size_t n) {
  std::vector<std::pair<std::uint64_t, geo::Box>> counted;
  for (const auto& box : random_boxes(20'000)) {
    JobQuery q;
    q.bbox = box;
    counted.emplace_back(query::count(q, bench_snapshot()).ads, box);
  }
  std::partial_sort(counted.begin(), counted.begin() + static_cast<std::ptrdiff_t>(n), counted.end(),
                    [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<geo::Box> boxes;
  for (std::size_t i = 0; i < n; ++i) boxes.push_back(counted[i].second);
  return boxes;
}

void count(benchmark::State& state, const std::vector<geo::Box>& boxes) {
  const auto& snapshot = bench_snapshot();
  JobQuery q;
  std::size_t i = 0;
  std::uint64_t matches = 0;
  for (auto _ : state) {
    q.bbox = boxes[i % boxes.size()];
    q.categories = static_cast<std::uint8_t>(1u << i % data::category_names.size());
    ++i;
    matches += query::count(q, snapshot).ads;
  }
  state.counters["matches"] = static_cast<double>(matches) / static_cast<double>(state.iterations());
}

void count_of_a_category_in_a_random_box(benchmark::State& state) { count(state, random_boxes(10'000)); }
BENCHMARK(count_of_a_category_in_a_random_box)->Unit(benchmark::kMicrosecond);

void count_of_a_category_in_a_dense_box(benchmark::State& state) { count(state, dense_boxes(100)); }
BENCHMARK(count_of_a_category_in_a_dense_box)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace jobmap
