#pragma once
// The whole URL space on one page (routes.cpp), and how a path finds its route.
//
//   RouteMatch match = find_route("/tiles/jobs/14/13655/6757.mvt");
//   match.route->pattern;  // "/tiles/{layer}/{z}/{x}/{y}.mvt"
//   match.values;          // {"jobs", "14", "13655", "6757"}
//
// A pattern is segments between slashes; {name} stands for one segment that isn't empty, and may be followed
// by a literal ending. Segments are compared after percent-decoding, so an encoded slash stays inside its
// segment. A trailing slash is another path. To add a page: one line in the table.
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/api/endpoint.hpp"

namespace jobmap::api {

enum class Page {
  data,
  basemap,
  health,
  ready,
  metrics
};  // data: by its endpoint; the others: by the frame itself

// content: whatever the endpoint reads; the others are the parameters of a GET (query_body.hpp).
enum class BodyMeaning { content, query, query_or_expression };

// The bodies that a route takes.
struct BodyRule {
  std::size_t most_bytes = 0;
  std::string_view types = {};  // media types, as a list
  BodyMeaning meaning = BodyMeaning::content;
};

struct Route {
  std::string_view pattern;
  Page page = Page::data;
  Endpoint endpoint = nullptr;
  query::Repeats repeats = query::Repeats::refused;
  Endpoint post = nullptr;  // where it also, or only, takes a body
  BodyRule body = {};
};

struct RouteMatch {
  const Route* route = nullptr;  // null where there is none
  std::vector<std::string> values;
  bool malformed = false;  // an escape that can't be decoded
};

std::span<const Route> routes();
RouteMatch find_route(std::string_view path);

inline constexpr std::string_view allowed_methods = "GET, HEAD, OPTIONS";
std::string_view methods_of(const Route& route);

}  // namespace jobmap::api
