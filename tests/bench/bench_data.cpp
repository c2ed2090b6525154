#include "bench_data.hpp"

#include <cstdlib>

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

}  // namespace jobmap
