#include "api/routes.hpp"

#include <array>
#include <optional>

namespace jobmap::api {
namespace {

constexpr std::array table{
    Route{"/v1/jobs", Page::data, list_jobs},
    Route{"/v1/jobs/{id}", Page::data, get_job},
    Route{"/v1/stations", Page::data, list_stations},
    Route{"/v1/lines", Page::data, list_lines},
    Route{"/v1/districts", Page::data, list_districts},
    Route{"/v1/service-points", Page::data, list_service_points},
    Route{"/v1/venture-sites", Page::data, list_venture_sites},
    Route{"/tiles/{layer}/{z}/{x}/{y}.mvt", Page::data, get_tile},
    Route{"/tiles/{layer}.json", Page::data, get_tilejson},
    Route{"/health", Page::health},
    Route{"/ready", Page::ready},
    Route{"/metrics", Page::metrics},
};
// Beyond the table: OPTIONS on any path, and the static files, with / as index.html.

std::vector<std::string_view> segments_of(std::string_view path) {
  return query::split(path.substr(std::min<std::size_t>(1, path.size())), '/');
}

// The variable part of a segment under a pattern's segment, where they fit; an empty one for a literal.
std::optional<std::string_view> fit(std::string_view pattern, std::string_view segment) {
  if (!pattern.starts_with('{')) return pattern == segment ? std::optional(std::string_view()) : std::nullopt;
  auto ending = pattern.substr(pattern.find('}') + 1);
  if (!segment.ends_with(ending) || segment.size() == ending.size()) return std::nullopt;
  return segment.substr(0, segment.size() - ending.size());
}

std::optional<std::vector<std::string>> match(std::string_view pattern,
                                              const std::vector<std::string>& segments) {
  auto parts = segments_of(pattern);
  if (parts.size() != segments.size()) return std::nullopt;
  std::vector<std::string> values;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    auto value = fit(parts[i], segments[i]);
    if (!value) return std::nullopt;
    if (!value->empty()) values.emplace_back(*value);
  }
  return values;
}

}  // namespace

std::span<const Route> routes() { return table; }

RouteMatch find_route(std::string_view path) {
  RouteMatch result;
  std::vector<std::string> segments;
  for (std::string_view segment : segments_of(path)) {
    auto decoded = query::percent_decode(segment, false);
    if (!decoded) return {nullptr, {}, true};
    segments.push_back(*std::move(decoded));
  }
  for (const Route& route : table)
    if (auto values = match(route.pattern, segments)) return {&route, *std::move(values), false};
  return result;
}

}  // namespace jobmap::api
