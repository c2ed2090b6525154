#include "geo/circle_union.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <tuple>

#include "geo/deadline.hpp"
#include "geo/ellipsoid.hpp"

namespace jobmap::geo {

struct MapPoint {
  double x, y;
};
struct MapEdge {
  MapPoint p, q;  // the area on its left
};

namespace {

const double eccentricity = std::sqrt(eccentricity2);

// Ellipsoidal Mercator in metres, and back to the sine of the latitude.
double map_y(double lat) {
  const double s = std::sin(lat * rad);
  return semi_major_m * (std::atanh(s) - eccentricity * std::atanh(eccentricity * s));
}
MapPoint to_map(LonLat p) { return {semi_major_m * p.lon * rad, map_y(p.lat)}; }
double sine_of(double y) {
  double s = std::tanh(y / semi_major_m);
  for (int i = 0; i < 4; ++i) s = std::tanh(y / semi_major_m + eccentricity * std::atanh(eccentricity * s));
  return s;
}
// True area between the equator and a parallel, for each metre of the map to the east.
double area_below(double y) {
  const double s = sine_of(y);
  return semi_major_m / 2 * (1 - eccentricity2) *
         (s / (1 - eccentricity2 * s * s) + std::atanh(eccentricity * s) / eccentricity);
}
double scale_at(double lat) {  // map metres a metre
  const double s = std::sin(lat * rad);
  return std::sqrt(1 - eccentricity2 * s * s) / std::cos(lat * rad);
}

// Gauss and Legendre's five points.
constexpr std::array<double, 5> node{-0.9061798459386640, -0.5384693101056831, 0, 0.5384693101056831,
                                     0.9061798459386640};
constexpr std::array<double, 5> weight{0.2369268850561891, 0.4786286704993665, 0.5688888888888889,
                                       0.4786286704993665, 0.2369268850561891};

// The part of -(area_below - base) dx along a path, counter-clockwise about what it encloses.
double along_segment(MapPoint p, MapPoint q, double base) {
  const double dx = q.x - p.x;
  if (dx == 0) return 0;
  double sum = 0;
  for (std::size_t i = 0; i < node.size(); ++i)
    sum += weight[i] * (area_below(p.y + (q.y - p.y) * (1 + node[i]) / 2) - base);
  return -sum / 2 * dx;
}
double along_arc(MapPoint c, double r, double from, double to, double base) {
  const int parts = static_cast<int>(std::ceil((to - from) / (std::numbers::pi / 4)));
  const double step = (to - from) / parts;
  double sum = 0;
  for (int k = 0; k < parts; ++k)
    for (std::size_t i = 0; i < node.size(); ++i) {
      const double t = from + step * (k + (1 + node[i]) / 2);
      sum += weight[i] * (area_below(c.y + r * std::sin(t)) - base) * std::sin(t);
    }
  return sum / 2 * step * r;
}

double twice_signed(const Ring& ring) {
  double sum = 0;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const auto& p = ring[i];
    const auto& q = ring[(i + 1) % ring.size()];
    sum += (p.lon - ring[0].lon) * (q.lat - ring[0].lat) - (q.lon - ring[0].lon) * (p.lat - ring[0].lat);
  }
  return sum;
}

std::vector<MapEdge> edges_of(const MultiPolygon& area) {
  std::vector<MapEdge> edges;
  for (const auto& polygon : area)
    for (std::size_t r = 0; r < polygon.size(); ++r) {
      const auto& ring = polygon[r];
      const bool forward = (twice_signed(ring) > 0) == (r == 0);
      for (std::size_t i = 0; i < ring.size(); ++i) {
        const auto p = to_map(ring[i]), q = to_map(ring[(i + 1) % ring.size()]);
        if (p.x == q.x && p.y == q.y) continue;
        edges.push_back(forward ? MapEdge{p, q} : MapEdge{q, p});
      }
    }
  return edges;
}

using Interval = std::pair<double, double>;

// The parts of [from, to] that no interval holds.
std::vector<Interval> gaps(std::vector<Interval> taken, double from, double to) {
  std::sort(taken.begin(), taken.end());
  std::vector<Interval> left;
  double at = from;
  for (const auto& [begin, end] : taken) {
    if (begin > at && at < to) left.push_back({at, std::min(begin, to)});
    at = std::max(at, end);
  }
  if (at < to) left.push_back({at, to});
  return left;
}

}  // namespace

double area_m2(const MultiPolygon& area) {
  const auto edges = edges_of(area);
  if (edges.empty()) return 0;
  const double base = area_below(edges[0].p.y);
  double sum = 0;
  for (const auto& edge : edges) sum += along_segment(edge.p, edge.q, base);
  return sum;
}

Ring disc_ring(LonLat centre, double radius_m, unsigned sides) {
  const double step = 2 * std::numbers::pi / sides;
  const double r = radius_m * scale_at(centre.lat) * std::sqrt(step / std::sin(step));
  const MapPoint c = to_map(centre);
  Ring ring;
  for (unsigned i = 0; i < sides; ++i)
    ring.push_back({(c.x + r * std::cos(step * i)) / semi_major_m / rad,
                    std::asin(sine_of(c.y + r * std::sin(step * i))) / rad});
  ring.push_back(ring.front());
  return ring;
}

std::vector<LonLat> seen_from_both_edges(LonLat centre, double radius_m) {
  std::vector<LonLat> seen{centre};
  const double reach = 1.01 * radius_m * scale_at(centre.lat) / semi_major_m / rad;  // degrees
  if (centre.lon + reach > 180) seen.push_back({centre.lon - 360, centre.lat});
  if (centre.lon - reach < -180) seen.push_back({centre.lon + 360, centre.lat});
  return seen;
}

CircleUnion::CircleUnion(const std::vector<LonLat>& centres, double radius_m) {
  for (const auto& centre : centres)
    for (const auto& c : seen_from_both_edges(centre, radius_m)) {
      const auto p = to_map(c);
      circles_.push_back({p.x, p.y, radius_m * scale_at(c.lat)});
      widest_ = std::max(widest_, circles_.back().r);
    }
  across_ = circles_.size() > centres.size();
  std::sort(circles_.begin(), circles_.end(), [](const Circle& m, const Circle& n) {
    return std::tie(m.x, m.y, m.r) < std::tie(n.x, n.y, n.r);
  });
  find_arcs();
}

void CircleUnion::find_arcs() {
  std::vector<Interval> taken;
  for (std::uint32_t i = 0; i < circles_.size(); ++i) {
    check_deadline();
    const Circle& c = circles_[i];
    taken.clear();
    bool hidden = false;
    const auto meet = [&](std::uint32_t j) {
      check_deadline();
      const Circle& o = circles_[j];
      const double dx = o.x - c.x, dy = o.y - c.y, d = std::hypot(dx, dy);
      if (d >= c.r + o.r || d + o.r < c.r) return;
      // If two circles are the same, the first one stays.
      if (d + c.r <= o.r && (d + c.r < o.r || j < i)) hidden = true;
      if (d == 0 || d + c.r <= o.r) return;
      const double middle = std::atan2(dy, dx);
      const double half = std::acos(std::clamp((d * d + c.r * c.r - o.r * o.r) / (2 * d * c.r), -1.0, 1.0));
      const double from = middle - half, to = middle + half;
      if (from < -std::numbers::pi) taken.push_back({from + 2 * std::numbers::pi, std::numbers::pi});
      if (to > std::numbers::pi) taken.push_back({-std::numbers::pi, to - 2 * std::numbers::pi});
      taken.push_back({std::max(from, -std::numbers::pi), std::min(to, std::numbers::pi)});
    };
    for (auto j = i; j-- > 0 && c.x - circles_[j].x < c.r + widest_;) meet(j);
    for (auto j = i + 1; j < circles_.size() && circles_[j].x - c.x < c.r + widest_; ++j) meet(j);
    if (hidden) continue;
    for (const auto& [from, to] : gaps(taken, -std::numbers::pi, std::numbers::pi))
      arcs_.push_back({i, from, to});
  }
}

// A strip from edge to edge, as high as the circles: a higher one would lose digits in the sums.
MultiPolygon CircleUnion::strip_of_the_map() const {
  double low = circles_[0].y, high = low;
  for (const auto& c : circles_) low = std::min(low, c.y - c.r), high = std::max(high, c.y + c.r);
  const double south = std::asin(sine_of(low)) / rad - 0.001, north = std::asin(sine_of(high)) / rad + 0.001;
  return {{{{-180, south}, {180, south}, {180, north}, {-180, north}, {-180, south}}}};
}

double CircleUnion::area_m2() const {
  if (circles_.empty()) return 0;
  if (across_) return area_m2(strip_of_the_map());
  const double base = area_below(circles_[0].y);
  double sum = 0;
  for (const auto& arc : arcs_) {
    const auto& c = circles_[arc.circle];
    sum += along_arc({c.x, c.y}, c.r, arc.from, arc.to, base);
  }
  return sum;
}

// The edges of an area in horizontal strips, so that an arc or a point meets only those at its height.
class Clipper {
 public:
  Clipper(const CircleUnion& circles, const MultiPolygon& area) : u_(circles), edges_(edges_of(area)) {
    if (edges_.empty()) return;
    low_ = high_ = edges_[0].p.y;
    for (const auto& edge : edges_) {
      low_ = std::min({low_, edge.p.y, edge.q.y}), high_ = std::max({high_, edge.p.y, edge.q.y});
    }
    height_ = std::max(1.0, (high_ - low_) / static_cast<double>(std::min<std::size_t>(edges_.size(), 4096)));
    strips_.resize(strip(high_) + 1);
    for (std::uint32_t i = 0; i < edges_.size(); ++i)
      for (auto s = strip(std::min(edges_[i].p.y, edges_[i].q.y));
           s <= strip(std::max(edges_[i].p.y, edges_[i].q.y)); ++s)
        strips_[s].push_back(i);
    base_ = area_below(low_);
  }

  double area() const {
    if (edges_.empty()) return 0;
    double sum = 0;
    for (const auto& edge : edges_) {
      check_deadline();
      sum += covered_part(edge);
    }
    for (const auto& arc : u_.arcs_) {
      check_deadline();
      sum += inside_part(arc);
    }
    return sum;
  }

 private:
  std::size_t strip(double y) const { return static_cast<std::size_t>((y - low_) / height_); }

  bool contains(MapPoint p) const {
    if (p.y < low_ || p.y > high_) return false;
    bool inside = false;
    for (const auto i : strips_[strip(p.y)]) {
      const auto& [u, v] = edges_[i];
      if ((u.y > p.y) != (v.y > p.y) && p.x < u.x + (p.y - u.y) / (v.y - u.y) * (v.x - u.x)) inside = !inside;
    }
    return inside;
  }

  // The share of the edge's length that the circles cover.
  double covered_part(const MapEdge& edge) const {
    const double left = std::min(edge.p.x, edge.q.x), right = std::max(edge.p.x, edge.q.x);
    const double dx = edge.q.x - edge.p.x, dy = edge.q.y - edge.p.y, length2 = dx * dx + dy * dy;
    std::vector<Interval> taken;
    const auto& circles = u_.circles_;
    auto it = std::partition_point(circles.begin(), circles.end(),
                                   [&](const auto& c) { return c.x + u_.widest_ < left; });
    for (; it != circles.end() && it->x - u_.widest_ <= right; ++it) {
      check_deadline();
      const double px = edge.p.x - it->x, py = edge.p.y - it->y;
      const double b = (px * dx + py * dy) / length2, c = (px * px + py * py - it->r * it->r) / length2;
      if (const double root = b * b - c; root > 0)
        taken.push_back({-b - std::sqrt(root), -b + std::sqrt(root)});
    }
    if (taken.empty()) return 0;
    const auto at = [&](double t) { return MapPoint{edge.p.x + t * dx, edge.p.y + t * dy}; };
    double sum = along_segment(edge.p, edge.q, base_);
    for (const auto& [from, to] : gaps(std::move(taken), 0, 1)) sum -= along_segment(at(from), at(to), base_);
    return sum;
  }

  double inside_part(const CircleUnion::Arc& arc) const {
    const auto& c = u_.circles_[arc.circle];
    if (c.y + c.r < low_ || c.y - c.r > high_) return 0;
    std::vector<double> cuts{arc.from, arc.to};
    const auto last = strip(std::min(high_, c.y + c.r));
    for (auto s = strip(std::max(low_, c.y - c.r)); s <= last; ++s)
      for (const auto i : strips_[s]) cut(edges_[i], c, arc, cuts);
    std::sort(cuts.begin(), cuts.end());
    double sum = 0;
    for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
      if (cuts[i] == cuts[i + 1]) continue;
      const double middle = (cuts[i] + cuts[i + 1]) / 2;
      if (contains({c.x + c.r * std::cos(middle), c.y + c.r * std::sin(middle)}))
        sum += along_arc({c.x, c.y}, c.r, cuts[i], cuts[i + 1], base_);
    }
    return sum;
  }

  static void cut(const MapEdge& edge, const CircleUnion::Circle& circle, const CircleUnion::Arc& arc,
                  std::vector<double>& cuts) {
    const double dx = edge.q.x - edge.p.x, dy = edge.q.y - edge.p.y, length2 = dx * dx + dy * dy;
    const double px = edge.p.x - circle.x, py = edge.p.y - circle.y;
    const double b = (px * dx + py * dy) / length2, c = (px * px + py * py - circle.r * circle.r) / length2;
    const double root = b * b - c;
    if (root <= 0) return;
    for (const double t : {-b - std::sqrt(root), -b + std::sqrt(root)}) {
      if (t < 0 || t > 1) continue;
      const double angle = std::atan2(py + t * dy, px + t * dx);
      if (angle > arc.from && angle < arc.to) cuts.push_back(angle);
    }
  }

  const CircleUnion& u_;
  std::vector<MapEdge> edges_;
  double low_ = 0, high_ = 0, height_ = 1, base_ = 0;
  std::vector<std::vector<std::uint32_t>> strips_;
};

double CircleUnion::area_m2(const MultiPolygon& inside) const { return Clipper(*this, inside).area(); }

}  // namespace jobmap::geo
