#include "geo/clip.hpp"

#include <algorithm>
#include <optional>

namespace jobmap::geo {
namespace {

bool equal(Mercator a, Mercator b) { return a.x == b.x && a.y == b.y; }
bool is_in(Mercator p, const Box& b) {
  return p.x >= b.min_x && p.x <= b.max_x && p.y >= b.min_y && p.y <= b.max_y;
}
bool disjoint(const Box& a, const Box& b) {
  return a.max_x < b.min_x || a.min_x > b.max_x || a.max_y < b.min_y || a.min_y > b.max_y;
}

struct Segment {
  Mercator from, to;
};

// The part of a segment inside the box. Ends that lie inside are kept bit by bit.
std::optional<Segment> clip_segment(Mercator a, Mercator b, const Box& box) {
  const double dx = b.x - a.x, dy = b.y - a.y;
  double enter = 0, leave = 1;
  const auto cut = [&](double direction, double distance) {  // distance: from a to the edge, inwards positive
    if (direction == 0) return distance >= 0;
    const double t = distance / direction;
    if (direction < 0)
      enter = std::max(enter, t);
    else
      leave = std::min(leave, t);
    return enter <= leave;
  };
  if (!(cut(-dx, a.x - box.min_x) && cut(dx, box.max_x - a.x) && cut(-dy, a.y - box.min_y) &&
        cut(dy, box.max_y - a.y)))
    return std::nullopt;
  const auto at = [&](double t) {
    return Mercator{std::clamp(a.x + t * dx, box.min_x, box.max_x),
                    std::clamp(a.y + t * dy, box.min_y, box.max_y)};
  };
  return Segment{enter > 0 ? at(enter) : a, leave < 1 ? at(leave) : b};
}

// One step of Sutherland and Hodgman: the part of a closed ring for which depth(p) >= 0.
template <typename Depth>
Path clip_half_plane(const Path& ring, Depth depth, auto pin) {
  Path out;
  out.reserve(ring.size() + 4);
  for (std::size_t i = 0; i + 1 < ring.size(); ++i) {
    const Mercator a = ring[i], b = ring[i + 1];
    const double da = depth(a), db = depth(b);
    if (da >= 0) out.push_back(a);
    if ((da > 0 && db < 0) || (da < 0 && db > 0)) {
      // From the inner end, so that a border run through in both directions is cut at the same point.
      const bool forth = da > 0;
      const Mercator in = forth ? a : b, from = forth ? b : a;
      const double t = depth(in) / (depth(in) - depth(from));
      out.push_back(pin(Mercator{in.x + t * (from.x - in.x), in.y + t * (from.y - in.y)}));
    }
  }
  if (!out.empty() && !equal(out.front(), out.back())) out.push_back(out.front());
  return out;
}

}  // namespace

Box bounds_of(std::span<const Mercator> path) {
  Box box{path[0].x, path[0].y, path[0].x, path[0].y};
  for (Mercator p : path)
    box = {std::min(box.min_x, p.x), std::min(box.min_y, p.y), std::max(box.max_x, p.x),
           std::max(box.max_y, p.y)};
  return box;
}

std::vector<Path> clip_line(std::span<const Mercator> line, const Box& box) {
  std::vector<Path> pieces;
  for (std::size_t i = 0; i + 1 < line.size(); ++i) {
    const auto part = clip_segment(line[i], line[i + 1], box);
    if (!part) continue;
    if (pieces.empty() || !equal(pieces.back().back(), part->from) || !equal(part->from, line[i]))
      pieces.push_back({part->from});
    pieces.back().push_back(part->to);
  }
  // A line that only touches the box leaves a single point behind: nothing to draw.
  std::erase_if(pieces, [](const Path& p) {
    return std::all_of(p.begin(), p.end(), [&](Mercator q) { return equal(q, p.front()); });
  });
  return pieces;
}

Path clip_ring(std::span<const Mercator> ring, const Box& box) {
  if (ring.size() < 4) return {};
  const Box bounds = bounds_of(ring);
  if (disjoint(bounds, box)) return {};
  Path path(ring.begin(), ring.end());
  if (is_in({bounds.min_x, bounds.min_y}, box) && is_in({bounds.max_x, bounds.max_y}, box)) return path;
  path = clip_half_plane(
      path, [&](Mercator p) { return p.x - box.min_x; },
      [&](Mercator p) {
        return Mercator{box.min_x, p.y};
      });
  path = clip_half_plane(
      path, [&](Mercator p) { return box.max_x - p.x; },
      [&](Mercator p) {
        return Mercator{box.max_x, p.y};
      });
  path = clip_half_plane(
      path, [&](Mercator p) { return p.y - box.min_y; },
      [&](Mercator p) {
        return Mercator{p.x, box.min_y};
      });
  path = clip_half_plane(
      path, [&](Mercator p) { return box.max_y - p.y; },
      [&](Mercator p) {
        return Mercator{p.x, box.max_y};
      });
  if (path.size() < 4) path.clear();
  return path;
}

}  // namespace jobmap::geo
