#pragma once
// Which jobs and residents lie in the circle of a place, whether or not a service point stands there: what a
// plan is weighed by.
//
//   const SiteCircles circles(snapshot, method, 15);
//   geo::CoverSet jobs = circles.jobs({120.16, 30.25});        // rows, 64 a word, ascending
//   geo::CoverSet people = circles.people({120.16, 30.25});    // indices into City::population
//   geo::CoverSet cells = circles.cells({120.16, 30.25}, ground);
//
// Along the streets where the snapshot has them (ground is that of its walks then), else by the straight line
// with its detour. Rows that have expired are among them.
#include "data/ground.hpp"
#include "geo/max_cover.hpp"
#include "geo/street_search.hpp"
#include "query/job_query.hpp"

namespace jobmap::query {

class SiteCircles {
 public:
  SiteCircles(const data::Snapshot& snapshot, const StraightLine& method, double minutes);

  geo::CoverSet jobs(geo::LonLat at) const;
  geo::CoverSet people(geo::LonLat at) const;
  geo::CoverSet cells(geo::LonLat at, const data::Ground& ground) const;
  // Nothing beyond it is in a circle.
  double reach_m() const { return reach_m_; }

 private:
  const geo::StreetSearch& search_from(geo::LonLat at) const;

  const data::Snapshot& snapshot_;
  StraightLine method_;
  double minutes_, metres_, reach_m_;
};

}  // namespace jobmap::query
