// The definition against the route table: neither has a path that the other lacks.
#include "server/api/openapi/document.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <regex>
#include <set>

#include "server/api/routes.hpp"

namespace jobmap::api {
namespace {

// Something in each variable part.
std::string filled(const std::string& path) {
  return std::regex_replace(path, std::regex(R"(\{[^}]*\})"), "a");
}

TEST(OpenApi, EveryPathHasARouteAndEveryRouteAPath) {
  std::set<std::string> reached;
  for (const auto& [path, item] : openapi::whole_document().at("paths").as_object()) {
    const auto match = find_route(filled(path));
    ASSERT_TRUE(match.route) << path;
    reached.emplace(match.route->pattern);
  }
  for (const Route& route : routes()) {
    std::string pattern(route.pattern);
    if (pattern == "/ogc/") continue;  // "/" of the document that is relative to /ogc
    EXPECT_TRUE(reached.contains(pattern)) << pattern << " is not in server/api/openapi";
  }
}

TEST(OpenApi, TheDocumentOfOgcIsRelativeToItsServer) {
  const auto ogc = openapi::ogc_document("http://localhost:1");
  EXPECT_EQ(ogc.at("servers").at(0).at("url").as_string(), "http://localhost:1/ogc");
  const auto& whole = openapi::whole_document().at("paths").as_object();
  for (const auto& [path, item] : ogc.at("paths").as_object()) {
    const std::string below = path == "/" ? "/ogc" : "/ogc" + std::string(path);
    ASSERT_TRUE(whole.contains(below)) << below;
    EXPECT_TRUE(find_route("/ogc" + filled(path)).route) << path;
  }
}

TEST(OpenApi, ADocumentSaysWhereItIsServed) {
  const auto server = [](const boost::json::object& document) {
    return std::string(document.at("servers").at(0).at("url").as_string());
  };
  EXPECT_EQ(server(openapi::served_document("https://jobs.example.org/map")), "https://jobs.example.org/map");
  EXPECT_EQ(server(openapi::served_document("")), "/");
  EXPECT_EQ(server(openapi::ogc_document("https://jobs.example.org/map")),
            "https://jobs.example.org/map/ogc");
  EXPECT_EQ(server(openapi::ogc_document("")), "/ogc");
}

// Every member that a body may have is a parameter of the GET, and the other way round.
TEST(OpenApi, AQueryThatCanBePostedHasTheParametersOfItsGet) {
  int posts = 0;
  const auto& whole = openapi::whole_document().at("paths").as_object();
  for (const auto& [path, item] : whole) {
    const auto* post = item.as_object().if_contains("post");
    if (!post || find_route(filled(path)).route->body.meaning != BodyMeaning::query) continue;
    ++posts;
    std::set<std::string> members;
    const auto& content = post->at("requestBody").at("content").as_object();
    EXPECT_EQ(content.size(), 2u) << path;
    for (const auto& [name, schema] :
         content.at("application/json").at("schema").at("properties").as_object())
      members.emplace(name);
    EXPECT_GT(members.size(), 25u) << path;
    EXPECT_TRUE(members.contains("filter")) << path;
    const auto& get = path == "/v1/jobs/search" ? whole.at("/v1/jobs").at("get") : item.at("get");
    EXPECT_EQ(members.size() + post->at("parameters").as_array().size(),
              get.at("parameters").as_array().size())
        << path;
  }
  EXPECT_EQ(posts, 5);
}

TEST(OpenApi, ItHoldsTheComponentsItRefersToAndNoOthers) {
  const auto& whole = openapi::whole_document().at("components").as_object();
  const auto ogc = openapi::ogc_document("");
  EXPECT_TRUE(whole.at("schemas").as_object().contains("JobProperties"));
  EXPECT_TRUE(ogc.at("components").at("schemas").as_object().contains("JobProperties"));
  EXPECT_FALSE(ogc.at("components").at("schemas").as_object().contains("TileJson"));
}

}  // namespace
}  // namespace jobmap::api
