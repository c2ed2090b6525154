// Tiles of one million synthetic jobs (JOBMAP_BENCH_JOBS for another number), as the tile endpoint makes
// them: find the rows, filter, encode. Tiles are taken in turn from all of a kind, so that none is warm from
// the round before.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <map>
#include <random>

#include "geo/mercator.hpp"
#include "server/encode/tile_city.hpp"
#include "server/encode/tile_jobs.hpp"
#include "tests/bench/bench_data.hpp"

namespace jobmap {
namespace {

// The tiles of a zoom whose number of jobs lies in [least, most].
std::vector<geo::TileId> tiles_with(unsigned z, std::size_t least, std::size_t most) {
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::size_t> counts;
  const auto& jobs = *bench_snapshot().jobs;
  for (data::Row row = 0; row < jobs.located; ++row) {
    const auto cell = geo::to_grid(jobs.tree.point(row));
    ++counts[{cell.x >> (geo::grid_bits - z), cell.y >> (geo::grid_bits - z)}];
  }
  std::vector<geo::TileId> tiles;
  for (const auto& [xy, count] : counts)
    if (count >= least && count <= most) tiles.push_back({z, xy.first, xy.second});
  return tiles;
}

void run(benchmark::State& state, const std::vector<query::JobQuery>& queries,
         const std::vector<geo::TileId>& tiles) {
  if (tiles.empty()) return state.SkipWithError("no tile of that size");
  std::size_t i = 0, bytes = 0, features = 0;
  for (auto _ : state) {
    const auto tile = tiles[i % tiles.size()];
    const auto content = query::tile_content(queries[i++ % queries.size()], bench_snapshot(), tile);
    features += content.jobs.size() + content.clusters.size();
    const auto body = encode::encode_jobs_tile(*bench_snapshot().jobs, tile, content);
    bytes += body.size();
    benchmark::DoNotOptimize(body.data());
  }
  const auto n = static_cast<double>(state.iterations());
  state.counters["tiles"] = static_cast<double>(tiles.size());
  state.counters["features"] = static_cast<double>(features) / n;
  state.counters["KB"] = static_cast<double>(bytes) / n / 1000;
}

void z14_tile_of_800(benchmark::State& state) { run(state, {{}}, tiles_with(14, 700, 900)); }
BENCHMARK(z14_tile_of_800)->Unit(benchmark::kMicrosecond);

void z14_tile_of_800_filtered(benchmark::State& state) {
  query::JobQuery q;
  q.categories = 1u << static_cast<unsigned>(data::Category::gig);
  run(state, {q}, tiles_with(14, 700, 900));
}
BENCHMARK(z14_tile_of_800_filtered)->Unit(benchmark::kMicrosecond);

// Clusters by prefix sums: nothing, or the category alone, filters.
void cluster_tile(benchmark::State& state) {
  const auto z = static_cast<unsigned>(state.range(0));
  run(state, {{}}, tiles_with(z, z < 14 ? 201 : 1001, 2'000'000));
}
BENCHMARK(cluster_tile)->Arg(0)->Arg(6)->DenseRange(8, 16, 2)->Unit(benchmark::kMicrosecond);

void cluster_tile_of_a_category(benchmark::State& state) {
  query::JobQuery q;
  q.categories = 1u << static_cast<unsigned>(data::Category::gig);
  const auto z = static_cast<unsigned>(state.range(0));
  run(state, {q}, tiles_with(z, z < 14 ? 1000 : 5000, 2'000'000));
}
BENCHMARK(cluster_tile_of_a_category)
    ->Arg(0)
    ->Arg(6)
    ->Arg(10)
    ->Arg(12)
    ->Arg(14)
    ->Unit(benchmark::kMicrosecond);

// The whole city, by what people narrow it with.
void city_tile_z10(benchmark::State& state, const std::string& text) {
  run(state, {bench_query(text)}, tiles_with(10, bench_snapshot().jobs->located / 2, 2'000'000));
}
BENCHMARK_CAPTURE(city_tile_z10, district, std::string("district=330106"))->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(city_tile_z10, education, std::string("education=associate"))
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(city_tile_z10, pay, std::string("pay_unit=month&pay_min=8000"))
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(city_tile_z10, pay_unit, std::string("pay_unit=month"))->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(city_tile_z10, line, std::string("line=1&category=full_time"))
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(
    city_tile_z10, four,
    std::string("category=full_time&pay_unit=month&pay_min=6000&education=bachelor&experience_max=3"))
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(city_tile_z10, everything_but_experience,
                  std::string("experience_max=5&education=bachelor"))
    ->Unit(benchmark::kMicrosecond);

// 200 filters of one to four predicates, each of another kind, in turn.
std::vector<query::JobQuery> random_filters() {
  std::vector<std::vector<std::string>> kinds{
      {"category=full_time", "category=gig", "category=internship,gig"},
      {"pay_unit=month&pay_min=6000", "pay_unit=month&pay_min=12000", "pay_unit=hour&pay_min=25"},
      {"education=associate", "education=bachelor"},
      {"experience_max=1", "experience_max=3", "experience_max=5"},
      {"industry=I", "industry=C,F", "industry=G,H,O"},
      {"district=330106", "district=330102,330110"},
      {"precision=exact", "precision=address"}};
  std::mt19937 random(3);
  std::vector<query::JobQuery> filters;
  for (unsigned n = 0; n < 200; ++n) {
    std::shuffle(kinds.begin(), kinds.end(), random);
    std::string text;
    for (unsigned k = 0; k <= n % 4; ++k) text += (k ? "&" : "") + kinds[k][random() % kinds[k].size()];
    filters.push_back(bench_query(text));
  }
  return filters;
}

void city_tile_z10_random(benchmark::State& state) {
  run(state, random_filters(), tiles_with(10, bench_snapshot().jobs->located / 2, 2'000'000));
}
BENCHMARK(city_tile_z10_random)->Unit(benchmark::kMicrosecond);

void city_tile(benchmark::State& state, encode::CityLayer layer) {
  std::size_t bytes = 0;
  for (auto _ : state) {
    const auto body = encode::encode_city_tile(*bench_snapshot().city, layer, {10, 853, 421});
    bytes = body.size();
    benchmark::DoNotOptimize(body.data());
  }
  state.counters["KB"] = static_cast<double>(bytes) / 1000;
}
BENCHMARK_CAPTURE(city_tile, z10_stations, encode::CityLayer::stations)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(city_tile, z10_lines, encode::CityLayer::lines)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(city_tile, z10_districts, encode::CityLayer::districts)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace jobmap
