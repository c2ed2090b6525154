#include "geo/metro_graph.hpp"

#include <algorithm>
#include <cmath>
#include <queue>

#include "geo/distance.hpp"

namespace jobmap::geo {

MetroGraph::MetroGraph(std::span<const PointE7> stations, std::span<const MetroBranch> branches,
                       const MetroStationService& service)
    : service_(service) {
  platform_begin_.assign(stations.size() + 1, 0);  // node_of() counts stations
  for (const auto& branch : branches) add_branch(branch, stations);
  index_platforms(stations.size());
  find_neighbours(stations);
}

void MetroGraph::add_branch(const MetroBranch& branch, std::span<const PointE7> stations) {
  const auto& service = branch.service;
  for (std::size_t i = 0; i < branch.stations.size(); ++i) {
    const auto here = static_cast<std::uint32_t>(platforms_.size());
    Platform p{branch.stations[i], branch.line, service.headway_minutes / 2, {none, none}, {0, 0}, {0, 0}};
    if (i > 0) {
      Platform& before = platforms_.back();
      const double metres = distance_m(to_lonlat(stations[before.station]), to_lonlat(stations[p.station])) *
                            service.track_factor;
      double minutes = metres / (service.speed_kmh / 3.6) / 60;
      if (i <= branch.run_minutes.size() && !std::isnan(branch.run_minutes[i - 1]))
        minutes = branch.run_minutes[i - 1];
      p.next[0] = node_of(here - 1), p.ride_m[0] = metres, p.ride_minutes[0] = minutes;
      before.next[1] = node_of(here), before.ride_m[1] = metres, before.ride_minutes[1] = minutes;
    }
    platforms_.push_back(p);
  }
}

void MetroGraph::index_platforms(std::size_t stations) {
  for (const auto& p : platforms_) ++platform_begin_[p.station + 1];
  for (std::size_t s = 0; s < stations; ++s) platform_begin_[s + 1] += platform_begin_[s];
  platform_at_.resize(platforms_.size());
  auto next = platform_begin_;
  for (std::uint32_t i = 0; i < platforms_.size(); ++i) platform_at_[next[platforms_[i].station]++] = i;
}

void MetroGraph::find_neighbours(std::span<const PointE7> stations) {
  neighbour_begin_.push_back(0);
  for (std::size_t a = 0; a < stations.size(); ++a) {
    const DistanceFrom from(to_lonlat(stations[a]));
    for (std::size_t b = 0; b < stations.size(); ++b) {
      const PointE7 at = stations[b];
      if (a == b || from.at_least_m({at.lon, at.lat, at.lon, at.lat}) > service_.walk_between_m) continue;
      if (const double d = from.metres(at); d <= service_.walk_between_m)
        neighbours_.push_back({static_cast<std::uint16_t>(b), d});
    }
    neighbour_begin_.push_back(static_cast<std::uint32_t>(neighbours_.size()));
  }
}

template <typename Use>
void MetroGraph::each_step(std::uint32_t node, double t, const Search& search, Use&& use) const {
  // Boards a train of `to` from its platform at minute `ready`, unless no train runs then.
  const auto board = [&](std::uint32_t to, double ready) {
    const double at = std::max(ready, search.hours.first);
    if (at <= search.hours.last) use(node_of(to), at + platforms_[to].wait);
  };
  const auto station = station_of(node);
  const auto first = platform_begin_[station], last = platform_begin_[station + 1u];
  if (is_street(node)) {
    for (auto i = first; i < last; ++i) board(platform_at_[i], t + service_.access_minutes);
    for (auto i = neighbour_begin_[station]; i < neighbour_begin_[station + 1u]; ++i)
      use(neighbours_[i].station, t + neighbours_[i].metres * search.minutes_per_metre);
    return;
  }
  const Platform& here = platform(node);
  use(station, t + service_.egress_minutes);
  for (int side = 0; side < 2; ++side)
    if (here.next[side] != none) use(here.next[side], t + here.ride_minutes[side]);
  for (auto i = first; i < last; ++i) {
    const auto to = platform_at_[i];
    if (node_of(to) == node) continue;
    board(to, t + (platforms_[to].line == here.line ? 0 : service_.transfer_minutes));
  }
}

MetroTimes MetroGraph::search(const Search& search) const {
  struct Entry {
    double minutes;
    std::uint32_t node;
    bool operator<(
        const Entry& o) const {  // the soonest on top; ties by node, so that legs are the same always
      return minutes != o.minutes ? minutes > o.minutes : node > o.node;
    }
  };
  MetroTimes times;
  times.graph_ = this;
  times.minutes_.assign(stations() + platforms_.size(), std::numeric_limits<double>::infinity());
  times.parent_.assign(times.minutes_.size(), none);
  std::priority_queue<Entry> queue;
  const auto reach = [&](std::uint32_t node, double minutes, std::uint32_t from) {
    if (minutes > search.limit || minutes >= times.minutes_[node]) return;
    times.minutes_[node] = minutes;
    times.parent_[node] = from;
    queue.push({minutes, node});
  };
  for (const auto& seed : search.seeds) reach(seed.station, seed.minutes, seed.station);
  while (!queue.empty()) {
    const Entry e = queue.top();
    queue.pop();
    if (e.minutes > times.minutes_[e.node]) continue;
    each_step(e.node, e.minutes, search,
              [&](std::uint32_t node, double minutes) { reach(node, minutes, e.node); });
  }
  return times;
}

MetroLeg MetroGraph::leg(std::uint32_t from, std::uint32_t to, double minutes) const {
  const auto a = station_of(from), b = station_of(to);
  if (is_street(from) && is_street(to)) {
    double metres = 0;
    for (auto i = neighbour_begin_[a]; i < neighbour_begin_[a + 1u]; ++i)
      if (neighbours_[i].station == b) metres = neighbours_[i].metres;
    return {MetroLegKind::walk, a, b, 0, minutes, metres};
  }
  if (is_street(from)) return {MetroLegKind::board, a, b, platform(to).line, minutes, 0};
  if (is_street(to)) return {MetroLegKind::exit, a, b, platform(from).line, minutes, 0};
  const Platform& here = platform(from);
  for (int side = 0; side < 2; ++side)
    if (here.next[side] == to) return {MetroLegKind::ride, a, b, here.line, minutes, here.ride_m[side]};
  return {MetroLegKind::transfer, a, b, platform(to).line, minutes, 0};
}

std::vector<MetroLeg> MetroTimes::legs(std::uint16_t station) const {
  std::vector<MetroLeg> legs;
  if (parent_[station] == MetroGraph::none) return legs;
  for (std::uint32_t node = station; parent_[node] != node; node = parent_[node])
    legs.push_back(graph_->leg(parent_[node], node, minutes_[node] - minutes_[parent_[node]]));
  std::reverse(legs.begin(), legs.end());
  // Stop by stop is one ride.
  std::vector<MetroLeg> joined;
  for (const auto& leg : legs) {
    const bool goes_on =
        !joined.empty() && leg.kind == MetroLegKind::ride && joined.back().kind == MetroLegKind::ride;
    if (!goes_on) {
      joined.push_back(leg);
      continue;
    }
    joined.back().to = leg.to;
    joined.back().minutes += leg.minutes, joined.back().metres += leg.metres;
  }
  return joined;
}

std::uint16_t MetroTimes::seed_of(std::uint16_t station) const {
  std::uint32_t node = station;
  while (parent_[node] != MetroGraph::none && parent_[node] != node) node = parent_[node];
  return static_cast<std::uint16_t>(node);
}

}  // namespace jobmap::geo
