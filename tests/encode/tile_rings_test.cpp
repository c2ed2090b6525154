// Every ring of every layer of areas, at every zoom, decoded and held against GEOS: districts, the circles of
// service points, and made-up water with bays, islands and straits, wherever their edges meet the edges of
// tiles.
#include <cmath>
#include <random>
#include <set>

#include "data/ingest/city_data.hpp"
#include "geo/shifted_square.hpp"
#include "server/encode/tile_city.hpp"
#include "tests/encode/mvt_reader.hpp"
#include "tests/valid_rings.hpp"

namespace jobmap::encode {
namespace {

constexpr unsigned seed = 1161;

// A coast of many small bays round a middle; islands in it.
geo::Polygon lake(std::mt19937& random, geo::LonLat middle, double degrees) {
  const auto part = [&] { return static_cast<double>(random() % 1000) / 1000; };
  const auto ring = [&](geo::LonLat at, double size, unsigned corners) {
    geo::Ring out;
    double r = size;
    for (unsigned i = 0; i < corners; ++i) {
      r = std::clamp(r + (part() - 0.5) * size / 3, size / 4, size);
      const double angle = 6.283185307 * i / corners;
      out.push_back({at.lon + r * std::cos(angle), at.lat + r * std::sin(angle)});
    }
    out.push_back(out.front());
    return out;
  };
  geo::Polygon polygon{ring(middle, degrees, 400)};
  for (int i = 0; i < 4; ++i)
    polygon.push_back(
        ring({middle.lon + (i % 2 ? 0.1 : -0.1) * degrees, middle.lat + (i / 2 ? 0.1 : -0.1) * degrees},
             degrees / 12, 40));
  return polygon;
}

const data::City& city() {
  static const data::City made = [] {
    data::City c = data::read_city(data::shipped_cities()[0]);
    std::mt19937 random(seed);
    for (int i = 0; i < 12; ++i) {
      const auto& station = c.stations[random() % c.stations.size()];
      c.service_points.push_back({"p" + std::to_string(i), "P", "point", "", "", "", {}, station.at});
      c.water.push_back({"way/" + std::to_string(i),
                         "",
                         "lake",
                         {lake(random, geo::to_lonlat(station.at), std::pow(10.0, -3 + 0.25 * i))}});
    }
    c.finish();
    return c;
  }();
  return made;
}

using Tiles = std::set<std::pair<std::uint32_t, std::uint32_t>>;

void add(Tiles& tiles, unsigned z, geo::LonLat p, geo::Crs crs, bool neighbours) {
  const auto [lon, lat] = geo::shift(crs, p);
  const auto m = geo::to_mercator({lon, lat});
  const double n = std::exp2(z);
  const auto x = static_cast<std::int64_t>(m.x * n), y = static_cast<std::int64_t>(m.y * n),
             side = static_cast<std::int64_t>(n);
  for (int dx = neighbours ? -1 : 0; dx <= (neighbours ? 1 : 0); ++dx)
    for (int dy = neighbours ? -1 : 0; dy <= (neighbours ? 1 : 0); ++dy)
      if (x + dx >= 0 && x + dx < side && y + dy >= 0 && y + dy < side)
        tiles.insert({static_cast<std::uint32_t>(x + dx), static_cast<std::uint32_t>(y + dy)});
}

// The tiles that corners of the areas lie in, at most so many.
Tiles tiles_of(unsigned z, geo::Crs crs, std::size_t most) {
  std::mt19937 random(seed + z);
  Tiles tiles;
  const auto corners = [&](const geo::MultiPolygon& area, bool all) {
    for (const auto& polygon : area)
      for (const auto& ring : polygon)
        for (const auto p : ring)
          if (all || random() % 40 == 0) add(tiles, z, p, crs, !all);
  };
  for (const auto& district : city().districts) corners(district.geometry, z <= 11);
  for (const auto& water : city().water) corners(water.geometry, false);
  for (const auto& site : city().service_points) add(tiles, z, geo::to_lonlat(site.at), crs, true);
  std::vector<std::pair<std::uint32_t, std::uint32_t>> all(tiles.begin(), tiles.end());
  std::shuffle(all.begin(), all.end(), random);
  if (all.size() > most) all.resize(most);
  return {all.begin(), all.end()};
}

// Rings that are valid by themselves, and polygons of an outer ring and its holes.
std::size_t check(const std::string& body, const std::string& layer) {
  std::size_t rings = 0;
  for (const auto& f : read_layer(body, layer)) {
    std::vector<std::vector<geo::GridRing>> polygons;
    for (const auto& part : f.parts) {
      ++rings;
      EXPECT_EQ(test::geos_reason({part.points}), "") << layer;
      if (ring_area(part.points) > 0) polygons.emplace_back();
      polygons.back().push_back(part.points);
    }
    for (const auto& polygon : polygons) EXPECT_EQ(test::geos_reason(polygon), "") << layer;
  }
  return rings;
}

class TileRings : public testing::TestWithParam<geo::Crs> {};

TEST_P(TileRings, AreValidInEveryLayerAtEveryZoom) {
  const auto crs = GetParam();
  std::size_t districts = 0, circles = 0, water = 0;
  for (unsigned z = 0; z <= geo::max_zoom; ++z)
    for (const auto& [x, y] : tiles_of(z, crs, crs == geo::Crs::wgs84 ? 120 : 50)) {
      const geo::TileId tile{z, x, y};
      SCOPED_TRACE("seed " + std::to_string(seed) + ", " + std::to_string(z) + '/' + std::to_string(x) + '/' +
                   std::to_string(y));
      districts += check(encode_city_tile(city(), CityLayer::districts, tile, crs), "districts");
      circles += check(encode_circles_tile(city(), 1000, tile, crs), "circles");
      water += check(encode_water_tile(city(), tile, crs), "water");
      if (HasFailure()) return;
    }
  EXPECT_GT(districts, 500u);
  EXPECT_GT(circles, 100u);
  EXPECT_GT(water, 500u);
}

INSTANTIATE_TEST_SUITE_P(Systems, TileRings,
                         testing::Values(geo::Crs::wgs84, geo::Crs::gcj02, geo::Crs::bd09),
                         [](const auto& info) { return std::string(geo::name_of(info.param)); });

// A circle across the antimeridian is drawn on either side of it, and as one area.
TEST(TileRings, CirclesAreDrawnOnBothSidesOfTheAntimeridian) {
  data::City c;
  c.service_points = {{"p", "P", "point", "", "", "", {}, geo::to_e7({179.999, -17})}};
  c.finish();
  const unsigned z = 12, last = (1u << z) - 1;
  const auto y = static_cast<std::uint32_t>(geo::to_mercator({180, -17}).y * std::exp2(z));
  for (const auto x : {last, 0u}) {
    const auto body = encode_circles_tile(c, 1000, {z, x, y});
    check(body, "circles");
    double area = 0;
    for (const auto& f : read_layer(body, "circles"))
      for (const auto& part : f.parts) area += ring_area(part.points);
    EXPECT_GT(area, 0) << x;
  }
}

}  // namespace
}  // namespace jobmap::encode
