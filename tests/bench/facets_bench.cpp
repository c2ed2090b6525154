// Facets of one million synthetic jobs (JOBMAP_BENCH_JOBS for another number), under filters of several
// widths.
#include <benchmark/benchmark.h>

#include "server/query/facet/facets.hpp"
#include "server/query/syntax/reader.hpp"
#include "tests/bench/bench_data.hpp"

namespace jobmap {
namespace {

void facets(benchmark::State& state, const std::string& text) {
  const auto params = query::Params::parse(text);
  query::Reader reader(*params);
  const auto q = query::parse_filter(reader, bench_snapshot());
  const auto by = query::parse_facets(reader, q);
  if (reader.failed()) return state.SkipWithError(reader.error().message.c_str());
  std::uint64_t ads = 0;
  for (auto _ : state) ads = query::count_facets(q, by, bench_snapshot()).totals.ads;
  state.counters["ads"] = static_cast<double>(ads);
}
#define JOBMAP_FACETS(name, text) \
  BENCHMARK_CAPTURE(facets, name, std::string(text))->Unit(benchmark::kMicrosecond)
JOBMAP_FACETS(district_category_of_a_tenth, "by=category,district&industry=C");
JOBMAP_FACETS(district_category_of_pay, "by=category,district&pay_unit=month&pay_min=12000");
JOBMAP_FACETS(district_category_of_all, "by=category,district");
JOBMAP_FACETS(all_of_a_tenth,
              "by=category,district,station,line,education,experience,industry,precision,posted&industry=C");
JOBMAP_FACETS(multi_of_a_tenth, "by=category,district,industry&industry=C&multi=true");
JOBMAP_FACETS(near_a_line, "by=category,district,station&line=1");

}  // namespace
}  // namespace jobmap
