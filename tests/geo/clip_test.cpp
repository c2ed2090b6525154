#include "geo/clip.hpp"

#include <geos_c.h>
#include <gtest/gtest.h>

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
  // Of the part in the box; takes g.
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

TEST(ClipRing, AreaIsThatOfGeosAndInteriorIsKept) {
  const unsigned seed = 43;
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  const Geos geos;
  int compared = 0;
  std::uniform_real_distribution<double> centre(-2, 2), radius(0.2, 3), at(-1, 1);
  for (int round = 0; round < 500; ++round) {
    const Mercator c{centre(random), centre(random)};
    const int n = 3 + round % 60;
    Path ring;
    for (int i = 0; i < n; ++i) {
      const double angle = 2 * M_PI * i / n, r = radius(random);
      ring.push_back({c.x + r * std::cos(angle), c.y + r * std::sin(angle)});
    }
    ring.push_back(ring.front());
    if (!geos.is_valid(ring)) continue;
    ++compared;
    const Path clipped = clip_ring(ring, box);
    EXPECT_TRUE(inside(clipped));
    EXPECT_NEAR(area(clipped), geos.measure_inside(geos.polygon(ring), box, true), 1e-9);
    if (!clipped.empty()) {
      EXPECT_EQ(clipped.front().x, clipped.back().x);
      EXPECT_EQ(clipped.front().y, clipped.back().y);
    }
    for (int i = 0; i < 50; ++i) {
      const Mercator p{at(random), at(random)};
      EXPECT_EQ(even_odd(clipped, p), geos.covers(ring, p));
    }
  }
  EXPECT_GT(compared, 300);
}

TEST(ClipRing, WholeNothingAndTheBoxItself) {
  const Path small{{0, 0}, {0.5, 0}, {0.5, 0.5}, {0, 0}};
  EXPECT_EQ(clip_ring(small, box).size(), small.size());
  EXPECT_TRUE(clip_ring(Path{{2, 2}, {3, 2}, {3, 3}, {2, 2}}, box).empty());
  EXPECT_EQ(area(clip_ring(Path{{-9, -9}, {9, -9}, {9, 9}, {-9, 9}, {-9, -9}}, box)), 4);
  EXPECT_TRUE(clip_ring(Path{}, box).empty());
  EXPECT_EQ(area(clip_ring(Path{{1, -2}, {3, -2}, {3, 2}, {1, 2}, {1, -2}}, box)),
            0);  // shares an edge from outside
}

// Two areas that share a border must share it after the cut too, whichever way each runs along it.
TEST(ClipRing, ASharedBorderIsCutAtTheSamePoints) {
  const Path a{{-0.3, -3}, {0.1, 0.2}, {0.7, 3.3}, {-4, 0}, {-0.3, -3}};
  const Path b{{0.7, 3.3}, {0.1, 0.2}, {-0.3, -3}, {5, 0}, {0.7, 3.3}};
  const Path ca = clip_ring(a, box), cb = clip_ring(b, box);
  EXPECT_NEAR(area(ca) + area(cb), 4, 1e-12);
  int shared = 0;
  for (Mercator p : ca)
    for (Mercator q : cb) shared += p.x == q.x && p.y == q.y && std::abs(p.y) == 1 && std::abs(p.x) < 1;
  EXPECT_GE(shared, 2);
}

}  // namespace
}  // namespace jobmap::geo
