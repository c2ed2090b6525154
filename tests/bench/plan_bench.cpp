// Jobs by minutes, the service circle and plans, in process, over the synthetic jobs of the first shipped
// city.
#include <benchmark/benchmark.h>

#include "data/index/walks.hpp"
#include "server/query/list/evaluate.hpp"
#include "server/query/service/siting.hpp"
#include "server/query/service/what_if.hpp"
#include "tests/bench/bench_data.hpp"
#include "tests/street_grid.hpp"

namespace jobmap {
namespace {

std::vector<geo::LonLat> places(std::size_t n) {
  return {bench_places().begin(), bench_places().begin() + static_cast<std::ptrdiff_t>(n)};
}

void within_45_minutes_by_metro_count_and_first_50(benchmark::State& state) {
  const auto at = places(1000);
  query::JobQuery q;
  q.anchor = query::AnchorKind::reach, q.mode = query::TravelMode::metro, q.sort = query::Sort::minutes;
  std::size_t i = 0;
  std::uint64_t matches = 0;
  for (auto _ : state) {
    q.reach = {{at[i++ % at.size()], 45}};
    const auto page = query::evaluate(q, bench_snapshot());
    matches += page.totals.ads;
    benchmark::DoNotOptimize(page.hits.data());
  }
  state.counters["matches"] = static_cast<double>(matches) / static_cast<double>(state.iterations());
}
BENCHMARK(within_45_minutes_by_metro_count_and_first_50)->Unit(benchmark::kMillisecond);

void list_of_a_category(benchmark::State& state, const query::JobQuery& filter) {
  auto q = filter;
  q.categories = 1u << static_cast<unsigned>(data::Category::gig);
  for (auto _ : state) benchmark::DoNotOptimize(query::evaluate(q, bench_snapshot()).hits.data());
}
void list_of_a_category_in_the_service_circle(benchmark::State& state) {
  query::JobQuery q;
  q.circle_service = true;
  list_of_a_category(state, q);
}
BENCHMARK(list_of_a_category_in_the_service_circle)->Unit(benchmark::kMicrosecond);
void list_of_a_category_in_the_circle_of_12_minutes(benchmark::State& state) {
  query::JobQuery q;
  q.circle_service = true, q.circle_minutes = 12;
  list_of_a_category(state, q);
}
BENCHMARK(list_of_a_category_in_the_circle_of_12_minutes)->Unit(benchmark::kMicrosecond);
void list_of_a_category_in_a_district(benchmark::State& state) {
  query::JobQuery q;
  q.districts = {2};
  list_of_a_category(state, q);
}
BENCHMARK(list_of_a_category_in_a_district)->Unit(benchmark::kMicrosecond);

void coverage_by_district_all_measures_with_band(benchmark::State& state) {
  query::CoverageQuery q;
  q.by_district = q.by_category = true;
  for (auto _ : state) benchmark::DoNotOptimize(query::measure_coverage(q, bench_snapshot()).rows.data());
}
BENCHMARK(coverage_by_district_all_measures_with_band)->Unit(benchmark::kMillisecond);

void what_if_of_one_point(benchmark::State& state) {
  const auto at = places(1000);
  std::size_t i = 0;
  for (auto _ : state) {
    const query::WhatIf change{{}, {at[i++ % at.size()]}, {}};
    benchmark::DoNotOptimize(query::weigh(change, bench_snapshot()).after);
  }
}
BENCHMARK(what_if_of_one_point)->Unit(benchmark::kMillisecond);

// The same along the streets of a grid of a million edges, 100 m apart.
const data::Snapshot& snapshot_with_streets() {
  static const auto snapshot = [] {
    const auto& s = bench_snapshot();
    const auto graph = std::make_shared<geo::StreetGraph>(street_grid({120.17, 30.25}, 708, 100));
    return data::make_snapshot(s.jobs, s.city, "streets", 1, s.minute * 60,
                               {graph, data::find_walks(*graph, *s.jobs, *s.city)});
  }();
  return *snapshot;
}

void coverage_along_streets(benchmark::State& state) {
  query::CoverageQuery q;
  q.by_district = q.by_category = true;
  const auto& s = snapshot_with_streets();
  for (auto _ : state) benchmark::DoNotOptimize(query::measure_coverage(q, s).rows.data());
}
BENCHMARK(coverage_along_streets)->Unit(benchmark::kMillisecond);

void what_if_of_one_point_along_streets(benchmark::State& state) {
  const auto at = places(1000);
  const auto& s = snapshot_with_streets();
  std::size_t i = 0;
  for (auto _ : state) {
    const query::WhatIf change{{}, {at[i++ % at.size()]}, {}};
    benchmark::DoNotOptimize(query::weigh(change, s).after);
  }
}
BENCHMARK(what_if_of_one_point_along_streets)->Unit(benchmark::kMillisecond);

void siting_10_of_2000_by_openings(benchmark::State& state) {
  query::SitingQuery q;
  q.sites = 10;
  q.candidates = places(2000);
  double gap = 0;
  for (auto _ : state) {
    const auto siting = query::choose_sites(q, bench_snapshot());
    gap = static_cast<double>(siting->upper_bound - siting->covered) / static_cast<double>(siting->covered);
  }
  state.counters["proven_gap"] = gap;
}
BENCHMARK(siting_10_of_2000_by_openings)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace jobmap
