#pragma once
// Where the synthetic sample puts things in a city: its quarters, its water, and how many service points and
// venture sites of each kind. Read from the tables quarters, water and sites of data/<city>/
// (data/README.md).
//
//   Profile profile = read_profile(tables, city);
//   if (!profile.in_water(p)) use(p);
//
// Positions are PointE7; lengths are metres, in a plane that is good to 1 % across a city.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "data/ingest/city_data.hpp"
#include "data/model/city.hpp"

namespace jobmap::data::sample {

// The kind of work that is done there. residential: round a station that no quarter claims; village: in the open country.
enum class Kind : std::uint8_t {
  center,
  office,
  tech,
  campus,
  industry,
  logistics,
  tourism,
  town,
  residential,
  village
};
inline constexpr std::size_t kind_count = 10;
inline constexpr std::string_view kind_names[kind_count] = {"center",      "office",    "tech",    "campus",
                                                            "industry",    "logistics", "tourism", "town",
                                                            "residential", "village"};

struct Quarter {
  Kind kind = Kind::center;
  geo::PointE7 at;
  std::int32_t radius_m = 0;
  std::uint32_t weight = 0;
};

struct WaterStroke {  // all within radius_m of the straight line between two points
  geo::PointE7 from, to;
  std::int32_t radius_m = 0;
};

struct SiteQuota {
  SiteLayer layer = SiteLayer::service_points;
  std::string kind, hours;
  std::uint32_t count = 0;
  std::vector<bool> where;  // by Kind
  std::int32_t capacity_min = 0, capacity_max = 0;
};

struct Profile {
  std::string prefix;  // of employers' names
  std::vector<Quarter> quarters;
  std::vector<WaterStroke> water;
  std::vector<SiteQuota> sites;
  std::int32_t lon_per_m = 0, lat_per_m = 0;  // 1e-7 degree

  geo::PointE7 moved(geo::PointE7 p, std::int32_t east_m, std::int32_t north_m) const {
    return {p.lon + east_m * lon_per_m, p.lat + north_m * lat_per_m};
  }
  std::int64_t squared_m(geo::PointE7 a, geo::PointE7 b) const;
  bool in_water(geo::PointE7 p) const;
};

Profile read_profile(const CityTables& tables, const City& city);

}  // namespace jobmap::data::sample
