#pragma once
// The synthetic jobs that every benchmark here runs on: one million (JOBMAP_BENCH_JOBS for another number),
// made in memory once, when first asked for; random places among them; and queries as one would write them.
//
//   const auto& s = jobmap::bench_snapshot();
//   auto q = jobmap::bench_query("category=gig&near=120.16,30.25");      // what isn't understood throws
//   q.anchors[0] = jobmap::bench_places()[i];
#include <string_view>
#include <vector>

#include "data/index/snapshot.hpp"
#include "server/query/parse/job_query.hpp"

namespace jobmap {

const data::Snapshot& bench_snapshot();
// The places of 100,000 random jobs, in an order that leaves nothing warm from the one before.
const std::vector<geo::LonLat>& bench_places();
// Filter and listing.
query::JobQuery bench_query(std::string_view text);

}  // namespace jobmap
