#include "api/extent.hpp"

#include <algorithm>

namespace jobmap::api {

namespace {

class Extent {
 public:
  void add(geo::PointE7 p) {
    if (!box_) box_ = {p.lon, p.lat, p.lon, p.lat};
    box_ = {std::min(box_->min_lon, p.lon), std::min(box_->min_lat, p.lat), std::max(box_->max_lon, p.lon),
            std::max(box_->max_lat, p.lat)};
  }
  void add_sites(const auto& items) {
    for (const auto& item : items) add(item.at);
  }
  void add_areas(const auto& items) {
    for (const auto& item : items)
      for (const auto& polygon : item.geometry)
        for (auto p : polygon.at(0)) add(geo::to_e7(p));
  }
  std::optional<geo::BoxE7> box() const { return box_; }

 private:
  std::optional<geo::BoxE7> box_;
};

}  // namespace

std::optional<geo::BoxE7> extent_of(const data::Snapshot& snapshot, std::optional<encode::CityLayer> layer) {
  using encode::CityLayer;
  const auto& city = *snapshot.city;
  if (!layer)
    return snapshot.jobs->tree.size() > 0 ? std::optional(snapshot.jobs->tree.bounds()) : std::nullopt;
  Extent extent;
  if (*layer == CityLayer::lines) {
    for (const auto& line : city.lines)
      for (const auto& branch : line.geometry)
        for (auto p : branch) extent.add(geo::to_e7(p));
  } else if (*layer == CityLayer::districts) {
    extent.add_areas(city.districts);
  } else if (*layer == CityLayer::stations) {
    extent.add_sites(city.stations);
  } else {
    extent.add_sites(*layer == CityLayer::service_points ? city.service_points : city.venture_sites);
  }
  return extent.box();
}

std::optional<geo::BoxE7> extent_of_water(const data::Snapshot& snapshot) {
  Extent extent;
  extent.add_areas(snapshot.city->water);
  return extent.box();
}

std::optional<geo::BoxE7> extent_of_city(const data::Snapshot& snapshot) {
  if (const auto box = extent_of(snapshot, encode::CityLayer::districts)) return box;
  if (const auto box = extent_of(snapshot, std::nullopt)) return box;
  return extent_of_water(snapshot);
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
