// tileMatrixSetLimits of the tilesets of /ogc against the tiles themselves, counted one by one.
#include "server/api/ogc/tile_limits.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <random>

#include "server/api/app.hpp"
#include "server/api/log.hpp"
#include "server/api/ogc/catalogue.hpp"
#include "tests/query/small_city.hpp"

namespace jobmap::api {
namespace {

namespace json = boost::json;
using ogc::TileRange;

void widen(std::optional<TileRange>& range, std::uint32_t row, std::uint32_t col) {
  if (!range) range = {row, row, col, col};
  range = {std::min(range->min_row, row), std::max(range->max_row, row), std::min(range->min_col, col),
           std::max(range->max_col, col)};
}

// Some places of the whole world, its edges and the edges of tiles among them.
std::vector<geo::PointE7> some_places(std::mt19937& random) {
  const auto pick = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  std::vector<geo::PointE7> places;
  for (int i = 1 + pick(5); i > 0; --i) {
    geo::PointE7 p{(pick(3'600'000) - 1'800'000) * 1000, (pick(1'800'000) - 900'000) * 1000};
    if (!pick(6)) p.lon = (pick(17) - 8) * 225'000'000;  // the edges of tiles of zoom 4
    if (!pick(6)) p.lat = (pick(3) - 1) * 900'000'000;
    places.push_back(p);
  }
  return places;
}

TEST(TileLimits, AreThoseOfTheTilesThatDrawSomething) {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    data::City city;
    std::optional<geo::BoxE7> box;
    for (const auto p : some_places(random)) {
      city.venture_sites.push_back({"a", "a", "a", "", "", "a", {}, p});
      if (!box) box = {p.lon, p.lat, p.lon, p.lat};
      box = {std::min(box->min_lon, p.lon), std::min(box->min_lat, p.lat), std::max(box->max_lon, p.lon),
             std::max(box->max_lat, p.lat)};
    }
    for (unsigned z = 0; z <= 4; ++z) {
      std::optional<TileRange> drawn;
      for (std::uint32_t x = 0; x < 1u << z; ++x)
        for (std::uint32_t y = 0; y < 1u << z; ++y)
          if (!encode_city_tile(city, encode::CityLayer::venture_sites, {z, x, y}, geo::Crs::wgs84).empty())
            widen(drawn, y, x);
      ASSERT_EQ(ogc::tiles_of(*box, z), *drawn) << "round " << round << ", zoom " << z;
    }
  }
}

class TileSets : public testing::Test {
 protected:
  Response ask(const std::string& target) {
    Request request;
    request.target = target;
    request.path = std::string_view(target).substr(0, target.find('?'));
    if (auto mark = target.find('?'); mark != target.npos)
      request.query = std::string_view(target).substr(mark + 1);
    auto plan = app_.plan(request, city_.snapshot);
    if (auto* response = std::get_if<Response>(&plan)) return std::move(*response);
    return std::get<Work>(plan).run();
  }
  json::object page(const std::string& target) {
    const auto response = ask(target);
    EXPECT_EQ(response.status, 200u) << target;
    return json::parse(*response.body).as_object();
  }
  static std::vector<TileRange> limits_of(const json::object& tileset) {
    std::vector<TileRange> ranges;
    for (const auto& limit : tileset.at("tileMatrixSetLimits").as_array()) {
      const auto at = [&](const char* name) { return limit.at(name).to_number<std::uint32_t>(); };
      EXPECT_EQ(limit.at("tileMatrix").as_string(), std::to_string(ranges.size()));
      ranges.push_back({at("minTileRow"), at("maxTileRow"), at("minTileCol"), at("maxTileCol")});
    }
    return ranges;
  }
  // The tiles that aren't empty, of all that lie round the city.
  std::optional<TileRange> served(const std::string& start, unsigned z) {
    std::optional<TileRange> range;
    const auto around = ogc::tiles_of({1'197'000'000, 299'000'000, 1'207'000'000, 305'000'000}, z);
    for (auto row = around.min_row; row <= around.max_row; ++row)
      for (auto col = around.min_col; col <= around.max_col; ++col)
        if (ask(start + '/' + std::to_string(z) + '/' + std::to_string(row) + '/' + std::to_string(col))
                .status == 200)
          widen(range, row, col);
    return range;
  }

  test::SmallCity city_{77, 400};
  Log log_{stderr};
  App app_{{}, log_};
};

TEST_F(TileSets, SayWhatTheStandardAsksInTheirListAndByThemselves) {
  std::vector<std::string> starts{"/ogc/tiles"};
  for (const auto& c : ogc::collections())
    starts.push_back("/ogc/collections/" + std::string(c.id) + "/tiles");
  for (const auto& start : starts) {
    const auto list = page(start), set = page(start + "/WebMercatorQuad");
    for (const auto& one : {list.at("tilesets").at(0).as_object(), set}) {
      EXPECT_EQ(one.at("dataType").as_string(), "vector") << start;
      EXPECT_EQ(one.at("crs").as_string(), "http://www.opengis.net/def/crs/EPSG/0/3857");
      EXPECT_EQ(one.at("tileMatrixSetId").as_string(), "WebMercatorQuad");
      EXPECT_EQ(one.at("tileMatrixSetURI").as_string(),
                "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad");
      EXPECT_FALSE(one.at("links").as_array().empty());
      EXPECT_TRUE(one.at("tileMatrixSetLimits").is_array());
    }
    EXPECT_EQ(list.at("tilesets").at(0).at("tileMatrixSetLimits"), set.at("tileMatrixSetLimits")) << start;
  }
}

TEST_F(TileSets, LimitsOfPointsAreThoseOfTheTilesServed) {
  for (const char* id : {"jobs", "stations", "service-points"}) {
    const auto start = "/ogc/collections/" + std::string(id) + "/tiles/WebMercatorQuad";
    const auto limits = limits_of(page(start));
    ASSERT_EQ(limits.size(), geo::max_zoom + 1u);
    for (unsigned z = 0; z <= 14; ++z) EXPECT_EQ(limits[z], served(start, z)) << id << ", zoom " << z;
  }
  EXPECT_TRUE(
      limits_of(page("/ogc/collections/venture-sites/tiles/WebMercatorQuad")).empty());  // it has none
}

// Lines and areas are drawn a little beyond the edge of a tile, so the tiles next to the limits may hold a
// seam of them; what lies in the tiles is told by the corners.
TEST_F(TileSets, LimitsOfAreasAreThoseOfTheirCorners) {
  const auto limits = limits_of(page("/ogc/collections/districts/tiles/WebMercatorQuad"));
  ASSERT_EQ(limits.size(), geo::max_zoom + 1u);
  for (unsigned z = 0; z <= geo::max_zoom; ++z) {
    std::optional<TileRange> corners;
    for (const auto& district : city_.city->districts)
      for (const auto corner : district.geometry[0][0]) {
        const auto cell = geo::to_grid(geo::to_e7(corner));
        widen(corners, cell.y >> (geo::grid_bits - z), cell.x >> (geo::grid_bits - z));
      }
    EXPECT_EQ(limits[z], *corners) << "zoom " << z;
  }
}

TEST_F(TileSets, LimitsOfTheDatasetAreThoseOfAllItsCollections) {
  const auto whole = limits_of(page("/ogc/tiles/WebMercatorQuad"));
  ASSERT_EQ(whole.size(), geo::max_zoom + 1u);
  std::vector<std::optional<TileRange>> all(whole.size());
  for (const auto& c : ogc::collections()) {
    const auto own = limits_of(page("/ogc/collections/" + std::string(c.id) + "/tiles/WebMercatorQuad"));
    for (std::size_t z = 0; z < own.size(); ++z)
      widen(all[z], own[z].min_row, own[z].min_col), widen(all[z], own[z].max_row, own[z].max_col);
  }
  for (std::size_t z = 0; z < whole.size(); ++z) EXPECT_EQ(whole[z], *all[z]) << "zoom " << z;
}

}  // namespace
}  // namespace jobmap::api
