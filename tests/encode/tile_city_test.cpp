#include "server/encode/tile_city.hpp"

#include <cmath>
#include <random>
#include <set>

#include "data/ingest/city_data.hpp"
#include "geo/polygon_index.hpp"
#include "tests/encode/mvt_reader.hpp"

namespace jobmap::encode {
namespace {

const data::City& city() {
  static const data::City c = data::read_city(data::shipped_cities()[0]);
  return c;
}

geo::TileId tile_at(unsigned z, geo::LonLat p) {
  const auto m = geo::to_mercator(p);
  const double n = std::exp2(z);
  return {z, static_cast<std::uint32_t>(m.x * n), static_cast<std::uint32_t>(m.y * n)};
}

// All tiles of a zoom that the city touches.
std::vector<geo::TileId> tiles_of(unsigned z) {
  std::vector<geo::TileId> tiles;
  const auto nw = tile_at(z, {118.2, 30.7}), se = tile_at(z, {120.9, 29.0});
  for (auto x = nw.x; x <= se.x; ++x)
    for (auto y = nw.y; y <= se.y; ++y) tiles.push_back({z, x, y});
  return tiles;
}

TEST(TileCity, LayersAreNamedAsInTheUrl) {
  for (const char* name : {"stations", "lines", "districts", "service_points", "venture_sites"}) {
    const auto layer = parse_city_layer(name);
    ASSERT_TRUE(layer);
    EXPECT_EQ(name_of(*layer), name);
  }
  EXPECT_FALSE(parse_city_layer("jobs"));
  EXPECT_FALSE(parse_city_layer(""));
}

// On maps in shifted coordinates each place is in the tile that its shifted position lies in.
TEST(TileCity, EveryStationIsInOneShiftedTileOfAZoom) {
  for (const auto crs : {geo::Crs::gcj02, geo::Crs::bd09})
    for (unsigned z : {0u, 9u, 12u}) {
      std::set<std::string> seen;
      for (const auto tile : tiles_of(z))
        for (const auto& f :
             read_layer(encode_city_tile(city(), CityLayer::stations, tile, crs), "stations")) {
          EXPECT_TRUE(seen.insert(f.properties.at("id")).second);
          const auto& s = city().stations[city().find_stations(f.properties.at("id")).at(0)];
          const auto at = geo::from_wgs84(crs, geo::to_lonlat(s.at));
          const auto m = geo::to_mercator({at.x, at.y});
          EXPECT_NEAR(f.parts[0].points[0].x, (m.x * std::exp2(z) - tile.x) * 4096, 0.51);
          EXPECT_NEAR(f.parts[0].points[0].y, (m.y * std::exp2(z) - tile.y) * 4096, 0.51);
        }
      EXPECT_EQ(seen.size(), city().stations.size()) << geo::name_of(crs) << " zoom " << z;
    }
}

TEST(TileCity, EveryStationIsInOneTileOfAZoom) {
  for (unsigned z : {0u, 8u, 11u}) {
    std::set<std::string> seen;
    for (const auto tile : tiles_of(z)) {
      for (const auto& f : read_layer(encode_city_tile(city(), CityLayer::stations, tile), "stations")) {
        EXPECT_TRUE(seen.insert(f.properties.at("id")).second);
        const auto found = city().find_stations(f.properties.at("id"));
        ASSERT_EQ(found.size(), 1u);
        const auto& s = city().stations[found[0]];
        EXPECT_EQ(f.properties.at("name"), s.name);
        EXPECT_EQ(f.properties.at("name_en"), s.name_en);
        EXPECT_EQ(f.properties.at("color"), city().lines[s.lines[0]].color);
        const auto m = geo::to_mercator(geo::to_lonlat(s.at));
        EXPECT_NEAR(f.parts[0].points[0].x, (m.x * std::exp2(z) - tile.x) * 4096, 0.51);
        EXPECT_NEAR(f.parts[0].points[0].y, (m.y * std::exp2(z) - tile.y) * 4096, 0.51);
      }
    }
    EXPECT_EQ(seen.size(), city().stations.size());
  }
}

TEST(TileCity, SitesHaveACapacityWhereItIsKnown) {
  data::City c;
  c.service_points = {{"a", "甲", "kind", "", "", "synthetic", 12, geo::to_e7({120, 30})},
                      {"b", "乙", "kind", "", "", "synthetic", std::nullopt, geo::to_e7({120, 30})}};
  const auto features =
      read_layer(encode_city_tile(c, CityLayer::service_points, {0, 0, 0}), "service_points");
  ASSERT_EQ(features.size(), 2u);
  EXPECT_EQ(features[0].properties.at("capacity"), "12");
  EXPECT_FALSE(features[1].properties.contains("capacity"));
  EXPECT_TRUE(encode_city_tile(c, CityLayer::venture_sites, {0, 0, 0}).empty());
}

void expect_in_buffer(const TileFeature& f) {
  for (const auto& part : f.parts)
    for (const auto p : part.points) {
      EXPECT_GE(std::min(p.x, p.y), -64);
      EXPECT_LE(std::max(p.x, p.y), 4096 + 64);
    }
}

double distance(double x, double y, TilePoint a, TilePoint b) {
  const double dx = b.x - a.x, dy = b.y - a.y, l2 = dx * dx + dy * dy;
  const double t = l2 == 0 ? 0 : std::clamp(((x - a.x) * dx + (y - a.y) * dy) / l2, 0.0, 1.0);
  return std::hypot(x - a.x - t * dx, y - a.y - t * dy);
}

// Each stop that a branch passes lies on the line drawn, within the tolerance of the simplification.
TEST(TileCity, LinesPassTheirStationsInEveryTile) {
  for (unsigned z : {9u, 12u, 14u}) {
    int compared = 0;
    for (const auto& line : city().lines) {
      for (const auto& branch : line.geometry) {
        for (const auto& stop : branch) {
          const auto tile = tile_at(z, stop);
          const auto m = geo::to_mercator(stop);
          const double x = (m.x * std::exp2(z) - tile.x) * 4096, y = (m.y * std::exp2(z) - tile.y) * 4096;
          double nearest = 1e9;
          for (const auto& f : read_layer(encode_city_tile(city(), CityLayer::lines, tile), "lines")) {
            expect_in_buffer(f);
            if (f.properties.at("id") != line.id) continue;
            EXPECT_EQ(f.properties.at("color"), line.color);
            for (const auto& part : f.parts)
              for (std::size_t i = 0; i + 1 < part.points.size(); ++i)
                nearest = std::min(nearest, distance(x, y, part.points[i], part.points[i + 1]));
          }
          EXPECT_LT(nearest, 3) << line.id << ' ' << z;
          ++compared;
        }
      }
    }
    EXPECT_GT(compared, 200);
  }
}

// A point that is drawn inside a district is inside it, but for a seam of the tolerance round its border.
TEST(TileCity, DistrictsAreDrawnWhereTheyAre) {
  const unsigned seed = 81;
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> unit(0, 4096);
  int inside = 0, outside = 0;
  for (unsigned z : {6u, 8u, 10u, 12u}) {
    auto tiles = tiles_of(z);
    std::shuffle(tiles.begin(), tiles.end(), random);
    tiles.resize(std::min<std::size_t>(tiles.size(), 60));
    for (const auto tile : tiles) {
      const auto features = read_layer(encode_city_tile(city(), CityLayer::districts, tile), "districts");
      std::set<std::string> drawn;
      for (const auto& f : features) {
        expect_in_buffer(f);
        drawn.insert(f.properties.at("adcode"));
        const auto& district = city().districts[*city().find_district(f.properties.at("adcode"))];
        const geo::PolygonIndex index(district.geometry);
        for (int i = 0; i < 200; ++i) {
          const double x = unit(random), y = unit(random);
          bool in = false, near_edge = false;
          for (const auto& part : f.parts)
            for (std::size_t k = 0; k < part.points.size(); ++k) {
              const TilePoint a = part.points[k], b = part.points[(k + 1) % part.points.size()];
              near_edge |= distance(x, y, a, b) < 3;
              if ((a.y > y) != (b.y > y) && x < a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x)) in = !in;
            }
          if (near_edge) continue;
          const double n = std::exp2(z);
          const auto p = geo::from_mercator({(tile.x + x / 4096) / n, (tile.y + y / 4096) / n});
          EXPECT_EQ(in, index.contains(geo::to_e7(p)))
              << district.name << ' ' << z << ' ' << p.lon << ' ' << p.lat;
          (in ? inside : outside) += 1;
        }
      }
      // A district that holds the middle of the tile is there.
      const auto nw = tile.north_west(), se = tile.south_east();
      const auto middle = geo::to_e7(geo::from_mercator({(nw.x + se.x) / 2, (nw.y + se.y) / 2}));
      for (const auto& district : city().districts) {
        if (geo::PolygonIndex(district.geometry).contains(middle)) {
          EXPECT_TRUE(drawn.contains(district.adcode));
        }
      }
    }
  }
  EXPECT_GT(inside, 5000);
  EXPECT_GT(outside, 1000);
}

TEST(TileCity, APolygonOverThePoleEndsAtTheSquare) {
  data::City c;
  c.districts = {{"990001", "北", {{{{-180, 60}, {180, 60}, {180, 90}, {-180, 90}, {-180, 60}}}}}};
  const auto features = read_layer(encode_city_tile(c, CityLayer::districts, {0, 0, 0}), "districts");
  ASSERT_EQ(features.size(), 1u);
  expect_in_buffer(features[0]);
}

}  // namespace
}  // namespace jobmap::encode
