// Metro lines and districts by CQL2's spatial functions, against SpatiaLite on the same file.
#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <set>

#include "data/ingest/city_data.hpp"
#include "data/store/load.hpp"
#include "data/store/sqlite.hpp"
#include "data/store/store.hpp"
#include "server/api/ogc/city_queryables.hpp"
#include "server/query/syntax/cql2/parser.hpp"
#include "tests/data/scratch.hpp"

namespace jobmap::api::ogc {
namespace {

using encode::CityLayer;
using Ids = std::set<std::string>;

// A geometry as CQL2 has it and as SQL has it.
struct SaidTwice {
  std::string cql, sql;
};

class Geometries {
 public:
  Geometries(const data::City& city, unsigned seed) : city_(city), random_(seed) {}
  unsigned pick(std::size_t n) { return static_cast<unsigned>(random_() % n); }

  SaidTwice some() {
    const auto [lon, lat] = somewhere();
    const double size = std::pow(10, -3 + 3.2 * part());
    switch (pick(6)) {
      case 0:
        return as_text("POINT(" + text(lon, lat) + ")");
      case 1:
        return as_text("LINESTRING(" + text(lon, lat) + "," + text(lon + size, lat + size * part()) + "," +
                       text(lon - size * part(), lat + size) + ")");
      case 2: {
        const std::string corners[] = {std::to_string(lon - size), std::to_string(lat - size),
                                       std::to_string(lon + size), std::to_string(lat + size * part())};
        const auto list = corners[0] + "," + corners[1] + "," + corners[2] + "," + corners[3];
        return {"BBOX(" + list + ")", "BuildMbr(" + list + ", 4326)"};
      }
      case 3:  // beside each other
        return as_text("MULTIPOLYGON((" + ring(lon, lat, size) + "),(" + ring(lon + 3 * size, lat, size) +
                       "))");
      case 4:
        return as_text("POLYGON(" + ring(lon, lat, size) + "," + ring(lon, lat, size / 10) + ")");
      default:
        return as_text("POLYGON(" + ring(lon, lat, size) + ")");
    }
  }

 private:
  static SaidTwice as_text(const std::string& geometry) {
    return {geometry, "GeomFromText('" + geometry + "', 4326)"};
  }
  double part() { return static_cast<double>(pick(1001)) / 1000; }
  // A station, now and then a vertex of a district.
  geo::LonLat somewhere() {
    if (pick(3)) return geo::to_lonlat(city_.stations[pick(city_.stations.size())].at);
    const auto& ring = city_.districts[pick(city_.districts.size())].geometry.front().front();
    return ring[pick(ring.size())];
  }
  static std::string text(double lon, double lat) {
    char at[64];
    std::snprintf(at, sizeof at, "%.7f %.7f", lon, lat);
    return at;
  }
  std::string ring(double lon, double lat, double size) {
    const unsigned corners = 3 + pick(30);
    std::string all, first;
    for (unsigned i = 0; i < corners; ++i) {
      const double angle = 2 * M_PI * i / corners, r = size * (0.4 + 0.6 * part());
      const auto at = text(lon + r * std::cos(angle), lat + r * std::sin(angle));
      if (first.empty()) first = at;
      all += at + ",";
    }
    return "(" + all + first + ")";
  }

  const data::City& city_;
  std::mt19937 random_;
};

class CityFilter : public testing::Test {
 protected:
  void SetUp() override {
    const auto path = scratch_ / "city.sqlite";
    data::create_database(path);
    {
      data::Store store(path);
      data::write_city(store, data::shipped_cities().front());
    }
    snapshot_ = data::load_snapshot(path, 1'767'225'600);
    db_.emplace(data::Database::open_reader(path));
    db_->load_spatialite();
  }
  Ids ours(CityLayer layer, const std::string& filter) const {
    const auto expression = query::cql2::parse(filter, {.queryables = city_queryables(layer)});
    EXPECT_TRUE(expression) << filter << ": " << (expression ? "" : expression.error().message);
    Ids found;
    Regions regions;
    if (expression)
      for (std::size_t i = 0; i < encode::city_size(*snapshot_->city, layer); ++i)
        if (evaluate(expression->root, CityFeature(*snapshot_->city, layer, i, regions)) ==
            query::cql2::Truth::yes)
          found.emplace(encode::city_id(*snapshot_->city, layer, i));
    return found;
  }
  Ids theirs(CityLayer layer, const std::string& condition) {
    const bool lines = layer == CityLayer::lines;
    data::Statement rows = db_->prepare(
        std::string("SELECT ") + (lines ? "id FROM lines" : "adcode FROM districts") + " WHERE " + condition);
    Ids found;
    while (rows.step()) found.emplace(rows.column_text(0));
    return found;
  }

  data::Scratch scratch_;
  std::shared_ptr<const data::Snapshot> snapshot_;
  std::optional<data::Database> db_;
};

TEST_F(CityFilter, AnswersAsSpatiaLiteDoes) {
  constexpr unsigned seed = 90;
  Geometries geometries(*snapshot_->city, seed);
  std::size_t some = 0, within = 0;
  for (int round = 0; round < 250; ++round)
    for (const auto layer : {CityLayer::lines, CityLayer::districts}) {
      const auto [cql, sql] = geometries.some();
      SCOPED_TRACE("seed " + std::to_string(seed) + ": " + cql);
      const auto all = encode::city_size(*snapshot_->city, layer);
      const auto meets = ours(layer, "S_INTERSECTS(geometry," + cql + ")");
      EXPECT_EQ(meets, theirs(layer, "ST_Intersects(geom, " + sql + ") = 1"));
      some += !meets.empty() && meets.size() < all;
      const auto apart = ours(layer, "S_DISJOINT(" + cql + ",geometry)");
      EXPECT_EQ(apart, theirs(layer, "ST_Disjoint(geom, " + sql + ") = 1"));
      EXPECT_EQ(apart.size() + meets.size(), all);
      const auto inside = ours(layer, "S_WITHIN(geometry," + cql + ")");
      EXPECT_EQ(inside, theirs(layer, "ST_Within(geom, " + sql + ") = 1"));
      within += !inside.empty() && inside.size() < all;
    }
  EXPECT_GT(some, 150u);
  EXPECT_GT(within, 10u);
}

// A district is within itself and meets its neighbours, which lie without; said by its own outline.
TEST_F(CityFilter, ADistrictLiesWithinItsOwnOutline) {
  int asked = 0;
  for (const auto& district : snapshot_->city->districts) {
    std::string text;
    std::size_t points = 0;
    for (const auto& polygon : district.geometry) {
      text += text.empty() ? "MULTIPOLYGON((" : ",(";
      for (const auto& ring : polygon) {
        text += text.back() == '(' ? "(" : ",(";
        for (const auto p : ring) {
          char at[64];
          std::snprintf(at, sizeof at, "%s%.7f %.7f", text.back() == '(' ? "" : ",", p.lon, p.lat);
          text += at, ++points;
        }
        text += ')';
      }
      text += ')';
    }
    text += ')';
    if (points > geo::PolygonLimits{}.vertices) continue;
    ++asked;
    EXPECT_EQ(ours(CityLayer::districts, "S_WITHIN(geometry," + text + ")"), Ids{district.adcode});
    EXPECT_GE(ours(CityLayer::districts, "S_INTERSECTS(geometry," + text + ")").size(), 2u);
  }
  EXPECT_GT(asked, 5);
}

// Boxes across the antimeridian, without a height, without either.
TEST_F(CityFilter, BoxesOfEveryKind) {
  EXPECT_EQ(ours(CityLayer::districts, "S_INTERSECTS(geometry,BBOX(170,-80,-170,80))"), Ids{});
  EXPECT_EQ(ours(CityLayer::districts, "S_WITHIN(geometry,BBOX(100,-80,-170,80))").size(),
            snapshot_->city->districts.size());
  const auto at = geo::to_lonlat(snapshot_->city->stations.front().at);
  const auto lon = std::to_string(at.lon), lat = std::to_string(at.lat);
  const auto district =
      theirs(CityLayer::districts, "ST_Intersects(geom, MakePoint(" + lon + "," + lat + ", 4326)) = 1");
  EXPECT_EQ(district.size(), 1u);
  EXPECT_EQ(ours(CityLayer::districts,
                 "S_INTERSECTS(geometry,BBOX(" + lon + "," + lat + "," + lon + "," + lat + "))"),
            district);
  EXPECT_EQ(ours(CityLayer::districts, "S_INTERSECTS(geometry,BBOX(-180," + lat + ",180," + lat + "))"),
            theirs(CityLayer::districts, "ST_Intersects(geom, GeomFromText('LINESTRING(-180 " + lat +
                                             ", 180 " + lat + ")', 4326)) = 1"));
}

}  // namespace
}  // namespace jobmap::api::ogc
