#include "geo/rtree.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <random>
#include <tuple>

#include "geo/distance.hpp"
#include "geo/hilbert.hpp"
#include "geo/rtree_walk.hpp"

namespace jobmap::geo {
namespace {

constexpr unsigned seed = 330106;

// Clusters, a thin spread, and places shared by many: what a city's jobs look like.
std::vector<PointE7> city(std::size_t n, std::mt19937_64& random) {
  std::normal_distribution<double> cluster(0, 0.01);
  std::uniform_real_distribution<double> lon(118.3, 120.9), lat(29.2, 30.6);
  std::vector<PointE7> points, centres;
  for (int i = 0; i < 40; ++i) centres.push_back(to_e7({lon(random), lat(random)}));
  while (points.size() < n) {
    const auto pick = random() % 10;
    if (pick == 0)
      points.push_back(to_e7({lon(random), lat(random)}));
    else if (pick == 1 && !points.empty())
      points.push_back(points[random() % points.size()]);
    else {
      const auto c = to_lonlat(centres[random() % centres.size()]);
      points.push_back(to_e7({c.lon + cluster(random), c.lat + cluster(random)}));
    }
  }
  return points;
}

std::vector<std::uint32_t> rows_in(const RTree& tree, const BoxE7& box) {
  std::vector<std::uint32_t> rows;
  tree.walk(
      [&](const BoxE7& node) {
        if (box.contains(node)) return Relation::inside;
        return box.intersects(node) ? Relation::partly : Relation::outside;
      },
      [&](std::uint32_t begin, std::uint32_t end, bool inside) {
        for (auto row = begin; row < end; ++row)
          if (inside || box.contains(tree.point(row))) rows.push_back(row);
      });
  return rows;
}

TEST(RTree, IsAPermutationInHilbertOrder) {
  std::mt19937_64 random(seed);
  for (const std::size_t n : {0, 1, 15, 16, 17, 255, 256, 257, 4097, 20'000}) {
    const auto points = city(n, random);
    const auto tree = RTree::build(points);
    ASSERT_EQ(tree.size(), n);
    std::vector<bool> seen(n);
    std::uint64_t before = 0;
    for (std::uint32_t row = 0; row < n; ++row) {
      ASSERT_EQ(tree.point(row), points[tree.order()[row]]);
      ASSERT_FALSE(seen[tree.order()[row]]);
      seen[tree.order()[row]] = true;
      const auto key = hilbert_key(to_grid(tree.point(row)));
      ASSERT_LE(before, key);
      if (row > 0 && before == key) {
        ASSERT_LT(tree.order()[row - 1], tree.order()[row]);
      }  // stable
      before = key;
    }
  }
}

TEST(RTree, BoxesAgreeWithBruteForceOver100000Queries) {
  std::mt19937_64 random(seed);
  std::uint64_t found = 0;
  for (int round = 0; round < 100; ++round) {
    const auto tree = RTree::build(city(1 + random() % 2000, random));
    for (int q = 0; q < 1000; ++q) {
      const auto a = tree.point(static_cast<std::uint32_t>(random() % tree.size())),
                 b = tree.point(static_cast<std::uint32_t>(random() % tree.size()));
      const BoxE7 box{std::min(a.lon, b.lon), std::min(a.lat, b.lat), std::max(a.lon, b.lon),
                      std::max(a.lat, b.lat)};
      std::size_t expected = 0;
      for (std::uint32_t row = 0; row < tree.size(); ++row) expected += box.contains(tree.point(row));
      const auto rows = rows_in(tree, box);
      ASSERT_TRUE(std::is_sorted(rows.begin(), rows.end()));
      ASSERT_EQ(rows.size(), expected) << "seed " << seed << " round " << round << " query " << q;
      found += rows.size();
    }
  }
  ASSERT_GT(found, 1'000'000u);
}

TEST(RTree, WalkingChildrenAtOnceTakesTheSameRanges) {
  using Taken = std::vector<std::tuple<std::uint32_t, std::uint32_t, bool>>;
  std::mt19937_64 random(seed + 3);
  for (int round = 0; round < 30; ++round) {
    const auto tree = RTree::build(city(1 + random() % 9000, random));
    for (int q = 0; q < 100; ++q) {
      const auto row = [&] { return static_cast<std::uint32_t>(random() % (tree.size() + 1ull)); };
      const DistanceFrom from(to_lonlat(tree.point(row() % tree.size())));
      const double radius = std::pow(10.0, std::uniform_real_distribution<double>(0, 5)(random));
      const auto a = row(), b = row(), begin = q % 2 ? std::min(a, b) : 0,
                 end = q % 2 ? std::max(a, b) : tree.size();
      Taken one_by_one, at_once;
      tree.walk_rows(
          begin, end, [&](const BoxE7& box) { return from.relate(box, radius); },
          [&](auto... range) { one_by_one.emplace_back(range...); });
      walk_children(
          tree, begin, end,
          [&](const BoxE7* boxes, unsigned n) {
            Children children;
            for (unsigned i = 0; i < n; ++i) {
              const auto r = from.relate(boxes[i], radius);
              (r == Relation::inside ? children.inside : children.touched) |=
                  r == Relation::outside ? 0u : 1u << i;
            }
            return children;
          },
          [&](auto... range) { at_once.emplace_back(range...); });
      ASSERT_EQ(one_by_one, at_once) << "seed " << seed + 3 << " round " << round;
    }
  }
}

TEST(RTree, RadiusAgreesWithBruteForce) {
  std::mt19937_64 random(seed + 1);
  for (int round = 0; round < 20; ++round) {
    const auto tree = RTree::build(city(3000, random));
    for (int q = 0; q < 50; ++q) {
      const DistanceFrom from(to_lonlat(tree.point(static_cast<std::uint32_t>(random() % tree.size()))));
      const double radius = std::pow(10.0, std::uniform_real_distribution<double>(0, 4.7)(random));
      std::size_t expected = 0, actual = 0;
      for (std::uint32_t row = 0; row < tree.size(); ++row) expected += from.within(tree.point(row), radius);
      tree.walk([&](const BoxE7& b) { return from.relate(b, radius); },
                [&](std::uint32_t begin, std::uint32_t end, bool inside) {
                  for (auto row = begin; row < end; ++row)
                    actual += inside || from.within(tree.point(row), radius);
                });
      ASSERT_EQ(actual, expected) << "radius " << radius;
    }
  }
}

TEST(RTree, NearestAgreesWithSorting) {
  std::mt19937_64 random(seed + 2);
  for (int round = 0; round < 50; ++round) {
    const auto tree = RTree::build(city(2000, random));
    const DistanceFrom from(to_lonlat(tree.point(static_cast<std::uint32_t>(random() % tree.size()))));
    constexpr std::size_t k = 50;
    std::vector<double> all;
    for (std::uint32_t row = 0; row < tree.size(); ++row)
      if (row % 3 == 0) all.push_back(from.metres(tree.point(row)));  // a filter
    std::sort(all.begin(), all.end());
    all.resize(k);
    std::vector<double> best;
    tree.nearest([&](const BoxE7& b) { return from.at_least_m(b); },
                 [&] { return best.size() < k ? 1e9 : best.back(); },
                 [&](std::uint32_t begin, std::uint32_t end) {
                   for (auto row = begin; row < end; ++row) {
                     if (row % 3) continue;
                     const double d = from.metres(tree.point(row));
                     best.insert(std::upper_bound(best.begin(), best.end(), d), d);
                     if (best.size() > k) best.pop_back();
                   }
                 });
    ASSERT_EQ(best, all);
  }
}

// A walk of some rows is the walk of all, cut to them.
TEST(RTree, AWalkOfARangeIsPartOfTheWhole) {
  std::mt19937_64 random(seed + 3);
  const auto tree = RTree::build(city(5000, random));
  for (int q = 0; q < 300; ++q) {
    auto begin = static_cast<std::uint32_t>(random() % 5001),
         end = static_cast<std::uint32_t>(random() % 5001);
    if (begin > end) std::swap(begin, end);
    const DistanceFrom from(to_lonlat(tree.point(static_cast<std::uint32_t>(random() % tree.size()))));
    std::vector<std::uint32_t> expected, actual;
    const auto look = [&](std::uint32_t first, std::uint32_t last, bool inside, auto& rows) {
      for (auto row = first; row < last; ++row)
        if (inside || from.within(tree.point(row), 2000)) rows.push_back(row);
    };
    const auto relate = [&](const BoxE7& b) { return from.relate(b, 2000); };
    tree.walk(relate, [&](std::uint32_t first, std::uint32_t last, bool inside) {
      look(std::max(first, begin), std::min(last, end), inside, expected);
    });
    tree.walk_rows(begin, end, relate, [&](std::uint32_t first, std::uint32_t last, bool inside) {
      EXPECT_LT(first, last);
      look(first, last, inside, actual);
    });
    ASSERT_EQ(actual, expected) << begin << " to " << end << ", seed " << seed;
  }
}

TEST(RTree, ManyPointsInOnePlace) {
  const std::vector<PointE7> points(100'000, PointE7{1'201'593'700, 302'569'800});
  const auto tree = RTree::build(points);
  EXPECT_EQ(rows_in(tree, {1'201'593'700, 302'569'800, 1'201'593'700, 302'569'800}).size(), points.size());
}

}  // namespace
}  // namespace jobmap::geo
