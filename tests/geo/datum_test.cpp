#include "geo/datum.hpp"

#include <gtest/gtest.h>

#include <random>

#include "geo/crs.hpp"

namespace jobmap::geo {
namespace {

void expect_near(LonLat got, LonLat want, double degrees) {
  EXPECT_NEAR(got.lon, want.lon, degrees);
  EXPECT_NEAR(got.lat, want.lat, degrees);
}

// The pair that the README of wandergis/coordtransform publishes, and its two functions applied in turn.
TEST(Datum, ReferencePairsOfCoordtransform) {
  const LonLat beijing{116.404, 39.915};
  expect_near(wgs84_to_gcj02(beijing), {116.41024449916938, 39.91640428150164}, 1e-12);
  expect_near(wgs84_to_bd09(beijing), {116.41662724378733, 39.922699552216216}, 1e-12);
}

// The pairs are from the tests of googollee/eviltransform, which ask for six decimals: Shanghai, Shenzhen, Beijing.
TEST(Datum, ReferencePairsOfEviltransform) {
  const LonLat pairs[][2] = {{{121.5272106, 31.1774276}, {121.531541859215, 31.17530398364597}},
                             {{113.912316, 22.543847}, {113.9171764808363, 22.540796131694766}},
                             {{116.377817, 39.911954}, {116.38404722455657, 39.91334545536069}}};
  for (const auto& [wgs84, gcj02] : pairs) {
    expect_near(wgs84_to_gcj02(wgs84), gcj02, 1e-6);
    expect_near(gcj02_to_wgs84(gcj02), wgs84, 1e-6);
  }
}

// The same README: GCJ-02 116.404, 39.915 is BD-09 116.41036949371029, 39.92133699351021. So both are one
// place.
TEST(Datum, InverseOfBd09) {
  expect_near(bd09_to_wgs84({116.41036949371029, 39.92133699351021}), gcj02_to_wgs84({116.404, 39.915}),
              1e-11);
}

// Half a circle away and plausible on screen: why a datum is never guessed.
TEST(Datum, MovesHangzhouByHalfAKilometreAndByMoreThanOne) {
  for (double lon = 118.4; lon <= 120.7; lon += 0.1) {
    for (double lat = 29.2; lat <= 30.6; lat += 0.1) {
      const LonLat p{lon, lat};
      const double gcj02 = geodesic_distance_m(p, wgs84_to_gcj02(p)),
                   bd09 = geodesic_distance_m(p, wgs84_to_bd09(p));
      EXPECT_GT(gcj02, 350);
      EXPECT_LT(gcj02, 650);
      EXPECT_GT(bd09, 900);
      EXPECT_LT(bd09, 1400);
    }
  }
}

TEST(Datum, RoundTripOverAllChinaIsWithinAMicrometre) {
  const unsigned seed = 2002;
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> lon(72.004, 137.8347), lat(0.8293, 55.8271);
  double worst = 0;
  for (int i = 0; i < 100000; ++i) {
    const LonLat p{lon(random), lat(random)};
    worst = std::max({worst, geodesic_distance_m(p, gcj02_to_wgs84(wgs84_to_gcj02(p))),
                      geodesic_distance_m(p, bd09_to_wgs84(wgs84_to_bd09(p)))});
  }
  EXPECT_LT(worst, 1e-6);
}

// The other way round: what forward gives for the inverse is what was asked for.
TEST(Datum, InverseSolvesForwardExactly) {
  const unsigned seed = 2009;
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> lon(73, 136), lat(3, 54);
  for (int i = 0; i < 20000; ++i) {
    const LonLat q{lon(random), lat(random)};
    expect_near(wgs84_to_gcj02(gcj02_to_wgs84(q)), q, 1e-11);
    expect_near(wgs84_to_bd09(bd09_to_wgs84(q)), q, 1e-11);
  }
}

TEST(Datum, CornersAndTheCuspAt105East) {
  const double shade = 1e-9;  // the last digits of a round trip may fall on the other side of the edge
  for (double lon : {72.004 + shade, 137.8347 - shade, 105.0, 105.0 + 1e-13})
    for (double lat : {0.8293 + shade, 35.0, 55.8271 - shade}) {
      EXPECT_LT(geodesic_distance_m({lon, lat}, gcj02_to_wgs84(wgs84_to_gcj02({lon, lat}))), 1e-6);
      EXPECT_LT(geodesic_distance_m({lon, lat}, bd09_to_wgs84(wgs84_to_bd09({lon, lat}))), 1e-6);
    }
}

TEST(Datum, OutsideChinaNothingMoves) {
  for (LonLat p :
       {LonLat{0, 0}, {-73.8, 40.6}, {139.7, 35.7}, {72.003, 30}, {120, 55.9}, {120, 90}, {-180, -90}}) {
    EXPECT_EQ(wgs84_to_gcj02(p), p);
    EXPECT_EQ(wgs84_to_bd09(p), p);
  }
  for (LonLat p :
       {LonLat{0, 0}, {-73.8, 40.6}, {139.7, 35.7}, {71.9, 30}, {120, 56}, {120, 90}, {-180, -90}}) {
    EXPECT_EQ(gcj02_to_wgs84(p), p);
    EXPECT_EQ(bd09_to_wgs84(p), p);
  }
}

}  // namespace
}  // namespace jobmap::geo
