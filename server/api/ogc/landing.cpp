// GET /ogc and GET /ogc/conformance: where everything is, and what of the standards is kept.
#include "server/api/ogc/page.hpp"

namespace jobmap::api {
namespace {

namespace json = boost::json;
using ogc::link_type;
using ogc::prepare_page;

constexpr std::string_view conformance_classes[] = {
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/landing-page",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/html",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/json",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/html",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables-query-parameters",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/filter",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/features-filter",
    "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/schemas",
    "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/core-roles-features",
    "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/queryables",
    "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/sortables",
    // Drafts, by the names that other servers give them.
    "http://www.opengis.net/spec/ogcapi-features-6/0.0/conf/properties",
    "http://www.opengis.net/spec/ogcapi-features-8/0.0/conf/sorting",
    "http://www.opengis.net/spec/ogcapi-features-8/0.0/conf/features-sorting",
    "http://www.opengis.net/spec/cql2/1.0/conf/cql2-text",
    "http://www.opengis.net/spec/cql2/1.0/conf/cql2-json",
    "http://www.opengis.net/spec/cql2/1.0/conf/basic-cql2",
    "http://www.opengis.net/spec/cql2/1.0/conf/advanced-comparison-operators",
    "http://www.opengis.net/spec/cql2/1.0/conf/case-insensitive-comparison",
    "http://www.opengis.net/spec/cql2/1.0/conf/property-property",
    "http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-functions",
    // QGIS looks for the spatial operators by the name that the draft gave them.
    "http://www.opengis.net/spec/cql2/0.0/conf/basic-spatial-operators",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tileset",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tilesets-list",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/dataset-tilesets",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/geodata-tilesets",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/mvt",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/oas30",
};

json::object landing_page(const ogc::Page& page) {
  auto links = page.own_links();
  const auto add = [&](std::string_view to, std::string_view rel, std::string_view type,
                       std::string_view title) { links.push_back(page.link(to, rel, type, title)); };
  add("/ogc/api?f=json", "service-desc", link_type(Format::openapi),
      "The definition of this API, OpenAPI 3.0");
  add("/ogc/api?f=html", "service-doc", link_type(Format::html), "The documentation of this API");
  for (const std::string_view rel : {"conformance", "http://www.opengis.net/def/rel/ogc/1.0/conformance"})
    add("/ogc/conformance?f=json", rel, link_type(Format::json), "The parts of the standards that are kept");
  for (const std::string_view rel : {"data", "http://www.opengis.net/def/rel/ogc/1.0/data"})
    add("/ogc/collections", rel, link_type(Format::json), "The collections");
  add("/ogc/tiles", "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector", link_type(Format::json),
      "Vector tiles of all collections");
  add("/ogc/tileMatrixSets", "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes", link_type(Format::json),
      "How tiles divide the world");
  return {
      {"title", page.title},
      {"description", "Jobs, and the metro stations, districts and service points they can be reached from"},
      {"links", std::move(links)}};
}

json::object conformance_page(const ogc::Page& page) {
  json::array classes;
  for (const auto uri : conformance_classes) classes.emplace_back(uri);
  return {{"links", page.own_links()}, {"conformsTo", std::move(classes)}};
}

}  // namespace

query::Result<Prepared> ogc_landing(const Call& call) {
  return prepare_page(call, {"/ogc", "Jobmap: OGC API"}, landing_page);
}

query::Result<Prepared> ogc_conformance(const Call& call) {
  return prepare_page(call, {"/ogc/conformance", "Conformance"}, conformance_page);
}

}  // namespace jobmap::api
