#include "geo/clip.hpp"

#include <geos_c.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace jobmap::geo {
namespace {

const Box box{-1, -1, 1, 1};

// GEOS, for the length it gives of a line in a box and the area of a ring in it.
class Geos {
 public:
  Geos() : handle_(GEOS_init_r()) {}
  ~Geos() { GEOS_finish_r(handle_); }
  GEOSGeometry* line(std::span<const Mercator> p) const {
    return GEOSGeom_createLineString_r(handle_, points(p));
  }
  GEOSGeometry* polygon(std::span<const Mercator> p) const {
    return GEOSGeom_createPolygon_r(handle_, GEOSGeom_createLinearRing_r(handle_, points(p)), nullptr, 0);
  }
  bool is_valid(std::span<const Mercator> ring) const {
    GEOSGeometry* g = polygon(ring);
    const bool valid = GEOSisValid_r(handle_, g) == 1;
    GEOSGeom_destroy_r(handle_, g);
    return valid;
  }
  // Measures the part in the box; takes ownership of g.
  double measure_inside(GEOSGeometry* g, const Box& b, bool area) const {
    const Path corners{
        {b.min_x, b.min_y}, {b.max_x, b.min_y}, {b.max_x, b.max_y}, {b.min_x, b.max_y}, {b.min_x, b.min_y}};
    GEOSGeometry* frame = polygon(corners);
    GEOSGeometry* part = GEOSIntersection_r(handle_, g, frame);
    double value = -1;
    (area ? GEOSArea_r : GEOSLength_r)(handle_, part, &value);
    for (GEOSGeometry* each : {g, frame, part}) GEOSGeom_destroy_r(handle_, each);
    return value;
  }
  bool covers(std::span<const Mercator> ring, Mercator p) const {
    GEOSGeometry* area = polygon(ring);
    GEOSGeometry* point = GEOSGeom_createPointFromXY_r(handle_, p.x, p.y);
    const bool result = GEOSCovers_r(handle_, area, point) == 1;
    GEOSGeom_destroy_r(handle_, area);
    GEOSGeom_destroy_r(handle_, point);
    return result;
  }

 private:
  GEOSCoordSequence* points(std::span<const Mercator> p) const {
    return GEOSCoordSeq_copyFromBuffer_r(handle_, &p.front().x, static_cast<unsigned>(p.size()), 0, 0);
  }
  GEOSContextHandle_t handle_;
};

double length(const Path& p) {
  double sum = 0;
  for (std::size_t i = 0; i + 1 < p.size(); ++i) sum += std::hypot(p[i + 1].x - p[i].x, p[i + 1].y - p[i].y);
  return sum;
}
double area(const Path& p) {
  double twice = 0;
  for (std::size_t i = 0; i + 1 < p.size(); ++i) twice += p[i].x * p[i + 1].y - p[i + 1].x * p[i].y;
  return std::abs(twice) / 2;
}
bool inside(const Path& p) {
  return std::all_of(p.begin(), p.end(), [](Mercator q) {
    return q.x >= box.min_x && q.x <= box.max_x && q.y >= box.min_y && q.y <= box.max_y;
  });
}
bool even_odd(const Path& ring, Mercator p) {
  bool in = false;
  for (std::size_t i = 0; i + 1 < ring.size(); ++i) {
    const Mercator a = ring[i], b = ring[i + 1];
    if ((a.y > p.y) != (b.y > p.y) && p.x < a.x + (p.y - a.y) / (b.y - a.y) * (b.x - a.x)) in = !in;
  }
  return in;
}

TEST(ClipLine, LengthIsThatOfGeos) {
  const unsigned seed = 41;
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  const Geos geos;
  std::uniform_real_distribution<double> step(-0.7, 0.7);
  for (int round = 0; round < 500; ++round) {
    Path line{{step(random) * 3, step(random) * 3}};
    for (int i = 0; i < 40; ++i) line.push_back({line.back().x + step(random), line.back().y + step(random)});
    double sum = 0;
    for (const Path& piece : clip_line(line, box)) {
      EXPECT_TRUE(inside(piece));
      EXPECT_GE(piece.size(), 2u);
      sum += length(piece);
    }
    EXPECT_NEAR(sum, geos.measure_inside(geos.line(line), box, false), 1e-9);
  }
}

TEST(ClipLine, ComesApartWhereItLeavesAndStaysWholeInside) {
  const Path out_and_in{{0, 0}, {2, 0}, {2, 0.5}, {0, 0.5}};
  const auto pieces = clip_line(out_and_in, box);
  ASSERT_EQ(pieces.size(), 2u);
  EXPECT_EQ(pieces[0].back().x, 1);
  EXPECT_EQ(pieces[1].front().x, 1);
  const Path whole{{-1, -1}, {0.3, 0.1}, {1, 1}};
  ASSERT_EQ(clip_line(whole, box).size(), 1u);
  EXPECT_EQ(length(clip_line(whole, box)[0]), length(whole));
  EXPECT_TRUE(clip_line(Path{{2, 2}, {3, 3}}, box).empty());
  EXPECT_TRUE(clip_line(Path{{0, 2}, {2, 0}}, box).empty());  // touches the corner
  EXPECT_TRUE(clip_line(Path{{0, 0}}, box).empty());
  EXPECT_TRUE(clip_line(Path{}, box).empty());
}

// The rings are simple, and apart or one in the other; the even-odd rule tells holes from outlines.
double area(const std::vector<Path>& rings) {
  double sum = 0;
  for (const Path& ring : rings) {
    std::size_t around = 0;
    for (const Path& other : rings)
      around +=
          &other != &ring && even_odd(other, {(ring[0].x + ring[1].x) / 2, (ring[0].y + ring[1].y) / 2});
    sum += around % 2 ? -area(ring) : area(ring);
  }
  return sum;
}
bool even_odd(const std::vector<Path>& rings, Mercator p) {
  return std::count_if(rings.begin(), rings.end(), [&](const Path& ring) { return even_odd(ring, p); }) % 2;
}
std::vector<Path> clip_area(const Path& ring, const Box& to) {
  return geo::clip_area(std::vector<Path>{ring}, to);
}

TEST(ClipArea, AreaIsThatOfGeosAndInteriorIsKept) {
  const unsigned seed = 43;
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  const Geos geos;
  int compared = 0, apart = 0, with_hole = 0;
  std::uniform_real_distribution<double> centre(-2, 2), radius(0.2, 3), at(-1, 1);
  for (int round = 0; round < 1000; ++round) {
    const Mercator c{centre(random), centre(random)};
    const int n = 3 + round % 60;
    Path ring, hole;
    for (int i = 0; i < n; ++i) {
      const double angle = 2 * M_PI * i / n, r = radius(random), inner = 0.1 + (r - 0.1) * 0.3;
      ring.push_back({c.x + r * std::cos(angle), c.y + r * std::sin(angle)});
      hole.push_back({c.x + inner * std::cos(angle), c.y + inner * std::sin(angle)});
    }
    ring.push_back(ring.front());
    hole.push_back(hole.front());
    if (round % 4 == 0) std::reverse(hole.begin(), hole.end());
    if (!geos.is_valid(ring) || !geos.is_valid(hole)) continue;
    ++compared;
    const bool holed = round % 2;
    const auto clipped = holed ? geo::clip_area(std::vector{ring, hole}, box) : clip_area(ring, box);
    apart += clipped.size() > 1 && !holed;
    with_hole += clipped.size() > 1 && holed;
    for (const Path& part : clipped) {
      EXPECT_TRUE(inside(part));
      EXPECT_TRUE(geos.is_valid(part)) << "round " << round;
      EXPECT_EQ(part.front().x, part.back().x);
      EXPECT_EQ(part.front().y, part.back().y);
    }
    const double expected = geos.measure_inside(geos.polygon(ring), box, true) -
                            (holed ? geos.measure_inside(geos.polygon(hole), box, true) : 0);
    EXPECT_NEAR(area(clipped), expected, 1e-9) << "round " << round;
    for (int i = 0; i < 50; ++i) {
      const Mercator p{at(random), at(random)};
      EXPECT_EQ(even_odd(clipped, p), geos.covers(ring, p) && !(holed && geos.covers(hole, p)));
    }
  }
  EXPECT_GT(compared, 600);
  EXPECT_GT(apart, 50);
  EXPECT_GT(with_hole, 50);
}

TEST(ClipArea, WholeNothingAndTheBoxItself) {
  const Path small{{0, 0}, {0.5, 0}, {0.5, 0.5}, {0, 0}};
  ASSERT_EQ(clip_area(small, box).size(), 1u);
  EXPECT_EQ(clip_area(small, box)[0].size(), small.size());
  EXPECT_TRUE(clip_area(Path{{2, 2}, {3, 2}, {3, 3}, {2, 2}}, box).empty());
  EXPECT_EQ(area(clip_area(Path{{-9, -9}, {9, -9}, {9, 9}, {-9, 9}, {-9, -9}}, box)), 4);
  EXPECT_TRUE(clip_area(Path{}, box).empty());
  EXPECT_EQ(area(clip_area(Path{{1, -2}, {3, -2}, {3, 2}, {1, 2}, {1, -2}}, box)),
            0);  // shares an edge from outside
}

// A comb whose back lies outside: each tooth is an area of its own.
TEST(ClipArea, ComesApartWithoutSeams) {
  const Path comb{{-0.8, 0}, {-0.8, 2}, {0.8, 2},    {0.8, 0},    {0.4, 0},  {0.4, 1.5}, {0.2, 1.5},
                  {0.2, 0},  {-0.2, 0}, {-0.2, 1.5}, {-0.4, 1.5}, {-0.4, 0}, {-0.8, 0}};
  const auto teeth = clip_area(comb, box);
  ASSERT_EQ(teeth.size(), 3u);
  for (const Path& tooth : teeth) EXPECT_NEAR(area(tooth), 0.4, 1e-12);
}

// Two areas that share a border must share it after the cut too, whichever way each runs along it.
TEST(ClipArea, ASharedBorderIsCutAtTheSamePoints) {
  const Path a{{-0.3, -3}, {0.1, 0.2}, {0.7, 3.3}, {-4, 0}, {-0.3, -3}};
  const Path b{{0.7, 3.3}, {0.1, 0.2}, {-0.3, -3}, {5, 0}, {0.7, 3.3}};
  const auto ca = clip_area(a, box), cb = clip_area(b, box);
  EXPECT_NEAR(area(ca) + area(cb), 4, 1e-12);
  ASSERT_TRUE(ca.size() == 1 && cb.size() == 1);
  int shared = 0;
  for (Mercator p : ca[0])
    for (Mercator q : cb[0]) shared += p.x == q.x && p.y == q.y && std::abs(p.y) == 1 && std::abs(p.x) < 1;
  EXPECT_GE(shared, 2);
}

}  // namespace
}  // namespace jobmap::geo
