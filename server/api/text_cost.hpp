#pragma once
// What it costs to read texts row by row, as `filter` and `shift` may: part of what an answer is admitted by.
//
//   const double text_us = text_cost_us(q, snapshot.jobs->size);      // microseconds; 0 where few are read
//   prepared.heavy = text_us > 0;
#include <cstddef>

#include "query/job_query.hpp"

namespace jobmap::api {

// A small circle round anchors holds few rows; of boxes and service circles that isn't known before.
inline bool is_small(const query::JobQuery& q) {
  constexpr double small_radius_m = 5000;
  return q.has_distance() && q.radius_m <= small_radius_m;
}

inline double text_cost_us(const query::JobQuery& q, std::size_t rows) {
  constexpr std::size_t many_texts = 20'000;
  constexpr double text_us = 0.3;
  const bool reads_many = (q.filter || q.shift) && !is_small(q) && rows > many_texts;
  return reads_many ? text_us * static_cast<double>(rows) : 0;
}

}  // namespace jobmap::api
