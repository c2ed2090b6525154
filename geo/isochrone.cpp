#include "geo/isochrone.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "geo/contour.hpp"
#include "geo/deadline.hpp"

namespace jobmap::geo {
namespace {

constexpr double finest_m = 10;
constexpr double most_cells = 200;  // along the longer side
constexpr float never = std::numeric_limits<float>::infinity();

// The box that holds everything within some metres of places, in degrees * 1e7.
class Extent {
 public:
  void add(PointE7 p, double metres) {
    const auto s = local_scale(p.lat / 1e7);
    const double dx = metres / s.x, dy = metres / s.y;
    box_ = {std::min(box_.min_x, p.lon - dx), std::min(box_.min_y, p.lat - dy),
            std::max(box_.max_x, p.lon + dx), std::max(box_.max_y, p.lat + dy)};
  }
  const Box& box() const { return box_; }
  bool empty() const { return box_.min_x > box_.max_x; }

 private:
  Box box_{1e18, 1e18, -1e18, -1e18};
};

// Points of a square grid on the map made flat round the middle of a box, one row more on each side.
class Sheet {
 public:
  explicit Sheet(const Box& box) : middle_{(box.min_x + box.max_x) / 2, (box.min_y + box.max_y) / 2} {
    const auto scale = local_scale(middle_.lat / 1e7);
    const double wide = (box.max_x - box.min_x) * scale.x, high = (box.max_y - box.min_y) * scale.y;
    cell_m = std::max(finest_m, std::max(wide, high) / most_cells);
    x_ = scale.x / cell_m, y_ = scale.y / cell_m;
    grid.columns = static_cast<std::size_t>(std::ceil(wide / cell_m)) + 3;
    grid.rows = static_cast<std::size_t>(std::ceil(high / cell_m)) + 3;
    grid.value.assign(grid.columns * grid.rows, never);
    left_ = static_cast<double>(grid.columns - 1) / 2, below_ = static_cast<double>(grid.rows - 1) / 2;
  }
  double x(PointE7 p) const { return (p.lon - middle_.lon) * x_ + left_; }
  double y(PointE7 p) const { return (p.lat - middle_.lat) * y_ + below_; }

  MultiPolygon area(std::uint32_t cutoff_mm) const {
    MultiPolygon area = contour(grid, static_cast<float>(cutoff_mm));
    for (auto& polygon : area)
      for (auto& ring : polygon)
        for (LonLat& p : ring)
          p = {((p.lon - left_) / x_ + middle_.lon) / 1e7, ((p.lat - below_) / y_ + middle_.lat) / 1e7};
    return area;
  }
  // The outermost points are above every limit.
  void clear_rim() {
    for (std::size_t x = 0; x < grid.columns; ++x)
      grid.value[x] = grid.value[(grid.rows - 1) * grid.columns + x] = never;
    for (std::size_t y = 0; y < grid.rows; ++y)
      grid.value[y * grid.columns] = grid.value[(y + 1) * grid.columns - 1] = never;
  }
  Isochrone draw(std::span<const std::uint32_t> cutoffs) {
    clear_rim();
    Isochrone out{cell_m, {}};
    for (const auto cutoff : cutoffs) out.areas.push_back(area(cutoff));
    return out;
  }

  double cell_m = 0;
  Grid grid;

 private:
  LonLat middle_;
  double x_ = 1, y_ = 1, left_ = 0, below_ = 0;
};

// The straight strokes of the streets on the sheet, and the nearest of them for each of its points.
class Strokes {
 public:
  Strokes(Sheet& sheet, const StreetGraph& graph, const StreetSearch& search, double off_street_m)
      : sheet_(sheet),
        graph_(graph),
        search_(search),
        most2_(square(off_street_m / sheet.cell_m)),
        nearest_(sheet.grid.value.size(), none),
        distance2_(sheet.grid.value.size(), static_cast<float>(most2_)) {}

  void add(std::uint32_t edge) {
    check_deadline();
    double x = sheet_.x(graph_.node(graph_.edge(edge).from)),
           y = sheet_.y(graph_.node(graph_.edge(edge).from));
    const auto first = strokes_.size();
    double drawn = 0;
    const auto stroke_to = [&](PointE7 p) {
      const double bx = sheet_.x(p), by = sheet_.y(p), length = std::sqrt(square(bx - x) + square(by - y));
      strokes_.push_back({static_cast<float>(x), static_cast<float>(y), static_cast<float>(bx - x),
                          static_cast<float>(by - y), static_cast<float>(drawn), static_cast<float>(length),
                          edge});
      drawn += length, x = bx, y = by;
    };
    for (const PointE7 p : graph_.shape(edge)) stroke_to(p);
    stroke_to(graph_.node(graph_.edge(edge).to));
    // From cells along the drawn street to its length.
    const double mm = drawn > 0 ? graph_.edge(edge).length_mm / drawn : 0;
    for (auto i = first; i < strokes_.size(); ++i) {
      strokes_[i].along *= static_cast<float>(mm), strokes_[i].length *= static_cast<float>(mm);
      mark(static_cast<std::uint32_t>(i));
    }
  }

  // Forwards and back: each point asks the neighbours that were asked before it.
  void spread() {
    const auto columns = static_cast<std::ptrdiff_t>(sheet_.grid.columns),
               rows = static_cast<std::ptrdiff_t>(sheet_.grid.rows);
    for (int pass = 0; pass < 2; ++pass)
      for (std::ptrdiff_t j = 1; j + 1 < rows; ++j) {
        check_deadline(8);
        const auto y = pass == 0 ? j : rows - 1 - j;
        const auto ahead = pass == 0 ? -columns : columns;
        for (std::ptrdiff_t x = 1; x + 1 < columns; ++x)
          for (std::ptrdiff_t dx = -1; dx <= 1; ++dx) ask(x, y, y * columns + x + ahead + dx);
        for (std::ptrdiff_t x = 1; x + 1 < columns; ++x) ask(x, y, y * columns + x - 1);
        for (std::ptrdiff_t x = columns - 2; x > 0; --x) ask(x, y, y * columns + x + 1);
      }
  }

  void measure() {
    const auto columns = sheet_.grid.columns;
    for (std::size_t i = 0; i < nearest_.size(); ++i) {
      if (nearest_[i] == none) continue;
      check_deadline();
      const Stroke& s = strokes_[nearest_[i]];
      const float t = s.share(static_cast<float>(i % columns), static_cast<float>(i / columns));
      const auto along = static_cast<std::uint32_t>(s.along + t * s.length);
      const auto off = static_cast<std::uint32_t>(std::sqrt(distance2_[i]) * sheet_.cell_m * 1000);
      const Snap place{s.edge, std::min(along, graph_.edge(s.edge).length_mm), off};
      if (const auto way = search_.to(place)) sheet_.grid.value[i] = static_cast<float>(way->mm);
    }
  }

 private:
  static constexpr std::uint32_t none = 0xFFFFFFFF;
  static double square(double v) { return v * v; }

  struct Stroke {
    float x, y, dx, dy;   // in cells
    float along, length;  // of its street, in mm
    std::uint32_t edge;
    float share(float px, float py) const {
      const float length2 = dx * dx + dy * dy;
      return length2 > 0 ? std::clamp(((px - x) * dx + (py - y) * dy) / length2, 0.0f, 1.0f) : 0.0f;
    }
    float distance2(float px, float py) const {
      const float t = share(px, py), ex = x + t * dx - px, ey = y + t * dy - py;
      return ex * ex + ey * ey;
    }
  };

  void offer(std::size_t i, float x, float y, std::uint32_t stroke) {
    const float d2 = strokes_[stroke].distance2(x, y);
    if (d2 > distance2_[i] || (d2 == distance2_[i] && stroke >= nearest_[i])) return;
    distance2_[i] = d2, nearest_[i] = stroke;
  }
  // A point that has a street within half a cell is near enough to the truth of the drawing.
  void ask(std::ptrdiff_t x, std::ptrdiff_t y, std::ptrdiff_t neighbour) {
    const auto i = static_cast<std::size_t>(y) * sheet_.grid.columns + static_cast<std::size_t>(x);
    const auto stroke = nearest_[static_cast<std::size_t>(neighbour)];
    if (stroke != none && stroke != nearest_[i] && distance2_[i] > 0.25f)
      offer(i, static_cast<float>(x), static_cast<float>(y), stroke);
  }
  // The grid points that half cells of the stroke are nearest to.
  void mark(std::uint32_t stroke) {
    const Stroke s = strokes_[stroke];
    const int steps = static_cast<int>(2 * std::max(std::abs(s.dx), std::abs(s.dy))) + 1;
    const auto columns = static_cast<float>(sheet_.grid.columns), rows = static_cast<float>(sheet_.grid.rows);
    for (int k = 0; k <= steps; ++k) {
      const float t = static_cast<float>(k) / static_cast<float>(steps);
      const float x = std::floor(s.x + t * s.dx + 0.5f), y = std::floor(s.y + t * s.dy + 0.5f);
      if (x >= 0 && y >= 0 && x < columns && y < rows)
        offer(static_cast<std::size_t>(y) * sheet_.grid.columns + static_cast<std::size_t>(x), x, y, stroke);
    }
  }

  Sheet& sheet_;
  const StreetGraph& graph_;
  const StreetSearch& search_;
  double most2_;
  std::vector<Stroke> strokes_;
  std::vector<std::uint32_t> nearest_;  // of each grid point: its stroke
  std::vector<float> distance2_;        // and how far that is, in cells
};

// A box round all the search can have reached: a way along streets is never shorter than the straight line.
Extent reached(const StreetGraph& graph, const StreetSearch& search, std::uint32_t limit_mm) {
  Extent extent;
  for (const auto n : search.nodes())
    if (const auto way = search.to_node(n); way->mm <= limit_mm)
      extent.add(graph.node(n), (limit_mm - way->mm) / 1000.0);
  for (const Seed& seed : search.seeds())
    if (seed.at && std::uint64_t{seed.cost_mm} + seed.at.offset_mm <= limit_mm) {
      const double rest = (limit_mm - seed.cost_mm - seed.at.offset_mm) / 1000.0;
      const StreetEdge& e = graph.edge(seed.at.edge);
      extent.add(graph.node(e.from), std::max(0.0, rest - seed.at.along_mm / 1000.0));
      extent.add(graph.node(e.to), std::max(0.0, rest - (e.length_mm - seed.at.along_mm) / 1000.0));
      for (const PointE7 p : graph.shape(seed.at.edge)) extent.add(p, 0);
    }
  return extent;
}

BoxE7 rounded(const Box& b) {
  const auto e7 = [](double v) { return static_cast<std::int32_t>(std::clamp(v, -1.8e9, 1.8e9)); };
  return {e7(b.min_x), e7(b.min_y), e7(b.max_x), e7(b.max_y)};
}

}  // namespace

Isochrone draw_isochrone(const StreetGraph& graph, TravelMode mode, const StreetSearch& search,
                         std::span<const std::uint32_t> cutoffs_mm, double off_street_m) {
  Isochrone nothing{0, std::vector<MultiPolygon>(cutoffs_mm.size())};
  if (cutoffs_mm.empty()) return nothing;
  Extent extent = reached(graph, search, *std::max_element(cutoffs_mm.begin(), cutoffs_mm.end()));
  if (extent.empty()) return nothing;
  // Streets beyond, which are not reached, are nearer to some of it.
  const Box inner = extent.box();
  for (const double x : {inner.min_x, inner.max_x})
    for (const double y : {inner.min_y, inner.max_y})
      extent.add({static_cast<std::int32_t>(x), static_cast<std::int32_t>(y)}, off_street_m);
  Sheet sheet(extent.box());
  Strokes strokes(sheet, graph, search, off_street_m);
  const auto open = mode == TravelMode::walk ? StreetEdge::walk : StreetEdge::bike;
  graph.edges_near(rounded(extent.box()), [&](std::uint32_t edge) {
    const auto access = graph.edge(edge).access;
    if (access & open && !(access & StreetEdge::afloat)) strokes.add(edge);
  });
  strokes.spread();
  strokes.measure();
  return sheet.draw(cutoffs_mm);
}

Isochrone draw_circles(std::span<const Centre> centres, std::span<const std::uint32_t> cutoffs_mm,
                       double detour) {
  Isochrone nothing{0, std::vector<MultiPolygon>(cutoffs_mm.size())};
  if (cutoffs_mm.empty()) return nothing;
  const auto limit = *std::max_element(cutoffs_mm.begin(), cutoffs_mm.end());
  Extent extent;
  const auto rest_m = [&](const Centre& c) { return (limit - c.cost_mm) / 1000.0 / detour; };
  for (const Centre& c : centres)
    if (c.cost_mm <= limit) extent.add(to_e7(c.at), rest_m(c));
  if (extent.empty()) return nothing;
  Sheet sheet(extent.box());
  for (const Centre& c : centres) {
    if (c.cost_mm > limit) continue;
    const double x = sheet.x(to_e7(c.at)), y = sheet.y(to_e7(c.at)), r = rest_m(c) / sheet.cell_m + 1;
    const auto from = [](double v) { return static_cast<std::size_t>(std::max(0.0, std::floor(v))); };
    for (auto j = from(y - r); j < std::min(sheet.grid.rows, from(y + r) + 2); ++j) {
      check_deadline();
      for (auto i = from(x - r); i < std::min(sheet.grid.columns, from(x + r) + 2); ++i) {
        const double cells = std::hypot(static_cast<double>(i) - x, static_cast<double>(j) - y);
        float& value = sheet.grid.value[j * sheet.grid.columns + i];
        value = std::min(value, static_cast<float>(c.cost_mm + cells * sheet.cell_m * 1000 * detour));
      }
    }
  }
  return sheet.draw(cutoffs_mm);
}

}  // namespace jobmap::geo
