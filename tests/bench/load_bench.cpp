// A snapshot from a database: JOBMAP_BENCH_DB names it, without it there is nothing to measure. And the
// snapshot of another minute, from the one of now.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <ctime>

#include "data/store/load.hpp"
#include "tests/bench/bench_data.hpp"

namespace jobmap {
namespace {

void snapshot_load(benchmark::State& state) {
  const char* path = std::getenv("JOBMAP_BENCH_DB");
  if (!path) return state.SkipWithError("JOBMAP_BENCH_DB names no database");
  for (auto _ : state) {
    const auto snapshot = data::load_snapshot(path, std::time(nullptr));
    state.counters["jobs"] = snapshot->jobs->size;
    state.counters["MiB"] = static_cast<double>(snapshot->memory_bytes()) / (1 << 20);
  }
}
BENCHMARK(snapshot_load)->Unit(benchmark::kMillisecond)->UseRealTime();

void tick(benchmark::State& state) {
  const auto& s = bench_snapshot();
  for (auto _ : state) {
    const auto later = data::tick(s, (s.minute + state.range(0) * 24 * 60) * 60);
    if (!later) return state.SkipWithError("nothing expires until then");
    benchmark::DoNotOptimize(later->alive.words().data());
  }
}
BENCHMARK(tick)->ArgName("days")->Arg(1)->Arg(10)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace jobmap
