#include "geo/simplify.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace jobmap::geo {
namespace {

bool same(Mercator a, Mercator b) { return a.x == b.x && a.y == b.y; }

double distance(Mercator p, Mercator a, Mercator b) {
  const double dx = b.x - a.x, dy = b.y - a.y, l2 = dx * dx + dy * dy;
  const double t = l2 == 0 ? 0 : std::clamp(((p.x - a.x) * dx + (p.y - a.y) * dy) / l2, 0.0, 1.0);
  return std::hypot(p.x - a.x - t * dx, p.y - a.y - t * dy);
}

// A subset in order with both ends, and each point left out near the segment that replaces it.
void expect_simplified(const Path& line, const Path& out, double tolerance) {
  ASSERT_GE(out.size(), 2u);
  ASSERT_TRUE(same(line.front(), out.front()) && same(line.back(), out.back()));
  std::size_t i = 0;
  for (std::size_t k = 0; k + 1 < out.size(); ++k) {
    ASSERT_TRUE(same(line[i], out[k]));
    for (++i; i < line.size() && !same(line[i], out[k + 1]); ++i)
      ASSERT_LE(distance(line[i], out[k], out[k + 1]), tolerance * (1 + 1e-12));
    ASSERT_LT(i, line.size()) << "not a subset";
  }
}

Path walk(std::mt19937& random, int n) {
  std::uniform_real_distribution<double> turn(-0.8, 0.8);
  Path line{{0, 0}};
  double heading = 0;
  for (int i = 0; i < n; ++i) {
    heading += turn(random);
    line.push_back({line.back().x + std::cos(heading), line.back().y + std::sin(heading)});
  }
  return line;
}

TEST(Simplify, WhatIsLeftOutLiesWithinTheTolerance) {
  const unsigned seed = 51;
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 300; ++round) {
    Path line = walk(random, 2 + round);
    std::size_t before = line.size();
    for (double tolerance : {0.0, 0.1, 1.0, 10.0, 1000.0}) {
      const Path out = simplify_line(line, tolerance);
      expect_simplified(line, out, tolerance);
      EXPECT_LE(out.size(), before);  // a coarser picture never has more points
      before = tolerance == 0.0 ? line.size() : out.size();
    }
    EXPECT_EQ(simplify_line(line, 1000.0).size(), 2u);
    line.push_back(line.front());
    expect_simplified(line, simplify_ring(line, 1.0), 1.0);
  }
}

TEST(Simplify, StraightRunsVanishAndCornersStay) {
  const Path bent{{0, 0}, {1, 0}, {2, 0}, {3, 0}, {3, 1}, {3, 2}};
  const Path out = simplify_line(bent, 0);
  ASSERT_EQ(out.size(), 3u);
  EXPECT_TRUE(same(out[1], {3, 0}));
  const Path square{{0, 0}, {1, 0}, {2, 0}, {2, 2}, {0, 2}, {0, 0}};
  EXPECT_EQ(simplify_ring(square, 0.5).size(), 5u);
  EXPECT_LT(simplify_ring(square, 10).size(), 4u);  // smaller than a pixel
}

TEST(Simplify, DegenerateInput) {
  EXPECT_TRUE(simplify_line({}, 1).empty());
  EXPECT_EQ(simplify_line(Path{{1, 1}}, 1).size(), 1u);
  EXPECT_EQ(simplify_ring(Path{{1, 1}, {1, 1}, {1, 1}, {1, 1}, {1, 1}}, 1).size(), 2u);
}

// The worst case for a recursive version: every split is at the end.
TEST(Simplify, AMillionPointsNeedNoStack) {
  Path line;
  for (int i = 0; i < 1000000; ++i) line.push_back({i * 1.0, i % 2 ? 1.0 : 0.0});
  EXPECT_EQ(simplify_line(line, 2).size(), 2u);
}

}  // namespace
}  // namespace jobmap::geo
