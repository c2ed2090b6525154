// Queries by words, in process: the exact totals and the first 50. What the words found is remembered by the
// index, as between the requests of one map; everything else is found again each time.
#include <benchmark/benchmark.h>

#include "data/index/text_index.hpp"
#include "server/query/list/evaluate.hpp"
#include "tests/bench/bench_data.hpp"

namespace jobmap {
namespace {

void words(benchmark::State& state, const std::string& text) {
  const auto& snapshot = bench_snapshot();
  const auto& places = bench_places();
  auto q = bench_query(text);
  std::size_t i = 0;
  std::uint64_t matches = 0;
  for (auto _ : state) {
    if (!q.anchors.empty()) q.anchors[0] = places[i++ % places.size()];
    const auto page = query::evaluate(q, snapshot);
    matches += page.totals.ads;
    benchmark::DoNotOptimize(page.hits.data());
  }
  state.counters["matches"] =
      benchmark::Counter(static_cast<double>(matches), benchmark::Counter::kAvgIterations);
}
BENCHMARK_CAPTURE(words, near_nearest_50,
                  std::string("q=工程师&near=120.16,30.25&radius=2000&category=full_time&sort=distance"))
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(words, best_50_of_all, std::string("q=工程师&category=full_time"))
    ->Unit(benchmark::kMicrosecond);

// Measures what text search adds to a snapshot; facets count from columns and bitmaps that filters need anyway.
void memory_of_text(benchmark::State& state) {
  std::size_t bytes = 0;
  for (auto _ : state) benchmark::DoNotOptimize(bytes = bench_snapshot().jobs->texts->memory_bytes());
  state.counters["MiB"] = static_cast<double>(bytes) / (1 << 20);
  state.counters["all_MiB"] = static_cast<double>(bench_snapshot().memory_bytes()) / (1 << 20);
}
BENCHMARK(memory_of_text);

// All of it on one thread; a load shares the second half between two.
void build_text_index(benchmark::State& state) {
  for (auto _ : state) {
    data::TextIndex index(*bench_snapshot().jobs);
    index.number_texts();
    index.index_texts();
    benchmark::DoNotOptimize(index.memory_bytes());
  }
}
BENCHMARK(build_text_index)->Unit(benchmark::kMillisecond);

// Words that nobody asked for before, so nothing is remembered: each time an index of its own answers.
void first_search(benchmark::State& state, const std::vector<std::string>& terms) {
  data::TextIndex index(*bench_snapshot().jobs);
  index.number_texts();
  index.index_texts();
  auto varied = terms;
  std::uint64_t n = 0;
  for (auto _ : state) {
    // A word that no text holds makes the key another and costs a look into each block.
    varied.back() = "zq" + std::to_string(n++);
    benchmark::DoNotOptimize(index.find(varied)->rows.count());
  }
}
BENCHMARK_CAPTURE(first_search, long_run, std::vector<std::string>{"开发工程师", ""})
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(first_search, three_terms, std::vector<std::string>{"java", "工程师", ""})
    ->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace jobmap
