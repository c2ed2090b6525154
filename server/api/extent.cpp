#include "server/api/extent.hpp"

#include <algorithm>
#include <bit>

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
  bool contains(const geo::BoxE7& box) const { return box_ && box_->contains(box); }
  std::optional<geo::BoxE7> box() const { return box_; }

 private:
  std::optional<geo::BoxE7> box_;
};

// A node inside what was found so far can't widen it, so few nodes are entered.
std::optional<geo::BoxE7> extent_of_jobs(const data::Snapshot& snapshot) {
  const auto& tree = snapshot.jobs->tree;
  Extent extent;
  tree.walk(
      [&](const geo::BoxE7& node) {
        return extent.contains(node) ? geo::Relation::outside : geo::Relation::partly;
      },
      [&](std::uint32_t begin, std::uint32_t end, bool) {
        for (auto row = begin; row < end; ++row)
          if (snapshot.alive.test(row)) extent.add(tree.point(row));
      });
  return extent.box();
}

}  // namespace

std::optional<geo::BoxE7> extent_of(const data::Snapshot& snapshot, std::optional<encode::CityLayer> layer) {
  using encode::CityLayer;
  const auto& city = *snapshot.city;
  if (!layer) return extent_of_jobs(snapshot);
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
  const auto oldest = std::find_if(table.by_published.rbegin(), table.by_published.rend(),
                                   [&](data::Row row) { return snapshot.alive.test(row); });
  if (oldest == table.by_published.rend()) return span;
  // A job that doesn't say when it was published is the oldest of all, with 0.
  if (table.published[*oldest]) span.from = table.published[*oldest];
  std::uint32_t last = 0;
  for (std::size_t w = 0; w < snapshot.alive.words().size(); ++w)
    for (auto m = snapshot.alive.word(w); m; m &= m - 1)
      last = std::max(last, table.expires[w * 64 + static_cast<unsigned>(std::countr_zero(m))]);
  span.until = last;
  return span;
}

}  // namespace jobmap::api
