#include "server/api/routes.hpp"

#include <array>
#include <optional>

#include "data/model/split.hpp"
#include "server/query/syntax/percent_coding.hpp"

namespace jobmap::api {
namespace {

// There the last of a repeated parameter wins, as the standard's own suite expects.
constexpr Route ogc(std::string_view pattern, Endpoint endpoint, Endpoint post = nullptr,
                    BodyRule body = {}) {
  return {pattern, Page::data, endpoint, query::Repeats::last_wins, post, body};
}

// 10,000 vertices of two numbers of 17 digits take half of it.
constexpr BodyRule an_area{1 << 20, "application/geo+json, application/json"};
constexpr BodyRule a_plan{1 << 20, "application/json"};
// An expression of 64 KiB, as JSON or escaped in a form, is within it.
constexpr BodyRule a_question{
    256 << 10, "application/json, application/query-cql-json, application/x-www-form-urlencoded",
    BodyMeaning::query_or_expression};
// Eight times what a URL holds: an expression is read where the request is, so it may not take long.
constexpr BodyRule a_query{64 << 10, "application/x-www-form-urlencoded, application/json",
                           BodyMeaning::query};

// A page of the job query, which may be too long for a URL. A POST to /v1/jobs itself is for whoever adds jobs.
constexpr Route job_query(std::string_view pattern, Endpoint endpoint) {
  return {pattern, Page::data, endpoint, query::Repeats::refused, endpoint, a_query};
}

constexpr std::array route_table{
    Route{"/v1/jobs", Page::data, list_jobs},
    Route{"/v1/jobs/search", Page::data, nullptr, query::Repeats::refused, list_jobs, a_query},
    Route{"/v1/jobs/{id}", Page::data, get_job},
    job_query("/v1/jobs/{id}/explain", explain_job),
    Route{"/v1/areas", Page::data, nullptr, query::Repeats::refused, post_area, an_area},
    Route{"/v1/areas/{id}", Page::data, get_area},
    job_query("/v1/facets", get_facets),
    Route{"/v1/suggest", Page::data, suggest},
    Route{"/v1/stations", Page::data, list_stations},
    Route{"/v1/lines", Page::data, list_lines},
    Route{"/v1/districts", Page::data, list_districts},
    Route{"/v1/service-points", Page::data, list_service_points},
    Route{"/v1/venture-sites", Page::data, list_venture_sites},
    Route{"/v1/isochrone", Page::data, get_isochrone},
    Route{"/v1/coverage", Page::data, get_coverage, query::Repeats::refused, post_coverage, a_plan},
    Route{"/v1/siting", Page::data, nullptr, query::Repeats::refused, post_siting, a_plan},
    job_query("/tiles/{layer}/{z}/{x}/{y}.mvt", get_tile),
    Route{"/tiles/{layer}.json", Page::data, get_tilejson},
    Route{"/style.json", Page::data, get_style},
    Route{"/openapi.json", Page::data, get_openapi},
    ogc("/ogc", ogc_landing),
    ogc("/ogc/", ogc_landing),
    ogc("/ogc/conformance", ogc_conformance),
    ogc("/ogc/api", ogc_api),
    ogc("/ogc/collections", ogc_collections),
    ogc("/ogc/collections/{collectionId}", ogc_collection),
    ogc("/ogc/collections/{collectionId}/queryables", ogc_queryables),
    ogc("/ogc/collections/{collectionId}/sortables", ogc_sortables),
    ogc("/ogc/collections/{collectionId}/schema", ogc_schema),
    ogc("/ogc/collections/{collectionId}/geojson-schema", ogc_geojson_schema),
    ogc("/ogc/collections/{collectionId}/items", ogc_items),
    ogc("/ogc/collections/{collectionId}/search", nullptr, ogc_items, a_question),
    ogc("/ogc/collections/{collectionId}/items/{featureId}", ogc_item),
    ogc("/ogc/collections/{collectionId}/tiles", ogc_collection_tilesets),
    ogc("/ogc/collections/{collectionId}/tiles/{tileMatrixSetId}", ogc_collection_tileset),
    ogc("/ogc/collections/{collectionId}/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}",
        ogc_collection_tile),
    ogc("/ogc/tiles", ogc_dataset_tilesets),
    ogc("/ogc/tiles/{tileMatrixSetId}", ogc_dataset_tileset),
    ogc("/ogc/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}", ogc_dataset_tile),
    ogc("/ogc/tileMatrixSets", ogc_tile_matrix_sets),
    ogc("/ogc/tileMatrixSets/{tileMatrixSetId}", ogc_tile_matrix_set),
    Route{"/basemap.json", Page::basemap},
    Route{"/health", Page::health},
    Route{"/ready", Page::ready},
    Route{"/metrics", Page::metrics},
};
// Beyond the table: OPTIONS on any path, and the static files, with / as index.html.

std::vector<std::string_view> segments_of(std::string_view path) {
  return data::split(path.substr(std::min<std::size_t>(1, path.size())), '/');
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

std::span<const Route> routes() { return route_table; }

std::string_view methods_of(const Route& route) {
  if (!route.post) return allowed_methods;
  return route.endpoint ? "GET, HEAD, POST, OPTIONS" : "POST, OPTIONS";
}

RouteMatch find_route(std::string_view path) {
  RouteMatch result;
  std::vector<std::string> segments;
  for (std::string_view segment : segments_of(path)) {
    auto decoded = query::percent_decode(segment, false);
    if (!decoded) return {nullptr, {}, true};
    segments.push_back(*std::move(decoded));
  }
  for (const Route& route : route_table)
    if (auto values = match(route.pattern, segments)) return {&route, *std::move(values), false};
  return result;
}

}  // namespace jobmap::api
