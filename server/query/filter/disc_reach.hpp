#pragma once
// A reach by straight lines: the walked length is the distance times the detour, so what is in time is a
// union of discs, each round a place where somebody stands after some minutes, as wide as the rest of them
// reaches. A disc that another holds whole adds nothing and is left out.
//
//   DiscReach reach(query, snapshot, query.reach[0]);                 // by the query's mode
//   DiscReach near(query.travel, snapshot, stations, 10);             // ten minutes on foot from any of them
//
// A box costs a few comparisons a disc; a leaf sixteen single-precision distances for each that touches it,
// and the geodesic where those are too close to tell.
#include <optional>

#include "geo/distance.hpp"
#include "server/query/filter/reach.hpp"

namespace jobmap::query {

class DiscReach final : public Reach {
 public:
  DiscReach(const JobQuery& query, const data::Snapshot& snapshot, const ReachPlace& place);
  DiscReach(const StraightLine& travel, const data::Snapshot& snapshot, const std::vector<geo::LonLat>& from,
            double minutes);

  geo::Relation relate(const geo::BoxE7& box) const override;
  std::uint32_t leaf(data::Row begin, data::Row end) const override;
  double minutes(data::Row row) const override { return best(row).minutes; }
  std::vector<Leg> legs(data::Row row) const override;
  double at_least(const geo::BoxE7& box) const override;

 private:
  struct Disc {
    geo::DistanceFrom from;
    double minutes;        // when one stands there
    std::int32_t station;  // or Leg::none for the place itself
    double radius_m;
    float sure_inside2, sure_outside2;
    geo::BoxE7 box;  // beyond it the disc is not
  };
  struct Best {
    double minutes, metres;
    const Disc* disc;
  };
  void add(geo::LonLat at, double minutes, std::int32_t station, double limit);
  void add_stations(const JobQuery& query, const data::Snapshot& snapshot, const ReachPlace& place);
  void order_and_prune();
  Best best(data::Row row) const;

  const geo::RTree& tree_;
  StraightLine travel_;
  Leg::Mode mode_;
  double minutes_per_metre_;
  std::vector<Disc> discs_;  // the earliest first, which is the widest first
  std::optional<StationArrivals> arrivals_;
};

}  // namespace jobmap::query
