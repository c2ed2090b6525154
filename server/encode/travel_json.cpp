#include "data/index/walks.hpp"
#include "data/model/metro_service.hpp"
#include "data/model/time.hpp"
#include "server/encode/job_record.hpp"
#include "server/encode/travel.hpp"
#include "server/query/parse/footing.hpp"

namespace jobmap::encode {
namespace {

void setting(JsonWriter& w, std::string_view key, double value) { number(w, key, value, decimals::setting); }

void clock(JsonWriter& w, std::string_view key, int minute) {
  const char text[] = {static_cast<char>('0' + minute / 600), static_cast<char>('0' + minute / 60 % 10), ':',
                       static_cast<char>('0' + minute % 60 / 10), static_cast<char>('0' + minute % 10)};
  w.raw(key), w.plain_text({text, sizeof text});
}

void line_service(JsonWriter& w, const geo::MetroLineService& line) {
  setting(w, R"("speed_kmh":)", line.speed_kmh);
  setting(w, R"(,"headway_minutes":)", line.headway_minutes);
  setting(w, R"(,"track_factor":)", line.track_factor);
}

}  // namespace

void write_beyond_streets(JsonWriter& w, const query::BeyondStreets& beyond, const data::City& city) {
  if (!beyond.any()) return;
  const auto list = [&](std::string_view key, const auto& items, auto write) {
    if (items.empty()) return;
    w.raw(key);
    for (const char* comma = ""; const auto& item : items) {
      w.raw(comma), write(item);
      comma = ",";
    }
    w.raw("]");
  };
  list(R"(,"beyond_streets":[)", beyond.places, [&](int place) { w.integer(place); });
  list(R"(,"stations_beyond_streets":[)", beyond.stations, [&](auto i) { w.text(city.stations[i].id); });
  list(R"(,"points_beyond_streets":[)", beyond.service_points,
       [&](auto i) { w.text(city.service_points[i].id); });
  w.raw(R"(,"note":)"), w.text(query::beyond_streets_note);
}

void write_metro(JsonWriter& w, const query::JobQuery& q, const data::City& city) {
  const auto& service = *city.metro_service;
  w.raw(R"(,"metro":{"assumed":)"), w.boolean(service.assumed), w.raw(","), line_service(w, service.any_line);
  w.raw(R"(,"wait":"half the headway")");
  setting(w, R"(,"access_minutes":)", service.station.access_minutes);
  setting(w, R"(,"egress_minutes":)", service.station.egress_minutes);
  setting(w, R"(,"transfer_minutes":)", service.station.transfer_minutes);
  setting(w, R"(,"walk_between_m":)", service.station.walk_between_m);
  clock(w, R"(,"first_train":)", service.first_train), clock(w, R"(,"last_train":)", service.last_train);
  w.raw(R"(,"lines":{)");
  const char* comma = "";
  for (const auto& line : city.lines)
    if (const auto it = service.lines.find(line.id); it != service.lines.end()) {
      w.raw(comma), w.text(line.id), w.raw(":{"), line_service(w, it->second.service), w.raw("}");
      comma = ",";
    }
  w.raw("}");
  if (!q.depart) return w.raw(R"(,"in_service":true,"note":"no departure was given: taken within hours"})");
  w.raw(R"(,"depart":)"), w.time(*q.depart);
  const bool runs = query::metro_hours(*q.depart, city).in_service();
  w.raw(R"(,"in_service":)"), w.boolean(runs);
  w.raw(runs ? "}"
             : R"(,"note":"outside service hours: on foot, or by the first trains where they are in time"})");
}

void write_local(JsonWriter& w, const data::City& city) {
  w.raw(R"(,"currency":)"), w.text(city.currency);
  w.raw(R"(,"time_zone":)"), w.text(city.local_time());
}

void write_method(JsonWriter& w, const query::JobQuery& q, const data::Snapshot& snapshot) {
  const auto& city = *snapshot.city;
  w.raw(R"("method":{"name":)"), w.plain_text(query::method_name(q, snapshot));
  if (q.has_minutes())
    w.raw(R"(,"mode":)"), w.plain_text(query::travel_mode_names[static_cast<unsigned>(q.mode)]);
  setting(w, R"(,"speed_kmh":)", q.travel.speed_kmh), setting(w, R"(,"detour":)", q.travel.detour);
  if (q.mode == query::TravelMode::bike) setting(w, R"(,"walk_speed_kmh":)", q.method.speed_kmh);
  if (q.has_minutes()) {
    w.raw(R"(,"minutes":[)");
    if (q.station_minutes) w.real(*q.station_minutes, decimals::setting);
    for (std::size_t i = 0; i < q.reach.size(); ++i) setting(w, i ? "," : "", q.reach[i].minutes);
    w.raw("]");
  }
  if (snapshot.walks)  // listed_places: the minutes beside the stations and the service point of each job
    setting(w, R"(,"off_street_m":)", snapshot.walks->snap_limit_m), w.raw(R"(,"listed_places":"network")");
  if (snapshot.walks && snapshot.walks->hours_ignored > 0)
    w.raw(R"(,"hours_ignored":)"), w.integer(snapshot.walks->hours_ignored);
  write_beyond_streets(w, query::beyond_streets(q, snapshot), city);
  if (q.mode == query::TravelMode::metro) write_metro(w, q, city);
  number(w, R"(,"station_reach_m":)", station_reach_m(q), decimals::metres);
  if (q.has_circle()) {
    setting(w, R"(,"circle_minutes":)", q.circle_minutes);
    number(w, R"(,"circle_m":)", q.method.metres(q.circle_minutes), decimals::metres);
  }
  w.raw("}");
}

void write_legs(JsonWriter& w, std::span<const query::Leg> legs, const data::City& city) {
  w.raw("[");
  const auto id = [&](std::string_view key, const auto& of, std::int32_t index) {
    if (index != query::Leg::none) w.raw(key), w.text(of[static_cast<std::size_t>(index)].id);
  };
  for (const char* comma = ""; const auto& leg : legs) {
    w.raw(comma), w.raw(R"({"mode":)"), w.plain_text(query::leg_names[leg.mode]);
    id(R"(,"from":)", city.stations, leg.from), id(R"(,"to":)", city.stations, leg.to);
    id(R"(,"line":)", city.lines, leg.line);
    number(w, R"(,"minutes":)", leg.minutes, decimals::minutes);
    number(w, R"(,"distance_m":)", leg.metres, decimals::metres);
    w.raw("}");
    comma = ",";
  }
  w.raw("]");
}

}  // namespace jobmap::encode
