#include "geo/simplify.hpp"

#include <algorithm>
#include <utility>

namespace jobmap::geo {
namespace {

double squared(Mercator a, Mercator b) { return (a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y); }

// Squared distance of p to the segment from a to b.
double squared_distance(Mercator p, Mercator a, Mercator b) {
  const double dx = b.x - a.x, dy = b.y - a.y, length2 = dx * dx + dy * dy;
  if (length2 == 0) return squared(p, a);
  const double t = std::clamp(((p.x - a.x) * dx + (p.y - a.y) * dy) / length2, 0.0, 1.0);
  return squared(p, {a.x + t * dx, a.y + t * dy});
}

// Marks the points to keep strictly between two that are kept.
void mark(std::span<const Mercator> line, std::size_t from, std::size_t to, double tolerance2,
          std::vector<bool>& keep) {
  std::vector<std::pair<std::size_t, std::size_t>> open{{from, to}};
  while (!open.empty()) {
    const auto [first, last] = open.back();
    open.pop_back();
    double worst = tolerance2;
    std::size_t split = 0;
    for (std::size_t i = first + 1; i < last; ++i) {
      const double d = squared_distance(line[i], line[first], line[last]);
      if (d > worst) worst = d, split = i;
    }
    if (split == 0) continue;
    keep[split] = true;
    open.emplace_back(first, split);
    open.emplace_back(split, last);
  }
}

Path kept(std::span<const Mercator> line, const std::vector<bool>& keep) {
  Path out;
  for (std::size_t i = 0; i < line.size(); ++i)
    if (keep[i]) out.push_back(line[i]);
  return out;
}

}  // namespace

Path simplify_line(std::span<const Mercator> line, double tolerance) {
  if (line.size() < 3) return {line.begin(), line.end()};
  std::vector<bool> keep(line.size());
  keep.front() = keep.back() = true;
  mark(line, 0, line.size() - 1, tolerance * tolerance, keep);
  return kept(line, keep);
}

Path simplify_ring(std::span<const Mercator> ring, double tolerance) {
  if (ring.size() < 4) return {ring.begin(), ring.end()};
  std::size_t farthest = 0;
  for (std::size_t i = 1; i < ring.size(); ++i)
    if (squared(ring[i], ring[0]) > squared(ring[farthest], ring[0])) farthest = i;
  std::vector<bool> keep(ring.size());
  keep.front() = keep.back() = true;
  if (farthest > 0) {
    keep[farthest] = true;
    mark(ring, 0, farthest, tolerance * tolerance, keep);
    mark(ring, farthest, ring.size() - 1, tolerance * tolerance, keep);
  }
  return kept(ring, keep);
}

}  // namespace jobmap::geo
