#include "encode/job_record.hpp"

#include <algorithm>

#include "geo/distance.hpp"

namespace jobmap::encode {
namespace {

bool is_anchored_at_stations(const query::JobQuery& q) {
  return q.anchor == query::AnchorKind::station || q.anchor == query::AnchorKind::line;
}

// Beyond what the snapshot found ahead: all stations, sifted by latitude first.
void find_stations(const data::City& city, double reach_m, JobRecord& record) {
  const double degrees = reach_m / 110'000;
  for (std::uint32_t s = 0; s < city.stations.size(); ++s) {
    const auto at = geo::to_lonlat(city.stations[s].at);
    if (std::abs(at.lat - record.at.lat) > degrees) continue;
    if (const double d = geo::distance_m(record.at, at); d <= reach_m) record.stations.push_back({s, d});
  }
  std::sort(record.stations.begin(), record.stations.end(), [](const NearPlace& a, const NearPlace& b) {
    return a.metres != b.metres ? a.metres < b.metres : a.index < b.index;
  });
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
  record.text = t.text(row);
  record.located = row < t.located;
  record.distance_m = hit.distance_m;
  record.minutes = hit.minutes;
  record.legs = hit.legs;
  record.stations.clear();
  record.has_service_point = false;
  if (!record.located) return;
  record.at = geo::to_lonlat(t.tree.point(row));
  const double reach = station_reach_m(q);
  if (q.fields >> static_cast<unsigned>(query::Field::stations) & 1) {
    if (reach > data::station_reach_m) {
      find_stations(city, reach, record);
    } else {
      for (auto i = t.station_begin[row]; i < t.station_begin[row + 1]; ++i)
        if (t.station_m[i] <= reach) record.stations.push_back({t.station[i], t.station_m[i]});
    }
  }
  if (t.service_point[row] >= 0) {
    record.has_service_point = true;
    record.service_point = {static_cast<std::uint32_t>(t.service_point[row]), t.service_point_m[row]};
  }
}

void prefetch(const data::Snapshot& snapshot, const std::vector<query::Hit>& hits) {
  const auto& t = *snapshot.jobs;
  // First what tells where the texts are, then the texts: one row's wait is not the next one's.
  for (const auto& hit : hits) {
    const auto row = hit.row;
    auto each = [row](const auto&... columns) { (__builtin_prefetch(&columns[row]), ...); };
    each(t.text_at, t.openings, t.pay_min, t.pay_max, t.stipend, t.occupation, t.published, t.expires);
    each(t.category, t.pay_unit, t.settlement, t.education, t.precision, t.industry, t.months);
    each(t.experience, t.source, t.district);
    if (row >= t.located) continue;
    each(t.station_begin, t.service_point, t.service_point_m);
    __builtin_prefetch(t.tree.lon() + row);
    __builtin_prefetch(t.tree.lat() + row);
  }
  for (const auto& hit : hits) {
    const char* p = t.record(hit.row);
    for (int line = 0; line < 8; ++line) __builtin_prefetch(p + line * 64);
    if (hit.row >= t.located) continue;
    __builtin_prefetch(t.station.data() + t.station_begin[hit.row]);
    __builtin_prefetch(t.station_m.data() + t.station_begin[hit.row]);
  }
}

}  // namespace jobmap::encode
