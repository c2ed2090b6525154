#include "geo/contour.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>

#include "geo/deadline.hpp"

namespace jobmap::geo {
namespace {

// A side of a cell: 0 below, 1 right, 2 above, 3 left. Of each of the sixteen ways in which corners lie
// inside (bit 0 lower left, 1 lower right, 2 upper right, 3 upper left): from which sides to which the ring
// crosses, with the inside on its left.
struct Crossing {
  std::int8_t count;
  std::array<std::array<std::int8_t, 2>, 2> sides;
};
constexpr std::array<Crossing, 16> crossings{{{0, {}},
                                              {1, {{{0, 3}}}},
                                              {1, {{{1, 0}}}},
                                              {1, {{{1, 3}}}},
                                              {1, {{{2, 1}}}},
                                              {2, {{{0, 3}, {2, 1}}}},
                                              {1, {{{2, 0}}}},
                                              {1, {{{2, 3}}}},
                                              {1, {{{3, 2}}}},
                                              {1, {{{0, 2}}}},
                                              {2, {{{1, 0}, {3, 2}}}},
                                              {1, {{{1, 2}}}},
                                              {1, {{{3, 1}}}},
                                              {1, {{{0, 1}}}},
                                              {1, {{{3, 0}}}},
                                              {0, {}}}};

// Each crossed side of the grid has one ring through it: where the ring goes next, by the number of the side.
class Rings {
 public:
  Rings(const Grid& grid, float limit) : grid_(grid), limit_(limit), next_(2 * grid.value.size(), none) {}

  std::vector<Ring> trace() {
    std::vector<std::uint32_t> starts;
    for (std::size_t y = 0; y + 1 < grid_.rows; ++y)
      for (std::size_t x = 0; x + 1 < grid_.columns; ++x) {
        if (x == 0) check_deadline(4);
        const unsigned corners =
            inside(x, y) | inside(x + 1, y) << 1 | inside(x + 1, y + 1) << 2 | inside(x, y + 1) << 3;
        const Crossing& c = crossings[corners];
        for (int i = 0; i < c.count; ++i) {
          const auto from = side(x, y, c.sides[i][0]);
          next_[from] = side(x, y, c.sides[i][1]);
          starts.push_back(from);
        }
      }
    std::vector<Ring> rings;
    for (const auto start : starts) {
      if (next_[start] == none) continue;
      Ring ring;
      for (auto at = start; next_[at] != none;) {
        ring.push_back(point(at));
        const auto after = next_[at];
        next_[at] = none;
        at = after;
      }
      ring.push_back(ring.front());
      rings.push_back(std::move(ring));
    }
    return rings;
  }

 private:
  static constexpr std::uint32_t none = 0xFFFFFFFF;

  unsigned inside(std::size_t x, std::size_t y) const { return grid_.at(x, y) <= limit_ ? 1 : 0; }
  // Even numbers run to the right from a grid point, odd ones upwards.
  std::uint32_t side(std::size_t x, std::size_t y, int which) const {
    if (which == 1) ++x;
    if (which == 2) ++y;
    return static_cast<std::uint32_t>(2 * (y * grid_.columns + x) + (which % 2));
  }
  LonLat point(std::uint32_t s) const {
    const std::size_t x = s / 2 % grid_.columns, y = s / 2 / grid_.columns;
    const float a = grid_.at(x, y), b = s % 2 ? grid_.at(x, y + 1) : grid_.at(x + 1, y);
    double t = 0.5;
    // Interpolation stops short of the ends, so that rings never touch at a grid point.
    if (std::isfinite(a) && std::isfinite(b))
      t = std::clamp((double{limit_} - a) / (double{b} - a), 0.02, 0.98);
    return s % 2 ? LonLat{static_cast<double>(x), static_cast<double>(y) + t}
                 : LonLat{static_cast<double>(x) + t, static_cast<double>(y)};
  }

  const Grid& grid_;
  float limit_;
  std::vector<std::uint32_t> next_;
};

double doubled_area(const Ring& ring) {
  double sum = 0;
  for (std::size_t i = 0; i + 1 < ring.size(); ++i)
    sum += ring[i].lon * ring[i + 1].lat - ring[i + 1].lon * ring[i].lat;
  return sum;
}

Box box_of(const Ring& ring) {
  Box b{ring[0].lon, ring[0].lat, ring[0].lon, ring[0].lat};
  for (const LonLat p : ring)
    b = {std::min(b.min_x, p.lon), std::min(b.min_y, p.lat), std::max(b.max_x, p.lon),
         std::max(b.max_y, p.lat)};
  return b;
}

bool contains(const Ring& ring, LonLat p) {
  bool in = false;
  for (std::size_t i = 0; i + 1 < ring.size(); ++i) {
    const LonLat a = ring[i], b = ring[i + 1];
    if ((a.lat > p.lat) != (b.lat > p.lat) &&
        p.lon < a.lon + (p.lat - a.lat) / (b.lat - a.lat) * (b.lon - a.lon))
      in = !in;
  }
  return in;
}

}  // namespace

MultiPolygon contour(const Grid& grid, float limit) {
  struct Outer {
    double area;
    Box box;
    std::size_t polygon;
  };
  MultiPolygon area;
  std::vector<Outer> outers;
  std::vector<Ring> holes;
  for (Ring& ring : Rings(grid, limit).trace()) {
    const double doubled = doubled_area(ring);
    if (doubled < 0) {
      holes.push_back(std::move(ring));
      continue;
    }
    outers.push_back({doubled, box_of(ring), area.size()});
    area.push_back({std::move(ring)});
  }
  // A hole belongs to the smallest outer ring round it, so outer rings are tried by area.
  std::sort(outers.begin(), outers.end(), [](const Outer& a, const Outer& b) { return a.area < b.area; });
  for (Ring& hole : holes) {
    check_deadline(8);
    const LonLat p = hole[0];
    for (const Outer& o : outers)
      if (p.lon >= o.box.min_x && p.lon <= o.box.max_x && p.lat >= o.box.min_y && p.lat <= o.box.max_y &&
          contains(area[o.polygon][0], p)) {
        area[o.polygon].push_back(std::move(hole));
        break;
      }
  }
  return area;
}

}  // namespace jobmap::geo
