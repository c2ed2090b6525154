#include "geo/isochrone.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "geo/contour.hpp"
#include "geo/distance.hpp"
#include "geo/polygon.hpp"
#include "geo/polygon_index.hpp"
#include "tests/geo/street_map.hpp"
#include "tests/street_grid.hpp"

namespace jobmap::geo {
namespace {

constexpr unsigned seed = 330106;
constexpr auto walk = TravelMode::walk;

double doubled_area(const Ring& r) {
  double sum = 0;
  for (std::size_t i = 0; i + 1 < r.size(); ++i) sum += r[i].lon * r[i + 1].lat - r[i + 1].lon * r[i].lat;
  return sum;
}

void expect_valid(const MultiPolygon& area) {
  EXPECT_EQ(invalid_reason(area, import_limits), std::nullopt);
  for (const auto& polygon : area)
    for (std::size_t i = 0; i < polygon.size(); ++i)
      EXPECT_EQ(doubled_area(polygon[i]) > 0, i == 0) << "right-hand rule";
}

bool covers(const MultiPolygon& area, PointE7 p) {
  return PreparedPolygon(area, import_limits).covers(to_lonlat(p));
}

struct Drawn {
  StreetSearch search;
  Isochrone iso;
  Drawn(const StreetGraph& g, PointE7 from, std::vector<std::uint32_t> cutoffs, double off_street = 250) {
    const Seed home{g.snap(from, walk, off_street), 0};
    search.run(g, walk, {&home, 1}, cutoffs.front());
    iso = draw_isochrone(g, walk, search, cutoffs, off_street);
  }
};

TEST(Contour, of_random_fields_is_valid_and_holds_what_is_inside) {
  std::mt19937 random(seed);
  for (int round = 0; round < 60; ++round) {
    Grid grid{3 + random() % 30, 3 + random() % 30, {}};
    for (std::size_t i = 0; i < grid.columns * grid.rows; ++i) {
      const auto x = i % grid.columns, y = i / grid.columns;
      const bool rim = x == 0 || y == 0 || x + 1 == grid.columns || y + 1 == grid.rows;
      const auto pick = random() % 10;
      grid.value.push_back(rim || pick == 0 ? INFINITY : static_cast<float>(pick));
    }
    const MultiPolygon area = contour(grid, 5);  // values equal to the limit among them
    if (area.empty()) continue;
    expect_valid(area);
    const PreparedPolygon prepared(area, import_limits);
    for (std::size_t y = 0; y < grid.rows; ++y)
      for (std::size_t x = 0; x < grid.columns; ++x)
        EXPECT_EQ(prepared.covers({double(x), double(y)}), grid.at(x, y) <= 5)
            << "seed " << seed << " round " << round << " at " << x << ',' << y;
  }
}

TEST(Isochrone, no_area_crosses_water_without_a_bridge) {
  const StreetMap map(R"(
A---------------------------------------B
|                                       |
|                                       |
|                                       |
C                                       |
                                        |
                                        |
                                        |
                                        |
                                        |
                                        |
                                        |
                                        |
                                        |
                                        |
                                        |
                                        |
                                        |
                                        |
D---------------------------------------E
)",
                      120, 30);
  const auto& g = map.graph();
  const Drawn before(g, map.beside('A', 100, 0), {400'000});
  ASSERT_FALSE(before.iso.areas[0].empty());
  expect_valid(before.iso.areas[0]);
  EXPECT_TRUE(covers(before.iso.areas[0], map.beside('C', 20, 40)));
  EXPECT_FALSE(covers(before.iso.areas[0], map.at('D'))) << "150 m as the crow flies, 900 by the bridge";
  EXPECT_FALSE(covers(before.iso.areas[0], map.beside('D', 100, -20)));
  const Drawn after(g, map.beside('A', 100, 0), {1'000'000});
  EXPECT_TRUE(covers(after.iso.areas[0], map.at('D')));
}

TEST(Isochrone, is_the_places_whose_walk_is_short_enough) {
  const StreetGraph g(street_grid({120.16, 30.25}, 60, 140));
  std::mt19937 random(seed);
  std::uniform_int_distribution<std::int32_t> east(-120'000, 120'000), north(-100'000, 100'000);
  const PointE7 home = to_e7({120.16, 30.25});
  const Drawn drawn(g, home, {1'170'000, 780'000, 390'000});
  const double step = drawn.iso.resolution_m;
  EXPECT_LE(step, 15);
  const auto scale = local_scale(30.25);
  for (std::size_t i = 0; i < 3; ++i) {
    const std::uint32_t cutoff = i == 0 ? 1'170'000 : i == 1 ? 780'000 : 390'000;
    expect_valid(drawn.iso.areas[i]);
    const PreparedPolygon area(drawn.iso.areas[i], import_limits);
    int inside = 0;
    for (int n = 0; n < 3000; ++n) {
      const PointE7 p{home.lon + east(random), home.lat + north(random)};
      const bool drawn_in = area.covers(to_lonlat(p));
      inside += drawn_in;
      // Some place within a step is as the drawing says.
      bool agrees = false;
      for (int dy = -2; dy <= 2 && !agrees; ++dy)
        for (int dx = -2; dx <= 2 && !agrees; ++dx) {
          if (dx * dx + dy * dy > 4) continue;
          const PointE7 q{p.lon + static_cast<std::int32_t>(dx * step / 2 / scale.x),
                          p.lat + static_cast<std::int32_t>(dy * step / 2 / scale.y)};
          const auto way = drawn.search.to(g.snap(q, walk, 250));
          agrees = (way && way->mm <= cutoff) == drawn_in;
        }
      EXPECT_TRUE(agrees) << "seed " << seed << ", cutoff " << cutoff << " at " << p.lon << ',' << p.lat;
    }
    EXPECT_GT(inside, 30);
  }
}

TEST(Isochrone, a_longer_time_holds_a_shorter_one) {
  const StreetGraph g(street_grid({120.16, 30.25}, 60, 90));
  const Drawn drawn(g, to_e7({120.1601, 30.2503}), {1'170'000, 780'000, 390'000});
  for (std::size_t i = 1; i < 3; ++i) {
    const PreparedPolygon larger(drawn.iso.areas[i - 1], import_limits);
    for (const auto& polygon : drawn.iso.areas[i])
      for (const LonLat p : polygon[0]) EXPECT_TRUE(larger.covers(p));
  }
}

TEST(Isochrone, of_nowhere_and_of_no_time) {
  const StreetGraph g(street_grid({120.16, 30.25}, 10, 100));
  const Drawn far(g, to_e7({120.5, 30.25}), {1'170'000});
  EXPECT_TRUE(far.iso.areas[0].empty());
  const Drawn one_step(g, g.node(0), {1});
  EXPECT_EQ(one_step.iso.areas.size(), 1u);
  if (!one_step.iso.areas[0].empty()) expect_valid(one_step.iso.areas[0]);
}

TEST(Isochrone, circles_are_round_and_join) {
  const LonLat a{120.16, 30.25}, b{120.17, 30.25};
  const std::vector<std::uint32_t> cutoffs{1'220'000};
  const std::vector<Centre> one{{a, 0}}, two{{a, 0}, {b, 610'000}};
  const auto circle = draw_circles(one, cutoffs, 1.22);
  ASSERT_EQ(circle.areas[0].size(), 1u);
  for (const LonLat p : circle.areas[0][0][0]) EXPECT_NEAR(distance_m(a, p), 1000, circle.resolution_m);
  const auto joined = draw_circles(two, cutoffs, 1.22);
  EXPECT_EQ(joined.areas[0].size(), 1u);
  expect_valid(joined.areas[0]);
  EXPECT_TRUE(covers(joined.areas[0], to_e7({120.1745, 30.25})));
  EXPECT_FALSE(covers(joined.areas[0], to_e7({120.1757, 30.25}))) << "half the way was spent";
}

}  // namespace
}  // namespace jobmap::geo
