// GET /ogc/collections, /ogc/collections/{collectionId} and the schemas below it.
#include "server/api/extent.hpp"
#include "server/api/ogc/catalogue.hpp"
#include "server/api/ogc/crs.hpp"
#include "server/api/ogc/page.hpp"
#include "server/api/ogc/schemas.hpp"

namespace jobmap::api {
namespace {

namespace json = boost::json;
using ogc::Collection;
using ogc::link_type;
using ogc::prepare_page;

json::array bounds(const geo::BoxE7& box) {
  const auto low = geo::to_lonlat({box.min_lon, box.min_lat}),
             high = geo::to_lonlat({box.max_lon, box.max_lat});
  return {low.lon, low.lat, high.lon, high.lat};
}

json::value end_of(std::string_view text) { return text == ".." ? json::value() : json::value(text); }

json::object extent(const data::Snapshot& snapshot, const Collection& c) {
  json::object extent;
  if (const auto box = extent_of(snapshot, c.layer))
    extent["spatial"] = {{"bbox", json::array{bounds(*box)}}, {"crs", ogc::crs_uris().front().uri}};
  if (c.layer) return extent;
  const auto span = to_text(lifetime_of_jobs(snapshot));
  const auto slash = span.find('/');
  extent["temporal"] = {
      {"interval", json::array{json::array{end_of(span.substr(0, slash)), end_of(span.substr(slash + 1))}}},
      {"trs", "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"}};
  return extent;
}

json::object describe(const ogc::Page& page, const Collection& c) {
  ogc::Page own = page;
  own.path = "/ogc/collections/" + std::string(c.id);
  auto links = own.own_links();
  const auto add = [&](std::string_view end, std::string_view rel, Format format, std::string_view title) {
    links.push_back(own.link(own.path + std::string(end), rel, link_type(format), title));
  };
  constexpr std::string_view ogc_rel = "http://www.opengis.net/def/rel/ogc/1.0/";
  const auto rel = [&](std::string_view name) { return std::string(ogc_rel).append(name); };
  add("/items", "items", Format::geojson, "The features, as GeoJSON");
  add("/items?f=html", "items", Format::html, "The features, as HTML");
  add("/queryables", rel("queryables"), Format::schema, "What the features can be asked by");
  add("/sortables", rel("sortables"), Format::schema, "What the features can be sorted by");
  add("/schema", rel("schema"), Format::schema, "What the features are");
  // GDAL wants the capital that the IANA has not.
  for (const std::string_view name : {"describedby", "describedBy"})
    add("/geojson-schema", name, Format::schema, "What the features are, as GeoJSON");
  add("/tiles", rel("tilesets-vector"), Format::json, "Vector tiles");
  json::array systems;
  for (const auto& crs : ogc::crs_uris()) systems.emplace_back(crs.uri);
  return {{"id", c.id},
          {"title", c.title},
          {"description", c.description},
          {"links", std::move(links)},
          {"extent", extent(*page.snapshot, c)},
          {"itemType", "feature"},
          {"crs", std::move(systems)},
          {"storageCrs", ogc::crs_uris().front().uri}};
}

json::object list_page(const ogc::Page& page) {
  json::array list;
  for (const auto& c : ogc::collections()) list.push_back(describe(page, c));
  return {{"links", page.own_links()}, {"collections", std::move(list)}};
}

}  // namespace

query::Result<Prepared> ogc_collections(const Call& call) {
  return prepare_page(call, {"/ogc/collections", "Collections"}, list_page);
}

query::Result<Prepared> ogc_collection(const Call& call) {
  const auto c = ogc::find_collection(call.path.at(0));
  if (!c) return c.error();
  return prepare_page(call, {"/ogc/collections/" + call.path[0], std::string((*c)->title)},
                      [c = *c](const ogc::Page& page) { return describe(page, *c); });
}

namespace {

using BuildSchema = json::object (*)(const ogc::Page& page, const Collection& collection);

query::Result<Prepared> schema_page(const Call& call, std::string_view name, std::string_view title,
                                    BuildSchema build) {
  const auto c = ogc::find_collection(call.path.at(0));
  if (!c) return c.error();
  ogc::Page page{"/ogc/collections/" + call.path[0] + '/' + std::string(name),
                 std::string(title) + " of " + std::string((*c)->title)};
  page.json = Format::schema;
  return prepare_page(call, std::move(page),
                      [c = *c, build](const ogc::Page& own) { return build(own, *c); });
}

}  // namespace

query::Result<Prepared> ogc_queryables(const Call& call) {
  return schema_page(call, "queryables", "Queryables", ogc::queryables_schema);
}

query::Result<Prepared> ogc_sortables(const Call& call) {
  return schema_page(call, "sortables", "Sortables", ogc::sortables_schema);
}

query::Result<Prepared> ogc_schema(const Call& call) {
  return schema_page(call, "schema", "Schema", ogc::features_schema);
}

query::Result<Prepared> ogc_geojson_schema(const Call& call) {
  return schema_page(call, "geojson-schema", "GeoJSON schema", ogc::geojson_schema);
}

}  // namespace jobmap::api
