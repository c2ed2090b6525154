#include "server/encode/job_record.hpp"

#include <algorithm>
#include <cmath>

#include "data/index/walks.hpp"
#include "geo/distance.hpp"

namespace jobmap::encode {
namespace {

constexpr int text_lines = 6;  // of 64 bytes: what the texts of most jobs fit in

bool is_anchored_at_stations(const query::JobQuery& q) {
  return q.anchor == query::AnchorKind::station || q.anchor == query::AnchorKind::line;
}

// Stations farther than the snapshot's own list goes: all are estimated at once, and only those that may be
// among the nearest are measured.
void find_stations(const data::City& city, double reach_m, JobRecord& record) {
  auto& scratch = record.scratch;
  const std::size_t n = city.stations.size();
  if (scratch.lon.size() != n) {
    scratch.lon.clear(), scratch.lat.clear();
    for (const auto& station : city.stations)
      scratch.lon.push_back(station.at.lon), scratch.lat.push_back(station.at.lat);
  }
  const geo::DistanceFrom from(record.at);
  scratch.metres2.resize(n);
  from.squared(scratch.lon.data(), scratch.lat.data(), n, scratch.metres2.data());
  const double slack = from.slack_m(reach_m);
  const auto square = [](double metres) { return static_cast<float>(metres * metres * 1.000001); };
  auto& near = scratch.near;
  near.clear();
  const float within2 = square(reach_m + slack);
  for (std::uint32_t s = 0; s < n; ++s)
    if (scratch.metres2[s] <= within2) near.push_back({scratch.metres2[s], s});
  if (near.size() > most_stations) {
    std::nth_element(near.begin(), near.begin() + (most_stations - 1), near.end());
    const float until2 = square(std::sqrt(near[most_stations - 1].first) + 2 * slack);
    std::erase_if(near, [&](const auto& station) { return station.first > until2; });
  }
  for (const auto& [metres2, s] : near)
    if (const double d = from.metres(city.stations[s].at); d <= reach_m) record.stations.push_back({s, d});
  std::sort(record.stations.begin(), record.stations.end(), [](const NearPlace& a, const NearPlace& b) {
    return a.metres != b.metres ? a.metres < b.metres : a.index < b.index;
  });
  if (record.stations.size() > most_stations) record.stations.resize(most_stations);
}

// Minutes by straight lines, or along the streets where the snapshot has them: of the service point that is
// nearest that way, and of stations as far as their ways were found (data/index/walks.hpp).
void add_minutes(const query::JobQuery& q, const data::Snapshot& snapshot, JobRecord& record) {
  const data::Walks* walks = snapshot.walks.get();
  if (!walks) {
    for (auto& near : record.stations) near.minutes = q.method.minutes(near.metres);
    record.service_point.minutes = q.method.minutes(record.service_point.metres);
    return;
  }
  const auto spot = walks->spot[record.row];
  const auto begin = walks->station.begin() + walks->station_begin[spot],
             end = walks->station.begin() + walks->station_begin[spot + 1];
  for (auto& near : record.stations)
    if (const auto it = std::find(begin, end, near.index); it != end)
      near.minutes = geo::minutes(walks->station_mm[static_cast<std::size_t>(it - walks->station.begin())],
                                  q.method.speed_kmh);
  const auto point = walks->service_point[spot];
  if (!record.has_service_point || point == data::no_value) return;
  const auto index = static_cast<std::uint32_t>(point);
  auto& near = record.service_point;
  if (index != near.index)
    near = {index, geo::distance_m(record.at, geo::to_lonlat(snapshot.city->service_points[index].at))};
  near.minutes = geo::minutes(walks->service_point_mm[spot], q.method.speed_kmh);
}

}  // namespace

double station_reach_m(const query::JobQuery& q) {
  return is_anchored_at_stations(q) ? q.radius_m : data::station_reach_m;
}

void make_record(const query::JobQuery& q, const data::Snapshot& snapshot, const query::Hit& hit,
                 JobRecord& record) {
  const auto& t = *snapshot.jobs;
  const auto& city = *snapshot.city;
  const auto row = hit.row;
  record.row = row;
  const auto& n = t.numbers[row];
  record.numbers = &n;
  record.text = data::JobTable::text(t.record_at(n.text_at));
  record.located = row < t.located;
  record.distance_m = hit.distance_m;
  record.minutes = hit.minutes, record.place = hit.place;
  record.legs = hit.legs;
  record.stations.clear();
  record.has_service_point = false;
  if (!record.located) return;
  record.at = geo::to_lonlat(n.at);
  const double reach = station_reach_m(q);
  if (q.fields >> static_cast<unsigned>(query::Field::stations) & 1) {
    if (reach > data::station_reach_m) {
      find_stations(city, reach, record);
    } else {
      const auto end = n.station_begin + std::min<std::uint32_t>(n.stations, most_stations);
      for (auto i = n.station_begin; i < end; ++i)
        if (t.station_m[i] <= reach) record.stations.push_back({t.station[i], t.station_m[i]});
    }
  }
  if (n.service_point >= 0) {
    record.has_service_point = true;
    record.service_point = {static_cast<std::uint32_t>(n.service_point), n.service_point_m};
  }
  add_minutes(q, snapshot, record);
}

void prefetch(const data::Snapshot& snapshot, const std::vector<query::Hit>& hits) {
  const auto& t = *snapshot.jobs;
  // First what tells where the texts are, then the texts: one row's wait is not the next one's.
  for (const auto& hit : hits) __builtin_prefetch(&t.numbers[hit.row]);
  for (const auto& hit : hits) {
    const auto& n = t.numbers[hit.row];
    const char* p = t.record_at(n.text_at);
    for (int line = 0; line < text_lines; ++line) __builtin_prefetch(p + line * 64);
    __builtin_prefetch(t.station.data() + n.station_begin);
    __builtin_prefetch(t.station_m.data() + n.station_begin);
  }
}

}  // namespace jobmap::encode
