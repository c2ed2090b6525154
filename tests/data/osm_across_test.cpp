// The lines across an open area, against every pair of corners that a fine sampling finds to see each other.
#include "data/ingest/osm/across.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <random>

#include "geo/polygon_index.hpp"
#include "geo/street_graph.hpp"

namespace jobmap::data::osm {
namespace {

using geo::PointE7;

constexpr PointE7 centre{1'201'500'000, 302'500'000};
PointE7 at(int x, int y) { return {centre.lon + x, centre.lat + y}; }

OpenArea area_of(std::vector<std::vector<PointE7>> rings, const std::vector<std::size_t>& doors) {
  OpenArea area{std::move(rings), {}, {}, {}};
  std::size_t corners = 0;
  for (const auto& ring : area.rings) corners += ring.size();
  area.doors.assign(corners, false);
  for (const auto door : doors) area.doors[door] = true;
  return area;
}
bool has(const std::vector<Line>& lines, std::uint32_t a, std::uint32_t b) {
  return std::any_of(lines.begin(), lines.end(), [&](const Line& l) {
    return l == Line{a, b} || l == Line{b, a};
  });
}

const std::vector<PointE7> square{at(0, 0), at(1000, 0), at(1000, 1000), at(0, 1000)};

TEST(LinesAcross, from_door_to_door) {
  EXPECT_EQ(lines_across(area_of({square}, {0, 2})), (std::vector<Line>{{0, 2}}));
  EXPECT_TRUE(lines_across(area_of({square}, {0, 1})).empty()) << "along the edge there is a street";
  EXPECT_TRUE(lines_across(area_of({square}, {0})).empty());
  EXPECT_TRUE(lines_across(area_of({square}, {})).empty());
}

TEST(LinesAcross, round_a_corner_and_round_a_hole) {
  // An L, whose inner corner is number 3.
  const std::vector<PointE7> l{at(0, 0),     at(2000, 0),   at(2000, 900),
                               at(900, 900), at(900, 2000), at(0, 2000)};
  const auto lines = lines_across(area_of({l}, {2, 4}));
  EXPECT_TRUE(lines.empty()) << "2 and 4 don't see each other, and each lies beside the corner between them";
  const auto far = lines_across(area_of({l}, {1, 5}));
  EXPECT_TRUE(has(far, 1, 3) && has(far, 3, 5));
  EXPECT_FALSE(has(far, 1, 5));

  const std::vector<PointE7> hole{at(400, 400), at(600, 400), at(600, 600), at(400, 600)};
  for (const bool turned : {false, true}) {
    auto ring = hole;
    if (turned) std::reverse(ring.begin(), ring.end());
    const auto round = lines_across(area_of({square, ring}, {0, 2}));
    EXPECT_FALSE(has(round, 0, 2));
    EXPECT_EQ(round.size(), 4u) << "to the two corners beside the way, and on";
  }
  // A second outline in the hole is an area of its own.
  const std::vector<PointE7> island{at(450, 450), at(550, 450), at(550, 550), at(450, 550)};
  const auto apart = lines_across(area_of({square, hole, island}, {0, 8, 10}));
  EXPECT_TRUE(has(apart, 8, 10));
  EXPECT_FALSE(has(apart, 0, 8));
}

TEST(LinesAcross, along_the_edge_and_through_a_point_of_two_outlines) {
  // Corner 1 lies on the straight side from 0 to 2.
  const std::vector<PointE7> flat{at(0, 0), at(500, 0), at(1000, 0), at(1000, 1000), at(0, 1000)};
  EXPECT_TRUE(lines_across(area_of({flat}, {0, 2})).empty()) << "the outline is as short";
  EXPECT_TRUE(has(lines_across(area_of({flat}, {0, 3})), 0, 3));
  // Two halves that meet in one point, as outlines of one area.
  const std::vector<PointE7> left{at(0, 0), at(500, 500), at(0, 1000)},
      right{at(1000, 0), at(1000, 1000), at(500, 500)};
  EXPECT_TRUE(has(lines_across(area_of({left, right}, {0, 4})), 0, 4)) << "through the point where they meet";
}

// Were each of them tried against each, with all between, this would take minutes.
TEST(LinesAcross, many_doors_along_a_straight_side) {
  std::vector<PointE7> ring;
  for (int x = 0; x < 3000; ++x) ring.push_back(at(x, 0));
  ring.push_back(at(3000, 0));
  ring.push_back(at(3000, 1000));
  ring.push_back(at(0, 1000));
  std::vector<std::size_t> doors;
  for (std::size_t i = 0; i < 190; ++i) doors.push_back(i * 15 + 7);
  doors.push_back(ring.size() - 1);
  const auto lines = lines_across(area_of({ring}, doors));
  EXPECT_FALSE(lines.empty());
  for (const Line& l : lines) EXPECT_EQ(l.to, ring.size() - 1) << "the side is a street of its own";
}

TEST(LinesAcross, walls_are_walked_round) {
  auto area = area_of({square}, {0, 1, 2, 3});
  area.walls.push_back({at(500, -10), at(500, 700)});
  auto lines = lines_across(area);
  EXPECT_FALSE(has(lines, 0, 2));
  EXPECT_FALSE(has(lines, 1, 3));
  area.inside.push_back(at(500, 700));  // its free end
  lines = lines_across(area);
  EXPECT_TRUE(has(lines, 0, 4) && has(lines, 4, 2) && has(lines, 1, 4) && has(lines, 4, 3));
  area.walls.push_back({at(500, 700), at(500, 1010)});
  area.inside.clear();
  EXPECT_FALSE(has(lines_across(area), 0, 2)) << "past the joint of two pieces nobody gets";
}

TEST(LinesAcross, too_many_corners) {
  std::vector<PointE7> star;
  std::vector<std::size_t> doors;
  for (int i = 0; i < 1000; ++i) {
    const double a = i * 2 * std::numbers::pi / 1000, r = i % 2 ? 50'000 : 60'000;
    star.push_back(at(static_cast<int>(r * std::cos(a)), static_cast<int>(r * std::sin(a))));
    if (i % 100 == 0) doors.push_back(static_cast<std::size_t>(i));
  }
  const auto lines = lines_across(area_of({star}, doors));
  EXPECT_FALSE(lines.empty());
  for (const Line& l : lines) EXPECT_TRUE(l.from % 100 == 0 && l.to % 100 == 0);
  for (std::size_t i = 0; i < 500; ++i) doors.push_back(i);
  EXPECT_TRUE(lines_across(area_of({star}, doors)).empty());
}

// All shortest ways between the corners of lines, and along the rings.
using Table = std::vector<std::vector<double>>;
Table shortest(const std::vector<PointE7>& corners, const std::vector<std::vector<PointE7>>& rings,
               const std::vector<Line>& lines) {
  const auto n = corners.size();
  const auto scale = geo::local_scale(centre.lat / 1e7);
  Table way(n, std::vector<double>(n, std::numeric_limits<double>::infinity()));
  const auto join = [&](std::size_t a, std::size_t b) {
    way[a][b] = way[b][a] = std::hypot(scale.x * (double(corners[a].lon) - corners[b].lon),
                                       scale.y * (double(corners[a].lat) - corners[b].lat));
  };
  std::size_t first = 0;
  for (const auto& ring : rings) {
    for (std::size_t i = 0; i < ring.size(); ++i) join(first + i, first + (i + 1) % ring.size());
    first += ring.size();
  }
  for (const Line& l : lines) join(l.from, l.to);
  for (std::size_t k = 0; k < n; ++k)
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j) way[i][j] = std::min(way[i][j], way[i][k] + way[k][j]);
  return way;
}

TEST(LinesAcross, are_the_shortest_ways_between_doors) {
  for (unsigned seed = 1; seed <= 60; ++seed) {
    std::mt19937 random(seed);
    const auto star = [&](int n, double least, double most) {
      std::vector<PointE7> ring;
      for (int i = 0; i < n; ++i) {
        const double a = i * 2 * std::numbers::pi / n;
        const double r = std::uniform_real_distribution(least, most)(random);
        ring.push_back(at(static_cast<int>(r * std::cos(a)), static_cast<int>(r * std::sin(a))));
      }
      return ring;
    };
    std::vector<std::vector<PointE7>> rings{star(10, 30'000, 100'000)};
    if (seed % 2) rings.push_back(star(6, 4'000, 14'000));
    std::vector<PointE7> corners;
    geo::Polygon polygon;
    for (const auto& ring : rings) {
      corners.insert(corners.end(), ring.begin(), ring.end());
      auto& drawn = polygon.emplace_back();
      for (const auto p : ring) drawn.push_back(geo::to_lonlat(p));
      drawn.push_back(drawn.front());
    }
    std::vector<std::size_t> doors;
    for (int i = 0; i < 4; ++i) doors.push_back(random() % corners.size());
    const auto lines = lines_across(area_of(rings, doors));
    for (const Line& l : lines) EXPECT_LT(std::max(l.from, l.to), corners.size());

    const geo::PolygonIndex index({polygon});
    std::vector<Line> all;
    for (std::uint32_t i = 0; i < corners.size(); ++i)
      for (std::uint32_t j = i + 1; j < corners.size(); ++j) {
        bool sees = true;
        for (int k = 1; k < 2000 && sees; ++k) {
          const double t = k / 2000.0;
          const PointE7 p{static_cast<std::int32_t>(
                              std::lround(corners[i].lon + t * (double(corners[j].lon) - corners[i].lon))),
                          static_cast<std::int32_t>(
                              std::lround(corners[i].lat + t * (double(corners[j].lat) - corners[i].lat)))};
          sees = index.contains(p) || index.locate(p) == geo::Place::edge;
        }
        if (sees) all.push_back({i, j});
      }
    const auto ours = shortest(corners, rings, lines), best = shortest(corners, rings, all);
    for (const auto a : doors)
      for (const auto b : doors) {
        if (a == b) continue;
        EXPECT_GT(ours[a][b] / best[a][b], 1 - 2e-3);
        EXPECT_LT(ours[a][b] / best[a][b], 1.02 + 2e-3) << "seed " << seed << ": " << a << " to " << b;
      }
  }
}

}  // namespace
}  // namespace jobmap::data::osm
