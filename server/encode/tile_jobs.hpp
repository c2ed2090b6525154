#pragma once
// The tile of jobs: layer `jobs`, a point a posting with id ("source:id"), title, category, ads (1) and
// openings.
//
//   auto rows = query::matching_rows(q, snapshot, jobs.rows_in_tile(tile));
//   std::string body = encode_jobs_tile(jobs, tile, std::move(rows));      // empty where there are none
//
// A tile holds at most max_tile_jobs. Above that it is thinned: the jobs with the least hashes stay, and each
// carries thinned = true. The hash is of the posting's place and times, so a job that is shown stays shown in
// the tiles below and through changes of other jobs, and the choice is as dense where jobs are dense.
#include <span>
#include <string>
#include <vector>

#include "data/snapshot.hpp"

namespace jobmap::encode {

inline constexpr std::size_t max_tile_jobs = 10'000;

// At most `limit` of the rows, in row order. Rows ascend, and have a point.
std::vector<data::Row> thin(const data::JobTable& jobs, std::vector<data::Row> rows, std::size_t limit);

std::string encode_jobs_tile(const data::JobTable& jobs, geo::TileId tile, std::vector<data::Row> rows);

}  // namespace jobmap::encode
