#pragma once
// A reach along the streets: one search from the place and, by metro, from the exits of every station where
// somebody gets out in time, asked once for every building with jobs.
//
//   StreetReach reach(query, snapshot, query.reach[0]);              // the snapshot has streets
//   StreetReach near(snapshot, station_doors(snapshot, 7), 10, 4.68);      // ten minutes on foot from it
//
// Minutes are lengths along the network by the speed, with the ways to and off the street in them. A place or
// a job farther from the streets than the snap limit is not reached.
#include <optional>

#include "data/index/walks.hpp"
#include "geo/distance.hpp"
#include "server/query/filter/reach.hpp"

namespace jobmap::query {

// Where a walk begins: at an exit of a station, or at a place that is none.
struct Door {
  geo::Snap at;
  geo::LonLat place;
  std::int32_t station = Leg::none;
};
std::vector<Door> station_doors(const data::Snapshot& snapshot, std::size_t station);

class StreetReach final : public Reach {
 public:
  StreetReach(const JobQuery& query, const data::Snapshot& snapshot, const ReachPlace& place);
  // A reach on foot from any of the doors.
  StreetReach(const data::Snapshot& snapshot, const std::vector<Door>& doors, double minutes,
              double speed_kmh);

  geo::Relation relate(const geo::BoxE7& box) const override;
  std::uint32_t leaf(data::Row begin, data::Row end) const override;
  double minutes(data::Row row) const override { return minutes_[walks_.spot[row]]; }
  std::vector<Leg> legs(data::Row row) const override;
  double at_least(const geo::BoxE7& box) const override;

 private:
  struct Start {  // of the search: the place, or an exit
    geo::DistanceFrom from;
    double minutes;
    std::int32_t station;
    geo::BoxE7 box;  // beyond it nothing is reached in time
  };
  void start(const Door& door, double minutes);
  void add_stations(const JobQuery& query, const ReachPlace& place);
  void search();

  const data::Snapshot& snapshot_;
  const data::Walks& walks_;
  geo::TravelMode mode_;
  double speed_kmh_, limit_;
  StraightLine fastest_;  // a straight line that no way along the streets beats
  std::vector<geo::Seed> seeds_;
  std::vector<Start> starts_;
  std::vector<float> minutes_;        // of each spot; infinite where it isn't reached
  std::vector<std::uint32_t> start_;  // of each spot: which start it is reached from
  std::optional<StationArrivals> arrivals_;
};

}  // namespace jobmap::query
