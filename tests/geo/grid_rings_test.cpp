// Random rings on a small grid, where they cross and touch at every turn, against GEOS and the even-odd rule.
#include "geo/grid_rings.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "tests/valid_rings.hpp"

namespace jobmap::geo {
namespace {

constexpr unsigned seed = 60;

class Rings {
 public:
  GridRing any(int points, int side) {
    GridRing ring;
    for (int i = 0; i < points; ++i) ring.push_back({pick(side), pick(side)});
    return ring;
  }
  // Round a middle, so that many don't cross themselves.
  GridRing star(int points, int radius, GridPoint middle) {
    GridRing ring;
    for (int i = 0; i < points; ++i) {
      const double angle = 6.283185307 * i / points, r = 1 + pick(radius);
      ring.push_back({middle.x + static_cast<std::int32_t>(std::lround(r * std::cos(angle))),
                      middle.y + static_cast<std::int32_t>(std::lround(r * std::sin(angle)))});
    }
    return ring;
  }
  int pick(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }

 private:
  std::mt19937 random_{seed};
};

double twice_area(const GridRing& ring) {
  double sum = 0;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const auto a = ring[i], b = ring[(i + 1) % ring.size()];
    sum += double(a.x) * b.y - double(b.x) * a.y;
  }
  return sum;
}

TEST(GridRings, SimpleIsWhatGeosCallsValid) {
  Rings rings;
  int simple = 0, other = 0;
  for (int i = 0; i < 20'000; ++i) {
    auto ring = i % 2 ? rings.any(3 + rings.pick(5), 2 + rings.pick(12))
                      : rings.star(3 + rings.pick(20), 3 + rings.pick(40), {0, 0});
    if (twice_area(ring) == 0) continue;
    if (i % 3 == 0) ring.insert(ring.begin() + 1, ring.front());
    if (i % 5 == 0) ring.push_back(ring.front());
    const bool valid = test::geos_reason({ring}).empty();
    ASSERT_EQ(is_simple(ring), valid) << "seed " << seed << ", ring " << i;
    ++(valid ? simple : other);
  }
  EXPECT_GT(simple, 1000);
  EXPECT_GT(other, 1000);
}

struct Place {
  bool in = false;
  double edge = 1e9;  // how far the nearest edge is
};
Place place(const std::vector<GridRing>& rings, double x, double y) {
  Place found;
  for (const auto& ring : rings)
    for (std::size_t i = 0; i < ring.size(); ++i) {
      const auto a = ring[i], b = ring[(i + 1) % ring.size()];
      if ((a.y > y) != (b.y > y) && x < a.x + (y - a.y) / double(b.y - a.y) * (b.x - a.x))
        found.in = !found.in;
      const double dx = b.x - a.x, dy = b.y - a.y, length2 = dx * dx + dy * dy;
      const double t = length2 ? std::clamp(((x - a.x) * dx + (y - a.y) * dy) / length2, 0.0, 1.0) : 0;
      found.edge = std::min(found.edge, std::hypot(a.x + t * dx - x, a.y + t * dy - y));
    }
  return found;
}

TEST(GridRings, WhatIsMendedIsValidAndCoversWhatWasCovered) {
  Rings rings;
  int mended = 0, compared = 0;
  for (int i = 0; i < 900; ++i) {
    std::vector<GridRing> polygon{i % 2 ? rings.any(4 + rings.pick(9), 300)
                                        : rings.star(6 + rings.pick(40), 150, {150, 150})};
    if (i % 4 == 0)
      polygon.push_back(rings.star(3 + rings.pick(9), 40, {150, 150}));  // a hole, or nearly one
    const auto parts = valid_polygons(polygon);
    for (const auto& part : parts)
      ASSERT_EQ(test::geos_reason(part), "") << "seed " << seed << ", polygon " << i;
    const bool was_valid = test::geos_reason(polygon).empty();
    if (was_valid) {
      ASSERT_EQ(parts.size(), 1u);
      for (auto& ring : polygon) ring.erase(std::unique(ring.begin(), ring.end()), ring.end());
      for (auto& ring : polygon)
        while (ring.front() == ring.back()) ring.pop_back();
      ASSERT_TRUE(parts[0] == polygon) << "what is valid stays as it is: seed " << seed << ", polygon " << i;
      continue;
    }
    ++mended;
    for (int k = 0; k < 60; ++k) {
      const double x = rings.pick(3000) / 10.0, y = rings.pick(3000) / 10.0;
      const auto before = place(polygon, x, y);
      if (before.edge < 6) continue;  // rounded, or of a part below a pixel
      bool after = false;
      for (const auto& part : parts) after ^= place(part, x, y).in;
      ASSERT_EQ(after, before.in) << "seed " << seed << ", polygon " << i << " at " << x << ' ' << y;
      ++compared;
    }
  }
  EXPECT_GT(mended, 300);
  EXPECT_GT(compared, 10'000);
}

TEST(GridRings, SeamsSpikesAndNothing) {
  // Two squares joined by a seam along an edge, as cutting to a box leaves them.
  const auto two =
      valid_polygons({{{0, 0}, {10, 0}, {10, 10}, {0, 10}, {0, 30}, {10, 30}, {10, 20}, {0, 20}}});
  ASSERT_EQ(two.size(), 2u);
  for (const auto& part : two) EXPECT_EQ(std::abs(twice_area(part[0])), 200);
  const auto spike = valid_polygons({{{0, 0}, {10, 0}, {20, 0}, {10, 0}, {10, 10}, {0, 10}}});
  ASSERT_EQ(spike.size(), 1u);
  EXPECT_EQ(std::abs(twice_area(spike[0][0])), 200);
  EXPECT_TRUE(valid_polygons({{{0, 0}, {10, 0}, {20, 0}}}).empty());
  EXPECT_TRUE(valid_polygons({{{0, 0}, {0, 0}, {0, 0}}}).empty());
  EXPECT_TRUE(valid_polygons({}).empty());
  // A sliver that crosses itself is less than a pixel.
  EXPECT_TRUE(valid_polygons({{{0, 0}, {8, 1}, {8, 0}, {0, 1}}}).empty());
}

}  // namespace
}  // namespace jobmap::geo
