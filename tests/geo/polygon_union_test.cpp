#include "geo/polygon_union.hpp"

#include <gtest/gtest.h>

#include <random>

namespace jobmap::geo {
namespace {

// Small enough to ask about every point, crossing itself and the others.
MultiPolygon scribble(std::mt19937& random, int corners) {
  std::uniform_int_distribution<int> at(-60, 60);
  Ring ring;
  for (int i = 0; i < corners; ++i) ring.push_back(to_lonlat({at(random), at(random)}));
  ring.push_back(ring.front());
  return {{ring}};
}

TEST(PolygonUnion, IsWhatIsInAnyPart) {
  const unsigned seed = 23;
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  int seen[3] = {0, 0, 0}, doubly = 0;
  for (int round = 0; round < 40; ++round) {
    std::vector<MultiPolygon> parts;
    std::vector<PolygonIndex> each;
    for (int i = 0; i <= round % 5; ++i) {
      parts.push_back(scribble(random, 3 + i));
      each.emplace_back(parts.back());
    }
    const PolygonUnion all(parts);
    const auto covered = [&](PointE7 p) {
      return std::count_if(each.begin(), each.end(), [&](const auto& one) { return one.contains(p); });
    };
    for (int lon = -61; lon <= 61; ++lon)
      for (int lat = -61; lat <= 61; ++lat) {
        const auto times = covered({lon, lat});
        doubly += times > 1;
        ASSERT_EQ(all.contains({lon, lat}), times > 0) << lon << ' ' << lat;
        if (times) {
          ASSERT_TRUE(all.bounds().contains(PointE7{lon, lat}));
        }
      }
    std::uniform_int_distribution<int> at(-70, 70), size(0, 20);
    for (int i = 0; i < 200; ++i) {
      const int x = at(random), y = at(random);
      const BoxE7 box{x, y, x + size(random), y + size(random)};
      const auto relation = all.relate(box);
      ++seen[static_cast<int>(relation)];
      if (relation == Relation::partly) continue;
      for (int lon = box.min_lon; lon <= box.max_lon; ++lon)
        for (int lat = box.min_lat; lat <= box.max_lat; ++lat)
          ASSERT_EQ(covered({lon, lat}) > 0, relation == Relation::inside) << lon << ' ' << lat;
    }
  }
  for (const int count : seen) EXPECT_GT(count, 50);
  EXPECT_GT(doubly, 1000) << "even-odd over all parts would leave these out";
}

TEST(PolygonUnion, OfNothingHoldsNothing) {
  for (const auto& all : {PolygonUnion(), PolygonUnion({MultiPolygon{}})}) {
    EXPECT_FALSE(all.contains({0, 0}));
    EXPECT_EQ(all.relate({-10, -10, 10, 10}), Relation::outside);
    EXPECT_EQ(all.edges_a_strip(), 0);
  }
}

}  // namespace
}  // namespace jobmap::geo
