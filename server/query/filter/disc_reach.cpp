#include "server/query/filter/disc_reach.hpp"

#include <algorithm>
#include <bit>
#include <limits>

#include "server/query/filter/lane_masks.hpp"

namespace jobmap::query {
namespace {

// More than the error of a distance: a disc is only left out where it surely lies inside another.
constexpr double prune_margin_m = 0.05;

}  // namespace

DiscReach::DiscReach(const JobQuery& q, const data::Snapshot& snapshot, const ReachPlace& place)
    : tree_(snapshot.jobs->tree),
      travel_(q.travel),
      mode_(q.mode == TravelMode::bike ? Leg::bike : Leg::walk),
      minutes_per_metre_(q.travel.minutes(1)) {
  add(place.at, 0, Leg::none, place.minutes);
  if (q.mode == TravelMode::metro) add_stations(q, snapshot, place);
  order_and_prune();
}

DiscReach::DiscReach(const StraightLine& travel, const data::Snapshot& snapshot,
                     const std::vector<geo::LonLat>& from, double minutes)
    : tree_(snapshot.jobs->tree), travel_(travel), mode_(Leg::walk), minutes_per_metre_(travel.minutes(1)) {
  for (const auto at : from) add(at, 0, Leg::none, minutes);
  order_and_prune();
}

void DiscReach::add(geo::LonLat at, double minutes, std::int32_t station, double limit) {
  const double radius = travel_.metres(limit - minutes);
  const geo::DistanceFrom from(at);
  const double slack = from.slack_m(radius);
  const double inside = std::max(0.0, radius - slack), outside = radius + slack;
  discs_.push_back({from, minutes, station, radius, static_cast<float>(inside * inside),
                    static_cast<float>(outside * outside), geo::enclosing_box(at, radius)});
}

void DiscReach::add_stations(const JobQuery& q, const data::Snapshot& snapshot, const ReachPlace& place) {
  const auto& stations = snapshot.city->stations;
  std::vector<double> minutes(stations.size()), metres(stations.size());
  const geo::DistanceFrom from(place.at);
  for (std::size_t s = 0; s < stations.size(); ++s) {
    metres[s] = from.metres(stations[s].at);
    minutes[s] = travel_.minutes(metres[s]);
  }
  arrivals_.emplace(q, snapshot, std::move(minutes), std::move(metres), place.minutes);
  for (std::size_t s = 0; s < stations.size(); ++s)
    if (const double at = arrivals_->minutes(s); at <= place.minutes)
      add(geo::to_lonlat(stations[s].at), at, static_cast<std::int32_t>(s), place.minutes);
}

void DiscReach::order_and_prune() {
  std::stable_sort(discs_.begin(), discs_.end(),
                   [](const Disc& a, const Disc& b) { return a.minutes < b.minutes; });
  std::vector<Disc> kept;
  for (const Disc& disc : discs_) {
    const auto at = geo::to_e7(disc.from.origin());
    const bool held = std::any_of(kept.begin(), kept.end(), [&](const Disc& wide) {
      return wide.from.metres(at) + disc.radius_m + prune_margin_m <= wide.radius_m;
    });
    if (!held) kept.push_back(disc);
  }
  discs_ = std::move(kept);
}

geo::Relation DiscReach::relate(const geo::BoxE7& box) const {
  auto found = geo::Relation::outside;
  for (const Disc& disc : discs_) {
    if (!disc.box.intersects(box)) continue;
    const auto r = disc.from.relate(box, disc.radius_m);
    if (r == geo::Relation::inside) return r;
    if (r == geo::Relation::partly) found = r;
  }
  return found;
}

std::uint32_t DiscReach::leaf(data::Row begin, data::Row end) const {
  const auto n = end - begin;
  const std::uint64_t all = (1ull << n) - 1;
  const auto& box = tree_.nodes(0)[begin / geo::RTree::fanout];
  float metres2[geo::RTree::fanout];
  std::uint64_t inside = 0, possible = 0;
  for (const Disc& disc : discs_) {
    if (inside == all) break;
    if (!disc.box.intersects(box)) continue;
    disc.from.squared(tree_.lon() + begin, tree_.lat() + begin, n, metres2);
    inside |= below(metres2, n, disc.sure_inside2);
    possible |= at_most(metres2, n, disc.sure_outside2);
  }
  for (auto m = possible & ~inside; m; m &= m - 1) {
    const auto i = static_cast<std::uint32_t>(std::countr_zero(m));
    const auto p = tree_.point(begin + i);
    if (std::any_of(discs_.begin(), discs_.end(), [&](const Disc& disc) {
          return disc.box.contains(p) && disc.from.within(p, disc.radius_m);
        }))
      inside |= 1ull << i;
  }
  return static_cast<std::uint32_t>(inside);
}

DiscReach::Best DiscReach::best(data::Row row) const {
  const auto p = tree_.point(row);
  Best best{unreached, 0, nullptr};
  for (const Disc& disc : discs_) {
    if (disc.minutes >= best.minutes) break;
    if (!disc.box.contains(p)) continue;
    const double metres = disc.from.metres(p), minutes = disc.minutes + metres * minutes_per_metre_;
    if (minutes < best.minutes) best = {minutes, metres, &disc};
  }
  return best;
}

std::vector<Leg> DiscReach::legs(data::Row row) const {
  const Best way = best(row);
  if (!way.disc) return {};
  std::vector<Leg> legs;
  if (way.disc->station != Leg::none) legs = arrivals_->legs(static_cast<std::size_t>(way.disc->station));
  legs.push_back(
      {mode_, way.disc->station, Leg::none, Leg::none, way.minutes - way.disc->minutes, way.metres});
  return legs;
}

double DiscReach::at_least(const geo::BoxE7& box) const {
  double least = unreached;
  for (const Disc& disc : discs_) {
    if (disc.minutes >= least) break;
    if (disc.box.intersects(box))
      least = std::min(least, disc.minutes + disc.from.at_least_m(box) * minutes_per_metre_);
  }
  return least;
}

}  // namespace jobmap::query
