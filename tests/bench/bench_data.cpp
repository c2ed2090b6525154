#include "tests/bench/bench_data.hpp"

#include <cstdlib>
#include <random>
#include <stdexcept>

#include "tests/sample_snapshot.hpp"

namespace jobmap {

const data::Snapshot& bench_snapshot() {
  static const auto snapshot = [] {
    const char* jobs = std::getenv("JOBMAP_BENCH_JOBS");
    return sample_snapshot({.seed = 1,
                            .jobs = jobs ? static_cast<std::uint32_t>(std::atoi(jobs)) : 1'000'000u,
                            .now = 1'767'225'600});
  }();
  return *snapshot;
}

const std::vector<geo::LonLat>& bench_places() {
  static const auto chosen = [] {
    const auto& jobs = *bench_snapshot().jobs;
    std::minstd_rand random(1);
    std::vector<geo::LonLat> list(100'000);
    for (auto& place : list)
      place = geo::to_lonlat(jobs.tree.point(static_cast<data::Row>(random() % jobs.located)));
    return list;
  }();
  return chosen;
}

query::JobQuery bench_query(std::string_view text) {
  const auto params = query::Params::parse(text);
  if (!params) throw std::runtime_error(std::string(text));
  query::Reader reader(*params);
  auto q = query::parse_filter(reader, bench_snapshot());
  query::parse_listing(reader, q, bench_snapshot());
  reader.finish();
  if (reader.failed()) throw std::runtime_error(std::string(text) + ": " + reader.error().message);
  return q;
}

}  // namespace jobmap
