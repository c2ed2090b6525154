// /v1/isochrone with and without a street network.
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "data/index/walks.hpp"
#include "geo/polygon.hpp"
#include "server/api/app.hpp"
#include "server/api/log.hpp"
#include "tests/query/small_city.hpp"
#include "tests/street_grid.hpp"

namespace jobmap::api {
namespace {

namespace json = boost::json;

geo::MultiPolygon area_of(const json::value& geometry) {
  geo::MultiPolygon area;
  for (const auto& polygon : geometry.at("coordinates").as_array()) {
    auto& rings = area.emplace_back();
    for (const auto& ring : polygon.as_array()) {
      auto& points = rings.emplace_back();
      for (const auto& p : ring.as_array())
        points.push_back({p.at(0).to_number<double>(), p.at(1).to_number<double>()});
    }
  }
  return area;
}

class IsochronePage : public testing::Test {
 protected:
  IsochronePage() {
    const auto graph = std::make_shared<const geo::StreetGraph>(street_grid({120.17, 30.2}, 100, 150));
    streets_ = data::make_snapshot(city_.snapshot->jobs, city_.city, "0123456789abcdef", 1, test::now,
                                   {graph, data::find_walks(*graph, *city_.snapshot->jobs, *city_.city)});
  }
  Response ask(const Generation& snapshot, const std::string& query) {
    const std::string target = "/v1/isochrone?" + query;
    Request request;
    request.target = target;
    request.path = "/v1/isochrone";
    request.query = std::string_view(target).substr(14);
    auto plan = app_.plan(request, snapshot);
    if (auto* response = std::get_if<Response>(&plan)) return std::move(*response);
    return std::get<Work>(plan).run();
  }
  json::object answer(const Generation& snapshot, const std::string& query) {
    const auto response = ask(snapshot, query);
    EXPECT_EQ(response.status, 200u) << query << ' ' << *response.body;
    return json::parse(*response.body).as_object();
  }
  void expect_refused(const Generation& snapshot, const std::string& query, const std::string& parameter) {
    const auto response = ask(snapshot, query);
    EXPECT_EQ(response.status, 400u) << query;
    if (response.status == 400) {
      EXPECT_EQ(json::parse(*response.body).at("parameter").as_string(), parameter) << *response.body;
    }
  }

  test::SmallCity city_{330106, 200};
  Generation streets_;
  Generation plain_ = city_.snapshot;
  Log log_{nullptr};
  App app_{{}, log_};
};

TEST_F(IsochronePage, largest_first_valid_and_nested) {
  for (const auto& snapshot : {streets_, plain_})
    for (const std::string mode : {"walk", "bike", "metro"}) {
      const auto page = answer(snapshot, "from=120.17,30.2&minutes=5,15,10&mode=" + mode);
      EXPECT_EQ(page.at("method").at("name").as_string(), snapshot->streets ? "network" : "straight_line");
      EXPECT_EQ(page.at("method").at("mode").as_string(), mode);
      EXPECT_GT(page.at("method").at("resolution_m").to_number<double>(), 0);
      EXPECT_EQ(page.at("method").as_object().contains("metro"), mode == "metro");
      const auto& features = page.at("features").as_array();
      ASSERT_EQ(features.size(), 3u);
      std::optional<geo::PreparedPolygon> larger;
      for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_EQ(features[i].at("properties").at("minutes").to_number<int>(), 15 - 5 * static_cast<int>(i));
        const auto area = area_of(features[i].at("geometry"));
        EXPECT_EQ(geo::invalid_reason(area, geo::import_limits), std::nullopt);
        if (larger) {
          for (const auto& polygon : area)
            for (const auto p : polygon[0]) EXPECT_TRUE(larger->covers(p));
        }
        larger.emplace(area, geo::import_limits);
        EXPECT_TRUE(larger->covers({120.17, 30.2}));
      }
    }
}

// The extent of the districts is 120.0 to 120.4 and 30.1 to 30.3.
TEST_F(IsochronePage, a_place_outside_the_city_is_refused) {
  for (const auto& snapshot : {streets_, plain_})
    for (const std::string from : {"2.35,48.85", "30.2,120.17", "120.41,30.2", "120.17,30.31"})
      expect_refused(snapshot, "minutes=10&from=" + from, "from");
  EXPECT_EQ(ask(plain_, "minutes=10&from=120.39,30.29").status, 200u);
  expect_refused(plain_, "minutes=10&from=120.17,30.2&crs=EPSG:4549", "from");
}

// The streets end at 120.25; beyond, the answer is that of a city without them.
TEST_F(IsochronePage, beyond_the_streets_by_straight_lines) {
  for (const std::string mode : {"walk", "bike", "metro"}) {
    const auto query = "minutes=10,20&from=120.39,30.29&mode=" + mode;
    const auto page = answer(streets_, query), plain = answer(plain_, query);
    const auto& method = page.at("method");
    EXPECT_EQ(method.at("name").as_string(), "straight_line");
    EXPECT_EQ(method.at("beyond_streets"), json::array{1});
    EXPECT_NE(method.at("note").as_string().find("straight lines"), json::string::npos);
    EXPECT_FALSE(method.as_object().contains("off_street_m"));
    EXPECT_EQ(page.at("features"), plain.at("features"));
    EXPECT_FALSE(plain.at("method").as_object().contains("beyond_streets"));
  }
}

TEST_F(IsochronePage, the_metro_is_never_worse_than_walking) {
  for (const auto& snapshot : {streets_, plain_}) {
    const auto area = [&](const std::string& how) {
      return area_of(answer(snapshot, "from=120.17,30.2&" + how).at("features").at(0).at("geometry"));
    };
    const geo::PreparedPolygon metro(area("minutes=30&mode=metro"), geo::import_limits);
    // Drawn on grids of their own, the two may differ by a cell at the edge: so a little earlier on foot.
    for (const auto& polygon : area("minutes=25"))
      for (const auto p : polygon[0]) EXPECT_TRUE(metro.covers(p));
  }
}

TEST_F(IsochronePage, speeds_and_systems_are_echoed) {
  const auto page = answer(streets_, "from=120.17,30.2&minutes=10&speed_kmh=3.6&crs=gcj02");
  EXPECT_EQ(page.at("crs").as_string(), "gcj02");
  EXPECT_DOUBLE_EQ(page.at("method").at("speed_kmh").to_number<double>(), 3.6);
  EXPECT_DOUBLE_EQ(
      answer(plain_, "from=120.17,30.2&minutes=10&detour=1.5").at("method").at("detour").to_number<double>(),
      1.5);
}

TEST_F(IsochronePage, refuses_what_it_cannot_answer) {
  for (const auto* minutes : {"", "&minutes=0", "&minutes=-1", "&minutes=121", "&minutes=nan",
                              "&minutes=5,,10", "&minutes=5,5", "&minutes=1,2,3,4,5,6,7,8,9,10,11"})
    expect_refused(streets_, std::string("from=120.17,30.2") + minutes, "minutes");
  expect_refused(streets_, "minutes=10", "from");
  expect_refused(streets_, "from=120.17&minutes=10", "from");
  expect_refused(streets_, "from=0,0&minutes=10", "from");
  expect_refused(streets_, "from=120.17,30.2&minutes=10&mode=fly", "mode");
  expect_refused(streets_, "from=120.17,30.2&minutes=10&speed_kmh=1", "speed_kmh");
  expect_refused(streets_, "from=120.17,30.2&minutes=10&depart=2026-01-01T08:00:00Z", "depart");
  expect_refused(streets_, "from=120.17,30.2&minutes=10&radius=5", "radius");
}

TEST_F(IsochronePage, its_canonical_form_asks_the_same) {
  const auto tag = [&](const std::string& query) { return ask(streets_, query).etag; };
  EXPECT_EQ(tag("from=120.17,30.2&minutes=5,10"), tag("minutes=10,5&from=120.17,30.2&mode=walk"));
  EXPECT_NE(tag("from=120.17,30.2&minutes=5,10"), tag("from=120.17,30.2&minutes=5,11"));
  EXPECT_EQ(tag("from=120.170,30.20&minutes=5"), tag("from=120.17,30.2&minutes=5")) << "however it is spelt";
  EXPECT_NE(tag("from=120.17,30.2&minutes=5"), tag("from=120.17,30.2&minutes=5&speed_kmh=5"));
}

}  // namespace
}  // namespace jobmap::api
