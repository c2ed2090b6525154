#include "server/query/filter/reach.hpp"

#include <cmath>
#include <span>

#include "data/model/time.hpp"
#include "server/query/filter/any_reach.hpp"
#include "server/query/filter/disc_reach.hpp"
#include "server/query/filter/street_reach.hpp"
#include "server/query/parse/footing.hpp"

namespace jobmap::query {
namespace {

geo::MetroGraph::Search metro_search(const JobQuery& q, const data::Snapshot& snapshot,
                                     const std::vector<double>& walk_minutes, double limit) {
  geo::MetroGraph::Search search{{}, q.travel.minutes(1), limit, {}};
  for (std::uint16_t s = 0; s < walk_minutes.size(); ++s)
    if (walk_minutes[s] <= limit) search.seeds.push_back({s, walk_minutes[s]});
  if (q.depart) {
    const auto hours = metro_hours(*q.depart, *snapshot.city);
    search.hours = {hours.first, hours.last};
  }
  return search;
}

Leg to_leg(const geo::MetroLeg& leg) {
  Leg out{Leg::walk, leg.from, leg.to, leg.line, leg.minutes, leg.metres};
  switch (leg.kind) {
    case geo::MetroLegKind::walk:
      out.line = Leg::none;
      break;
    case geo::MetroLegKind::board:
      out.mode = Leg::board;
      break;
    case geo::MetroLegKind::ride:
      out.mode = Leg::metro;
      break;
    case geo::MetroLegKind::transfer:
      out.mode = Leg::transfer;
      break;
    case geo::MetroLegKind::exit:
      out.mode = Leg::exit;
      break;
  }
  return out;
}

// Where somebody sets out on foot: at doors on the streets, or beyond those that are loaded.
struct Starts {
  std::vector<Door> doors;
  std::vector<geo::LonLat> beyond;
};

bool is_beyond_streets(const data::Snapshot& snapshot, std::span<const geo::Snap> doors, geo::LonLat at) {
  for (const auto& door : doors)
    if (door) return false;
  return footing(snapshot, at, geo::TravelMode::walk) == Footing::beyond;
}

std::shared_ptr<const Reach> on_foot(const data::Snapshot& snapshot, const Starts& starts, double minutes,
                                     const StraightLine& travel) {
  const auto along = [&] {
    return std::make_shared<StreetReach>(snapshot, starts.doors, minutes, travel.speed_kmh);
  };
  if (starts.beyond.empty()) return along();
  const auto straight = std::make_shared<DiscReach>(travel, snapshot, starts.beyond, minutes);
  if (starts.doors.empty()) return straight;
  return std::make_shared<AnyReach>(Reaches{along(), straight});
}

}  // namespace

StationArrivals::StationArrivals(const JobQuery& q, const data::Snapshot& snapshot,
                                 std::vector<double> walk_minutes, std::vector<double> walk_metres,
                                 double limit)
    : walk_minutes_(std::move(walk_minutes)),
      walk_metres_(std::move(walk_metres)),
      times_(snapshot.city->metro.search(metro_search(q, snapshot, walk_minutes_, limit))) {}

std::vector<Leg> StationArrivals::legs(std::size_t station) const {
  const auto to = static_cast<std::uint16_t>(station);
  const auto first = times_.seed_of(to);
  std::vector<Leg> legs{{Leg::walk, Leg::none, first, Leg::none, walk_minutes_[first], walk_metres_[first]}};
  for (const auto& leg : times_.legs(to)) legs.push_back(to_leg(leg));
  return legs;
}

Reaches reaches_of(const JobQuery& q, const data::Snapshot& snapshot) {
  Reaches reaches;
  for (const auto& place : q.reach)
    if (snapshot.walks && !place.beyond_streets)
      reaches.push_back(std::make_shared<StreetReach>(q, snapshot, place));
    else
      reaches.push_back(std::make_shared<DiscReach>(q, snapshot, place));
  if (!q.station_minutes) return reaches;
  if (!snapshot.walks) {
    reaches.push_back(std::make_shared<DiscReach>(q.travel, snapshot, q.anchors, *q.station_minutes));
    return reaches;
  }
  Starts starts;
  for (const auto station : q.stations) {
    if (is_beyond_streets(snapshot, snapshot.walks->stations[station],
                          geo::to_lonlat(snapshot.city->stations[station].at)))
      starts.beyond.push_back(geo::to_lonlat(snapshot.city->stations[station].at));
    else
      for (const auto& door : station_doors(snapshot, station)) starts.doors.push_back(door);
  }
  reaches.push_back(on_foot(snapshot, starts, *q.station_minutes, q.travel));
  return reaches;
}

std::shared_ptr<const Reach> circle_reach(const JobQuery& q, const data::Snapshot& snapshot) {
  if (!snapshot.walks || q.circle_points.empty()) return nullptr;
  Starts starts;
  for (const auto i : q.circle_points) {
    const auto& door = snapshot.walks->service_points[i];
    const auto at = geo::to_lonlat(snapshot.city->service_points[i].at);
    if (is_beyond_streets(snapshot, {&door, 1}, at))
      starts.beyond.push_back(at);
    else
      starts.doors.push_back({door, at});
  }
  return on_foot(snapshot, starts, q.circle_minutes, q.method);
}

std::string_view method_name(const JobQuery& q, const data::Snapshot& snapshot) {
  constexpr std::string_view straight = "straight_line";
  if (!snapshot.walks || !(q.has_minutes() || q.has_circle()) || q.all_beyond_streets()) return straight;
  const auto beyond = beyond_streets(q, snapshot);
  const bool stations = q.station_minutes && !q.has_circle() && beyond.stations.size() == q.stations.size();
  const bool points = !q.has_minutes() && !q.circle_service && !q.circle_points.empty() &&
                      beyond.service_points.size() == q.circle_points.size();
  return stations || points ? straight : "network";
}

BeyondStreets beyond_streets(const JobQuery& q, const data::Snapshot& snapshot) {
  BeyondStreets beyond;
  for (std::size_t i = 0; i < q.reach.size(); ++i)
    if (q.reach[i].beyond_streets) beyond.places.push_back(static_cast<int>(i + 1));
  if (!snapshot.walks) return beyond;
  if (q.station_minutes)
    for (const auto station : q.stations)
      if (is_beyond_streets(snapshot, snapshot.walks->stations[station],
                            geo::to_lonlat(snapshot.city->stations[station].at)))
        beyond.stations.push_back(station);
  if (q.circle_service) beyond.service_points = snapshot.walks->service_points_beyond;
  for (const auto i : q.circle_points)
    if (is_beyond_streets(snapshot, {&snapshot.walks->service_points[i], 1},
                          geo::to_lonlat(snapshot.city->service_points[i].at)))
      beyond.service_points.push_back(i);
  return beyond;
}

}  // namespace jobmap::query
