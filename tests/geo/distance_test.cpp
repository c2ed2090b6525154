#include "geo/distance.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numbers>
#include <random>

#include "geo/crs.hpp"

namespace jobmap::geo {
namespace {

struct Case {
  LonLat origin;
  PointE7 point;
  double geodesic;
};

// Pairs up to 58 km apart at every latitude a person lives at, and across the antimeridian.
std::vector<Case> cases() {
  std::mt19937_64 random(4549);
  auto uniform = [&](double a, double b) { return std::uniform_real_distribution<double>(a, b)(random); };
  std::vector<Case> out;
  while (out.size() < 100'000) {
    const LonLat origin{uniform(-180, 180), uniform(-78, 78)};
    const double metres = std::exp(uniform(0, std::log(58'000))), bearing = uniform(0, 2 * std::numbers::pi);
    LonLat p{
        origin.lon + metres * std::sin(bearing) / 111'320 / std::cos(origin.lat * std::numbers::pi / 180),
        origin.lat + metres * std::cos(bearing) / 110'900};
    if (p.lon > 180) p.lon -= 360;
    if (p.lon < -180) p.lon += 360;
    const auto e7 = to_e7(p);
    out.push_back({origin, e7, geodesic_distance_m(origin, to_lonlat(e7))});
  }
  // One in fifty across the antimeridian, or at it.
  for (std::size_t i = 0; i < out.size(); i += 50) {
    auto& c = out[i];
    const double by = 180 - c.origin.lon + (i % 100 ? 0.001 : 0);
    const auto moved = [&](double lon) { return lon + by > 180 ? lon + by - 360 : lon + by; };
    c.origin.lon = moved(c.origin.lon);
    c.point = to_e7({moved(to_lonlat(c.point).lon), to_lonlat(c.point).lat});
    c.geodesic = geodesic_distance_m(c.origin, to_lonlat(c.point));
  }
  return out;
}

TEST(Distance, StaysWithinFiveMillimetresOfTheGeodesic) {
  for (const auto& c : cases())
    ASSERT_NEAR(DistanceFrom(c.origin).metres(c.point), c.geodesic, 0.005) << c.origin.lat;
}

TEST(Distance, EstimateStaysWithinItsSlack) {
  for (const auto& c : cases()) {
    const DistanceFrom from(c.origin);
    float squared = 0;
    from.squared(&c.point.lon, &c.point.lat, 1, &squared);
    ASSERT_LE(std::abs(std::sqrt(static_cast<double>(squared)) - c.geodesic), from.slack_m(c.geodesic))
        << c.origin.lat;
  }
}

TEST(Distance, BoundsHoldForEveryPointOfABox) {
  std::mt19937_64 random(1);
  for (const auto& c : cases()) {
    const auto wide = [&] {
      return static_cast<std::int32_t>(random() % (random() % 2 ? 1'000'000 : 100'000'000));
    };
    const auto low = [](std::int64_t v, std::int64_t limit) {
      return static_cast<std::int32_t>(std::max(v, -limit));
    };
    const auto high = [](std::int64_t v, std::int64_t limit) {
      return static_cast<std::int32_t>(std::min(v, limit));
    };
    const BoxE7 box{low(std::int64_t{c.point.lon} - wide(), 1'800'000'000),
                    low(std::int64_t{c.point.lat} - wide(), 900'000'000),
                    high(std::int64_t{c.point.lon} + wide(), 1'800'000'000),
                    high(std::int64_t{c.point.lat} + wide(), 900'000'000)};
    const DistanceFrom from(c.origin);
    ASSERT_LE(from.at_least_m(box), c.geodesic);
    ASSERT_GE(from.at_most_m(box), c.geodesic);
    // A circle that just misses the point can't hold the whole box; one that just reaches it can't miss the
    // box.
    ASSERT_NE(from.relate(box, c.geodesic - 1e-6), Relation::inside);
    ASSERT_NE(from.relate(box, c.geodesic), Relation::outside);
    float least2 = 0, most2 = 0;
    from.bounds(&box, 1, &least2, &most2);
    ASSERT_LE(least2, DistanceFrom::beyond2(c.geodesic));
    ASSERT_GE(most2, DistanceFrom::inside2(c.geodesic));
  }
}

// Sixteen at once are what they are one by one, and prune nearly as well as relate() does.
TEST(Distance, BoundsOfManyBoxesPruneAsRelateDoes) {
  std::mt19937_64 random(2);
  std::vector<BoxE7> boxes(16);
  std::size_t decided = 0, decided_at_once = 0;
  for (const auto& c : cases()) {
    const auto step = [&](std::int32_t most) { return static_cast<std::int32_t>(random() % most); };
    for (auto& box : boxes) {
      const std::int32_t lon =
          std::clamp(c.point.lon, -1'700'000'000, 1'700'000'000) + step(100'000) - 50'000;
      const std::int32_t lat = c.point.lat + step(100'000) - 50'000;
      box = {lon, lat, lon + step(50'000), lat + step(50'000)};
    }
    const DistanceFrom from(c.origin);
    float least2[16], most2[16], one[2];
    from.bounds(boxes.data(), boxes.size(), least2, most2);
    for (std::size_t i = 0; i < boxes.size(); ++i) {
      from.bounds(&boxes[i], 1, &one[0], &one[1]);
      ASSERT_NEAR(least2[i], one[0], 1e-5f * one[0]);
      ASSERT_TRUE(most2[i] == one[1] || std::abs(most2[i] / one[1] - 1) < 1e-5f);
      const bool outside = least2[i] > DistanceFrom::beyond2(c.geodesic),
                 inside = most2[i] < DistanceFrom::inside2(c.geodesic);
      ASSERT_FALSE(outside && inside);
      decided_at_once += outside || inside;
      decided += from.relate(boxes[i], c.geodesic) != Relation::partly;
    }
  }
  EXPECT_GE(decided_at_once * 100, decided * 98);
}

TEST(Distance, WithinIsDecidedByTheGeodesic) {
  for (const auto& c : cases()) {
    const DistanceFrom from(c.origin);
    ASSERT_TRUE(from.within(c.point, c.geodesic));
    ASSERT_FALSE(from.within(c.point, c.geodesic - 1e-6));
  }
}

}  // namespace
}  // namespace jobmap::geo
