#include "data/ingest/sample/profile.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

namespace jobmap::data::sample {
namespace {

using Fields = std::span<const std::string_view>;

std::int32_t whole(std::string_view text) { return static_cast<std::int32_t>(table_number(text)); }

geo::PointE7 point(std::string_view lon, std::string_view lat) {
  return geo::to_e7({table_number(lon), table_number(lat)});
}

Kind kind_of(std::string_view name) {
  const auto found = std::find(std::begin(kind_names), std::end(kind_names), name);
  if (found == std::end(kind_names)) throw std::logic_error("no kind of quarter " + std::string(name));
  return static_cast<Kind>(found - std::begin(kind_names));
}

// The middle of some stations, named by id with ';' between.
geo::PointE7 middle_of(std::string_view ids, const City& city) {
  std::int64_t lon = 0, lat = 0, n = 0;
  for (std::string_view rest = ids; !rest.empty(); ++n) {
    const auto end = std::min(rest.find(';'), rest.size());
    const auto found = city.find_stations(rest.substr(0, end));
    if (found.size() != 1) throw std::logic_error("no station " + std::string(rest.substr(0, end)));
    lon += city.stations[found[0]].at.lon;
    lat += city.stations[found[0]].at.lat;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return {static_cast<std::int32_t>(lon / n), static_cast<std::int32_t>(lat / n)};
}

// any, or kinds of quarter with ';' between.
std::vector<bool> read_where(std::string_view text) {
  std::vector<bool> where(kind_count, text == "any");
  if (text == "any") return where;
  for (std::string_view rest = text; !rest.empty();) {
    const auto end = std::min(rest.find(';'), rest.size());
    where[static_cast<std::size_t>(kind_of(rest.substr(0, end)))] = true;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return where;
}

void read_water(const CityTables& tables, Profile& profile) {
  std::string last;
  for_each_row(tables.water, "id,seq,lon,lat,radius_m", [&](Fields f) {
    const auto at = point(f[2], f[3]);
    const auto from = f[0] == last ? profile.water.back().to : at;
    profile.water.push_back({from, at, whole(f[4])});
    last = f[0];
  });
}

void set_scale(Profile& profile, const City& city) {
  if (city.stations.empty()) throw std::logic_error("a city without stations has no sample");
  const double lat = city.stations[0].at.lat / 1e7 * std::numbers::pi / 180;
  // Whole numbers, so that a last digit of cos() that differs between libraries changes nothing.
  profile.lat_per_m = static_cast<std::int32_t>(std::lround(1e7 / 111'000));
  profile.lon_per_m = static_cast<std::int32_t>(std::lround(1e7 / (111'320 * std::cos(lat))));
}

}  // namespace

std::int64_t Profile::squared_m(geo::PointE7 a, geo::PointE7 b) const {
  const std::int64_t x = (std::int64_t{a.lon} - b.lon) / lon_per_m,
                     y = (std::int64_t{a.lat} - b.lat) / lat_per_m;
  return x * x + y * y;
}

bool Profile::in_water(geo::PointE7 p) const {
  return std::any_of(water.begin(), water.end(), [&](const WaterStroke& w) {
    const auto x = [&](geo::PointE7 q) { return static_cast<double>((q.lon - p.lon) / lon_per_m); };
    const auto y = [&](geo::PointE7 q) { return static_cast<double>((q.lat - p.lat) / lat_per_m); };
    const double dx = x(w.to) - x(w.from), dy = y(w.to) - y(w.from), length2 = dx * dx + dy * dy;
    const double t = length2 > 0 ? std::clamp(-(x(w.from) * dx + y(w.from) * dy) / length2, 0.0, 1.0) : 0.0;
    const double nx = x(w.from) + t * dx, ny = y(w.from) + t * dy;
    return nx * nx + ny * ny <= 1.0 * w.radius_m * w.radius_m;
  });
}

Profile read_profile(const CityTables& tables, const City& city) {
  Profile profile;
  profile.prefix = city_value(tables, "prefix");
  set_scale(profile, city);
  for_each_row(tables.quarters, "id,kind,stations,lon,lat,radius_m,weight", [&](Fields f) {
    profile.quarters.push_back({kind_of(f[1]), f[2].empty() ? point(f[3], f[4]) : middle_of(f[2], city),
                                whole(f[5]), static_cast<std::uint32_t>(whole(f[6]))});
  });
  read_water(tables, profile);
  for_each_row(tables.sites, "layer,kind,count,where,hours,capacity_min,capacity_max,basis", [&](Fields f) {
    if (f[0] != "service_points" && f[0] != "venture_sites")
      throw std::logic_error("no layer " + std::string(f[0]));
    profile.sites.push_back({f[0] == "venture_sites" ? SiteLayer::venture_sites : SiteLayer::service_points,
                             std::string(f[1]), std::string(f[4]), static_cast<std::uint32_t>(whole(f[2])),
                             read_where(f[3]), whole(f[5]), whole(f[6])});
  });
  return profile;
}

}  // namespace jobmap::data::sample
