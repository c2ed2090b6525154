// TravelMethod, MetroMethod and Leg, field by field as proto/jobmap.proto numbers them.
#include "data/index/walks.hpp"
#include "data/model/metro_service.hpp"
#include "server/encode/job_record.hpp"
#include "server/encode/travel.hpp"

namespace jobmap::encode {
namespace {

constexpr std::size_t expected_travel_bytes = 80;

void line_service(WireWriter& w, const geo::MetroLineService& line) {
  w.real(1, line.speed_kmh, decimals::setting), w.real(2, line.headway_minutes, decimals::setting);
  w.real(3, line.track_factor, decimals::setting);
}

void metro(WireWriter& w, unsigned field, const query::JobQuery& q, const data::City& city) {
  const auto& service = *city.metro_service;
  const auto nested = w.begin(field, expected_travel_bytes);
  const auto any = w.begin(1, expected_travel_bytes);
  line_service(w, service.any_line);
  w.end(any);
  const auto setting = [&](unsigned number, double value) { w.real(number, value, decimals::setting); };
  setting(2, service.station.access_minutes), setting(3, service.station.egress_minutes);
  setting(4, service.station.transfer_minutes), setting(5, service.station.walk_between_m);
  w.uint(6, static_cast<std::uint64_t>(service.first_train));
  w.uint(7, static_cast<std::uint64_t>(service.last_train));
  for (const auto& line : city.lines)
    if (const auto it = service.lines.find(line.id); it != service.lines.end()) {
      const auto one = w.begin(8, expected_travel_bytes);
      line_service(w, it->second.service), w.string(4, line.id);
      w.end(one);
    }
  if (q.depart) w.uint(9, static_cast<std::uint64_t>(*q.depart));
  if (!q.depart || query::metro_hours(*q.depart, city).in_service()) w.uint(10, 1);
  w.end(nested);
}

}  // namespace

void write_method(WireWriter& w, unsigned field, const query::JobQuery& q, const data::Snapshot& snapshot) {
  const auto& city = *snapshot.city;
  const auto nested = w.begin(field, expected_travel_bytes);
  w.string(1, query::method_name(q, snapshot));
  const auto setting = [&](unsigned number, double value) { w.real(number, value, decimals::setting); };
  setting(2, q.travel.speed_kmh), setting(3, q.travel.detour);
  if (q.has_circle())
    setting(4, q.circle_minutes), w.real(5, q.method.metres(q.circle_minutes), decimals::metres);
  w.real(6, station_reach_m(q), decimals::metres);
  if (q.has_minutes()) {
    w.string(7, query::travel_mode_names[static_cast<unsigned>(q.mode)]);
    const auto minutes = w.begin(8, 16);  // packed
    if (q.station_minutes) w.packed(*q.station_minutes, decimals::setting);
    for (const auto& place : q.reach) w.packed(place.minutes, decimals::setting);
    w.end(minutes);
  }
  if (q.mode == query::TravelMode::bike) setting(9, q.method.speed_kmh);
  if (q.mode == query::TravelMode::metro) metro(w, 10, q, city);
  if (snapshot.walks) w.string(11, "network"), setting(12, snapshot.walks->snap_limit_m);
  const auto beyond = query::beyond_streets(q, snapshot);
  for (const auto place : beyond.places) w.uint(13, static_cast<std::uint64_t>(place));
  if (snapshot.walks && snapshot.walks->hours_ignored > 0)
    w.uint(14, static_cast<std::uint64_t>(snapshot.walks->hours_ignored));
  for (const auto i : beyond.stations) w.string(15, city.stations[i].id);
  for (const auto i : beyond.service_points) w.string(16, city.service_points[i].id);
  w.end(nested);
}

void write_legs(WireWriter& w, unsigned field, std::span<const query::Leg> legs, const data::City& city) {
  for (const auto& leg : legs) {
    const auto nested = w.begin(field, expected_travel_bytes);
    const auto id = [&](unsigned number, const auto& of, std::int32_t index) {
      if (index != query::Leg::none) w.string(number, of[static_cast<std::size_t>(index)].id);
    };
    w.string(1, query::leg_names[leg.mode]);
    id(2, city.stations, leg.from), id(3, city.stations, leg.to), id(4, city.lines, leg.line);
    w.real(5, leg.minutes, decimals::minutes), w.real(6, leg.metres, decimals::metres);
    w.end(nested);
  }
}

}  // namespace jobmap::encode
