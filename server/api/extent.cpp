#include "api/extent.hpp"

#include <algorithm>

namespace jobmap::api {

std::optional<geo::BoxE7> extent_of(const data::Snapshot& snapshot, std::optional<encode::CityLayer> layer) {
  using encode::CityLayer;
  std::optional<geo::BoxE7> box;
  const auto add = [&](geo::PointE7 p) {
    if (!box) box = {p.lon, p.lat, p.lon, p.lat};
    box = {std::min(box->min_lon, p.lon), std::min(box->min_lat, p.lat), std::max(box->max_lon, p.lon),
           std::max(box->max_lat, p.lat)};
  };
  const auto add_each = [&](const auto& items) {
    for (const auto& item : items) add(item.at);
  };
  const auto& city = *snapshot.city;
  if (!layer) {
    if (snapshot.jobs->tree.size() > 0) box = snapshot.jobs->tree.bounds();
  } else if (*layer == CityLayer::stations) {
    add_each(city.stations);
  } else if (*layer == CityLayer::lines) {
    for (const auto& line : city.lines)
      for (const auto& branch : line.geometry)
        for (auto p : branch) add(geo::to_e7(p));
  } else if (*layer == CityLayer::districts) {
    for (const auto& district : city.districts)
      for (const auto& polygon : district.geometry)
        for (auto p : polygon.at(0)) add(geo::to_e7(p));
  } else {
    add_each(*layer == CityLayer::service_points ? city.service_points : city.venture_sites);
  }
  return box;
}

query::TimeSpan lifetime_of_jobs(const data::Snapshot& snapshot) {
  const auto& table = *snapshot.jobs;
  query::TimeSpan span;
  if (table.size == 0) return span;
  // The last of by_published is the oldest; 0 there is a job that doesn't say.
  if (const auto first = table.published[table.by_published.back()]) span.from = first;
  span.until = *std::max_element(table.expires.begin(), table.expires.end());
  return span;
}

}  // namespace jobmap::api
