#include "server/api/query_body.hpp"

#include <gtest/gtest.h>

namespace jobmap::api {
namespace {

query::Result<query::Params> read(std::string_view body, std::string_view type = "application/json",
                                  std::string_view url = "") {
  const Header headers[] = {{"content-type", type}};
  Request request;
  request.method = Method::post;
  request.headers = headers;
  request.body = body;
  request.query = url;
  return read_query_body(request, query::Repeats::refused);
}
using Items = std::vector<std::pair<std::string, std::string>>;

TEST(QueryBody, AFormIsAQueryString) {
  const auto params =
      read("station=%E9%BE%99%E7%BF%94%E6%A1%A5&q=C%2B%2B+Java&f=", "application/x-www-form-urlencoded");
  ASSERT_TRUE(params);
  EXPECT_EQ(params->all(), (Items{{"station", "龙翔桥"}, {"q", "C++ Java"}, {"f", ""}}));
  EXPECT_TRUE(read("", "application/x-www-form-urlencoded")->all().empty());
  EXPECT_EQ(read("a=1&a=2", "application/x-www-form-urlencoded").error().parameter, "a");
}

TEST(QueryBody, AMemberIsAParameter) {
  const auto params =
      read(R"( {"station":"龙翔桥","radius":800,"pay_min":8000.50,"explain":true,"multi":false,
    "category":["gig","full_time"],"bbox":[120.15,-30.24,1.2e2,30],"reach":[[120.16,30.25],[120.21,30.21]],
    "minutes":[[40],[15]],"q":"\u9f99\n\"翔,桥\";","limit":18446744073709551615} )",
           "Application/JSON; charset=utf-8");
  ASSERT_TRUE(params) << params.error().message;
  EXPECT_EQ(params->all(), (Items{{"station", "龙翔桥"},
                                  {"radius", "800"},
                                  {"pay_min", "8000.5"},
                                  {"explain", "true"},
                                  {"multi", "false"},
                                  {"category", "gig,full_time"},
                                  {"bbox", "120.15,-30.24,120,30"},
                                  {"reach", "120.16,30.25;120.21,30.21"},
                                  {"minutes", "40;15"},
                                  {"q", "龙\n\"翔,桥\";"},
                                  {"limit", "18446744073709551615"}}));
  EXPECT_TRUE(read("{}")->all().empty());
}

TEST(QueryBody, LongTextsComeWhole) {
  const std::string filter(60'000, 'x');
  EXPECT_EQ(*read("{\"filter\":\"" + filter + "\"}")->find("filter"), filter);
}

TEST(QueryBody, TheUrlMayHaveOtherParameters) {
  const auto params = read(R"({"radius":800})", "application/json", "f=pb&crs=gcj02");
  ASSERT_TRUE(params);
  EXPECT_EQ(params->all(), (Items{{"f", "pb"}, {"crs", "gcj02"}, {"radius", "800"}}));
  for (const char* type : {"application/json", "application/x-www-form-urlencoded"}) {
    const auto twice = read(type[12] == 'j' ? R"({"f":"pb"})" : "f=pb", type, "f=pb");
    ASSERT_FALSE(twice);
    EXPECT_EQ(twice.error().parameter, "f");
  }
  EXPECT_FALSE(read("{}", "application/json", "a=%f"));
}

TEST(QueryBody, WhatIsRefusedNamesItsMember) {
  const std::tuple<std::string, std::string, std::string> table[] = {
      {"", "", "not JSON"},
      {"[]", "", "not a JSON object"},
      {"\"a\"", "", "not a JSON object"},
      {"1", "", "not a JSON object"},
      {"null", "", "not a JSON object"},
      {"{", "", "not JSON"},
      {"{} {}", "", "not JSON"},
      {R"({"a":1,})", "", "not JSON"},
      {R"({"a":NaN})", "", "not JSON"},
      {R"({"a":1,"b":2,"a":3})", "a", "given twice"},
      {R"({"a":1,"\u0061":3})", "a", "given twice"},
      {R"({"a":null})", "a", "null"},
      {R"({"a":{"b":1}})", "a", "an object"},
      {R"({"a":[]})", "a", "empty"},
      {R"({"a":[[]]})", "a", "empty"},
      {R"({"a":[{}]})", "a", "an object"},
      {R"({"a":["x,y"]})", "a", "comma"},
      {R"({"a":["x;y"]})", "a", "comma"},
      {R"({"a":[1,[2]]})", "a", "lists and other"},
      {R"({"a":[[2],1]})", "a", "lists and other"},
      {R"({"a":[[[2]]]})", "a", "too deep"},
      {R"({"a":"x\u0000y"})", "a", "NUL"},
      {"{\"a\":\"\xff\"}", "", "not JSON"},
      {std::string(10'000, '['), "", "not JSON"},
      {R"({"filter":{"op":"not"}})", "filter", "an object"}};
  for (const auto& [body, parameter, why] : table) {
    const auto params = read(body);
    ASSERT_FALSE(params) << body;
    EXPECT_EQ(params.error().parameter, parameter) << body.substr(0, 100);
    EXPECT_NE(params.error().message.find(why), std::string::npos)
        << body.substr(0, 100) << params.error().message;
    EXPECT_FALSE(params.error().allowed.empty()) << body.substr(0, 100);
  }
  std::string many = "{";
  for (int i = 0; i < 101; ++i) many += (i ? ",\"p" : "\"p") + std::to_string(i) + "\":1";
  EXPECT_FALSE(read(many + "}"));
}

TEST(QueryBody, WithExpressionsCql2JsonIsTakenAsItIs) {
  const auto read = [](std::string_view body) {
    const Header headers[] = {{"content-type", "application/json"}};
    Request request;
    request.method = Method::post;
    request.headers = headers;
    request.body = body;
    return read_query_body(request, query::Repeats::last_wins, Expressions::as_json);
  };
  const Items alone{{"filter", R"({"op":"=","args":[{"property":"title"},"a;b"]})"},
                    {"filter-lang", "cql2-json"}};
  EXPECT_EQ(read(alone[0].second)->all(), alone);
  EXPECT_EQ(read("{\"filter\":" + alone[0].second + "}")->all(), alone);
  EXPECT_EQ(
      read(R"({"filter":"title = 'a'","sortby":["+id",{"field":"pay_min","direction":"desc"}]})")->all(),
      (Items{{"filter", "title = 'a'"}, {"sortby", "+id,-pay_min"}}));
  EXPECT_EQ(read(R"({"sortby":[{"field":1}]})").error().parameter, "sortby");
  EXPECT_EQ(read(R"({"limit":1,"limit":2})").error().parameter, "limit");
  EXPECT_EQ(read(R"({"filter":{"op":"isNull","args":[],"args":[{"property":"title"}]}})").error().parameter,
            "args");
  for (const auto* key : {R"({"field":"pay_min","nulls":"first"})", R"({"field":"pay_min,-id"})"})
    EXPECT_EQ(read(std::string(R"({"sortby":[)") + key + "]}").error().parameter, "sortby") << key;
}

}  // namespace
}  // namespace jobmap::api
