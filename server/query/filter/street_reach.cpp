#include "server/query/filter/street_reach.hpp"

#include <algorithm>
#include <limits>

#include "geo/deadline.hpp"

namespace jobmap::query {
namespace {

// Lengths are whole millimetres, the minutes of a spot single precision.
constexpr double rounding_m = 0.1;

}  // namespace

std::vector<Door> station_doors(const data::Snapshot& snapshot, std::size_t station) {
  const auto& of = snapshot.city->stations[station];
  const auto& snaps = snapshot.walks->stations[station];
  std::vector<Door> doors;
  for (std::size_t i = 0; i < snaps.size(); ++i)
    doors.push_back({snaps[i], geo::to_lonlat(of.exits.empty() ? of.at : of.exits[i].at),
                     static_cast<std::int32_t>(station)});
  return doors;
}

StreetReach::StreetReach(const JobQuery& q, const data::Snapshot& snapshot, const ReachPlace& place)
    : snapshot_(snapshot),
      walks_(*snapshot.walks),
      mode_(q.mode == TravelMode::bike ? geo::TravelMode::bike : geo::TravelMode::walk),
      speed_kmh_(q.travel.speed_kmh),
      limit_(place.minutes),
      fastest_{speed_kmh_, snapshot.streets->least_detour()} {
  start({snapshot.streets->snap(geo::to_e7(place.at), mode_, walks_.snap_limit_m), place.at}, 0);
  if (q.mode == TravelMode::metro) add_stations(q, place);
  search();
}

StreetReach::StreetReach(const data::Snapshot& snapshot, const std::vector<Door>& doors, double minutes,
                         double speed_kmh)
    : snapshot_(snapshot),
      walks_(*snapshot.walks),
      mode_(geo::TravelMode::walk),
      speed_kmh_(speed_kmh),
      limit_(minutes),
      fastest_{speed_kmh_, snapshot.streets->least_detour()} {
  for (const Door& door : doors) start(door, 0);
  search();
}

void StreetReach::start(const Door& door, double minutes) {
  seeds_.push_back({door.at, geo::millimetres(minutes, speed_kmh_)});
  starts_.push_back({geo::DistanceFrom(door.place), minutes, door.station,
                     geo::enclosing_box(door.place, fastest_.metres(limit_ - minutes) + rounding_m)});
}

void StreetReach::add_stations(const JobQuery& q, const ReachPlace& place) {
  auto& walk = geo::StreetSearch::of_this_thread();
  walk.run(*snapshot_.streets, mode_, seeds_, geo::millimetres(place.minutes, speed_kmh_));
  const auto stations = walks_.stations.size();
  std::vector<double> minutes(stations, unreached), metres(stations, 0);
  for (std::size_t s = 0; s < stations; ++s)
    for (const auto& exit : walks_.stations[s])
      if (const auto way = walk.to(exit); way && geo::minutes(way->mm, speed_kmh_) < minutes[s]) {
        minutes[s] = geo::minutes(way->mm, speed_kmh_);
        metres[s] = way->mm / 1000.0;
      }
  arrivals_.emplace(q, snapshot_, std::move(minutes), std::move(metres), place.minutes);
  for (std::size_t s = 0; s < stations; ++s)
    if (const double at = arrivals_->minutes(s); at <= place.minutes)
      for (const auto& door : station_doors(snapshot_, s)) start(door, at);
}

void StreetReach::search() {
  auto& search = geo::StreetSearch::of_this_thread();
  search.run(*snapshot_.streets, mode_, seeds_, geo::millimetres(limit_, speed_kmh_));
  const auto& spots = mode_ == geo::TravelMode::bike ? walks_.by_bike : walks_.on_foot;
  minutes_.assign(spots.size(), std::numeric_limits<float>::infinity());
  start_.assign(spots.size(), 0);
  for (std::size_t i = 0; i < spots.size(); ++i) {
    if (i % 64 == 0) geo::check_deadline();
    if (const auto way = search.to(spots[i])) {
      minutes_[i] = static_cast<float>(geo::minutes(way->mm, speed_kmh_));
      start_[i] = way->seed;
    }
  }
}

geo::Relation StreetReach::relate(const geo::BoxE7& box) const {
  const bool near =
      std::any_of(starts_.begin(), starts_.end(), [&](const Start& s) { return s.box.intersects(box); });
  return near ? geo::Relation::partly : geo::Relation::outside;
}

std::uint32_t StreetReach::leaf(data::Row begin, data::Row end) const {
  std::uint32_t rows = 0;
  for (auto row = begin; row < end; ++row)
    if (minutes(row) < unreached) rows |= 1u << (row - begin);
  return rows;
}

std::vector<Leg> StreetReach::legs(data::Row row) const {
  const auto spot = walks_.spot[row];
  const auto& from = starts_[start_[spot]];
  std::vector<Leg> legs;
  if (arrivals_ && from.station != Leg::none) legs = arrivals_->legs(static_cast<std::size_t>(from.station));
  const double minutes = minutes_[spot] - from.minutes;
  legs.push_back({mode_ == geo::TravelMode::bike ? Leg::bike : Leg::walk, from.station, Leg::none, Leg::none,
                  minutes, StraightLine{speed_kmh_, 1}.metres(minutes)});
  return legs;
}

double StreetReach::at_least(const geo::BoxE7& box) const {
  double least = unreached;
  for (const Start& s : starts_)
    if (s.minutes < least && s.box.intersects(box))
      least =
          std::min(least, s.minutes + fastest_.minutes(std::max(0.0, s.from.at_least_m(box) - rounding_m)));
  return least;
}

}  // namespace jobmap::query
