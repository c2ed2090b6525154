#include "query/reach/reach.hpp"

#include <cmath>

#include "data/time.hpp"
#include "query/reach/disc_reach.hpp"
#include "query/reach/street_reach.hpp"

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
    if (snapshot.walks)
      reaches.push_back(std::make_shared<StreetReach>(q, snapshot, place));
    else
      reaches.push_back(std::make_shared<DiscReach>(q, snapshot, place));
  if (!q.station_minutes) return reaches;
  if (!snapshot.walks) {
    reaches.push_back(std::make_shared<DiscReach>(q, snapshot, q.anchors, *q.station_minutes));
    return reaches;
  }
  std::vector<Door> doors;
  for (const auto station : q.stations)
    for (const auto& door : station_doors(snapshot, station)) doors.push_back(door);
  reaches.push_back(std::make_shared<StreetReach>(snapshot, doors, *q.station_minutes, q.travel.speed_kmh));
  return reaches;
}

std::shared_ptr<const Reach> circle_reach(const JobQuery& q, const data::Snapshot& snapshot) {
  if (!snapshot.walks || q.circle_points.empty()) return nullptr;
  std::vector<Door> doors;
  for (const auto i : q.circle_points)
    doors.push_back({snapshot.walks->service_points[i], geo::to_lonlat(snapshot.city->service_points[i].at)});
  return std::make_shared<StreetReach>(snapshot, doors, q.circle_minutes, q.method.speed_kmh);
}

}  // namespace jobmap::query
