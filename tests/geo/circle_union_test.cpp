// Areas against closed forms, against PROJ's geodesic, and against counting random points.
#include "geo/circle_union.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <random>

#include "geo/distance.hpp"
#include "geo/polygon_index.hpp"

namespace jobmap::geo {
namespace {

constexpr double pi = std::numbers::pi;

MultiPolygon box(double w, double s, double e, double n) {
  return {{{{w, s}, {e, s}, {e, n}, {w, n}, {w, s}}}};
}

TEST(CircleUnion, OneCircleIsPiRSquaredAtEveryLatitude) {
  for (const double lat : {-60.0, -1.0, 0.0, 30.25, 47.0, 70.0})
    for (const double r : {50.0, 959.0, 5000.0}) {
      const CircleUnion one({{120.1, lat}}, r);
      EXPECT_NEAR(one.area_m2() / (pi * r * r), 1, 1e-5) << lat << " " << r;
      EXPECT_NEAR(one.area_m2(box(119, lat - 1, 121, lat + 1)), one.area_m2(), 1e-6 * r * r);
      EXPECT_EQ(one.area_m2(box(122, lat - 1, 123, lat + 1)), 0);
    }
}

TEST(CircleUnion, ABoxOfTheGraticuleHasItsAreaOnTheEllipsoid) {
  const double width = distance_m({120, 30.005}, {120.01, 30.005}),
               height = distance_m({120, 30}, {120, 30.01});
  EXPECT_NEAR(area_m2(box(120, 30, 120.01, 30.01)) / (width * height), 1, 1e-7);
}

TEST(CircleUnion, TwoCirclesShareALens) {
  const double r = 1000, d = 700;
  const LonLat a{120.1, 30.2}, b{120.1 + d / distance_m({120.1, 30.2}, {121.1, 30.2}), 30.2};
  const double apart = distance_m(a, b);
  const double lens =
      2 * r * r * std::acos(apart / (2 * r)) - apart / 2 * std::sqrt(4 * r * r - apart * apart);
  const CircleUnion both({a, b}, r);
  EXPECT_NEAR(both.area_m2() / (2 * pi * r * r - lens), 1, 1e-5);
  const CircleUnion same({a, b, a, b, a}, r);
  EXPECT_NEAR(same.area_m2(), both.area_m2(), 1e-3) << "a place named twice is one";
}

TEST(CircleUnion, TheCircleOnAnEdgeIsHalfInside) {
  const CircleUnion circle({{120.0, 30.2}}, 959);
  const double east = circle.area_m2(box(120, 30, 121, 31)), west = circle.area_m2(box(119, 30, 120, 31));
  EXPECT_NEAR(east / west, 1, 1e-9);
  EXPECT_NEAR(east + west, circle.area_m2(), 1e-3);
}

TEST(CircleUnion, AcrossTheAntimeridianItIsAsElsewhere) {
  const std::vector<LonLat> home{{120.003, 30.2}, {119.996, 30.205}, {119.98, 30.21}, {120.05, 30.2}};
  std::vector<LonLat> away;
  for (const auto c : home) away.push_back({c.lon > 120 ? c.lon - 300 : c.lon + 60, c.lat});
  const CircleUnion here(home, 959), there(away, 959);
  EXPECT_NEAR(there.area_m2() / here.area_m2(), 1, 1e-9);
  EXPECT_NEAR(there.area_m2(box(179, 30, 180, 31)) / here.area_m2(box(119, 30, 120, 31)), 1, 1e-9);
  EXPECT_NEAR(there.area_m2(box(-180, 30, -179, 31)) / here.area_m2(box(120, 30, 121, 31)), 1, 1e-9);
  EXPECT_EQ(seen_from_both_edges({179.98, 30}, 959).size(), 1u);
  EXPECT_EQ(seen_from_both_edges({179.995, 30}, 959).at(1).lon, 179.995 - 360);
}

TEST(CircleUnion, AgreesWithCountingPointsInAnAreaWithAHole) {
  constexpr unsigned seed = 959;
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> lon(120.0, 120.2), lat(30.1, 30.25);
  for (int round = 0; round < 5; ++round) {
    SCOPED_TRACE("seed " + std::to_string(seed) + " round " + std::to_string(round));
    std::vector<LonLat> centres;
    for (int i = 0; i < 5 + 25 * round; ++i) centres.push_back({lon(random), lat(random)});
    MultiPolygon area{
        {{{120.02, 30.11},
          {120.19, 30.12},
          {120.15, 30.17},
          {120.18, 30.24},
          {120.03, 30.23},
          {120.02, 30.11}},
         {{120.08, 30.15}, {120.12, 30.15}, {120.12, 30.19}, {120.08, 30.19}, {120.08, 30.15}}}};
    const PolygonIndex index(area);
    std::vector<DistanceFrom> from(centres.begin(), centres.end());
    int in_area = 0, covered = 0;
    constexpr int points = 200'000;
    for (int i = 0; i < points; ++i) {
      const auto p = to_e7({lon(random), lat(random)});
      if (!index.contains(p)) continue;
      ++in_area;
      covered += std::any_of(from.begin(), from.end(), [&](const auto& f) { return f.within(p, 900); });
    }
    const double share = double(covered) / in_area;
    const double sigma = std::sqrt(share * (1 - share) / in_area);
    const CircleUnion circles(centres, 900);
    EXPECT_NEAR(circles.area_m2(area) / area_m2(area), share, 5 * sigma + 1e-4);
    EXPECT_LE(circles.area_m2(area), circles.area_m2());
  }
}

TEST(CircleUnion, PartsAddUpAndAnotherCircleNeverLessens) {
  constexpr unsigned seed = 15;
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> lon(120.0, 120.2), lat(30.1, 30.25);
  std::vector<LonLat> centres;
  double last = 0;
  for (int i = 0; i < 60; ++i) {
    centres.push_back({lon(random), lat(random)});
    const CircleUnion circles(centres, 959);
    const double whole = circles.area_m2(box(119, 30, 121, 31));
    EXPECT_NEAR(whole, circles.area_m2(), 1);
    EXPECT_NEAR(circles.area_m2(box(119, 30, 120.1, 31)) + circles.area_m2(box(120.1, 30, 121, 31)), whole,
                1);
    EXPECT_GE(whole, last - 1e-3);
    last = whole;
  }
}

}  // namespace
}  // namespace jobmap::geo
