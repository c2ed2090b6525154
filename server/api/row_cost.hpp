#pragma once
// What it costs to find the rows of a query, beyond the tree and the bitmaps: reading texts row by row, as
// `filter` and `shift` may, and searching streets. A part of what an answer is admitted by.
//
//   const double rows_us = row_cost_us(q, snapshot, snapshot.jobs->size);   // microseconds; 0 where it is
//   little prepared.heavy = rows_us > 0;
#include <cstddef>

#include "data/snapshot.hpp"
#include "query/job_query.hpp"

namespace jobmap::api {

// A small circle round anchors holds few rows; of boxes and service circles that isn't known before.
inline bool is_small(const query::JobQuery& q) {
  constexpr double small_radius_m = 5000;
  return q.has_distance() &&
         q.radius_m * q.radius_m * static_cast<double>(q.anchors.size()) <= small_radius_m * small_radius_m;
}

inline double row_cost_us(const query::JobQuery& q, const data::Snapshot& snapshot, std::size_t rows) {
  constexpr std::size_t many_texts = 20'000;
  constexpr double text_us = 0.3, search_us = 3000;
  const bool reads_many = (q.filter || q.shift) && !is_small(q) && rows > many_texts;
  const bool searches = snapshot.walks && (q.has_minutes() || !q.circle_points.empty());
  return (reads_many ? text_us * static_cast<double>(rows) : 0) + (searches ? search_us : 0);
}

}  // namespace jobmap::api
