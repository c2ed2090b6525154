#pragma once
// A job query on a snapshot. Pure: no clock, no locks, no allocation but its result.
//
//   Page page = evaluate(query, snapshot);        // totals, and the rows of one page in order
//   auto rows = matching_rows(query, snapshot, snapshot.jobs->rows_in_tile(tile));
//
// Totals count the whole answer, not the page. Distances are geodesic metres on WGS84 to the nearest anchor.
#include <vector>

#include "server/query/filter/plan.hpp"
#include "server/query/filter/reach.hpp"
#include "server/query/parse/job_query.hpp"

namespace jobmap::query {

struct Totals {
  std::uint64_t ads = 0, openings = 0;
  std::uint64_t located = 0;    // of ads, those with a point
  std::uint64_t unlocated = 0;  // without a point, matching all but the place
};

struct Hit {
  data::Row row = 0;
  double distance_m = -1;   // to the nearest anchor; negative where the query has none
  double minutes = -1;      // negative where the query isn't by minutes
  unsigned place = 0;       // of two places of reach the one whose minutes and legs these are: 1 or 2
  std::vector<Leg> legs{};  // of a journey by metro
};

struct Page {
  Totals totals;
  std::vector<Hit> hits;
  std::string next_cursor;  // empty on the last page
  Plan plan;                // with every estimate where query.explain
  Visits visits;
};

// `forced` is walked first, where the query has it, whatever the estimates say: the answer is the same, which
// is for tests to see.
Page evaluate(const JobQuery& query, const data::Snapshot& snapshot, std::optional<First> forced = {});
Totals count(const JobQuery& query, const data::Snapshot& snapshot, Visits* visits = nullptr);
// The rows of a range of located rows that match, in row order.
std::vector<data::Row> matching_rows(const JobQuery& query, const data::Snapshot& snapshot,
                                     data::RowRange range);

}  // namespace jobmap::query
