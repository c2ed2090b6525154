#include "server/api/ogc/schemas.hpp"

#include "server/api/ogc/city_queryables.hpp"
#include "server/query/list/property_order.hpp"
#include "server/query/parse/job_queryables.hpp"

namespace jobmap::api::ogc {
namespace {

namespace json = boost::json;
using query::JobProperty;
using query::cql2::Queryable;
using query::cql2::Type;

std::span<const Queryable> queryables_of(const Collection& c) {
  return c.layer ? city_queryables(*c.layer) : query::job_queryables();
}

struct GeometryNames {
  std::string_view format, geojson;
};
GeometryNames geometry_names(const Collection& c) {
  if (c.layer == encode::CityLayer::lines) return {"geometry-multilinestring", "MultiLineString"};
  if (c.layer == encode::CityLayer::districts) return {"geometry-multipolygon", "MultiPolygon"};
  return {"geometry-point", "Point"};
}

// All numbers of the city, and of a job those that count something.
bool is_whole(const Collection& c, int property) {
  const auto which = static_cast<JobProperty>(property);
  return c.layer || which == JobProperty::openings || which == JobProperty::months ||
         which == JobProperty::experience;
}

json::object property_schema(const Collection& c, int property) {
  const Queryable& queryable = queryables_of(c)[static_cast<std::size_t>(property)];
  if (queryable.type == Type::number) return {{"type", is_whole(c, property) ? "integer" : "number"}};
  if (queryable.type == Type::time) return {{"type", "string"}, {"format", "date-time"}};
  json::object text{{"type", "string"}};
  if (queryable.values.empty()) return text;
  json::array values;
  for (const auto name : queryable.values)
    if (!name.empty()) values.emplace_back(name);
  text["enum"] = std::move(values);
  return text;
}

// The standard marks a geometry by its format; QGIS looks for the reference that a draft had.
json::object geometry_schema(const Collection& c) {
  const auto names = geometry_names(c);
  return {{"x-ogc-role", "primary-geometry"},
          {"format", names.format},
          {"$ref", "https://geojson.org/schema/" + std::string(names.geojson) + ".json"}};
}

std::string_view role_of(const Collection& c, int property) {
  if (c.layer) return property == 0 ? "id" : "";  // the first of a layer
  switch (static_cast<JobProperty>(property)) {
    case JobProperty::id:
      return "id";
    case JobProperty::published_at:
      return "primary-interval-start";
    case JobProperty::expires_at:
      return "primary-interval-end";
    default:
      return "";
  }
}

json::object logical_schema(const Page& page, const Collection& c, bool (*wanted)(const Collection&, int)) {
  json::object properties;
  const auto queryables = queryables_of(c);
  for (int i = 0; i < static_cast<int>(queryables.size()); ++i) {
    if (!wanted(c, i)) continue;
    const auto& queryable = queryables[static_cast<std::size_t>(i)];
    auto schema = queryable.type == Type::geometry ? geometry_schema(c) : property_schema(c, i);
    if (const auto role = role_of(c, i); !role.empty()) schema["x-ogc-role"] = role;
    properties[queryable.name] = std::move(schema);
  }
  return {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
          {"$id", page.base + page.path},
          {"type", "object"},
          {"title", c.title},
          {"properties", std::move(properties)},
          {"additionalProperties", false}};
}

}  // namespace

json::object queryables_schema(const Page& page, const Collection& c) {
  return logical_schema(page, c, [](const Collection&, int) { return true; });
}

json::object sortables_schema(const Page& page, const Collection& c) {
  return logical_schema(page, c, [](const Collection& of, int i) {
    const bool is_geometry = queryables_of(of)[static_cast<std::size_t>(i)].type == Type::geometry;
    return of.layer ? !is_geometry : query::is_sortable(i);
  });
}

json::object features_schema(const Page& page, const Collection& c) {
  auto schema = queryables_schema(page, c);
  schema["additionalProperties"] = true;  // what depends on the question, as distances, and lists of ids
  return schema;
}

json::object geojson_schema(const Page& page, const Collection& c) {
  json::object properties;
  const auto queryables = queryables_of(c);
  for (int i = 0; i < static_cast<int>(queryables.size()); ++i) {
    const auto& queryable = queryables[static_cast<std::size_t>(i)];
    if (queryable.type != Type::geometry && queryable.name != "id")
      properties[queryable.name] = property_schema(c, i);
  }
  const std::string geometry =
      "https://geojson.org/schema/" + std::string(geometry_names(c).geojson) + ".json";
  json::object feature;
  feature["type"] = json::object{{"type", "string"}, {"enum", json::array{"Feature"}}};
  feature["id"] = json::object{{"type", "string"}};
  feature["geometry"] =
      json::object{{"oneOf", json::array{json::object{{"$ref", geometry}}, json::object{{"type", "null"}}}}};
  feature["properties"] = json::object{{"type", "object"}, {"properties", std::move(properties)}};
  return {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
          {"$id", page.base + page.path},
          {"type", "object"},
          {"title", c.title},
          {"required", json::array{"type", "id", "geometry", "properties"}},
          {"properties", std::move(feature)}};
}

}  // namespace jobmap::api::ogc
