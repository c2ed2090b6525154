#pragma once
// What it costs to find the rows of a query, beyond the tree and the bitmaps: reading texts row by row, as
// `filter` and `shift` may, each text of an expression by itself, and searching streets. A part of what an
// answer is admitted by.
//
//   const double rows_us = row_cost_us(q, snapshot, snapshot.jobs->size);   // microseconds; 0 where it is
//   little prepared.heavy = rows_us > 0;
#include <cstddef>

#include "data/snapshot.hpp"
#include "query/filter/expression_filter.hpp"
#include "query/job_query.hpp"

namespace jobmap::api {

// A small circle round anchors holds few rows; of boxes and service circles that isn't known before.
inline constexpr double small_m2 = 5000.0 * 5000.0;
inline bool is_small(const query::JobQuery& q) {
  return q.has_distance() && q.radius_m * q.radius_m * static_cast<double>(q.anchors.size()) <= small_m2;
}

inline double row_cost_us(const query::JobQuery& q, const data::Snapshot& snapshot, std::size_t rows) {
  constexpr double shift_ns = 300, search_us = 3000, little_us = 1000;
  // Round an anchor at most so many as in the densest part of a city (is_small).
  double reached = static_cast<double>(rows);
  if (is_small(q)) reached *= q.radius_m * q.radius_m * static_cast<double>(q.anchors.size()) / small_m2;
  const double ns = (q.shift ? shift_ns : 0) + (q.filter ? query::row_ns(*q.filter, snapshot) : 0);
  const double reading_us = ns * reached / 1000;
  const bool searches = snapshot.walks && (q.has_minutes() || !q.circle_points.empty());
  return (reading_us > little_us ? reading_us : 0) + (searches ? search_us : 0);
}

}  // namespace jobmap::api
