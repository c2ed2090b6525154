// Tiles of one million synthetic jobs (JOBMAP_BENCH_JOBS for another number), as the tile endpoint makes
// them: find the rows, filter, encode. Tiles are taken in turn from all of a kind, so that none is warm from
// the round before.
#include <benchmark/benchmark.h>

#include <map>

#include "bench_data.hpp"
#include "encode/tile_city.hpp"
#include "encode/tile_jobs.hpp"
#include "geo/mercator.hpp"
#include "query/evaluate.hpp"

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

void run(benchmark::State& state, const query::JobQuery& q, const std::vector<geo::TileId>& tiles) {
  if (tiles.empty()) return state.SkipWithError("no tile of that size");
  std::size_t i = 0, bytes = 0, features = 0;
  for (auto _ : state) {
    const auto tile = tiles[i++ % tiles.size()];
    auto rows = query::matching_rows(q, bench_snapshot(), bench_snapshot().jobs->rows_in_tile(tile));
    features += rows.size();
    const auto body = encode::encode_jobs_tile(*bench_snapshot().jobs, tile, std::move(rows));
    bytes += body.size();
    benchmark::DoNotOptimize(body.data());
  }
  const auto n = static_cast<double>(state.iterations());
  state.counters["tiles"] = static_cast<double>(tiles.size());
  state.counters["features"] = static_cast<double>(features) / n;
  state.counters["KB"] = static_cast<double>(bytes) / n / 1000;
}

void z14_tile_of_800(benchmark::State& state) { run(state, {}, tiles_with(14, 700, 900)); }
BENCHMARK(z14_tile_of_800)->Unit(benchmark::kMicrosecond);

void z14_tile_of_800_filtered(benchmark::State& state) {
  query::JobQuery q;
  q.categories = 1u << static_cast<unsigned>(data::Category::gig);
  run(state, q, tiles_with(14, 700, 900));
}
BENCHMARK(z14_tile_of_800_filtered)->Unit(benchmark::kMicrosecond);

void z14_tile_of_10000(benchmark::State& state) { run(state, {}, tiles_with(14, 9000, 10000)); }
BENCHMARK(z14_tile_of_10000)->Unit(benchmark::kMicrosecond);

void z10_tile_thinned(benchmark::State& state) { run(state, {}, tiles_with(10, 100'000, 2'000'000)); }
BENCHMARK(z10_tile_thinned)->Unit(benchmark::kMicrosecond);

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
