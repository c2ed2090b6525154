#include "geo/polygon_index.hpp"

#include <algorithm>
#include <limits>

namespace jobmap::geo {

PolygonIndex::PolygonIndex(const MultiPolygon& area) {
  constexpr auto lowest = std::numeric_limits<std::int32_t>::min(),
                 highest = std::numeric_limits<std::int32_t>::max();
  BoxE7 box{highest, highest, lowest, lowest};
  std::vector<Edge> edges;
  for (const Polygon& polygon : area) {
    for (const Ring& ring : polygon) {
      for (std::size_t i = 0; i < ring.size(); ++i) {
        PointE7 a = to_e7(ring[i]), b = to_e7(ring[i + 1 < ring.size() ? i + 1 : 0]);
        box = {std::min(box.min_lon, a.lon), std::min(box.min_lat, a.lat), std::max(box.max_lon, a.lon),
               std::max(box.max_lat, a.lat)};
        if (a == b) continue;
        if (a.lat > b.lat) std::swap(a, b);
        edges.push_back({a, b});
      }
    }
  }
  if (edges.empty()) return;
  bounds_ = box;
  sort_into_strips(edges);
}

// One strip for every two edges, but fewer where long edges would be copied into too many.
void PolygonIndex::sort_into_strips(const std::vector<Edge>& edges) {
  const std::int64_t height = std::int64_t{bounds_.max_lat} - bounds_.min_lat + 1;
  for (auto strips = static_cast<std::int64_t>(edges.size() / 2 + 1);; strips /= 2) {
    strip_height_ = (height + strips - 1) / strips;
    begin_.assign(strip_of(bounds_.max_lat) + 2, 0);
    std::uint64_t copies = 0;
    for (const Edge& e : edges) copies += strip_of(e.high.lat) - strip_of(e.low.lat) + 1;
    if (copies <= edges.size() * 8 || strips == 1) break;
  }
  for (const Edge& e : edges)
    for (auto s = strip_of(e.low.lat); s <= strip_of(e.high.lat); ++s) ++begin_[s + 1];
  for (std::size_t s = 1; s < begin_.size(); ++s) begin_[s] += begin_[s - 1];
  edges_.resize(begin_.back());
  auto next = begin_;
  for (const Edge& e : edges)
    for (auto s = strip_of(e.low.lat); s <= strip_of(e.high.lat); ++s) edges_[next[s]++] = e;
}

// On which side of the line through an edge p lies: -1 west, 0 on it, 1 east (for a horizontal edge -1 north, 1
// south). The products stay below 2^63: longitudes differ by at most 3.6e9, latitudes by 1.8e9.
int PolygonIndex::side(const Edge& e, PointE7 p) {
  const std::int64_t a = (std::int64_t{e.high.lat} - e.low.lat) * (std::int64_t{p.lon} - e.low.lon);
  const std::int64_t b = (std::int64_t{e.high.lon} - e.low.lon) * (std::int64_t{p.lat} - e.low.lat);
  return a < b ? -1 : a > b ? 1 : 0;
}

Place PolygonIndex::locate(PointE7 p) const {
  if (edges_.empty() || !bounds_.contains(p)) return Place::outside;
  bool inside = false;
  for (const Edge& e : strip(strip_of(p.lat))) {
    if (p.lat < e.low.lat || p.lat > e.high.lat) continue;
    const int s = side(e, p);
    if (s == 0) {
      const auto [west, east] = std::minmax(e.low.lon, e.high.lon);
      if (p.lon >= west && p.lon <= east) return Place::edge;
    } else if (s < 0 && p.lat < e.high.lat) {  // a vertex counts for the edge above it only
      inside = !inside;
    }
  }
  return inside ? Place::inside : Place::outside;
}

// Separating axes of a segment and a box: the two of the box, and the normal of the segment.
bool PolygonIndex::touches(const Edge& e, const BoxE7& box) {
  const auto [west, east] = std::minmax(e.low.lon, e.high.lon);
  if (west > box.max_lon || east < box.min_lon || e.low.lat > box.max_lat || e.high.lat < box.min_lat)
    return false;
  const int s = side(e, {box.min_lon, box.min_lat});
  return s == 0 || s != side(e, {box.max_lon, box.min_lat}) || s != side(e, {box.min_lon, box.max_lat}) ||
         s != side(e, {box.max_lon, box.max_lat});
}

Relation PolygonIndex::relate(const BoxE7& box) const {
  if (edges_.empty() || !bounds_.intersects(box)) return Relation::outside;
  const auto last = strip_of(std::min(box.max_lat, bounds_.max_lat));
  for (auto s = strip_of(std::max(box.min_lat, bounds_.min_lat)); s <= last; ++s)
    for (const Edge& e : strip(s))
      if (touches(e, box)) return Relation::partly;
  return contains({box.min_lon, box.min_lat}) ? Relation::inside : Relation::outside;
}

}  // namespace jobmap::geo
