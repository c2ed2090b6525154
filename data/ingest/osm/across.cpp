#include "data/ingest/osm/across.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "geo/street_graph.hpp"

namespace jobmap::data::osm {
namespace {

using geo::PointE7;

// Twice the area of the triangle, positive where c lies to the left of the way from a to b.
std::int64_t turn(PointE7 a, PointE7 b, PointE7 c) {
  const std::int64_t abx = std::int64_t{b.lon} - a.lon, aby = std::int64_t{b.lat} - a.lat;
  const std::int64_t acx = std::int64_t{c.lon} - a.lon, acy = std::int64_t{c.lat} - a.lat;
  return abx * acy - aby * acx;
}
int side(PointE7 a, PointE7 b, PointE7 c) {
  const auto t = turn(a, b, c);
  return t > 0 ? 1 : t < 0 ? -1 : 0;
}

bool in_box(PointE7 a, PointE7 b, PointE7 p) {
  return p.lon >= std::min(a.lon, b.lon) && p.lon <= std::max(a.lon, b.lon) &&
         p.lat >= std::min(a.lat, b.lat) && p.lat <= std::max(a.lat, b.lat);
}
bool on_segment(PointE7 a, PointE7 b, PointE7 p) { return in_box(a, b, p) && side(a, b, p) == 0; }

// Whether two segments cross in inner points of both, and don't run along each other.
bool cross(PointE7 a, PointE7 b, PointE7 c, PointE7 d) {
  return side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;
}

struct Corner {
  PointE7 at, before, after;
  bool door = false, on_ring = true, counts = false;
};

template <typename Visit>
void each_edge(const OpenArea& area, Visit visit) {
  for (const auto& ring : area.rings)
    for (std::size_t i = 0; i < ring.size(); ++i) visit(ring[i], ring[(i + 1) % ring.size()]);
}

// The point may lie between whole units. Nearer to an edge than half a unit is on it.
bool holds(const OpenArea& area, double x, double y) {
  bool inside = false, on_edge = false;
  each_edge(area, [&](PointE7 a, PointE7 b) {
    const double ax = a.lon, ay = a.lat, bx = b.lon, by = b.lat;
    const double dx = bx - ax, dy = by - ay, square = dx * dx + dy * dy;
    const double t = square > 0 ? std::clamp(((x - ax) * dx + (y - ay) * dy) / square, 0.0, 1.0) : 0;
    on_edge |= std::hypot(ax + t * dx - x, ay + t * dy - y) < 0.5;
    if ((ay > y) != (by > y) && x < ax + (y - ay) / dy * dx) inside = !inside;
  });
  return inside || on_edge;
}

double doubled_area(const std::vector<PointE7>& ring) {
  double sum = 0;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const auto a = ring[i], b = ring[(i + 1) % ring.size()];
    sum += (static_cast<double>(a.lon) - ring[0].lon) * (static_cast<double>(b.lat) - ring[0].lat) -
           (static_cast<double>(b.lon) - ring[0].lon) * (static_cast<double>(a.lat) - ring[0].lat);
  }
  return sum;
}

// How many of the other rings lie round this one decides whether it is an outline or a hole.
bool is_hole(const OpenArea& area, std::size_t which) {
  std::size_t around = 0;
  for (std::size_t r = 0; r < area.rings.size(); ++r) {
    if (r == which) continue;
    const OpenArea other{{area.rings[r]}, {}, {}, {}};
    const auto& ring = area.rings[which];
    const auto off = std::find_if(ring.begin(), ring.end(), [&](PointE7 p) {
      bool on = false;
      each_edge(other, [&](PointE7 a, PointE7 b) { on |= on_segment(a, b, p); });
      return !on;
    });
    if (off != ring.end()) around += holds(other, off->lon, off->lat);
  }
  return around % 2 == 1;
}

std::vector<Corner> corners_of(const OpenArea& area) {
  std::vector<Corner> corners;
  for (std::size_t r = 0; r < area.rings.size(); ++r) {
    const auto& ring = area.rings[r];
    const bool left = (doubled_area(ring) > 0) != is_hole(area, r);  // whether the area lies to the left
    for (std::size_t i = 0; i < ring.size(); ++i) {
      Corner c{ring[i], ring[(i + ring.size() - 1) % ring.size()], ring[(i + 1) % ring.size()]};
      c.door = area.doors[corners.size()];
      const int bend = side(c.before, c.at, c.after);
      c.counts = c.door || (left ? bend < 0 : bend > 0);
      corners.push_back(c);
    }
  }
  for (const PointE7 p : area.inside) corners.push_back({p, p, p, true, false, true});
  return corners;
}

// A line that goes on behind the corner cuts off neither of its sides.
bool goes_round(const Corner& c, PointE7 from) {
  return c.door || side(from, c.at, c.before) * side(from, c.at, c.after) >= 0;
}

bool meets_wall(const OpenArea& area, PointE7 a, PointE7 b) {
  return std::any_of(area.walls.begin(), area.walls.end(), [&](const OpenArea::Wall& w) {
    const auto on_the_way = [&](PointE7 p) { return p != a && p != b && on_segment(a, b, p); };
    return cross(a, b, w.a, w.b) || on_the_way(w.a) || on_the_way(w.b);
  });
}

// A line that meets a corner which counts is two shorter lines, and none itself: of doors along a straight
// side each sees the next. `counts` is of each corner of the rings.
bool sees(const OpenArea& area, const std::vector<bool>& counts, PointE7 a, PointE7 b) {
  bool crosses = false;
  std::size_t corner = 0;
  std::vector<double> touched{0, 1};  // how far along the line it meets corners
  const double dx = static_cast<double>(b.lon) - a.lon, dy = static_cast<double>(b.lat) - a.lat;
  each_edge(area, [&](PointE7 c, PointE7 d) {
    const bool counting = counts[corner++];
    if (crosses) return;
    const bool meets = on_segment(a, b, c);
    crosses = cross(a, b, c, d) || (meets && counting && c != a && c != b);
    if (meets)
      touched.push_back(
          ((static_cast<double>(c.lon) - a.lon) * dx + (static_cast<double>(c.lat) - a.lat) * dy) /
          (dx * dx + dy * dy));
  });
  if (crosses || meets_wall(area, a, b)) return false;
  std::sort(touched.begin(), touched.end());
  for (std::size_t i = 0; i + 1 < touched.size(); ++i) {
    const double middle = (touched[i] + touched[i + 1]) / 2;
    if (touched[i + 1] > touched[i] && !holds(area, a.lon + middle * dx, a.lat + middle * dy)) return false;
  }
  return true;
}

// Corners and the lines between them as one thins them out: a line that others replace within `stretch` goes
// (Althöfer et al. 1993, "On sparse spanners of weighted graphs"). The outlines are ways too.
class Thinned {
 public:
  Thinned(const OpenArea& area, const std::vector<Corner>& corners,
          const std::vector<std::uint32_t>& counting)
      : corners_(corners),
        counting_(counting),
        scale_(geo::local_scale(corners.front().at.lat / 1e7)),
        way_(counting.size() * counting.size(), std::numeric_limits<double>::infinity()) {
    std::uint32_t first = 0;
    for (const auto& ring : area.rings) {
      along(first, static_cast<std::uint32_t>(ring.size()));
      first += static_cast<std::uint32_t>(ring.size());
    }
  }

  // Lines name their places in `counting`.
  std::vector<Line> thin(std::vector<Line> lines) {
    std::sort(lines.begin(), lines.end(), [&](const Line& a, const Line& b) {
      const auto x = length(a), y = length(b);
      return x != y ? x < y : std::pair(a.from, a.to) < std::pair(b.from, b.to);
    });
    std::erase_if(lines, [&](const Line& l) {
      if (at(l.from, l.to) <= stretch * length(l)) return true;
      join(l.from, l.to, length(l));
      return false;
    });
    return lines;
  }

 private:
  static constexpr double stretch = 1.02;

  double& at(std::size_t a, std::size_t b) { return way_[a * counting_.size() + b]; }
  double metres(PointE7 a, PointE7 b) const {
    return std::hypot(scale_.x * (static_cast<double>(a.lon) - b.lon),
                      scale_.y * (static_cast<double>(a.lat) - b.lat));
  }
  double length(const Line& l) const {
    return metres(corners_[counting_[l.from]].at, corners_[counting_[l.to]].at);
  }
  // Adds the line from each counting corner of a ring to the next.
  void along(std::uint32_t first, std::uint32_t size) {
    std::vector<std::size_t> on;
    for (std::size_t i = 0; i < counting_.size(); ++i)
      if (counting_[i] >= first && counting_[i] < first + size) on.push_back(i);
    for (std::size_t i = 0; on.size() > 1 && i < on.size(); ++i) {
      const auto next = on[(i + 1) % on.size()];
      double way = 0;
      for (auto c = counting_[on[i]]; c != counting_[next];) {
        const auto after = c + 1 < first + size ? c + 1 : first;
        way += metres(corners_[c].at, corners_[after].at);
        c = after;
      }
      join(on[i], next, way);
    }
  }
  void join(std::size_t a, std::size_t b, double way) {
    const auto n = counting_.size();
    at(a, a) = at(b, b) = 0;
    if (at(a, b) <= way) return;
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j)
        at(i, j) = std::min({at(i, j), at(i, a) + way + at(b, j), at(i, b) + way + at(a, j)});
  }

  const std::vector<Corner>& corners_;
  const std::vector<std::uint32_t>& counting_;
  geo::LocalScale scale_;
  std::vector<double> way_;  // the shortest so far, from each to each
};

}  // namespace

bool holds(const OpenArea& area, PointE7 p) { return holds(area, p.lon, p.lat); }

std::vector<Line> lines_across(const OpenArea& area) {
  const auto corners = corners_of(area);
  std::vector<std::uint32_t> counting;
  for (std::uint32_t i = 0; i < corners.size(); ++i)
    if (corners[i].counts) counting.push_back(i);
  if (counting.size() > most_corners) std::erase_if(counting, [&](auto i) { return !corners[i].door; });
  if (counting.size() < 2 || counting.size() > most_corners) return {};
  std::vector<bool> counts(corners.size());
  for (const auto i : counting) counts[i] = true;
  std::vector<Line> lines;
  for (std::uint32_t i = 0; i < counting.size(); ++i)
    for (std::uint32_t j = i + 1; j < counting.size(); ++j) {
      const Corner &a = corners[counting[i]], &b = corners[counting[j]];
      if (a.at == b.at || !goes_round(a, b.at) || !goes_round(b, a.at)) continue;
      const bool along_the_edge = a.on_ring && (a.before == b.at || a.after == b.at);  // a way of its own
      if (!along_the_edge && sees(area, counts, a.at, b.at)) lines.push_back({i, j});
    }
  lines = Thinned(area, corners, counting).thin(std::move(lines));
  for (Line& l : lines) l = {counting[l.from], counting[l.to]};
  return lines;
}

}  // namespace jobmap::data::osm
