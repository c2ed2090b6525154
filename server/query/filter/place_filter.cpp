#include "server/query/filter/place_filter.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "geo/antimeridian.hpp"
#include "geo/deadline.hpp"
#include "server/query/filter/lane_masks.hpp"
#include "server/query/syntax/box.hpp"

namespace jobmap::query {
namespace {

using geo::BoxE7;
using geo::Relation;

constexpr BoxE7 whole_earth{-1'800'000'000, -900'000'000, 1'800'000'000, 900'000'000};

// The degrees that enclose a box of another system: its edges walked in small steps, and a margin for what
// lies between two of them. Nothing where a part of the box is outside the system.
std::optional<BoxE7> enclosing(geo::Crs crs, const geo::Box& box) {
  constexpr int steps = 64;
  BoxE7 out{whole_earth.max_lon, whole_earth.max_lat, whole_earth.min_lon, whole_earth.min_lat};
  for (int i = 0; i <= steps; ++i)
    for (int j = 0; j <= steps; j += i == 0 || i == steps ? 1 : steps) {
      const auto p = geo::to_wgs84(crs, box.min_x + (box.max_x - box.min_x) * i / steps,
                                   box.min_y + (box.max_y - box.min_y) * j / steps);
      if (!p) return std::nullopt;
      const auto e = geo::to_e7(*p);
      out = {std::min(out.min_lon, e.lon), std::min(out.min_lat, e.lat), std::max(out.max_lon, e.lon),
             std::max(out.max_lat, e.lat)};
    }
  const std::int64_t x = (std::int64_t{out.max_lon} - out.min_lon) / 50 + 10'000;
  const std::int64_t y = (std::int64_t{out.max_lat} - out.min_lat) / 50 + 10'000;
  auto within = [](std::int64_t v, std::int32_t limit) {
    return static_cast<std::int32_t>(std::clamp<std::int64_t>(v, -limit, limit));
  };
  return BoxE7{within(std::int64_t{out.min_lon} - x, whole_earth.max_lon),
               within(std::int64_t{out.min_lat} - y, whole_earth.max_lat),
               within(std::int64_t{out.max_lon} + x, whole_earth.max_lon),
               within(std::int64_t{out.max_lat} + y, whole_earth.max_lat)};
}

// A box across the antimeridian comes in two parts. One that only touches it, from either side, holds what lies on
// it under both of its names.
std::vector<geo::Box> parts_of(geo::Crs crs, const geo::Box& box) {
  const auto turn = half_turn(crs);
  if (!turn) return {box};
  const double half = *turn;
  if (box.min_x > box.max_x)
    return {{box.min_x, box.min_y, half, box.max_y}, {-half, box.min_y, box.max_x, box.max_y}};
  if (box.min_x == -half && box.max_x < half) return {box, {half, box.min_y, half, box.max_y}};
  if (box.max_x == half && box.min_x > -half) return {box, {-half, box.min_y, -half, box.max_y}};
  return {box};
}

}  // namespace

Circles::Circles(const std::vector<geo::LonLat>& centres, double radius_m) : radius_m_(radius_m) {
  for (const auto& c : centres) {
    from_.emplace_back(c);
    reach_.push_back(geo::enclosing_box(c, radius_m));
    slack_m_ = std::max(slack_m_, from_.back().slack_m(radius_m));
  }
  const double inside = std::max(0.0, radius_m - slack_m_), outside = radius_m + slack_m_;
  sure_inside2_ = static_cast<float>(inside * inside);
  sure_outside2_ = static_cast<float>(outside * outside);
  box_inside2_ = geo::DistanceFrom::inside2(radius_m), box_beyond2_ = geo::DistanceFrom::beyond2(radius_m);
}

Relation Circles::relate(const BoxE7& box) const {
  Relation found = Relation::outside;
  for (std::size_t i = 0; i < from_.size(); ++i) {
    if (!reach_[i].intersects(box)) continue;
    const Relation r = from_[i].relate(box, radius_m_);
    if (r == Relation::inside) return r;
    if (r == Relation::partly) found = r;
  }
  return found;
}

geo::Children Circles::relate(const BoxE7* boxes, unsigned n) const {
  float least2[geo::RTree::fanout], most2[geo::RTree::fanout];
  from_[0].bounds(boxes, n, least2, most2);
  return {static_cast<std::uint32_t>(at_most(least2, n, box_beyond2_)),
          static_cast<std::uint32_t>(below(most2, n, box_inside2_))};
}

void Circles::order(const BoxE7* boxes, unsigned n, float* keys) const {
  float one[geo::RTree::fanout], most2[geo::RTree::fanout];
  from_[0].bounds(boxes, n, keys, most2);
  for (std::size_t c = 1; c < from_.size(); ++c) {
    from_[c].bounds(boxes, n, one, most2);
    for (unsigned i = 0; i < n; ++i) keys[i] = std::min(keys[i], one[i]);
  }
}

void Circles::estimate(const geo::RTree& tree, data::Row begin, data::Row end, float* metres2) const {
  const auto n = end - begin;
  if (from_.size() == 1) return from_[0].squared(tree.lon() + begin, tree.lat() + begin, n, metres2);
  std::fill_n(metres2, n, std::numeric_limits<float>::infinity());
  BoxE7 box = tree.nodes(0)[begin / geo::RTree::fanout];
  for (auto leaf = begin / geo::RTree::fanout + 1; leaf * geo::RTree::fanout < end; ++leaf) {
    const auto& b = tree.nodes(0)[leaf];
    box = {std::min(box.min_lon, b.min_lon), std::min(box.min_lat, b.min_lat),
           std::max(box.max_lon, b.max_lon), std::max(box.max_lat, b.max_lat)};
  }
  float one[64];
  for (std::size_t c = 0; c < from_.size(); ++c) {
    if (!reach_[c].intersects(box)) continue;
    from_[c].squared(tree.lon() + begin, tree.lat() + begin, n, one);
    for (std::uint32_t i = 0; i < n; ++i) metres2[i] = std::min(metres2[i], one[i]);
  }
}

std::uint32_t Circles::leaf(const geo::RTree& tree, data::Row begin, data::Row end, float* metres2) const {
  const auto n = end - begin;
  estimate(tree, begin, end, metres2);
  std::uint64_t inside = below(metres2, n, sure_inside2_);
  const std::uint64_t possible = at_most(metres2, n, sure_outside2_);
  for (auto m = possible & ~inside; m; m &= m - 1) {
    const auto i = static_cast<std::uint32_t>(std::countr_zero(m));
    const auto p = tree.point(begin + i);
    if (std::any_of(from_.begin(), from_.end(), [&](const auto& from) { return from.within(p, radius_m_); }))
      inside |= 1ull << i;
  }
  return static_cast<std::uint32_t>(inside);
}

double Circles::metres(geo::PointE7 p) const {
  double best = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < from_.size(); ++i)
    if (from_.size() == 1 || reach_[i].contains(p)) best = std::min(best, from_[i].metres(p));
  return best;
}

double Circles::at_least_m(const BoxE7& box) const {
  double best = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < from_.size(); ++i)
    if (reach_[i].intersects(box)) best = std::min(best, from_[i].at_least_m(box));
  return best;
}

PlaceFilter::PlaceFilter(const JobQuery& q, const data::Snapshot& snapshot)
    : tree_(snapshot.jobs->tree), crs_(q.bbox_crs), area_(q.within) {
  if (q.bbox) {
    boxed_ = true;
    box_ = *q.bbox;
    if (!geo::is_wgs84(crs_)) {
      transformed_ = true;
      for (const auto& part : parts_of(crs_, box_))
        boxes_.push_back(enclosing(crs_, part).value_or(whole_earth));
    } else {
      for (const auto& part : parts_of(crs_, box_)) boxes_.push_back(geo::grid_inside(part));
    }
  }
  reaches_ = reaches_of(q, snapshot);
  if (q.has_distance()) anchors_ = Circles(q.anchors, q.radius_m);
  std::vector<geo::LonLat> sites;
  for (const auto s : q.circle_points) sites.push_back(geo::to_lonlat(snapshot.city->service_points[s].at));
  circle_ = circle_reach(q, snapshot);
  if (!sites.empty() && !circle_) sites_ = Circles(sites, q.method.metres(q.circle_minutes));
  const bool timed = !reaches_.empty() || circle_;
  constexpr double edges_a_step = 500;
  if (area_) steps_a_point_ = 1 + static_cast<unsigned>(area_->index.edges_a_strip() / edges_a_step);
  one_box_ = boxes_.size() == 1 && !transformed_ && !area_ && anchors_.empty() && sites_.empty() && !timed;
  one_circle_ = anchors_.size() == 1 && !boxed_ && !area_ && sites_.empty() && !timed;
}

Relation PlaceFilter::relate_all(const BoxE7& node) const {
  Relation result = Relation::inside;
  if (boxed_) {
    Relation box = Relation::outside;
    for (const auto& b : boxes_) {
      if (b.contains(node))
        box = transformed_ ? Relation::partly : Relation::inside;
      else if (b.intersects(node))
        box = Relation::partly;
      if (box != Relation::outside) break;
    }
    if (box == Relation::outside) return box;
    result = box;
  }
  if (area_) {
    geo::check_deadline(steps_a_point_);
    const Relation r = area_->index.relate(node);
    const bool touches = node.min_lon == -geo::half_turn_e7 || node.max_lon == geo::half_turn_e7;
    if (r == Relation::outside && !touches) return r;
    if (r != Relation::inside) result = Relation::partly;
  }
  for (const Circles* circles : {&anchors_, &sites_}) {
    if (circles->empty()) continue;
    const Relation r = circles->relate(node);
    if (r == Relation::outside) return r;
    if (r == Relation::partly) result = r;
  }
  const auto within = [&](const Reach& reach) {
    const Relation r = reach.relate(node);
    if (r != Relation::inside) result = r;
    return r != Relation::outside;
  };
  for (const auto& reach : reaches_)
    if (!within(*reach)) return Relation::outside;
  if (circle_) within(*circle_);
  return result;
}

bool PlaceFilter::in_area(geo::PointE7 p) const {
  return area_->index.contains(p) ||
         (std::abs(p.lon) == geo::half_turn_e7 && area_->index.contains({-p.lon, p.lat}));
}

bool PlaceFilter::in_transformed_box(geo::PointE7 p) const {
  if (std::abs(p.lon) == geo::half_turn_e7 && is_in_transformed_box({-p.lon, p.lat})) return true;
  return is_in_transformed_box(p);
}

bool PlaceFilter::is_in_transformed_box(geo::PointE7 p) const {
  const auto at = geo::from_wgs84(crs_, geo::to_lonlat(p));
  const bool in_x = box_.min_x <= box_.max_x ? at.x >= box_.min_x && at.x <= box_.max_x
                                             : at.x >= box_.min_x || at.x <= box_.max_x;
  return in_x && at.y >= box_.min_y && at.y <= box_.max_y;
}

std::uint32_t PlaceFilter::leaf(data::Row begin, data::Row end, float* metres2) const {
  std::uint32_t rows = (1u << (end - begin)) - 1;
  if (!anchors_.empty()) rows = anchors_.leaf(tree_, begin, end, metres2);
  if (!sites_.empty() && rows) {
    float unused[leaf_size];
    rows &= sites_.leaf(tree_, begin, end, unused);
  }
  for (const auto& reach : reaches_)
    if (rows) rows &= reach->leaf(begin, end);
  if (circle_ && rows) rows &= circle_->leaf(begin, end);
  if (area_)
    for (auto m = rows; m; m &= m - 1) {
      const auto i = static_cast<std::uint32_t>(std::countr_zero(m));
      geo::check_deadline(steps_a_point_);
      if (!in_area(tree_.point(begin + i))) rows &= ~(1u << i);
    }
  if (!boxed_ || !rows) return rows;
  std::uint64_t boxed = 0;
  for (const auto& box : boxes_) boxed |= in_box(tree_.lon() + begin, tree_.lat() + begin, end - begin, box);
  rows &= static_cast<std::uint32_t>(boxed);
  if (transformed_)
    for (auto m = rows; m; m &= m - 1) {
      const auto i = static_cast<std::uint32_t>(std::countr_zero(m));
      if (!in_transformed_box(tree_.point(begin + i))) rows &= ~(1u << i);
    }
  return rows;
}

PlaceFilter::Slowest PlaceFilter::slowest(data::Row row) const {
  Slowest slowest;
  for (std::size_t i = 0; i < reaches_.size(); ++i)
    if (const double minutes = reaches_[i]->minutes(row); minutes > slowest.minutes) slowest = {minutes, i};
  return slowest;
}

double PlaceFilter::at_least_minutes(const BoxE7& box) const {
  double least = 0;
  for (const auto& reach : reaches_) least = std::max(least, reach->at_least(box));
  return least;
}

bool PlaceFilter::contains(data::Row row) const {
  float unused[leaf_size];
  return leaf(row, row + 1, unused) != 0;
}

}  // namespace jobmap::query
