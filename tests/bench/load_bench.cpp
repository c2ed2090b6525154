// A snapshot from a database: JOBMAP_BENCH_DB names it, without it there is nothing to measure.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <ctime>

#include "data/snapshot.hpp"

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

}  // namespace
}  // namespace jobmap
