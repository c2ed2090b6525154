#include "server/query/reach/isochrone.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "data/index/walks.hpp"
#include "geo/antimeridian.hpp"
#include "geo/distance.hpp"
#include "server/query/filter/reach.hpp"
#include "server/query/parse/canonical_text.hpp"
#include "server/query/parse/city_extent.hpp"
#include "server/query/parse/crs_parameter.hpp"
#include "server/query/parse/footing.hpp"
#include "server/query/parse/parameter_groups.hpp"
#include "server/query/syntax/number_text.hpp"
#include "server/query/syntax/reader.hpp"

namespace jobmap::query {
namespace {

constexpr std::size_t most_areas = 10;

geo::TravelMode street_mode(TravelMode mode) {
  return mode == TravelMode::bike ? geo::TravelMode::bike : geo::TravelMode::walk;
}

const std::string& allowed_minutes() {
  static const std::string text = "1 to 120, at most " + std::to_string(most_areas) + " of them, as 5,10,15";
  return text;
}

std::vector<double> read_minutes(Reader& r) {
  const auto list = r.list("minutes");
  if (!list) return {};
  const std::string& allowed = allowed_minutes();
  std::vector<double> minutes;
  for (const auto& text : *list) {
    const auto value = parse_number(text);
    if (!value || *value < 1 || *value > 120) {
      r.fail("minutes", text, value ? "the number is out of range" : "this is not a number", allowed);
      return {};
    }
    minutes.push_back(*value);
  }
  std::sort(minutes.rbegin(), minutes.rend());
  if (std::adjacent_find(minutes.begin(), minutes.end()) != minutes.end())
    r.fail("minutes", r.raw("minutes"), "a number is there twice", allowed);
  if (minutes.size() > most_areas) r.fail("minutes", r.raw("minutes"), "there are too many", allowed);
  return minutes;
}

// Snaps the place to the streets, which may reach beyond this city. Without streets, or beyond them, straight
// lines begin at a place of this city.
void snap(Parsing& p, IsochroneQuery& q) {
  const auto& streets = p.snapshot.streets;
  if (p.reader.failed()) return;
  const auto stands = streets ? footing(p.snapshot, q.from, street_mode(q.travel.mode)) : Footing::beyond;
  if (stands == Footing::beyond) {
    if (is_outside(extent_of_districts(p.city), q.from))
      p.reader.fail("from", p.reader.raw("from"), std::string(outside_city),
                    "lon,lat " + std::string(inside_city));
    return;
  }
  const double limit = p.snapshot.walks->snap_limit_m;
  q.street = streets->snap(geo::to_e7(q.from), street_mode(q.travel.mode), limit);
  if (!q.street)
    p.reader.fail("from", p.reader.raw("from"),
                  std::string("there is no street to ") +
                      (q.travel.mode == TravelMode::bike ? "ride" : "walk") + " within " +
                      shortest_decimal(limit) + " m",
                  "a place within " + shortest_decimal(limit) + " m of a street");
}

std::vector<std::uint32_t> cutoffs_of(const IsochroneQuery& q) {
  std::vector<std::uint32_t> cutoffs;
  for (const double m : q.minutes) cutoffs.push_back(geo::millimetres(m, q.travel.travel.speed_kmh));
  return cutoffs;
}

// From the place to each station on foot, in metres of way; infinite beyond the longest time.
std::vector<double> walks_to_stations(const IsochroneQuery& q, const data::Snapshot& s,
                                      const geo::StreetSearch& search) {
  std::vector<double> metres(s.city->stations.size(), std::numeric_limits<double>::infinity());
  for (std::size_t i = 0; i < metres.size(); ++i) {
    if (!q.along_streets()) {
      metres[i] = geo::distance_m(q.from, geo::to_lonlat(s.city->stations[i].at)) * q.travel.travel.detour;
      continue;
    }
    for (const geo::Snap& door : s.walks->stations[i])
      if (const auto way = search.to(door)) metres[i] = std::min(metres[i], way->mm / 1000.0);
  }
  return metres;
}

// The minutes after which one is at each station's door.
StationArrivals arrivals(const IsochroneQuery& q, const data::Snapshot& s, const geo::StreetSearch& search) {
  auto metres = walks_to_stations(q, s, search);
  std::vector<double> minutes;
  for (const double m : metres) minutes.push_back(m * 0.06 / q.travel.travel.speed_kmh);
  return {q.travel, s, std::move(minutes), std::move(metres), q.minutes.front()};
}

}  // namespace

IsochroneQuery parse_isochrone(Reader& reader, const data::Snapshot& snapshot) {
  IsochroneQuery q;
  Canonical canonical;
  Parsing p{reader, snapshot, *snapshot.city, q.travel, canonical};
  read_crs(reader, "crs", q.travel.crs);
  const auto from = p.position("from");
  q.from = from.value_or(geo::LonLat{});
  q.minutes = read_minutes(reader);
  std::string minutes;
  for (const double m : q.minutes) minutes += (minutes.empty() ? "" : ",") + shortest_decimal(m);
  canonical.add("minutes", minutes);
  parse_travel_settings(p);
  if (q.travel.crs != geo::Crs::wgs84) canonical.add("crs", geo::name_of(q.travel.crs));
  reader.finish();
  if (!from && !reader.failed()) reader.fail("from", "", "an isochrone needs a place to begin at", "lon,lat");
  if (q.minutes.empty() && !reader.failed())
    reader.fail("minutes", "", "an isochrone needs minutes", allowed_minutes());
  snap(p, q);
  q.canonical = canonical.take();
  return q;
}

geo::Isochrone evaluate(const IsochroneQuery& q, const data::Snapshot& s) {
  const auto cutoffs = cutoffs_of(q);
  const double kmh = q.travel.travel.speed_kmh;
  auto& search = geo::StreetSearch::of_this_thread();
  std::vector<geo::Seed> seeds{{q.street, 0}};
  std::vector<geo::Centre> centres{{q.from, 0}};
  const auto run = [&] {
    if (q.along_streets()) search.run(*s.streets, street_mode(q.travel.mode), seeds, cutoffs.front());
  };
  run();
  if (q.travel.mode == TravelMode::metro) {
    const auto at = arrivals(q, s, search);
    for (std::size_t i = 0; i < s.city->stations.size(); ++i) {
      if (!(at.minutes(i) <= q.minutes.front())) continue;
      const auto spent = geo::millimetres(at.minutes(i), kmh);
      // Seen from the place, so that what lies across the antimeridian is beside it on the sheet.
      auto at_station = geo::to_lonlat(s.city->stations[i].at);
      at_station.lon = geo::longitude_seen_from(q.from.lon, at_station.lon);
      centres.push_back({at_station, spent});
      if (q.along_streets())
        for (const geo::Snap& door : s.walks->stations[i]) seeds.push_back({door, spent});
    }
    run();
  }
  if (!q.along_streets()) {
    auto drawn = geo::draw_circles(centres, cutoffs, q.travel.travel.detour);
    for (auto& area : drawn.areas) area = geo::cut_at_antimeridian(area);
    return drawn;
  }
  return geo::draw_isochrone(*s.streets, street_mode(q.travel.mode), search, cutoffs, s.walks->snap_limit_m);
}

}  // namespace jobmap::query
