#include "geo/polygon_index.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "geo/polygon.hpp"

namespace jobmap::geo {
namespace {

// A grid of 1/128 degree is exact both in binary (for GEOS) and in 1e-7 degree (for the index), so the oracle
// can be asked about points on edges and vertices.
constexpr double step = 1.0 / 128;
double snap(double v) { return std::round(v / step) * step; }

Ring star(std::mt19937& random, LonLat centre, double r_min, double r_max, int n) {
  std::uniform_real_distribution<double> radius(r_min, r_max);
  Ring ring;
  for (int i = 0; i < n; ++i) {
    const double angle = 2 * M_PI * i / n, r = radius(random);
    ring.push_back({snap(centre.lon + r * std::cos(angle)), snap(centre.lat + r * std::sin(angle))});
  }
  ring.push_back(ring.front());
  return ring;
}

TEST(PolygonIndex, AgreesWithGeosOnValidAreasAndTheirEdges) {
  const unsigned seed = 77;
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  int areas = 0, inside = 0;
  for (int round = 0; round < 200; ++round) {
    const LonLat centre{snap(std::uniform_real_distribution<double>(-170, 170)(random)),
                        snap(std::uniform_real_distribution<double>(-80, 80)(random))};
    const int n = std::uniform_int_distribution<int>(3, 200)(random);
    const MultiPolygon area{{star(random, centre, 2, 4, n), star(random, centre, 0.2, 1.5, 12)},
                            {star(random, {centre.lon, centre.lat + 6}, 0.5, 1.5, 7)}};
    if (invalid_reason(area)) continue;
    ++areas;
    const PreparedPolygon oracle(area);
    const PolygonIndex index(area);
    std::vector<LonLat> points;
    for (const auto& polygon : area)
      for (const auto& ring : polygon)
        for (std::size_t i = 0; i + 1 < ring.size(); ++i) {
          points.push_back(ring[i]);
          points.push_back({(ring[i].lon + ring[i + 1].lon) / 2, (ring[i].lat + ring[i + 1].lat) / 2});
        }
    std::uniform_real_distribution<double> x(-5, 5), y(-5, 9);
    for (int i = 0; i < 500; ++i)
      points.push_back({snap(centre.lon + x(random)), snap(centre.lat + y(random))});
    for (LonLat p : points) {
      if (to_lonlat(to_e7(p)) != p) continue;  // the middle of an edge that lies off the grid
      EXPECT_EQ(index.contains(to_e7(p)), oracle.covers(p)) << p.lon << ' ' << p.lat;
      inside += oracle.covers(p);
    }
  }
  EXPECT_GT(areas, 100);
  EXPECT_GT(inside, 10000);
}

// The rule itself, edge by edge in 128 bits.
bool even_odd(const MultiPolygon& area, PointE7 p) {
  __extension__ using Wide = __int128;
  bool inside = false;
  for (const auto& polygon : area)
    for (const auto& ring : polygon)
      for (std::size_t i = 0; i + 1 < ring.size(); ++i) {
        const PointE7 a = to_e7(ring[i]), b = to_e7(ring[i + 1]);
        const Wide cross =
            (Wide{b.lon} - a.lon) * (Wide{p.lat} - a.lat) - (Wide{b.lat} - a.lat) * (Wide{p.lon} - a.lon);
        const bool in_box = p.lon >= std::min(a.lon, b.lon) && p.lon <= std::max(a.lon, b.lon) &&
                            p.lat >= std::min(a.lat, b.lat) && p.lat <= std::max(a.lat, b.lat);
        if (cross == 0 && in_box) return true;
        if ((a.lat > p.lat) != (b.lat > p.lat) && (cross > 0) == (b.lat > a.lat)) inside = !inside;
      }
  return inside;
}

MultiPolygon scribble(std::mt19937& random, int n, double width, double height) {
  std::uniform_real_distribution<double> x(-width, width), y(-height, height);
  Ring ring;
  for (int i = 0; i < n; ++i) ring.push_back({x(random), y(random)});
  ring.push_back(ring.front());
  return {{ring}};
}

TEST(PolygonIndex, SelfCrossingRingsAreEvenOddUpToTheEdgesOfTheWorld) {
  const unsigned seed = 99;
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  for (int n : {3, 4, 10, 100, 1000}) {
    for (double scale : {1e-5, 1.0}) {
      const MultiPolygon area = scribble(random, n, 180 * scale, 90 * scale);
      const PolygonIndex index(area);
      std::uniform_real_distribution<double> x(-180 * scale, 180 * scale), y(-90 * scale, 90 * scale);
      for (int i = 0; i < 2000; ++i) {
        const PointE7 p = to_e7({x(random), y(random)});
        ASSERT_EQ(index.contains(p), even_odd(area, p)) << n << ' ' << p.lon << ' ' << p.lat;
      }
      for (LonLat v : area[0][0]) EXPECT_TRUE(index.contains(to_e7(v)));
    }
  }
}

TEST(PolygonIndex, RelateIsTrueOfEveryPointOfTheBox) {
  const unsigned seed = 5;
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  int seen[3] = {0, 0, 0};
  for (int round = 0; round < 20; ++round) {
    const MultiPolygon area = scribble(random, 3 + round, 1e-5, 1e-5);  // 200 x 200 points of the grid
    const PolygonIndex index(area);
    std::uniform_int_distribution<int> at(-120, 120), size(0, 40);
    for (int i = 0; i < 400; ++i) {
      const int x = at(random), y = at(random);
      const BoxE7 box{x, y, x + size(random), y + size(random)};
      const Relation r = index.relate(box);
      ++seen[static_cast<int>(r)];
      if (r == Relation::partly) continue;
      for (int lon = box.min_lon; lon <= box.max_lon; ++lon)
        for (int lat = box.min_lat; lat <= box.max_lat; ++lat)
          ASSERT_EQ(even_odd(area, {lon, lat}), r == Relation::inside) << lon << ' ' << lat;
    }
  }
  for (int count : seen) EXPECT_GT(count, 50);
}

TEST(PolygonIndex, ABoxOfOnePointIsPartlyInsideOnlyOnTheEdge) {
  const PolygonIndex index(
      {{{{0, 0}, {4, 0}, {4, 4}, {0, 4}, {0, 0}}, {{1, 1}, {1, 2}, {2, 2}, {2, 1}, {1, 1}}}});
  const auto at = [&](double lon, double lat) {
    const PointE7 p = to_e7({lon, lat});
    return index.relate({p.lon, p.lat, p.lon, p.lat});
  };
  EXPECT_EQ(at(3, 3), Relation::inside);
  EXPECT_EQ(at(1.5, 1.5), Relation::outside);
  EXPECT_EQ(at(4, 1), Relation::partly);
  EXPECT_EQ(at(1, 1.5), Relation::partly);
  EXPECT_EQ(at(4.0000001, 1), Relation::outside);
  EXPECT_EQ(index.bounds(), (BoxE7{0, 0, 40000000, 40000000}));
}

TEST(PolygonIndex, NothingIsInsideAnAreaWithoutEdges) {
  for (const MultiPolygon& area :
       {MultiPolygon{}, MultiPolygon{{}}, MultiPolygon{{{}}}, MultiPolygon{{{{1, 1}}}}}) {
    const PolygonIndex index(area);
    EXPECT_TRUE(index.empty());
    EXPECT_FALSE(index.contains({10000000, 10000000}));
    EXPECT_EQ(index.relate({-1800000000, -900000000, 1800000000, 900000000}), Relation::outside);
  }
}

}  // namespace
}  // namespace jobmap::geo
