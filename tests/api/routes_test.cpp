#include "server/api/routes.hpp"

#include <gtest/gtest.h>

#include <set>

namespace jobmap::api {
namespace {

std::string pattern(std::string_view path) {
  auto match = find_route(path);
  return match.route ? std::string(match.route->pattern) : "";
}

TEST(Routes, FindTheirPaths) {
  auto match = find_route("/tiles/jobs/14/13655/6757.mvt");
  ASSERT_NE(match.route, nullptr);
  EXPECT_EQ(match.route->pattern, "/tiles/{layer}/{z}/{x}/{y}.mvt");
  EXPECT_EQ(match.values, (std::vector<std::string>{"jobs", "14", "13655", "6757"}));
  EXPECT_EQ(find_route("/v1/jobs/synthetic%3A1").values, std::vector<std::string>{"synthetic:1"});
  EXPECT_EQ(find_route("/v1/jobs/a%2Fb").values, std::vector<std::string>{"a/b"});
  EXPECT_EQ(find_route("/v1/jobs/%E6%B5%8B").values, std::vector<std::string>{"测"});
  EXPECT_EQ(pattern("/v1/%6Aobs"), "/v1/jobs");
}

TEST(Routes, OtherPathsHaveNone) {
  for (auto path : {"/", "", "/v1", "/v1/", "/v1/jobs/", "/v1/jobs/a/", "/v1//jobs", "//v1/jobs", "/V1/jobs",
                    "/tiles/jobs/14/1/.mvt", "/tiles/jobs/14/1/2.pbf", "/tiles/.json", "/healthz",
                    "/v1/jobs/a/b", "/v1%2Fjobs", "/v1/jobs?limit=1"})
    EXPECT_EQ(pattern(path), "") << path;
}

TEST(Routes, RefuseBadEscapes) {
  for (auto path :
       {"/v1/jobs/%", "/v1/jobs/%4", "/v1/jobs/%zz", "/v1/jobs/%00", "/v1/jobs/%C0%80", "/v1/jobs/%ff"})
    EXPECT_TRUE(find_route(path).malformed) << path;
}

TEST(Routes, EachHasOnePatternAndAnEndpointWhereItNeedsOne) {
  std::set<std::string_view> seen;
  for (const Route& route : routes()) {
    EXPECT_TRUE(seen.insert(route.pattern).second) << route.pattern;
    EXPECT_EQ(route.endpoint != nullptr || route.post != nullptr, route.page == Page::data) << route.pattern;
  }
}

}  // namespace
}  // namespace jobmap::api
