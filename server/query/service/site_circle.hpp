#pragma once
// Which jobs, residents and cells of ground lie in the circle of a place, whether or not a service point
// stands there: what a plan is weighed by.
//
//   const SiteCircles circles(snapshot, method, 15);
//   const SiteCircle circle = circles.at({120.16, 30.25});
//   geo::CoverSet jobs = circle.jobs();            // rows, 64 a word, ascending
//   geo::CoverSet people = circle.people();        // indices into City::population
//   geo::CoverSet cells = circle.cells(ground);
//   circles.any_of(places).has_job(row)            // by one search, however many places
//
// Along the streets where the snapshot has them (ground is that of its walks then), else by the straight line
// with its detour. A circle along the streets is the last search of its thread: ask it before the next one is
// made. Rows that have expired are among them.
#include <span>
#include <vector>

#include "data/ground.hpp"
#include "geo/distance.hpp"
#include "geo/max_cover.hpp"
#include "geo/street_search.hpp"
#include "query/job_query.hpp"

namespace jobmap::query {

class SiteCircle {
 public:
  geo::CoverSet jobs() const;
  geo::CoverSet people() const;
  geo::CoverSet cells(const data::Ground& ground) const;

 private:
  friend class SiteCircles;
  SiteCircle(const data::Snapshot& snapshot, geo::LonLat at, double metres, double reach_m,
             const geo::StreetSearch* search)
      : snapshot_(snapshot), from_(at), metres_(metres), reach_m_(reach_m), search_(search) {}

  const data::Snapshot& snapshot_;
  geo::DistanceFrom from_;
  double metres_, reach_m_;
  const geo::StreetSearch* search_;  // null: by the straight line
};

// The circles of several places at once: whether any of them holds something. Along the streets it is the
// last search of its thread, as above.
class AnyCircle {
 public:
  bool has_job(data::Row row);  // a located one
  bool has_resident(std::size_t index);
  bool has_cell(std::size_t cell) const;  // of the ground of the snapshot's walks

 private:
  friend class SiteCircles;
  AnyCircle(const data::Snapshot& snapshot, std::vector<geo::DistanceFrom> from, double metres,
            const geo::StreetSearch* search)
      : snapshot_(snapshot), from_(std::move(from)), metres_(metres), search_(search) {}
  bool is_near(geo::PointE7 at);

  const data::Snapshot& snapshot_;
  std::vector<geo::DistanceFrom> from_;  // by straight lines
  double metres_;
  const geo::StreetSearch* search_;  // null: by straight lines
};

class SiteCircles {
 public:
  SiteCircles(const data::Snapshot& snapshot, const StraightLine& method, double minutes);

  SiteCircle at(geo::LonLat place) const;
  AnyCircle any_of(std::span<const geo::LonLat> places) const;
  // Nothing beyond it is in a circle.
  double reach_m() const { return reach_m_; }

 private:
  const data::Snapshot& snapshot_;
  double metres_, reach_m_;
  std::uint32_t limit_mm_;  // along the streets
};

}  // namespace jobmap::query
