#pragma once
// Where a place of the city can lie: the box round its districts.
//
//   if (is_outside(extent_of_districts(city), p))
//     reader.fail("from", text, std::string(outside_city), "a place in the city");
//
// A place beyond it is mostly one in another system than its crs says, or one with its numbers swapped.
// Without districts every place will do.
#include <algorithm>
#include <optional>

#include "data/model/city.hpp"

namespace jobmap::query {

inline std::optional<geo::Box> extent_of_districts(const data::City& city) {
  std::optional<geo::Box> box;
  for (const auto& district : city.districts)
    for (const auto& polygon : district.geometry)
      for (const auto p : polygon.front()) {
        if (!box) box = geo::Box{p.lon, p.lat, p.lon, p.lat};
        *box = {std::min(box->min_x, p.lon), std::min(box->min_y, p.lat), std::max(box->max_x, p.lon),
                std::max(box->max_y, p.lat)};
      }
  return box;
}

inline bool is_outside(const std::optional<geo::Box>& extent, geo::LonLat p) {
  return extent &&
         (p.lon < extent->min_x || p.lon > extent->max_x || p.lat < extent->min_y || p.lat > extent->max_y);
}

inline constexpr std::string_view outside_city =
    "this place lies outside the city; is it in another system than its crs says?";
inline constexpr std::string_view inside_city = "in the extent of the districts";

}  // namespace jobmap::query
