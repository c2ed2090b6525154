// How minutes are found, and from where: mode, speed_kmh, detour, depart, and the anchors that take minutes.
#include <cmath>

#include "data/index/walks.hpp"
#include "data/model/metro_service.hpp"
#include "data/model/split.hpp"
#include "data/model/time.hpp"
#include "server/query/parse/footing.hpp"
#include "server/query/parse/parameter_groups.hpp"
#include "server/query/syntax/number_text.hpp"

namespace jobmap::query {
namespace {

constexpr auto& mode_names = travel_mode_names;
constexpr std::string_view needs_minutes = "reach with minutes, station or line with minutes, or circle";

void refuse_without_minutes(Parsing& p) {
  for (const std::string_view name : {"minutes", "mode", "speed_kmh", "detour", "depart"})
    if (p.reader.has(name))
      p.reader.fail(name, p.reader.raw(name), "nothing here is asked in minutes", std::string(needs_minutes));
}

void read_mode(Parsing& p) {
  const auto name = p.reader.text("mode");
  if (!name) return;
  const auto it = std::find(mode_names.begin(), mode_names.end(), *name);
  if (it == mode_names.end())
    return p.reader.fail("mode", *name, "there is no such mode", joined(mode_names));
  p.query.mode = static_cast<TravelMode>(it - mode_names.begin());
  if (p.query.mode == TravelMode::bike) p.query.travel = cycling;
  if (p.query.mode != TravelMode::walk) p.canonical.add("mode", *name);
}

void read_depart(Parsing& p) {
  const auto text = p.reader.text("depart");
  if (!text) return;
  if (p.query.mode != TravelMode::metro)
    return p.reader.fail("depart", *text, "only the metro has hours", "mode=metro, or leave depart out");
  const auto time = data::parse_time(*text, p.city.zone);
  if (!time || time->is_date)
    return p.reader.fail("depart", *text, "this is not a time", "RFC 3339, 2026-11-23T08:00:00+08:00");
  p.query.depart = time->seconds;
  char utc[data::time_size];
  data::format_time(time->seconds, utc);
  p.canonical.add("depart", std::string_view(utc, data::time_size));
}

std::optional<std::vector<double>> read_minutes(Parsing& p, double max, std::size_t at_most) {
  const auto text = p.reader.text("minutes");
  if (!text) return std::nullopt;
  std::vector<double> minutes;
  for (const auto part : data::split(*text, ';')) {
    const auto value = parse_number(part);
    if (!value || *value < 1 || *value > max) {
      p.reader.fail(
          "minutes", *text, value ? "the number is out of range" : "this is not a number",
          "1 to " + shortest_decimal(max) + (at_most > 1 ? ", one for each place, with ; between" : ""));
      return std::nullopt;
    }
    minutes.push_back(*value);
  }
  if (minutes.size() <= at_most) return minutes;
  p.reader.fail("minutes", *text, "there are more minutes than places", "one number, or one for each place");
  return std::nullopt;
}

}  // namespace

void parse_travel(Parsing& p) {
  const bool timed = p.reader.has("reach") || p.reader.has("minutes") || p.reader.has("circle");
  if (!timed) return refuse_without_minutes(p);
  parse_travel_settings(p);
  if (p.query.mode != TravelMode::walk && !p.reader.has("reach"))
    p.reader.fail("mode", p.reader.raw("mode"), "stations and circles are on foot", "walk, or reach instead");
}

void parse_travel_settings(Parsing& p) {
  read_mode(p);
  auto& travel = p.query.travel;
  if (const auto speed = p.reader.number("speed_kmh", 2, 30)) {
    travel.speed_kmh = *speed;
    p.canonical.add("speed_kmh", *speed);
  }
  if (const auto detour = p.reader.number("detour", 1, 2)) {
    travel.detour = *detour;
    p.canonical.add("detour", *detour);
  }
  if (p.query.mode != TravelMode::bike) p.query.method = travel;
  read_depart(p);
}

void parse_reach(Parsing& p) {
  const auto text = p.reader.text("reach");
  if (!text) return;
  p.query.anchor = AnchorKind::reach;
  std::string value;
  for (const auto part : data::split(*text, ';')) {
    const auto xy = data::split(part, ',');
    const auto x = xy.size() == 2 ? parse_number(xy[0]) : std::nullopt,
               y = xy.size() == 2 ? parse_number(xy[1]) : std::nullopt;
    const auto at = x && y ? geo::to_wgs84(p.query.crs, *x, *y) : std::nullopt;
    if (!at || !geo::is_valid(*at))
      return p.reader.fail(
          "reach", *text,
          "this is not one or two places on the earth in " + std::string(geo::name_of(p.query.crs)),
          "lon,lat or lon,lat;lon,lat");
    p.query.reach.push_back({*at, 0});
    value += (value.empty() ? "" : ";") + shortest_decimal(*x) + "," + shortest_decimal(*y);
  }
  if (p.query.reach.size() <= 2 && p.snapshot.walks)
    for (auto& place : p.query.reach) {
      const auto mode = p.query.mode == TravelMode::bike ? geo::TravelMode::bike : geo::TravelMode::walk;
      const auto stands = footing(p.snapshot, place.at, mode);
      place.beyond_streets = stands == Footing::beyond;
      if (stands == Footing::off)
        return p.reader.fail(
            "reach", *text, "this place is off the street network",
            "a place within " + shortest_decimal(p.snapshot.walks->snap_limit_m) + " m of a street");
    }
  if (p.query.reach.size() > 2)
    return p.reader.fail("reach", *text, "there are more than two places", "lon,lat or lon,lat;lon,lat");
  const auto minutes = read_minutes(p, most_minutes, p.query.reach.size());
  if (!minutes)
    return p.reader.fail("minutes", "", "reach needs minutes", "1 to " + shortest_decimal(most_minutes));
  std::string times;
  for (std::size_t i = 0; i < p.query.reach.size(); ++i) {
    p.query.reach[i].minutes = (*minutes)[std::min(i, minutes->size() - 1)];
    times += (times.empty() ? "" : ";") + shortest_decimal(p.query.reach[i].minutes);
  }
  p.canonical.add("reach", value);
  p.canonical.add("minutes", times);
}

void parse_station_minutes(Parsing& p) {
  const auto minutes = read_minutes(p, most_station_minutes, 1);
  if (!minutes) return;
  if (p.reader.has("radius"))
    return p.reader.fail("radius", p.reader.raw("radius"),
                         "a radius and minutes are two answers to one question", "radius or minutes");
  p.query.station_minutes = minutes->front();
  // Along the streets no way is shorter than the straight line, but an exit may lie off its station's point.
  constexpr double exit_margin_m = 1000;
  p.query.radius_m = p.snapshot.walks
                         ? StraightLine{p.query.travel.speed_kmh, 1}.metres(minutes->front()) + exit_margin_m
                         : p.query.travel.metres(minutes->front());
  p.canonical.add("minutes", minutes->front());
}

MetroHoursAt metro_hours(std::int64_t depart, const data::City& city) {
  const auto& service = *city.metro_service;
  const auto local = depart + city.zone.offset_at(depart);
  double minute = static_cast<double>(local % data::day_seconds) / 60;
  constexpr double day = 24 * 60;
  if (minute + day <= service.last_train)
    minute += day;  // the trains of the day before run on after midnight
  return {service.first_train - minute, service.last_train - minute};
}

}  // namespace jobmap::query
