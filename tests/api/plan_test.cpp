// POST /v1/coverage and /v1/siting, and GET /v1/coverage in its formats: what is answered, and what is
// refused.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <sstream>

#include "data/index/walks.hpp"
#include "jobmap.pb.h"
#include "server/api/app.hpp"
#include "server/api/log.hpp"
#include "tests/query/small_city.hpp"
#include "tests/street_grid.hpp"

namespace jobmap::api {
namespace {

namespace json = boost::json;

class Plans : public testing::Test {
 protected:
  struct Answer {
    unsigned status = 0;
    std::string body, type;
    json::object object() const { return json::parse(body).as_object(); }
  };

  Answer ask(Method method, std::string_view target, std::string_view body = {},
             std::string_view type = "application/json") {
    const Header headers[] = {{"content-type", type}};
    const auto question = target.find('?');
    Request request;
    request.method = method;
    request.target = target;
    request.path = target.substr(0, question);
    if (question != std::string_view::npos) request.query = target.substr(question + 1);
    request.headers = headers;
    request.body = body;
    auto plan = app_.plan(request, snapshot_);
    const auto* work = std::get_if<Work>(&plan);
    const Response response = work ? work->run() : std::get<Response>(plan);
    return {response.status, response.body ? *response.body : "", std::string(response.content_type)};
  }
  Answer post(std::string_view target, std::string_view body) { return ask(Method::post, target, body); }

  void build_streets(std::uint32_t side = 60, double spacing_m = 150) {
    const auto graph = std::make_shared<const geo::StreetGraph>(street_grid({120.17, 30.2}, side, spacing_m));
    const auto& jobs = city_.snapshot->jobs;
    snapshot_ = data::make_snapshot(jobs, city_.city, "0123456789abcdef", 1, test::now,
                                    {graph, data::find_walks(*graph, *jobs, *city_.city)});
  }

  test::SmallCity city_{3, 2000};
  Generation snapshot_ = city_.snapshot;
  Log log_{stderr};
  App app_{{}, log_};
};

TEST_F(Plans, WhatAPointWouldChange) {
  const auto answer = post("/v1/coverage", R"({"add":[[120.16,30.2]],"remove":["p1"],"of":["ads","area"]})");
  ASSERT_EQ(answer.status, 200u) << answer.body;
  const auto o = answer.object();
  EXPECT_EQ(o.at("method").at("circle_minutes").to_number<double>(), 15);
  EXPECT_TRUE(o.at("before").as_object().contains("ads"));
  EXPECT_FALSE(o.at("before").as_object().contains("openings"));
  EXPECT_GE(o.at("add").at(0).at("gain").at("ads").to_number<double>(), 0);
  EXPECT_LE(o.at("remove").at(0).at("gain").at("area").to_number<double>(), 0);
  EXPECT_EQ(o.at("remove").at(0).at("id").as_string(), "p1");
}

TEST_F(Plans, BodiesThatAreRefusedSayWhy) {
  const std::tuple<std::string_view, std::string_view, std::string_view> table[] = {
      {"/v1/coverage", "{}", "add"},
      {"/v1/coverage", "[]", ""},
      {"/v1/coverage", "{", ""},
      {"/v1/coverage", "", ""},
      {"/v1/coverage", R"({"add":[]})", "add"},
      {"/v1/coverage", R"({"add":[[120.16]]})", "add"},
      {"/v1/coverage", R"({"add":[["a","b"]]})", "add"},
      {"/v1/coverage", R"({"add":[[1e400,30.2]]})", "add"},
      {"/v1/coverage", R"({"add":[[30.2,120.16]]})", "add"},
      {"/v1/coverage", R"({"add":[[13376000,3530000]]})", "add"},
      {"/v1/coverage", R"({"add":[[2.35,48.85]]})", "add"},
      {"/v1/coverage", R"({"add":[[120.16,30.2]],"crs":"EPSG:1"})", "crs"},
      {"/v1/coverage", R"({"add":[[120.16,30.2]],"crs":"EPSG:4549"})", "add"},
      {"/v1/coverage", R"({"remove":["nobody"]})", "remove"},
      {"/v1/coverage", R"({"remove":["p1","p1"]})", "remove"},
      {"/v1/coverage", R"({"add":[[120.16,30.2]],"circle_minutes":0})", "circle_minutes"},
      {"/v1/coverage", R"({"add":[[120.16,30.2]],"circle_minutes":61})", "circle_minutes"},
      {"/v1/coverage", R"({"add":[[120.16,30.2]],"of":["jobs"]})", "of"},
      {"/v1/coverage", R"({"add":[[120.16,30.2]],"radius":5})", "radius"},
      {"/v1/siting", R"({})", "sites"},
      {"/v1/siting", R"({"sites":0})", "sites"},
      {"/v1/siting", R"({"sites":-1})", "sites"},
      {"/v1/siting", R"({"sites":1.5})", "sites"},
      {"/v1/siting", R"({"sites":101})", "sites"},
      {"/v1/siting", R"({"sites":2,"candidates":[]})", "candidates"},
      {"/v1/siting", R"({"sites":2,"candidates":[[2.35,48.85]]})", "candidates"},
      {"/v1/siting", R"({"sites":2,"of":"area","grid_m":100})", "grid_m"},
      {"/v1/siting", R"({"sites":2,"of":"population"})", "of"},
      {"/v1/siting", R"({"sites":2,"grid_m":500,"candidates":[[120.16,30.2]]})", "grid_m"},
      {"/v1/siting", R"({"sites":2,"grid_m":5})", "grid_m"},
  };
  for (const auto& [target, body, parameter] : table) {
    const auto answer = post(target, body);
    ASSERT_EQ(answer.status, 400u) << target << " " << body << "\n" << answer.body;
    const auto problem = answer.object();
    const auto* given = problem.if_contains("parameter");  // none where it is the body itself
    EXPECT_EQ(given ? std::string_view(given->as_string()) : "", parameter) << body << "\n" << answer.body;
    EXPECT_FALSE(answer.object().at("allowed").as_string().empty()) << body;
  }
  EXPECT_EQ(ask(Method::post, "/v1/siting", R"({"sites":1})", "text/plain").status, 415u);
  EXPECT_EQ(ask(Method::post, "/v1/siting?sites=1", R"({"sites":1})").status, 400u);
  EXPECT_EQ(ask(Method::get, "/v1/siting").status, 405u);
  EXPECT_EQ(ask(Method::post, "/v1/stations", "{}").status, 405u);
}

TEST_F(Plans, NumbersThatAreRefusedAreShownAsPeopleWriteThem) {
  const std::tuple<std::string_view, std::string_view, std::string_view, std::string_view> table[] = {
      {"/v1/siting", R"({"sites":1.5})", "1.5", "1 to 100"},
      {"/v1/siting", R"({"sites":200})", "200", "1 to 100"},
      {"/v1/siting", R"({"sites":1e2,"grid_m":99.5})", "99.5", "100 to 10000"},
      {"/v1/siting", R"({"sites":1e3})", "1000", "1 to 100"},
      {"/v1/coverage", R"({"circle_minutes":1e5})", "100000", "1 to 60"},
      {"/v1/coverage", R"({"circle_minutes":0.1})", "0.1", "1 to 60"},
      {"/v1/coverage", R"({"circle_minutes":-1e-7})", "-0.0000001", "1 to 60"},
      {"/v1/coverage", R"({"circle_minutes":1e300})", "1e+300", "1 to 60"},
      {"/v1/coverage", R"({"circle_minutes":[5.5,{"a":[true,null,"b"]}]})", R"([5.5,{"a":[true,null,"b"]}])",
       "1 to 60"},
      {"/v1/coverage", R"({"add":[[2.35,48.85]]})", "[2.35,48.85]",
       "[lon, lat] in the extent of the districts"},
  };
  for (const auto& [target, body, value, allowed] : table) {
    const auto problem = post(target, body).object();
    EXPECT_EQ(problem.at("value").as_string(), value) << body;
    EXPECT_EQ(problem.at("allowed").as_string(), allowed) << body;
  }
  std::string long_list = "[0.5";
  for (int i = 0; i < 1000; ++i) long_list += ",0.5";
  const auto problem = post("/v1/coverage", R"({"circle_minutes":)" + long_list + "]}").object();
  EXPECT_LT(problem.at("value").as_string().size(), 210u);
}

TEST_F(Plans, CandidatesThatGainNothingAreSaidToDoSo) {
  const auto nothing =
      post("/v1/siting", R"({"sites":2,"candidates":[[120.39,30.11],[120.39,30.12]]})").object();
  EXPECT_TRUE(nothing.at("features").as_array().empty());
  EXPECT_EQ(nothing.at("note").as_string(),
            "no candidate gains anything: what they reach is nothing of this, or reached already");
  const auto one =
      post("/v1/siting", R"({"sites":2,"of":"area","candidates":[[120.39,30.11],[120.39,30.11]]})").object();
  EXPECT_EQ(one.at("features").as_array().size(), 1u);
  EXPECT_TRUE(one.at("note").as_string().starts_with("no other candidate"));
  EXPECT_FALSE(post("/v1/siting", R"({"sites":1})").object().contains("note"));
}

TEST_F(Plans, CandidatesOffTheStreetsAreCounted) {
  build_streets(8, 1500);  // whose blocks have a middle that no street is near
  const auto o =
      post(
          "/v1/siting",
          R"({"sites":3,"candidates":[[120.17,30.2],[120.16221,30.2],[120.16221,30.19324],[120.17,30.19324],)"
          R"([120.39,30.11]]})")
          .object();
  EXPECT_TRUE(o.at("note").as_string().ends_with("1 of 5 lie farther than 250 m from every street"))
      << o.at("note");
}

TEST_F(Plans, APointBeyondTheStreetsSaysSo) {
  build_streets();
  const auto o = post("/v1/coverage", R"({"add":[[120.25,30.22],[120.17,30.2]]})").object();
  const auto& added = o.at("add").as_array();
  EXPECT_TRUE(added[0].as_object().contains("beyond_streets"));
  EXPECT_FALSE(added[1].as_object().contains("beyond_streets"));
}

TEST_F(Plans, EveryFormatSaysHowAreaIsCountedAlongTheStreets) {
  build_streets();
  const std::string query = "/v1/coverage?by=district&of=area&circle_minutes=20";
  const auto o = ask(Method::get, query + "&f=json").object();
  const auto& sides = o.at("method").at("area_cell_m").as_array();
  const auto error = o.at("area_error_m2").to_number<double>();
  EXPECT_GT(error, 0);
  v1::Coverage pb;
  ASSERT_TRUE(pb.ParseFromString(ask(Method::get, query + "&f=pb").body));
  EXPECT_EQ(pb.method(), "network");
  EXPECT_NEAR(pb.area_error_m2(), error, 0.5);
  ASSERT_EQ(pb.area_cell_m_size(), 2);
  for (int i = 0; i < 2; ++i)
    EXPECT_NEAR(pb.area_cell_m(i), sides.at(static_cast<std::size_t>(i)).to_number<double>(), 0.05);
  const auto csv = ask(Method::get, query + "&f=csv").body;
  std::ostringstream largest;
  largest << ',' << sides.at(1).to_number<double>() << ',';
  EXPECT_NE(csv.find(largest.str()), std::string::npos) << csv;
}

TEST_F(Plans, SitesComeInOrderOfTheirChoice) {
  const auto o = post("/v1/siting", R"({"sites":3,"of":"openings"})").object();
  const auto& features = o.at("features").as_array();
  ASSERT_EQ(features.size(), 3u);
  double sum = 0;
  for (const auto& f : features) sum += f.at("properties").at("gain").to_number<double>();
  EXPECT_EQ(sum, o.at("gain").to_number<double>());
  EXPECT_NEAR(o.at("after").to_number<double>() - o.at("before").to_number<double>(), sum, 1e-6);
  EXPECT_GE(o.at("solution").at("upper_bound").to_number<double>(), sum);
}

TEST_F(Plans, SitesByAreaSayTheirGrid) {
  const auto o = post("/v1/siting", R"({"sites":2,"of":"area"})").object();
  EXPECT_EQ(o.at("features").as_array().size(), 2u);
  EXPECT_EQ(o.at("grid_m").to_number<double>(), 500);
  EXPECT_GT(o.at("gain").to_number<double>(), 0);
}

TEST_F(Plans, ALongBodyIsReadWhereThePlanIsMadeUnlessItIsTooLarge) {
  const std::string large = "[" + std::string(2 << 20, ' ') + "]", long_body = "[" + std::string(5000, ' ');
  for (const auto* target : {"/v1/coverage", "/v1/siting"}) {
    EXPECT_EQ(post(target, large).status, 413u) << target;
    EXPECT_EQ(post(target, "[").status, 400u) << target;
    EXPECT_EQ(ask(Method::post, target, "{}", "text/plain").status, 415u) << target;
    const Header headers[] = {{"content-type", "application/json"}};
    Request request;
    request.method = Method::post;
    request.target = request.path = target;
    request.headers = headers;
    request.body = long_body;
    const auto plan = app_.plan(request, snapshot_);
    ASSERT_TRUE(std::holds_alternative<Work>(plan)) << "not read on a thread that others wait for";
    EXPECT_TRUE(std::get<Work>(plan).heavy);
  }
}

TEST_F(Plans, CoverageIsTheSameInEveryFormat) {
  const std::string shares = "/v1/coverage?by=district,category&of=ads,openings,area",
                    query = shares + "&gaps=true";
  const auto geo = ask(Method::get, query).object();
  const auto plain = ask(Method::get, query + "&f=json").object();
  const auto csv = ask(Method::get, shares + "&f=csv");
  EXPECT_EQ(json::serialize(geo.at("all")), json::serialize(plain.at("all")));
  EXPECT_EQ(geo.at("features").as_array().size(),
            plain.at("rows").as_array().size() + plain.at("gaps").as_array().size());
  EXPECT_TRUE(csv.type.starts_with("text/csv"));
  EXPECT_TRUE(
      csv.body.starts_with("\xEF\xBB\xBF"
                           "district,name,category,measure,total"))
      << "a spreadsheet takes it for UTF-8 by the mark";
  const auto covered = json::serialize(plain.at("all").at("ads").at("covered"));
  EXPECT_NE(csv.body.find("all,,,ads,"), std::string::npos);
  EXPECT_GT(ask(Method::get, query + "&f=pb").body.size(), 100u);
  for (const std::string bad : {"circle_minutes=0", "circle_minutes=-1", "circle_minutes=121", "of=jobs",
                                "by=street", "gaps=perhaps", "minutes=15", "f=xml",
                                // what its rows have no room for
                                "f=csv&gaps=true", "f=csv&report=circles", "gaps=false&report=circles"})
    EXPECT_EQ(ask(Method::get, "/v1/coverage?" + bad).status, 400u) << bad;
}

}  // namespace
}  // namespace jobmap::api
