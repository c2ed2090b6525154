#include "geo/clip.hpp"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <optional>

namespace jobmap::geo {
namespace {

bool equal(Mercator a, Mercator b) { return a.x == b.x && a.y == b.y; }
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

// One edge of the box, by what it keeps of an area: where depth(p) >= 0. pin(p) puts a point onto the edge,
// and along(p) tells points of the edge apart.
template <typename Depth, typename Pin, typename Along>
class BoxEdge {
 public:
  BoxEdge(Depth depth, Pin pin, Along along) : depth_(depth), pin_(pin), along_(along) {}

  std::vector<Path> cut(std::vector<Path> rings) const {
    std::vector<Path> whole, parts;
    for (Path& ring : rings) {
      const auto out = [&](Mercator p) { return depth_(p) < 0; };
      const auto outer = std::find_if(ring.begin(), ring.end(), out);
      if (outer == ring.end())
        whole.push_back(std::move(ring));
      else if (!std::all_of(ring.begin(), ring.end(), out))
        take_apart(ring, static_cast<std::size_t>(outer - ring.begin()), parts);
    }
    auto joined = join(parts);
    std::move(whole.begin(), whole.end(), std::back_inserter(joined));
    return joined;
  }

 private:
  // Cuts from the inner end, so that a border run through in both directions is cut at the same point.
  Mercator crossing(Mercator in, Mercator out) const {
    const double t = depth_(in) / (depth_(in) - depth_(out));
    return pin_(Mercator{in.x + t * (out.x - in.x), in.y + t * (out.y - in.y)});
  }

  // Adds the runs of a ring that lie inside, each from the edge to the edge; `outer` is a point that doesn't.
  void take_apart(const Path& ring, std::size_t outer, std::vector<Path>& parts) const {
    const std::size_t n = ring.size() - 1;
    for (std::size_t k = 0; k < n; ++k) {
      const Mercator a = ring[(outer + k) % n], b = ring[(outer + k + 1) % n];
      const double da = depth_(a), db = depth_(b);
      if (da < 0 && db >= 0) {
        parts.emplace_back();
        if (db > 0) parts.back().push_back(crossing(b, a));
      }
      if (db >= 0) parts.back().push_back(b);
      if (da > 0 && db < 0) parts.back().push_back(crossing(a, b));
    }
  }

  std::vector<Path> join(const std::vector<Path>& parts) const {
    // End 2i is where part i begins, end 2i + 1 where it ends.
    const auto place = [&](std::size_t end) {
      return along_(end % 2 ? parts[end / 2].back() : parts[end / 2].front());
    };
    std::vector<std::size_t> ends(parts.size() * 2), next(parts.size() * 2);
    std::iota(ends.begin(), ends.end(), std::size_t{0});
    std::stable_sort(ends.begin(), ends.end(), [&](auto a, auto b) { return place(a) < place(b); });
    for (std::size_t i = 0; i < ends.size(); i += 2) {
      next[ends[i]] = ends[i + 1];
      next[ends[i + 1]] = ends[i];
    }
    std::vector<Path> rings;
    std::vector<bool> used(parts.size());
    for (std::size_t first = 0; first < parts.size(); ++first) {
      if (used[first]) continue;
      Path ring;
      auto end = 2 * first;
      do {
        const Path& part = parts[end / 2];
        used[end / 2] = true;
        if (end % 2 == 0)
          ring.insert(ring.end(), part.begin(), part.end());
        else
          ring.insert(ring.end(), part.rbegin(), part.rend());
        end = next[end ^ 1];
      } while (end != 2 * first);
      ring.push_back(ring.front());
      if (ring.size() >= 4) rings.push_back(std::move(ring));
    }
    return rings;
  }

  Depth depth_;
  Pin pin_;
  Along along_;
};

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

std::vector<Path> clip_area(std::vector<Path> rings, const Box& box) {
  std::erase_if(rings, [](const Path& ring) { return ring.size() < 4; });
  if (rings.empty()) return {};
  Box bounds = bounds_of(rings[0]);
  for (const Path& ring : rings) {
    const Box b = bounds_of(ring);
    bounds = {std::min(bounds.min_x, b.min_x), std::min(bounds.min_y, b.min_y),
              std::max(bounds.max_x, b.max_x), std::max(bounds.max_y, b.max_y)};
  }
  if (disjoint(bounds, box)) return {};
  const auto x = [](Mercator p) { return p.x; };
  const auto y = [](Mercator p) { return p.y; };
  const auto at_x = [](double value) { return [value](Mercator p) { return Mercator{value, p.y}; }; };
  const auto at_y = [](double value) { return [value](Mercator p) { return Mercator{p.x, value}; }; };
  if (bounds.min_x < box.min_x)
    rings = BoxEdge([&](Mercator p) { return p.x - box.min_x; }, at_x(box.min_x), y).cut(std::move(rings));
  if (bounds.max_x > box.max_x)
    rings = BoxEdge([&](Mercator p) { return box.max_x - p.x; }, at_x(box.max_x), y).cut(std::move(rings));
  if (bounds.min_y < box.min_y)
    rings = BoxEdge([&](Mercator p) { return p.y - box.min_y; }, at_y(box.min_y), x).cut(std::move(rings));
  if (bounds.max_y > box.max_y)
    rings = BoxEdge([&](Mercator p) { return box.max_y - p.y; }, at_y(box.max_y), x).cut(std::move(rings));
  return rings;
}

}  // namespace jobmap::geo
