#include "geo/antimeridian.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "geo/circle_union.hpp"
#include "geo/polygon.hpp"
#include "geo/polygon_index.hpp"

namespace jobmap::geo {
namespace {

TEST(Antimeridian, WhatReachesBeyondItIsCutAndNothingIsLost) {
  for (const double lon : {179.995, -179.995, 180.0, -180.0}) {
    const MultiPolygon circle{{disc_ring({lon, -17}, 2000, 64)}};
    const auto parts = cut_at_antimeridian(circle);
    EXPECT_EQ(parts.size(), 2u);
    double area = 0;
    for (const auto& polygon : parts) {
      EXPECT_FALSE(invalid_reason({polygon})) << lon;
      area += area_m2({polygon});
      for (const auto p : polygon.front()) EXPECT_LE(std::abs(p.lon), 180);
    }
    EXPECT_NEAR(area / area_m2(circle), 1, 1e-6);
    const PolygonIndex index(parts);
    EXPECT_TRUE(index.contains(to_e7({179.999, -17})));
    EXPECT_TRUE(index.contains(to_e7({-179.999, -17})));
  }
}

TEST(Antimeridian, WhatLiesInsideStaysAsItIs) {
  const MultiPolygon circle{{disc_ring({120, 30}, 2000, 64)}};
  EXPECT_EQ(cut_at_antimeridian(circle), circle);
  EXPECT_TRUE(cut_at_antimeridian({}).empty());
}

TEST(Antimeridian, PlacesAreSeenTheShorterWay) {
  EXPECT_EQ(longitude_seen_from(179, -179), 181);
  EXPECT_EQ(longitude_seen_from(-179, 179), -181);
  EXPECT_EQ(longitude_seen_from(120, 121), 121);
}

}  // namespace
}  // namespace jobmap::geo
