// /v1/areas: what is kept, what is refused, and `within` in lists, facets and tiles.
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "server/api/app.hpp"
#include "server/api/log.hpp"
#include "tests/query/small_city.hpp"

namespace jobmap::api {
namespace {

namespace json = boost::json;

class AreaPages : public testing::Test {
 protected:
  struct Answer {
    unsigned status = 0;
    std::string body;
    Response response;
    json::object object() const { return json::parse(body).as_object(); }
    std::string at(std::string_view member) const { return std::string(object().at(member).as_string()); }
  };

  Answer ask(Method method, const std::string& target, std::string_view body = {},
             std::string_view type = "application/geo+json") {
    const Header headers[] = {{"content-type", type}, {"if-none-match", "*"}};
    Request request;
    request.method = method;
    request.target = target;
    const auto question = request.target.find('?');
    request.path = request.target.substr(0, question);
    if (question != std::string::npos) request.query = request.target.substr(question + 1);
    request.headers = {headers, method == Method::post ? 2u : 1u};
    request.body = body;
    auto plan = app_.plan(request, city_.snapshot);
    const auto* work = std::get_if<Work>(&plan);
    Response response = work ? work->run() : std::get<Response>(plan);
    return {response.status, response.body ? *response.body : "", response};
  }
  Answer post(std::string_view body) { return ask(Method::post, "/v1/areas", body); }

  static std::string ring(std::size_t vertices) {
    std::string text = "[";
    for (std::size_t i = 0; i + 1 < vertices; ++i) {
      const double turn = 6.283185307179586 * static_cast<double>(i) / static_cast<double>(vertices - 1);
      text += '[' + std::to_string(120.15 + 0.05 * std::cos(turn)) + ',' +
              std::to_string(30.2 + 0.05 * std::sin(turn)) + "],";
    }
    return text + "[" + std::to_string(120.15 + 0.05) + ',' + std::to_string(30.2) + "]]";
  }
  static std::string polygon(const std::string& rings) {
    return R"({"type":"Polygon","coordinates":[)" + rings + "]}";
  }

  test::SmallCity city_{5, 3000};
  Log log_{stderr};
  App app_{{}, log_};
};

constexpr const char* square = "[[120.1,30.1],[120.3,30.1],[120.3,30.3],[120.1,30.3],[120.1,30.1]]";

TEST_F(AreaPages, ListFacetsAndBoxAgree) {
  const auto kept = post(polygon(square));
  ASSERT_EQ(kept.status, 201u) << kept.body;
  EXPECT_EQ(kept.response.cache_control, "no-store");
  EXPECT_EQ(json::serialize(kept.object().at("bbox")),
            json::serialize(json::parse("[120.1,30.1,120.3,30.3]")));
  const auto within = "within=" + kept.at("id");
  const auto list = ask(Method::get, "/v1/jobs?limit=1&" + within).object();
  const auto boxed = ask(Method::get, "/v1/jobs?limit=1&bbox=120.1,30.1,120.3,30.3").object();
  const auto facets = ask(Method::get, "/v1/facets?by=category&" + within).object();
  EXPECT_GT(list.at("numberMatched").to_number<int>(), 0);
  for (const char* total : {"numberMatched", "openings", "located", "unlocated"})
    EXPECT_EQ(list.at(total), boxed.at(total)) << total;
  EXPECT_EQ(facets.at("numberMatched"), list.at("numberMatched"));
  EXPECT_NE(json::serialize(list).find(within), std::string::npos) << "in the links";
  EXPECT_EQ(ask(Method::get, "/tiles/jobs/10/853/421.mvt?" + within).status / 100, 2u);
  EXPECT_EQ(ask(Method::get, "/style.json?" + within).status, 200u);
}

TEST_F(AreaPages, TheSameAreaHasTheSameId) {
  const auto id = post(polygon(square)).at("id");
  EXPECT_EQ(post(R"({"type":"Feature","properties":{"a":1},"geometry":)" + polygon(square) + "}").at("id"),
            id);
  EXPECT_EQ(post(R"({"type":"MultiPolygon","coordinates":[[)" + std::string(square) + "]]}").at("id"), id);
  EXPECT_EQ(
      ask(Method::post, "/v1/areas?crs=wgs84", polygon(square), "application/json; charset=utf-8").at("id"),
      id);
  EXPECT_EQ(
      post(polygon("[[120.1,30.1,5],[120.3,30.1,5],[120.3,30.3,5],[120.1,30.3,5],[120.1,30.1,5]]")).at("id"),
      id)
      << "heights are ignored";
  EXPECT_NE(ask(Method::post, "/v1/areas?crs=gcj02", polygon(square)).at("id"), id);
}

TEST_F(AreaPages, ACollectionIsTheUnionOfItsAreas) {
  const auto feature = [](const std::string& geometry) {
    return R"({"type":"Feature","properties":null,"geometry":)" + geometry + "}";
  };
  const auto collection = [](const std::string& features, const std::string& more = "") {
    return R"({"type":"FeatureCollection",)" + more + R"("features":[)" + features + "]}";
  };
  const auto matched = [&](const Answer& kept) {
    EXPECT_EQ(kept.status, 201u) << kept.body;
    return ask(Method::get, "/v1/jobs?limit=1&within=" + kept.at("id"))
        .object()
        .at("numberMatched")
        .as_int64();
  };
  const auto west = polygon("[[120.1,30.1],[120.2,30.1],[120.2,30.3],[120.1,30.3],[120.1,30.1]]"),
             east = polygon("[[120.15,30.1],[120.3,30.1],[120.3,30.3],[120.15,30.3],[120.15,30.1]]"),
             both = polygon(square);
  const auto whole = matched(post(both));
  EXPECT_GT(whole, 0);
  const auto kept = post(collection(feature(west) + ',' + feature(east)));
  EXPECT_EQ(matched(kept), whole) << "the strip that both cover is inside";
  EXPECT_EQ(matched(post(R"({"type":"GeometryCollection","geometries":[)" + west + ',' + east + "]}")),
            whole);
  EXPECT_EQ(
      matched(post(feature(R"({"type":"GeometryCollection","geometries":[)" + east + ',' + west + "]}"))),
      whole);
  EXPECT_EQ(post(collection(feature(east) + ',' + feature(west))).at("id"), kept.at("id"));
  EXPECT_EQ(post(collection(feature(both))).at("id"), post(both).at("id"));

  const auto area = ask(Method::get, "/v1/areas/" + kept.at("id"));
  EXPECT_EQ(area.at("type"), "FeatureCollection");
  EXPECT_EQ(area.at("id"), kept.at("id"));
  EXPECT_EQ(post(area.body).at("id"), kept.at("id"));

  // As GDAL and QGIS write them.
  const auto said = [](const std::string& name) {
    return R"("name":"areas","crs":{"type":"name","properties":{"name":")" + name + R"("}},)";
  };
  for (const char* name : {"urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:EPSG::4326", "EPSG:4490"})
    EXPECT_EQ(post(collection(feature(both), said(name))).at("id"), post(both).at("id")) << name;
  EXPECT_EQ(post(collection(feature(both), said("urn:ogc:def:crs:EPSG::3857"))).at("parameter"), "crs");
  EXPECT_EQ(ask(Method::post, "/v1/areas?crs=gcj02",
                collection(feature(both), said("urn:ogc:def:crs:OGC:1.3:CRS84")))
                .at("parameter"),
            "crs");
}

TEST_F(AreaPages, ACollectionIsRefusedByThePlaceOfWhatIsNoArea) {
  const auto good = R"({"type":"Feature","geometry":)" + polygon(square) + "}";
  std::string many;
  for (int i = 0; i < 65; ++i) many += (i ? "," : "") + good;
  const std::tuple<std::string, std::string, std::string> table[] = {
      {"", "features", "empty"},
      {good + R"(,{"type":"Feature","geometry":null})", "features[1].geometry", "no geometry"},
      {good + R"(,{"type":"Feature","geometry":{"type":"Point","coordinates":[120,30]}})",
       "features[1].geometry.type", "not an area"},
      {good + ',' + polygon(square), "features[1].type", "not a feature"},
      {good + ",7", "features[1]", "not a JSON object"},
      {good + R"(,{"type":"FeatureCollection","features":[]})", "features[1].type", "not a feature"},
      {good +
           R"(,{"type":"Feature","geometry":{"type":"GeometryCollection","geometries":[{"type":"GeometryCollection","geometries":[]}]}})",
       "features[1].geometry.geometries[0].type", "not an area"},
      {good +
           R"(,{"type":"Feature","geometry":{"type":"Polygon","coordinates":[[[120,30],[121,30],[120,30]]]}})",
       "features[1].geometry.coordinates", "fewer than four"},
      {many, "features[64].geometry.coordinates", "too many rings"},
  };
  for (const auto& [features, parameter, why] : table) {
    const auto answer = post(R"({"type":"FeatureCollection","features":[)" + features + "]}");
    ASSERT_EQ(answer.status, 400u) << features.substr(0, 300);
    EXPECT_EQ(answer.at("parameter"), parameter) << answer.body;
    EXPECT_NE(answer.body.find(why), std::string::npos) << answer.body;
  }
  EXPECT_EQ(post(R"({"type":"FeatureCollection"})").at("parameter"), "features");
}

TEST_F(AreaPages, WhatIsHardButLegalIsKept) {
  EXPECT_EQ(post(polygon("[[120.1,30.1],[120.3,30.3],[120.3,30.1],[120.1,30.3],[120.1,30.1]]")).status, 201u)
      << "a bow-tie, by even-odd";
  EXPECT_EQ(post(polygon(ring(10'000))).status, 201u);
  EXPECT_EQ(post(polygon("[[179,-10],[180,-10],[180,10],[179,10],[179,-10]]")).status, 201u);
  EXPECT_EQ(post(polygon("[[-180,-90],[180,-90],[180,90],[-180,90],[-180,-90]]")).status, 201u);
}

TEST_F(AreaPages, WhatIsRefusedAndWhy) {
  std::string many = square;
  for (int i = 0; i < 64; ++i) many += std::string(",") + square;
  const std::tuple<std::string, unsigned, std::string> table[] = {
      {"", 400, "not JSON"},
      {"[]", 400, "not a JSON object"},
      {"{}", 400, "not an area"},
      {R"({"type":"Point","coordinates":[120,30]})", 400, "not an area"},
      {R"({"type":"Feature","geometry":null})", 400, "no geometry"},
      {R"({"type":"Feature","geometry":{"type":"Feature","geometry":{}}})", 400, "not an area"},
      {R"({"type":"Polygon"})", 400, "not a list"},
      {R"({"type":"Polygon","coordinates":[]})", 400, "no ring"},
      {R"({"type":"MultiPolygon","coordinates":[]})", 400, "no polygon"},
      {R"({"type":"Polygon","crs":{},"coordinates":[]})", 400, "no such member"},
      {polygon("[]"), 400, "fewer than four"},
      {polygon("[[120,30],[121,30],[120,30]]"), 400, "fewer than four"},
      {polygon("[[120,30],[121,30],[121,31],[120,31]]"), 400, "not closed"},
      {polygon("[[120,30],[121,31],[122,32],[120,30]]"), 400, "has no area"},
      {polygon("[[120,30],[120,30],[120,30],[120,30]]"), 400, "has no area"},
      {polygon("[[120,NaN],[121,30],[121,31],[120,30]]"), 400, "not JSON"},
      {polygon("[[120,1e400],[121,30],[121,31],[120,1e400]]"), 400, ""},
      {polygon(R"([["120",30],[121,30],[121,31],["120",30]])"), 400, "not a position"},
      {polygon("[[120],[121,30],[121,31],[120]]"), 400, "not a position"},
      {polygon("[[120,91],[121,30],[121,31],[120,91]]"), 400, "no place on the earth"},
      {polygon("[[179,-10],[181,-10],[181,10],[179,10],[179,-10]]"), 400, "no place on the earth"},
      {polygon(ring(10'001)), 400, "too many vertices"},
      {polygon(many), 400, "too many rings"},
      {std::string(100'000, '['), 400, "not JSON"},
      {std::string((1 << 20) + 1, ' '), 413, "too large"},
  };
  for (const auto& [body, status, why] : table) {
    const auto answer = post(body);
    EXPECT_EQ(answer.status, status) << body.substr(0, 100) << answer.body;
    EXPECT_NE(answer.body.find(why), std::string::npos) << body.substr(0, 100) << answer.body;
  }
  for (const std::string_view type : {"", "text/plain", "application/x-www-form-urlencoded"})
    EXPECT_EQ(ask(Method::post, "/v1/areas", polygon(square), type).status, 415u) << type;
  EXPECT_EQ(ask(Method::get, "/v1/areas").status, 405u);
  EXPECT_EQ(ask(Method::post, "/v1/areas?crs=mars", polygon(square)).status, 400u);
  EXPECT_EQ(ask(Method::post, "/v1/areas?radius=3", polygon(square)).at("parameter"), "radius");
  EXPECT_EQ(ask(Method::get, "/v1/jobs?within=nobody").at("parameter"), "within");
}

TEST_F(AreaPages, WhatWasPostedIsAtItsLocationAndCanBePostedAgain) {
  const auto kept = post(polygon(square));
  const auto& headers = kept.response.headers;
  const auto location =
      std::find_if(headers.begin(), headers.end(), [](const auto& h) { return h.first == "Location"; });
  ASSERT_NE(location, headers.end());
  EXPECT_EQ(location->second, "/v1/areas/" + kept.at("id"));
  const auto area = ask(Method::get, location->second);
  ASSERT_EQ(area.status, 200u) << area.body;
  EXPECT_EQ(area.response.content_type, "application/geo+json");
  EXPECT_TRUE(area.response.etag.starts_with("W/"));
  EXPECT_EQ(area.at("id"), kept.at("id"));
  EXPECT_EQ(json::serialize(area.object().at("geometry").at("coordinates")),
            json::serialize(json::parse("[[" + std::string(square) + "]]")));
  EXPECT_EQ(post(area.body).at("id"), kept.at("id"));
  const auto elsewhere = ask(Method::get, location->second + "?crs=gcj02");
  EXPECT_NE(elsewhere.body, area.body);
  EXPECT_NE(elsewhere.response.etag, area.response.etag);
  EXPECT_EQ(ask(Method::get, "/v1/areas/nobody").status, 404u);
  EXPECT_EQ(ask(Method::get, location->second + "?radius=3").at("parameter"), "radius");
  EXPECT_EQ(ask(Method::post, location->second, polygon(square)).status, 405u);
}

TEST_F(AreaPages, AFullRoomSaysWhenToComeBack) {
  App small{{.basemap = {}, .public_base_url = "", .web_dir = "", .area_bytes = 1200}, log_};
  Request request;
  const Header headers[] = {{"content-type", "application/json"}};
  auto body = polygon(square);
  request.method = Method::post, request.target = request.path = "/v1/areas", request.headers = headers;
  request.body = body;
  const auto answer = [&] {
    request.body = body;
    auto plan = small.plan(request, city_.snapshot);
    return std::get<Work>(plan).run();
  };
  Response response = answer();
  ASSERT_EQ(response.status, 201u) << "one fits";
  for (int i = 0; i < 9 && response.status == 201; ++i) {
    const auto corner = "[120.0" + std::to_string(i) + ",30.1]";
    body = polygon("[" + corner + ",[120.3,30.1],[120.3,30.3]," + corner + "]");
    response = answer();
  }
  ASSERT_EQ(response.status, 503u) << *response.body;
  ASSERT_EQ(response.headers.size(), 1u);
  EXPECT_EQ(response.headers[0].first, "Retry-After");
  const auto wait = std::stoi(response.headers[0].second);
  EXPECT_GT(wait, 86'000) << "the oldest has just come";
  EXPECT_LE(wait, 86'400);
  body = polygon(ring(200));
  EXPECT_EQ(answer().status, 413u) << "there will never be room for it";
}

TEST_F(AreaPages, AClientsShareIsItsOwn) {
  App app{
      {.basemap = {}, .public_base_url = "", .web_dir = "", .area_bytes = 1 << 20, .client_area_bytes = 1200},
      log_};
  const Header headers[] = {{"content-type", "application/json"}};
  int made = 0;
  const auto post = [&](std::uint64_t client) {
    const auto corner = "[120.0" + std::to_string(++made) + ",30.1]";
    const auto body = polygon("[" + corner + ",[120.3,30.1],[120.3,30.3]," + corner + "]");
    Request request;
    request.method = Method::post, request.target = request.path = "/v1/areas", request.headers = headers;
    request.body = body, request.client = client;
    return std::get<Work>(app.plan(request, city_.snapshot)).run();
  };
  Response response = post(1);
  for (int i = 0; i < 6 && response.status == 201; ++i) response = post(1);
  ASSERT_EQ(response.status, 429u) << *response.body;
  ASSERT_EQ(response.headers.size(), 1u);
  EXPECT_EQ(response.headers[0].first, "Retry-After");
  EXPECT_GT(std::stoi(response.headers[0].second), 86'000);
  EXPECT_EQ(post(2).status, 201u);
}

}  // namespace
}  // namespace jobmap::api
