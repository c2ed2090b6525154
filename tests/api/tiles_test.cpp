// The tile endpoint through the frame: addresses, filters, what may be kept, and that a tile says what the
// list says.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cmath>
#include <set>

#include "geo/datum.hpp"
#include "server/api/app.hpp"
#include "server/api/log.hpp"
#include "server/query/list/evaluate.hpp"
#include "tests/encode/mvt_reader.hpp"
#include "tests/query/small_city.hpp"

namespace jobmap::api {
namespace {

class Tiles : public testing::Test {
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
  boost::json::object tilejson(const std::string& target) {
    const auto response = ask(target);
    EXPECT_EQ(response.status, 200u) << (response.body ? *response.body : "");
    EXPECT_EQ(response.content_type, "application/json");
    return boost::json::parse(*response.body).as_object();
  }
  static std::string fill(std::string url, unsigned z, std::uint32_t x, std::uint32_t y) {
    for (const auto& [name, value] : {std::pair<std::string, unsigned>{"{z}", z}, {"{x}", x}, {"{y}", y}})
      url.replace(url.find(name), name.size(), std::to_string(value));
    return url;
  }
  // The ids of all jobs in all tiles of a zoom that has no clusters.
  std::multiset<std::string> ids_at(unsigned z, const std::string& query) {
    std::multiset<std::string> ids;
    for (const auto& [layer, f] : features_at(z, query)) ids.insert(f.properties.at("id"));
    return ids;
  }
  std::uint64_t ads_at(unsigned z, const std::string& query) {
    std::uint64_t ads = 0;
    for (const auto& [layer, f] : features_at(z, query)) ads += std::stoull(f.properties.at("ads"));
    return ads;
  }
  // All features in all tiles of a zoom, by the template that TileJSON gives.
  std::vector<std::pair<std::string, encode::TileFeature>> features_at(unsigned z, const std::string& query) {
    const auto url =
        std::string(tilejson("/tiles/jobs.json?" + query).at("tiles").as_array().at(0).as_string());
    std::vector<std::pair<std::string, encode::TileFeature>> features;
    const double n = std::exp2(z);
    const auto x0 = static_cast<std::uint32_t>((119.9 / 360 + 0.5) * n),
               x1 = static_cast<std::uint32_t>((120.5 / 360 + 0.5) * n);
    const auto y0 = static_cast<std::uint32_t>(geo::to_mercator({120, 30.4}).y * n),
               y1 = static_cast<std::uint32_t>(geo::to_mercator({120, 30.0}).y * n);
    for (auto x = x0; x <= x1; ++x)
      for (auto y = y0; y <= y1; ++y) {
        const auto response = ask(fill(url, z, x, y));
        if (response.status == 204) continue;
        EXPECT_EQ(response.status, 200u);
        for (const auto& [layer, found] : encode::read_tile(*response.body))
          for (const auto& f : found) features.emplace_back(layer, f);
      }
    return features;
  }

  test::SmallCity city_{2024, 3000};
  Log log_{stderr};
  App app_{{}, log_};
};

TEST_F(Tiles, HaveTheirMediaTypeAndNothingIs204) {
  const auto full = ask("/tiles/jobs/0/0/0.mvt");
  EXPECT_EQ(full.status, 200u);
  EXPECT_EQ(full.content_type, "application/vnd.mapbox-vector-tile");
  EXPECT_FALSE(full.etag.empty());
  for (const char* layer : {"jobs", "stations", "lines", "districts", "service_points", "venture_sites"}) {
    const auto empty = ask("/tiles/" + std::string(layer) + "/14/0/0.mvt");
    EXPECT_EQ(empty.status, 204u) << layer;
    EXPECT_FALSE(empty.body);
  }
}

TEST_F(Tiles, OutsideTheMatrixIs404) {
  for (const char* tile :
       {"23/0/0", "1/2/0", "1/0/2", "0/0/1", "-1/0/0", "+1/0/0", "1.0/0/0", "a/b/c", "01/0/0", "1/00/0",
        "99999999999/0/0", "22/4194304/0", "4294967296/0/0", "%31%30/0/1024"}) {
    const auto response = ask("/tiles/jobs/" + std::string(tile) + ".mvt");
    EXPECT_EQ(response.status, 404u) << tile;
    EXPECT_EQ(response.content_type, "application/problem+json");
  }
  EXPECT_EQ(ask("/tiles/jobs/22/4194303/4194303.mvt").status, 204u);
  for (const char* target :
       {"/tiles/nothing/0/0/0.mvt", "/tiles/nothing.json", "/tiles/jobs/0/0/0.png", "/tiles/jobs/0/0.mvt"})
    EXPECT_EQ(ask(target).status, 404u) << target;
}

TEST_F(Tiles, RefuseWhatIsNotAFilter) {
  for (const char* query :
       {"fields=title", "sort=newest", "limit=10", "cursor=x", "f=pb", "nonsense=1", "category=none",
        "near=120.1,nan", "radius=0&near=120.1,30.2", "v=1&v=2", "crs=mars", "category=gig&category=gig"}) {
    EXPECT_EQ(ask("/tiles/jobs/0/0/0.mvt?" + std::string(query)).status, 400u) << query;
    EXPECT_EQ(ask("/tiles/jobs.json?" + std::string(query)).status, 400u) << query;
  }
  EXPECT_EQ(ask("/tiles/stations/0/0/0.mvt?category=gigs").status, 400u);
  EXPECT_EQ(ask("/tiles/stations.json?limit=10").status, 400u);
  EXPECT_EQ(ask("/tiles/jobs/0/0/0.mvt?crs=EPSG:3857").status, 200u);
}

// One anchor in WGS84 and in GCJ-02 is the same jobs; the tiles of the latter show them where its maps do.
TEST_F(Tiles, InShiftedCoordinatesShowTheSameJobsElsewhere) {
  const auto at = geo::wgs84_to_gcj02({120.15, 30.2});
  const auto text = std::to_string(at.lon) + ',' + std::to_string(at.lat);
  for (const auto& query :
       {std::string(), "&near=" + text + "&radius=3000", std::string("&category=gig&precision=exact")}) {
    const auto shifted = "crs=gcj02" + query;
    const auto params = query::Params::parse(shifted);
    query::Reader reader(*params);
    const auto q = query::parse_filter(reader, *city_.snapshot);
    ASSERT_FALSE(reader.failed()) << shifted;
    const auto& jobs = *city_.snapshot->jobs;
    std::multiset<std::string> want;
    for (auto row : query::matching_rows(q, *city_.snapshot, city_.snapshot->located_rows()))
      want.insert(jobs.public_id(row));
    EXPECT_GT(want.size(), 0u);
    EXPECT_EQ(ids_at(15, shifted), want) << shifted;
    for (unsigned z : {0u, 9u, 12u})
      EXPECT_EQ(ads_at(z, shifted), want.size()) << shifted << " at zoom " << z;
  }
  for (const char* layer : {"stations", "service_points"}) {
    const auto path = "/tiles/" + std::string(layer) + "/0/0/0.mvt?crs=";
    EXPECT_EQ(*ask(path + "wgs84").body, *ask(path + "EPSG:4490").body) << layer;
    EXPECT_NE(ask(path + "wgs84").etag, ask(path + "bd09").etag) << layer;
    EXPECT_EQ(ask(path + "mars").status, 400u);
  }
  EXPECT_EQ(tilejson("/tiles/stations.json?crs=bd09").at("tiles").as_array().at(0).as_string(),
            "/tiles/stations/{z}/{x}/{y}.mvt?crs=bd09&v=" + city_.snapshot->generation);
  const auto style = *ask("/style.json?crs=bd09").body;
  for (const char* source : {"jobs", "stations", "districts"})
    EXPECT_NE(style.find("\"/tiles/" + std::string(source) + ".json?crs=bd09\""), style.npos) << source;
}

TEST_F(Tiles, OfTheCurrentGenerationMayBeKept) {
  const auto& generation = city_.snapshot->generation;
  const auto current = ask("/tiles/jobs/0/0/0.mvt?v=" + generation),
             old = ask("/tiles/jobs/0/0/0.mvt?v=older"), none = ask("/tiles/jobs/0/0/0.mvt");
  EXPECT_EQ(current.cache_control, "public, max-age=86400, immutable");
  EXPECT_EQ(old.cache_control, "no-cache");
  EXPECT_EQ(none.cache_control, "no-cache");
  EXPECT_EQ(*current.body, *old.body);
  EXPECT_EQ(*current.body, *none.body);
}

TEST_F(Tiles, TileJsonDescribesEachLayer) {
  for (const char* layer : {"jobs", "stations", "lines", "districts", "service_points", "venture_sites"}) {
    const auto json = tilejson("/tiles/" + std::string(layer) + ".json");
    EXPECT_EQ(json.at("tilejson").as_string(), "3.0.0");
    const auto url = std::string(json.at("tiles").as_array().at(0).as_string());
    EXPECT_EQ(url, "/tiles/" + std::string(layer) + "/{z}/{x}/{y}.mvt?v=" + city_.snapshot->generation);
    const auto& described = json.at("vector_layers").as_array().at(0).as_object();
    EXPECT_EQ(described.at("id").as_string(), layer);
    EXPECT_EQ(json.at("bounds").as_array().size(), 4u);
    const auto response = ask(fill(url, 0, 0, 0));
    if (response.status == 204) continue;  // the small city has none
    std::map<std::string, const boost::json::object*> fields;
    for (const auto& of : json.at("vector_layers").as_array())
      fields[std::string(of.at("id").as_string())] = &of.at("fields").as_object();
    EXPECT_EQ(fields.size(), std::string(layer) == "jobs" ? 2u : 1u);
    for (const auto& [name, features] : encode::read_tile(*response.body))
      for (const auto& f : features)
        for (const auto& [key, value] : f.properties)
          EXPECT_TRUE(fields.at(name)->contains(key)) << name << ' ' << key;
  }
}

TEST_F(Tiles, TileJsonCarriesTheQueryAndAnAbsoluteAddressOnlyIfConfigured) {
  const auto json = tilejson("/tiles/jobs.json?category=gig,full_time&station=%E7%AB%991&radius=1500");
  EXPECT_EQ(json.at("tiles").as_array().at(0).as_string(),
            "/tiles/jobs/{z}/{x}/{y}.mvt?category=gig%2Cfull_time&station=%E7%AB%991&radius=1500&v=" +
                city_.snapshot->generation);
  AppOptions options;
  options.public_base_url = "https://jobs.example.org";
  App absolute(options, log_);
  Request request;
  request.target = request.path = "/tiles/lines.json";
  auto plan = absolute.plan(request, city_.snapshot);
  const auto response = std::get<Work>(plan).run();
  EXPECT_NE(response.body->find("\"https://jobs.example.org/tiles/lines/{z}/{x}/{y}.mvt?v="),
            std::string::npos);
}

// Clients add what the URL of a style has to the URLs of its sources.
TEST_F(Tiles, OfTheCityReadTheJobQueryAndAreNotFilteredByIt) {
  for (const std::string layer :
       {"stations", "lines", "districts", "service_points", "venture_sites", "water"}) {
    const auto plain = ask("/tiles/" + layer + ".json"),
               asked = ask("/tiles/" + layer + ".json?category=gig&q=a");
    EXPECT_EQ(asked.status, 200u) << layer;
    EXPECT_EQ(*asked.body, *plain.body) << layer;
    EXPECT_EQ(asked.etag, plain.etag) << layer;
    const auto tile = ask("/tiles/" + layer + "/0/0/0.mvt"),
               same = ask("/tiles/" + layer + "/0/0/0.mvt?category=gig&radius=5&near=120.1,30.2");
    EXPECT_EQ(same.status, tile.status) << layer;
    EXPECT_EQ(same.etag, tile.etag) << layer;
    EXPECT_EQ(ask("/tiles/" + layer + ".json?category=none").status, 400u) << layer;
    EXPECT_EQ(ask("/tiles/" + layer + "/0/0/0.mvt?categry=gig").status, 400u) << layer;
    EXPECT_NE(ask("/tiles/" + layer + ".json?category=gig&crs=gcj02").body->find("mvt?crs=gcj02&v="),
              std::string::npos);
  }
}

TEST_F(Tiles, AttributionIsNotMarkup) {
  auto posting = city_.postings.front();
  posting.source = "<b>a&b";
  data::JobTableBuilder builder;
  builder.add(posting);
  city_.snapshot = data::make_snapshot(std::move(builder).build(*city_.city), city_.city, "x", 1, test::now);
  EXPECT_EQ(tilejson("/tiles/jobs.json").at("attribution").as_string(), "&lt;b>a&amp;b");
}

// One query, many answers: the jobs of all tiles of a zoom are those of the list that have a point.
TEST_F(Tiles, TogetherHoldWhatTheListCounts) {
  for (const std::string query :
       {"", "category=gig", "station=s2&radius=1200",
        "near=120.15,30.2&radius=2500&category=full_time,internship", "bbox=120.08,30.15,120.17,30.22",
        "district=990001", "circle=service", "precision=exact&education=bachelor"}) {
    const auto params = query::Params::parse(query);
    query::Reader reader(*params);
    const auto q = query::parse_filter(reader, *city_.snapshot);
    ASSERT_FALSE(reader.failed()) << query;
    std::multiset<std::string> want;
    for (auto row : query::matching_rows(q, *city_.snapshot, city_.snapshot->located_rows()))
      want.insert(city_.snapshot->jobs->public_id(row));
    EXPECT_EQ(want.size(), query::count(q, *city_.snapshot).located);
    EXPECT_GT(want.size(), 0u) << query;
    for (unsigned z : {14u, 15u}) EXPECT_EQ(ids_at(z, query), want) << query << " at zoom " << z;
    for (unsigned z : {0u, 8u, 12u, 13u})
      EXPECT_EQ(ads_at(z, query), want.size()) << query << " at zoom " << z;
  }
}

}  // namespace
}  // namespace jobmap::api
