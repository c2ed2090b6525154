#include "server/encode/mvt.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <set>

#include "tests/encode/mvt_reader.hpp"

namespace jobmap::encode {
namespace {

vector_tile::Tile decode(const std::string& bytes) {
  vector_tile::Tile tile;
  EXPECT_TRUE(tile.ParseFromString(bytes));
  return tile;
}

TEST(Mvt, AnEmptyLayerLeavesNoTrace) {
  std::string body = "before";
  {
    MvtLayer layer(body, "jobs");
    layer.key("name");
    layer.text("unused");
  }
  EXPECT_EQ(body, "before");
}

TEST(Mvt, PointsWithTags) {
  std::string body;
  {
    MvtLayer layer(body, "stations");
    const std::uint32_t a[] = {layer.key("name"),        layer.text("龙翔桥"), layer.key("capacity"),
                               layer.number(1ull << 40), layer.key("open"),    layer.flag(true)};
    layer.point({0, 4096}, a);
    const std::uint32_t b[] = {layer.key("name"), layer.text("龙翔桥"), layer.key("id"),
                               layer.unique_text("a:", "b")};
    layer.point({-64, 4160}, b);
    layer.point({5, 5}, {});
  }
  const auto tile = decode(body);
  ASSERT_EQ(tile.layers_size(), 1);
  const auto& layer = tile.layers(0);
  EXPECT_EQ(layer.version(), 2u);
  EXPECT_EQ(layer.name(), "stations");
  EXPECT_EQ(layer.extent(), 4096u);
  ASSERT_EQ(layer.features_size(), 3);
  ASSERT_EQ(layer.keys_size(), 4);
  ASSERT_EQ(layer.values_size(), 4);  // the name once
  const auto value = [&](int feature, int pair) -> const vector_tile::Tile::Value& {
    return layer.values(static_cast<int>(layer.features(feature).tags(2 * pair + 1)));
  };
  const auto key = [&](int feature, int pair) {
    return layer.keys(static_cast<int>(layer.features(feature).tags(2 * pair)));
  };
  EXPECT_EQ(key(0, 0), "name");
  EXPECT_EQ(key(0, 1), "capacity");
  EXPECT_EQ(key(0, 2), "open");
  EXPECT_EQ(key(1, 0), "name");
  EXPECT_EQ(key(1, 1), "id");
  EXPECT_EQ(value(0, 0).string_value(), "龙翔桥");
  EXPECT_EQ(value(0, 1).uint_value(), 1ull << 40);
  EXPECT_TRUE(value(0, 2).bool_value());
  EXPECT_EQ(value(1, 1).string_value(), "a:b");
  EXPECT_EQ(layer.features(1).tags(1), layer.features(0).tags(1));
  EXPECT_EQ(read_geometry(layer.features(0))[0].points, (TilePath{{0, 4096}}));
  EXPECT_EQ(read_geometry(layer.features(1))[0].points, (TilePath{{-64, 4160}}));
}

TEST(Mvt, ValuesAreSharedHoweverMany) {
  const unsigned seed = 71;
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  std::uniform_int_distribution<int> any(0, 2999);
  std::string body;
  std::vector<std::string> want;
  {
    MvtLayer layer(body, "jobs", 1);
    for (int i = 0; i < 20000; ++i) {
      // Long common beginnings and endings, so that the quick hash collides and the comparison must decide.
      const int n = any(random);
      const std::string text =
          n % 3 == 0 ? std::to_string(n) : "beginning " + std::to_string(n) + " and the end";
      want.push_back(text);
      const std::uint32_t tags[] = {layer.key("t"), layer.text(text), layer.key("n"), layer.number(i % 700)};
      layer.point({i % 4096, i / 4096}, tags);
    }
  }
  const auto tile = decode(body);
  const auto& layer = tile.layers(0);
  ASSERT_EQ(layer.features_size(), 20000);
  std::set<std::string> distinct;
  for (const auto& v : layer.values()) EXPECT_TRUE(distinct.insert(v.SerializeAsString()).second);
  for (int i = 0; i < 20000; ++i) {
    const auto& f = layer.features(i);
    EXPECT_EQ(layer.values(static_cast<int>(f.tags(1))).string_value(), want[static_cast<std::size_t>(i)]);
    EXPECT_EQ(layer.values(static_cast<int>(f.tags(3))).uint_value(), static_cast<std::uint64_t>(i % 700));
  }
}

TEST(Mvt, LinesLoseRepeatsAndVanishWhereNothingIsLeft) {
  std::string body;
  {
    MvtLayer layer(body, "lines");
    const std::vector<TilePath> some{
        {{1, 1}, {1, 1}, {9, 3}, {9, 3}}, {{4, 4}, {4, 4}}, {}, {{0, 0}, {-5, 7}, {0, 0}}};
    layer.lines(some, {});
    const std::vector<TilePath> none{{{4, 4}, {4, 4}}};
    layer.lines(none, {});
  }
  const auto tile = decode(body);
  ASSERT_EQ(tile.layers(0).features_size(), 1);
  EXPECT_EQ(tile.layers(0).features(0).type(), vector_tile::Tile::LINESTRING);
  const auto parts = read_geometry(tile.layers(0).features(0));
  ASSERT_EQ(parts.size(), 2u);
  EXPECT_EQ(parts[0].points, (TilePath{{1, 1}, {9, 3}}));
  EXPECT_EQ(parts[1].points, (TilePath{{0, 0}, {-5, 7}, {0, 0}}));
}

TEST(Mvt, RingsAreWoundAsTheSpecificationAsks) {
  const TilePath outer{{0, 0}, {10, 0}, {10, 10}, {0, 10}, {0, 0}},
      hole{{2, 2}, {4, 2}, {4, 4}, {2, 4}, {2, 2}};
  const auto reversed = [](TilePath p) { return TilePath(p.rbegin(), p.rend()); };
  for (const TilePath& shell : {outer, reversed(outer)}) {
    for (const TilePath& inner : {hole, reversed(hole)}) {
      std::string body;
      {
        MvtLayer layer(body, "districts");
        const std::vector<std::vector<TilePath>> two{
            {shell, inner, {{1, 1}, {2, 2}, {1, 1}}},                          // a hole without area
            {{{50, 50}, {60, 60}, {50, 50}}, {{51, 51}, {52, 51}, {52, 52}}},  // an outer ring without
            {{{20, 20}, {30, 20}, {30, 20}, {30, 30}}}};                       // open
        layer.polygons(two, {});
      }
      const auto tile = decode(body);
      EXPECT_EQ(tile.layers(0).features(0).type(), vector_tile::Tile::POLYGON);
      const auto parts = read_geometry(tile.layers(0).features(0));
      ASSERT_EQ(parts.size(), 3u);
      EXPECT_EQ(ring_area(parts[0].points), 100);
      EXPECT_EQ(ring_area(parts[1].points), -4);
      EXPECT_EQ(ring_area(parts[2].points), 50);
      for (const Part& p : parts) {
        EXPECT_TRUE(p.closed);
        EXPECT_FALSE(p.points.front() == p.points.back());
      }
    }
  }
}

TEST(Mvt, LayersFollowOneAnother) {
  std::string body;
  for (const char* name : {"a", "b", "c"}) {
    MvtLayer layer(body, name, name[0] == 'b' ? 100000 : 1);
    if (name[0] != 'c') layer.point({1, 2}, {});
  }
  const auto tile = decode(body);
  ASSERT_EQ(tile.layers_size(), 2);
  EXPECT_EQ(tile.layers(0).name(), "a");
  EXPECT_EQ(tile.layers(1).name(), "b");
}

TEST(Mvt, RandomGeometryComesBackValid) {
  const unsigned seed = 73;
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  std::uniform_int_distribution<int> at(-3, 3), size(0, 6);
  int written = 0;
  for (int round = 0; round < 3000; ++round) {
    const auto path = [&] {
      TilePath p(static_cast<std::size_t>(size(random)));
      for (auto& q : p) q = {at(random), at(random)};
      return p;
    };
    std::string body;
    {
      MvtLayer layer(body, "x");
      layer.lines(std::vector<TilePath>{path(), path()}, {});
      layer.polygons(std::vector<std::vector<TilePath>>{{path(), path()}, {path()}, {}}, {});
    }
    if (body.empty()) continue;
    read_layer(body, "x");  // expects all that makes a feature valid
    ++written;
  }
  EXPECT_GT(written, 1000);
}

}  // namespace
}  // namespace jobmap::encode
