#include "geo/crs.hpp"

#include <gtest/gtest.h>
#include <proj.h>

#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <thread>

#include "geo/mercator.hpp"

namespace jobmap::geo {
namespace {

constexpr Crs all[] = {Crs::wgs84,    Crs::cgcs2000, Crs::gcj02,    Crs::bd09,
                       Crs::epsg4326, Crs::epsg4490, Crs::epsg3857, Crs::epsg4549};

TEST(Crs, NamesAreReadBackInAnyCase) {
  std::string list;
  for (Crs crs : all) {
    EXPECT_EQ(parse_crs(name_of(crs)), crs);
    list += (list.empty() ? "" : ", ") + std::string(name_of(crs));
  }
  EXPECT_EQ(crs_names(), list);
  EXPECT_EQ(parse_crs("epsg:4549"), Crs::epsg4549);
  EXPECT_EQ(parse_crs("WGS84"), Crs::wgs84);
  for (const char* wrong : {"", "EPSG:4548", "wgs", "wgs84 ", "EPSG:45490"})
    EXPECT_FALSE(parse_crs(wrong)) << wrong;
}

TEST(Crs, KindsOfSystems) {
  for (Crs crs : all) {
    EXPECT_EQ(is_geographic(crs), crs != Crs::epsg3857 && crs != Crs::epsg4549) << name_of(crs);
    const Xy xy = from_wgs84(crs, {120.15937, 30.25698});
    EXPECT_EQ(is_wgs84(crs), xy.x == 120.15937 && xy.y == 30.25698) << name_of(crs);
  }
}

// PROJ's own database against the definition written out in crs.cpp, and against the closed form of Mercator.
TEST(Crs, AgreesWithTheEpsgDatabase) {
  PJ_CONTEXT* context = proj_context_create();
  const auto oracle = [&](const char* from, const char* to) {
    PJ* raw = proj_create_crs_to_crs(context, from, to, nullptr);
    PJ* east_first = proj_normalize_for_visualization(context, raw);
    proj_destroy(raw);
    return east_first;
  };
  PJ* gauss = oracle("EPSG:4490", "EPSG:4549");
  PJ* mercator = oracle("EPSG:4326", "EPSG:3857");
  ASSERT_TRUE(gauss && mercator);
  const unsigned seed = 20260701;
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> lon(117, 123), lat(-85, 85);
  for (int i = 0; i < 2000; ++i) {
    const LonLat p{lon(random), lat(random)};
    for (auto [crs, pj] : {std::pair{Crs::epsg4549, gauss}, {Crs::epsg3857, mercator}}) {
      const PJ_COORD want = proj_trans(pj, PJ_FWD, proj_coord(p.lon, p.lat, 0, 0));
      const Xy got = from_wgs84(crs, p);
      EXPECT_NEAR(got.x, want.xy.x, 1e-6);
      EXPECT_NEAR(got.y, want.xy.y, 1e-6);
    }
  }
  proj_destroy(gauss);
  proj_destroy(mercator);
  proj_context_destroy(context);
}

TEST(Crs, RoundTripIsWithinATenthOfAMillimetre) {
  const unsigned seed = 4549;
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> lon(105, 135), lat(1, 55);  // where all systems are one-to-one
  for (int i = 0; i < 5000; ++i) {
    const LonLat p{lon(random), lat(random)};
    for (Crs crs : all) {
      const Xy xy = from_wgs84(crs, p);
      const auto back = to_wgs84(crs, xy.x, xy.y);
      ASSERT_TRUE(back) << name_of(crs) << ' ' << p.lon << ' ' << p.lat;
      EXPECT_LT(geodesic_distance_m(p, *back), 1e-4) << name_of(crs) << ' ' << p.lon << ' ' << p.lat;
    }
  }
}

TEST(Crs, RefusesWhatLiesOutsideTheSystem) {
  const double nan = std::numeric_limits<double>::quiet_NaN(), inf = std::numeric_limits<double>::infinity();
  for (Crs crs : all) {
    for (double bad : {nan, inf, -inf, 1e300}) {
      EXPECT_FALSE(to_wgs84(crs, bad, 30)) << name_of(crs) << ' ' << bad;
      EXPECT_FALSE(to_wgs84(crs, 120, bad)) << name_of(crs) << ' ' << bad;
    }
  }
  EXPECT_FALSE(to_wgs84(Crs::wgs84, 180.0000001, 0));
  EXPECT_FALSE(to_wgs84(Crs::gcj02, 0, 90.0000001));
  EXPECT_TRUE(to_wgs84(Crs::wgs84, -180, -90));
  EXPECT_TRUE(to_wgs84(Crs::epsg3857, mercator_extent_m, -mercator_extent_m));
  EXPECT_FALSE(to_wgs84(Crs::epsg3857, std::nextafter(mercator_extent_m, inf), 0));
  EXPECT_FALSE(to_wgs84(Crs::epsg4549, 2600000, 0));
}

TEST(Crs, ThreadsHaveTheirOwnTransforms) {
  warm_up();
  const Xy here = from_wgs84(Crs::epsg4549, {120.2, 30.3});
  Xy there;
  std::thread([&] { there = from_wgs84(Crs::epsg4549, {120.2, 30.3}); }).join();
  EXPECT_EQ(here.x, there.x);
  EXPECT_EQ(here.y, there.y);
}

// C. F. F. Karney, "Algorithms for geodesics" (2013), the example of its section 6: JFK to LHR; and two
// closed forms.
TEST(Geodesic, KnownDistances) {
  EXPECT_NEAR(geodesic_distance_m({-73.8, 40.6}, {-0.5, 51.6}), 5551759.400, 0.0005);
  EXPECT_NEAR(geodesic_distance_m({0, 0}, {1, 0}), 6378137.0 * M_PI / 180, 1e-6);  // along the equator
  EXPECT_NEAR(geodesic_distance_m({0, 0}, {0, 90}), 10001965.7293, 0.0005);        // a quarter meridian
  EXPECT_EQ(geodesic_distance_m({120.1, 30.2}, {120.1, 30.2}), 0);
}

}  // namespace
}  // namespace jobmap::geo
