#include "api/ogc/queryables.hpp"

#include "api/ogc/city_queryables.hpp"
#include "query/job_queryables.hpp"

namespace jobmap::api::ogc {
namespace {

namespace json = boost::json;
using query::cql2::Queryable;
using query::cql2::Type;

std::string_view geometry_format(const Collection& c) {
  if (c.layer == encode::CityLayer::lines) return "geometry-multilinestring";
  if (c.layer == encode::CityLayer::districts) return "geometry-multipolygon";
  return "geometry-point";
}

json::object schema_of(const Collection& c, const Queryable& queryable) {
  if (queryable.type == Type::geometry)
    return {{"x-ogc-role", "primary-geometry"}, {"format", geometry_format(c)}};
  if (queryable.type == Type::number) return {{"type", "number"}};
  if (queryable.type == Type::time) return {{"type", "string"}, {"format", "date-time"}};
  json::object text{{"type", "string"}};
  if (queryable.values.empty()) return text;
  json::array values;
  for (const auto name : queryable.values)
    if (!name.empty()) values.emplace_back(name);
  text["enum"] = std::move(values);
  return text;
}

}  // namespace

json::object queryables_schema(const Page& page, const Collection& c) {
  json::object properties;
  for (const auto& queryable : c.layer ? city_queryables(*c.layer) : query::job_queryables())
    properties[queryable.name] = schema_of(c, queryable);
  return {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
          {"$id", page.base + page.path},
          {"type", "object"},
          {"title", c.title},
          {"properties", std::move(properties)},
          {"additionalProperties", false}};
}

}  // namespace jobmap::api::ogc
