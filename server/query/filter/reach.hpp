#pragma once
// Minutes from a place to wherever a job lies: on foot, by bicycle, or on foot and by metro.
//
//   for (const auto& reach : reaches_of(query, snapshot)) {       // one a place of reach=, all must hold
//     use(reach->relate(box), reach->leaf(begin, end));           // which rows are in time
//     use(reach->minutes(row), reach->legs(row));                 // of a row that is
//   }
//
// By metro is the least of walking all the way and walking to a station, riding, and walking on: never more
// than walking. A ride ends at a station some minutes after departure, and what is left of the time is a
// circle round it (or a search along the streets), so a reach is the union of such circles: exact, not a
// grid. Each kind has a file of its own. Immutable; the snapshot must outlive it.
#include <limits>
#include <memory>
#include <vector>

#include "geo/metro_graph.hpp"
#include "server/query/parse/job_query.hpp"

namespace jobmap::query {

// The minutes to a place that nobody reaches.
inline constexpr double unreached = std::numeric_limits<double>::infinity();

struct Leg {
  enum Mode : std::uint8_t { walk, bike, board, metro, transfer, exit };
  static constexpr std::int32_t none = -1;
  Mode mode = walk;
  std::int32_t from = none, to = none;  // stations; none: the place asked from, and the job
  std::int32_t line = none;
  double minutes = 0, metres = 0;
};
inline constexpr std::array<std::string_view, 6> leg_names{"walk",  "bike",     "board",
                                                           "metro", "transfer", "exit"};

class Reach {
 public:
  virtual ~Reach() = default;
  virtual geo::Relation relate(const geo::BoxE7& box) const = 0;
  // The bits of the rows that are in time; at most 16 rows, of one leaf of the tree.
  virtual std::uint32_t leaf(data::Row begin, data::Row end) const = 0;
  // The row must be in time.
  virtual double minutes(data::Row row) const = 0;
  virtual std::vector<Leg> legs(data::Row row) const = 0;
  // Not more than the minutes of any row in the box.
  virtual double at_least(const geo::BoxE7& box) const = 0;
};

using Reaches = std::vector<std::shared_ptr<const Reach>>;

// Empty where the query isn't by minutes.
Reaches reaches_of(const JobQuery& query, const data::Snapshot& snapshot);

// The reach of `circle=<ids>` along the streets; null without such a circle or without streets.
std::shared_ptr<const Reach> circle_reach(const JobQuery& query, const data::Snapshot& snapshot);

// The places of a query that lie beyond the loaded streets (server/query/parse/footing.hpp), so that from there it
// is straight lines: places of reach from 1, stations asked by minutes, points of the circle. Nothing where
// no streets are loaded at all.
struct BeyondStreets {
  std::vector<int> places;
  std::vector<std::uint16_t> stations;
  std::vector<std::uint32_t> service_points;
  bool any() const { return !places.empty() || !stations.empty() || !service_points.empty(); }
};
BeyondStreets beyond_streets(const JobQuery& query, const data::Snapshot& snapshot);

// How the minutes and circles of an answer were found: `network`, or `straight_line` where no streets are
// loaded or all that is asked from lies beyond them. Of a mixture it is `network`, and beyond_streets() says
// the rest.
std::string_view method_name(const JobQuery& query, const data::Snapshot& snapshot);

// The stations a traveller gets to in time from one place, and how.
class StationArrivals {
 public:
  // walk_minutes: from the place to each station, infinite where that is too far.
  StationArrivals(const JobQuery& query, const data::Snapshot& snapshot, std::vector<double> walk_minutes,
                  std::vector<double> walk_metres, double limit);
  double minutes(std::size_t station) const { return times_.minutes(static_cast<std::uint16_t>(station)); }
  // The legs from the place to the station's door.
  std::vector<Leg> legs(std::size_t station) const;

 private:
  std::vector<double> walk_minutes_, walk_metres_;
  geo::MetroTimes times_;
};

}  // namespace jobmap::query
