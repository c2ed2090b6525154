#include "geo/box_meets.hpp"

#include <algorithm>

namespace jobmap::geo {
namespace {

// Narrows [t0, t1], the part of a segment between two parallel edges; false where nothing is left.
bool narrow(double start, double step, double low, double high, double& t0, double& t1) {
  if (step == 0) return start >= low && start <= high;
  const double a = (low - start) / step, b = (high - start) / step;
  t0 = std::max(t0, std::min(a, b));
  t1 = std::min(t1, std::max(a, b));
  return t0 <= t1;
}

bool segment_meets(const Box& box, Xy a, Xy b) {
  double t0 = 0, t1 = 1;
  return narrow(a.x, b.x - a.x, box.min_x, box.max_x, t0, t1) &&
         narrow(a.y, b.y - a.y, box.min_y, box.max_y, t0, t1);
}

// Whether an even number of edges lies to the east of it.
bool is_outside(std::span<const std::vector<Xy>> rings, Xy p) {
  bool outside = true;
  for (const auto& ring : rings)
    for (std::size_t i = 1; i < ring.size(); ++i) {
      const Xy a = ring[i - 1], b = ring[i];
      if ((a.y > p.y) == (b.y > p.y)) continue;
      if (p.x < a.x + (p.y - a.y) / (b.y - a.y) * (b.x - a.x)) outside = !outside;
    }
  return outside;
}

}  // namespace

bool line_meets(const Box& box, std::span<const Xy> line) {
  if (line.size() == 1) return segment_meets(box, line[0], line[0]);
  for (std::size_t i = 1; i < line.size(); ++i)
    if (segment_meets(box, line[i - 1], line[i])) return true;
  return false;
}

bool area_meets(const Box& box, std::span<const std::vector<Xy>> rings) {
  for (const auto& ring : rings)
    if (line_meets(box, ring)) return true;
  // No edge enters the box, so it lies inside or outside as a whole.
  return !is_outside(rings, {box.min_x, box.min_y});
}

}  // namespace jobmap::geo
