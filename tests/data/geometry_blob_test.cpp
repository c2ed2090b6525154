#include "data/store/geometry_blob.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <random>

#include "data/store/sqlite.hpp"
#include "data/store/store.hpp"
#include "tests/data/scratch.hpp"

namespace jobmap::data {
namespace {

constexpr unsigned seed = 20261123;

class Random {
 public:
  explicit Random(unsigned s) : engine_(s) {}
  geo::LonLat point() { return {uniform(-180, 180), uniform(-90, 90)}; }
  double uniform(double a, double b) { return std::uniform_real_distribution(a, b)(engine_); }
  std::size_t below(std::size_t n) { return engine_() % n; }
  std::vector<geo::LonLat> points(std::size_t n) {
    std::vector<geo::LonLat> out(n);
    for (auto& p : out) p = point();
    return out;
  }
  geo::Ring ring() {
    auto r = points(3 + below(5));
    r.push_back(r.front());
    return r;
  }
  geo::MultiPolygon area() {
    geo::MultiPolygon out(1 + below(3));
    for (auto& polygon : out)
      for (std::size_t i = 0, n = 1 + below(3); i < n; ++i) polygon.push_back(ring());
    return out;
  }
  geo::MultiLineString lines() {
    geo::MultiLineString out(1 + below(4));
    for (auto& line : out) line = points(2 + below(6));
    return out;
  }

 private:
  std::mt19937 engine_;
};

TEST(GeometryBlob, ReadsBackWhatItWrote) {
  SCOPED_TRACE(seed);
  Random random(seed);
  for (int i = 0; i < 500; ++i) {
    const auto p = random.point();
    EXPECT_EQ(decode_point(encode_point(p)), p);
    const auto lines = random.lines();
    EXPECT_EQ(decode_multilinestring(encode_multilinestring(lines)), lines);
    const auto area = random.area();
    EXPECT_EQ(decode_multipolygon(encode_multipolygon(area)), area);
  }
}

TEST(GeometryBlob, SpatialiteReadsWhatWeWrite) {
  Scratch dir;
  create_database(dir / "a.sqlite");
  Database db = Database::open_writer(dir / "a.sqlite");
  auto ask = [&](std::string_view function, std::span<const std::byte> blob) {
    Statement s = db.prepare("SELECT " + std::string(function) + "(?1)");
    s.bind(1, blob);
    return s.step() ? std::string(s.column_text(0)) : std::string();
  };
  EXPECT_EQ(ask("AsText", encode_point({120.25, 30.5})), "POINT(120.25 30.5)");
  EXPECT_EQ(ask("ST_SRID", encode_point({120.25, 30.5})), "4326");
  EXPECT_EQ(ask("AsText", encode_multilinestring({{{1, 2}, {3, 4}}, {{5, 6}, {7, 8}}})),
            "MULTILINESTRING((1 2, 3 4), (5 6, 7 8))");
  const geo::MultiPolygon area{{{{0, 0}, {4, 0}, {4, 4}, {0, 0}}, {{2, 1}, {3, 1}, {3, 2}, {2, 1}}}};
  EXPECT_EQ(ask("AsText", encode_multipolygon(area)),
            "MULTIPOLYGON(((0 0, 4 0, 4 4, 0 0), (2 1, 3 1, 3 2, 2 1)))");
  EXPECT_EQ(ask("MbrMaxX", encode_multipolygon(area)), "4.0");
  EXPECT_EQ(ask("MbrMinY", encode_multilinestring({{{1, 2}, {3, -4}}})), "-4.0");
}

TEST(GeometryBlob, WeReadWhatSpatialiteWrites) {
  Scratch dir;
  create_database(dir / "a.sqlite");
  Database db = Database::open_writer(dir / "a.sqlite");
  Statement s = db.prepare(
      "SELECT MakePoint(120.25, 30.5, 4326), GeomFromText('MULTILINESTRING((1 2, 3 4))', 4326), "
      "GeomFromText('MULTIPOLYGON(((0 0, 4 0, 4 4, 0 0)))', 4326), MakePoint(1, 2, 3857), MakePointZ(1, 2, "
      "3, 4326)");
  ASSERT_TRUE(s.step());
  EXPECT_EQ(decode_point(s.column_blob(0)), (geo::LonLat{120.25, 30.5}));
  EXPECT_EQ(decode_multilinestring(s.column_blob(1)), (geo::MultiLineString{{{1, 2}, {3, 4}}}));
  EXPECT_EQ(decode_multipolygon(s.column_blob(2)), (geo::MultiPolygon{{{{0, 0}, {4, 0}, {4, 4}, {0, 0}}}}));
  EXPECT_FALSE(decode_point(s.column_blob(3))) << "another reference system";
  EXPECT_FALSE(decode_point(s.column_blob(4))) << "another dimension";
}

TEST(GeometryBlob, EveryPrefixAndEverySuffixIsNothing) {
  Random random(seed);
  const Bytes area = encode_multipolygon(random.area()), lines = encode_multilinestring(random.lines());
  const auto point = encode_point(random.point());
  for (std::size_t n = 0; n < area.size(); ++n) EXPECT_FALSE(decode_multipolygon(std::span(area).first(n)));
  for (std::size_t n = 0; n < lines.size(); ++n)
    EXPECT_FALSE(decode_multilinestring(std::span(lines).first(n)));
  for (std::size_t n = 0; n < point.size(); ++n) EXPECT_FALSE(decode_point(std::span(point).first(n)));
  for (Bytes longer : {area, lines, Bytes(point.begin(), point.end())}) {
    longer.push_back(std::byte{0xFE});
    EXPECT_FALSE(decode_multipolygon(longer) || decode_multilinestring(longer) || decode_point(longer));
  }
}

TEST(GeometryBlob, WhateverIsReadFromHostileBytesIsSound) {
  SCOPED_TRACE(seed);
  Random random(seed);
  for (int i = 0; i < 20'000; ++i) {
    Bytes blob = encode_multipolygon(random.area());
    for (std::size_t n = 1 + random.below(3); n > 0; --n)
      blob[random.below(blob.size())] = static_cast<std::byte>(random.below(256));
    if (const auto area = decode_multipolygon(blob)) {
      for (const auto& polygon : *area)
        for (const auto& ring : polygon) {
          ASSERT_GE(ring.size(), 4u);
          ASSERT_EQ(ring.front(), ring.back());
          for (const auto& p : ring) ASSERT_TRUE(geo::is_valid(p));
        }
    }
    EXPECT_FALSE(decode_point(blob) || decode_multilinestring(blob));
  }
}

TEST(GeometryBlob, RefusesCoordinatesThatAreNone) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN(),
                   inf = std::numeric_limits<double>::infinity();
  for (const geo::LonLat p : {geo::LonLat{nan, 0}, {0, nan}, {inf, 0}, {0, -inf}, {180.1, 0}, {0, 90.1}})
    EXPECT_FALSE(decode_point(encode_point(p))) << p.lon << ' ' << p.lat;
}

TEST(GeometryBlob, AHostileCountAllocatesNothing) {
  Bytes blob = encode_multipolygon({{{{0, 0}, {4, 0}, {4, 4}, {0, 0}}}});
  const std::int32_t many = std::numeric_limits<std::int32_t>::max();
  for (const std::size_t at : {std::size_t{43}, std::size_t{52}, std::size_t{56}}) {
    Bytes hostile = blob;
    std::memcpy(hostile.data() + at, &many, sizeof many);
    EXPECT_FALSE(decode_multipolygon(hostile)) << at;
  }
}

}  // namespace
}  // namespace jobmap::data
