#pragma once
// The synthetic jobs that every benchmark here runs on: one million (JOBMAP_BENCH_JOBS for another number),
// made in memory once, when first asked for.
//
//   const auto& s = jobmap::bench_snapshot();
#include "data/snapshot.hpp"

namespace jobmap {

const data::Snapshot& bench_snapshot();

}  // namespace jobmap
