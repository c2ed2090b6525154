#pragma once
// Which jobs, residents and cells of ground lie in the circle of a place, whether or not a service point
// stands there: what a plan is weighed by.
//
//   const SiteCircles circles(snapshot, method, 15);
//   const SiteCircle circle = circles.at({120.16, 30.25});
//   geo::CoverSet jobs = circle.jobs();            // rows, 64 a word, ascending
//   geo::CoverSet people = circle.people();        // indices into City::population
//   geo::CoverSet cells = circle.cells(ground);
//   circles.any_of(places).has_job(row);           // by one search, however many places
//
// Along the streets where the snapshot has them (ground is that of its walks then), but from places beyond
// them and without any by the straight line with its detour. A circle along the streets is the last search of
// its thread: ask it before the next one is made. Rows that have expired are among them.
#include <optional>
#include <span>
#include <vector>

#include "data/index/footing.hpp"
#include "data/index/ground.hpp"
#include "geo/distance.hpp"
#include "geo/max_cover.hpp"
#include "geo/street_search.hpp"
#include "server/query/parse/job_query.hpp"

namespace jobmap::query {

// A circle by the straight line. From a place beyond the streets it is measured as Walks does, in millimetres,
// so that both find the same.
struct StraightCircle {
  double metres = 0;
  std::optional<std::uint32_t> limit_mm = {};

  bool holds(const geo::DistanceFrom& from, geo::PointE7 at) const {
    return limit_mm ? data::straight_mm(from, at) <= *limit_mm : from.within(at, metres);
  }
};

class SiteCircle {
 public:
  geo::CoverSet jobs() const;
  geo::CoverSet people() const;
  geo::CoverSet cells(const data::Ground& ground) const;

 private:
  friend class SiteCircles;
  SiteCircle(const data::Snapshot& snapshot, geo::LonLat at, StraightCircle straight, double reach_m,
             const geo::StreetSearch* search)
      : snapshot_(snapshot), from_(at), straight_(straight), reach_m_(reach_m), search_(search) {}
  bool has(geo::PointE7 at) const { return straight_.holds(from_, at); }

  const data::Snapshot& snapshot_;
  geo::DistanceFrom from_;
  StraightCircle straight_;
  double reach_m_;
  const geo::StreetSearch* search_;  // null: by the straight line
};

// The circles of several places at once: whether any of them holds something. Along the streets it is the
// last search of its thread, as above.
class AnyCircle {
 public:
  bool has_job(data::Row row);  // a located one
  bool has_resident(std::size_t index);
  bool has_cell(std::size_t cell);  // of the ground of the snapshot's walks

 private:
  friend class SiteCircles;
  AnyCircle(const data::Snapshot& snapshot, std::vector<geo::DistanceFrom> from, StraightCircle straight,
            const geo::StreetSearch* search)
      : snapshot_(snapshot), from_(std::move(from)), straight_(straight), search_(search) {}
  bool is_near(geo::PointE7 at);
  bool is_reached(const geo::Snap& at) const { return search_ && search_->to(at).has_value(); }

  const data::Snapshot& snapshot_;
  std::vector<geo::DistanceFrom> from_;  // by straight lines
  StraightCircle straight_;
  const geo::StreetSearch* search_;  // null: by straight lines alone
};

class SiteCircles {
 public:
  SiteCircles(const data::Snapshot& snapshot, const StraightLine& method, double minutes);

  SiteCircle at(geo::LonLat place) const;
  AnyCircle any_of(std::span<const geo::LonLat> places) const;
  // The radius beyond which nothing is in a circle.
  double reach_m() const { return reach_m_; }

 private:
  bool is_beyond(geo::LonLat place) const;

  const data::Snapshot& snapshot_;
  StraightCircle straight_;
  double reach_m_;
  std::uint32_t limit_mm_;  // along the streets
};

}  // namespace jobmap::query
