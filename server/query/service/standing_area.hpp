#pragma once
// The area of the districts, and how much of it the circles of the service points that stand cover.
//
//   StandingArea now = standing_area(query, snapshot);
//   now.covered / now.total;                               // square metres
//
// It takes longer to find than all else of a plan and is the same for every plan, so the last few are kept,
// as long as their city, or its walks, may be asked again. Measured as coverage measures it.
#include "server/query/service/coverage.hpp"

namespace jobmap::query {

struct StandingArea {
  double total = 0, covered = 0;
};

StandingArea standing_area(const CoverageQuery& query, const data::Snapshot& snapshot);

}  // namespace jobmap::query
