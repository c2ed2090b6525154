#include "geo/grid_rings.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>

#include "geo/deadline.hpp"
#include "geo/polygon.hpp"

namespace jobmap::geo {
namespace {

GridRing without_repeats(const GridRing& ring) {
  GridRing out;
  std::unique_copy(ring.begin(), ring.end(), std::back_inserter(out));
  while (out.size() > 1 && out.front() == out.back()) out.pop_back();
  return out;
}

double area(const GridRing& ring) {
  double twice = 0;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const auto a = ring[i], b = ring[(i + 1) % ring.size()];
    twice += double{1} * a.x * b.y - double{1} * b.x * a.y;
  }
  return std::abs(twice) / 2;
}

// Positive where c lies to the left of the way from a to b (to the right as seen, y pointing down).
std::int64_t turn(GridPoint a, GridPoint b, GridPoint c) {
  return (std::int64_t{b.x} - a.x) * (std::int64_t{c.y} - a.y) -
         (std::int64_t{b.y} - a.y) * (std::int64_t{c.x} - a.x);
}

struct RingEdge {
  GridPoint a, b;
  std::int32_t min_x, max_x, min_y, max_y;
  std::size_t place;  // along the ring
};

bool beside(const RingEdge& e, const RingEdge& f) {
  return e.max_x < f.min_x || f.max_x < e.min_x || e.max_y < f.min_y || f.max_y < e.min_y;
}

// Whether two edges have a point in common. Where their boxes meet and neither's ends lie on one side of the
// other, they do.
bool meet(const RingEdge& e, const RingEdge& f) {
  if (beside(e, f)) return false;
  const auto sign = [](std::int64_t v) { return (v > 0) - (v < 0); };
  return sign(turn(e.a, e.b, f.a)) * sign(turn(e.a, e.b, f.b)) <= 0 &&
         sign(turn(f.a, f.b, e.a)) * sign(turn(f.a, f.b, e.b)) <= 0;
}

// Whether the ring turns straight back at b.
bool is_spike(GridPoint a, GridPoint b, GridPoint c) {
  return turn(a, b, c) == 0 && (std::int64_t{b.x} - a.x) * (std::int64_t{c.x} - b.x) +
                                       (std::int64_t{b.y} - a.y) * (std::int64_t{c.y} - b.y) <
                                   0;
}

// The ring is open and has no repeats.
bool meets_itself(const GridRing& ring) {
  const auto n = ring.size();
  std::vector<RingEdge> edges;
  edges.reserve(n);
  for (std::size_t i = 0; i < n; ++i) {
    const auto a = ring[i], b = ring[(i + 1) % n];
    if (is_spike(a, b, ring[(i + 2) % n])) return true;
    edges.push_back(
        {a, b, std::min(a.x, b.x), std::max(a.x, b.x), std::min(a.y, b.y), std::max(a.y, b.y), i});
  }
  // From west to east: an edge meets none that begins beyond its own end.
  std::sort(edges.begin(), edges.end(),
            [](const RingEdge& e, const RingEdge& f) { return e.min_x < f.min_x; });
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = i + 1; j < n && edges[j].min_x <= edges[i].max_x; ++j) {
      const auto apart =
          edges[i].place > edges[j].place ? edges[i].place - edges[j].place : edges[j].place - edges[i].place;
      if (apart != 1 && apart != n - 1 && meet(edges[i], edges[j])) return true;
    }
  return false;
}

Ring closed_ring(const GridRing& ring) {
  Ring out;
  for (const auto p : ring) out.push_back({double(p.x), double(p.y)});
  out.push_back(out.front());
  return out;
}

GridRing grid_ring(const Ring& ring) {
  GridRing out;
  for (const auto p : ring)
    out.push_back(
        {static_cast<std::int32_t>(std::lround(p.lon)), static_cast<std::int32_t>(std::lround(p.lat))});
  return without_repeats(out);
}

}  // namespace

bool is_simple(const GridRing& ring) {
  const auto clean = without_repeats(ring);
  return clean.size() >= 3 && !meets_itself(clean);
}

std::vector<std::vector<GridRing>> valid_polygons(const std::vector<GridRing>& rings) {
  std::vector<GridRing> clean;
  for (const auto& ring : rings) {
    check_deadline(1 + static_cast<unsigned>(ring.size() / 8));
    auto one = without_repeats(ring);
    // The area doesn't tell: a ring that runs round two parts in opposite ways has none in all.
    if (one.size() >= 3) clean.push_back(std::move(one));
  }
  if (clean.empty()) return {};
  if (clean.size() == 1 && !meets_itself(clean.front())) return {std::move(clean)};
  Polygon polygon;
  for (const auto& ring : clean) polygon.push_back(closed_ring(ring));
  const auto repaired = make_valid_on_grid(polygon);
  if (!repaired) return {std::move(clean)};
  std::vector<std::vector<GridRing>> polygons;
  for (const auto& part : *repaired) {
    std::vector<GridRing> out;
    for (const auto& ring : part) {
      auto one = grid_ring(ring);
      if (area(one) < least_part) {
        if (out.empty()) break;
        continue;
      }
      out.push_back(std::move(one));
    }
    if (!out.empty()) polygons.push_back(std::move(out));
  }
  return polygons;
}

}  // namespace jobmap::geo
