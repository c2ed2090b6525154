#include "api/ogc/queryables.hpp"

#include "encode/city_geojson.hpp"

namespace jobmap::api::ogc {
namespace {

namespace json = boost::json;

template <std::size_t N>
json::object one_of(std::string_view title, const std::array<std::string_view, N>& names) {
  json::array values;
  for (const auto name : names)
    if (!name.empty()) values.emplace_back(name);
  return {{"title", title}, {"type", "string"}, {"enum", std::move(values)}};
}

json::object of_type(std::string_view title, std::string_view type) {
  return {{"title", title}, {"type", type}};
}

json::object moment(std::string_view title) {
  return {{"title", title}, {"type", "string"}, {"format", "date-time"}};
}

json::object job_properties() {
  json::object p;
  p["source"] = of_type("Who published it", "string");
  p["title"] = of_type("Title", "string");
  p["description"] = of_type("Duties and requirements", "string");
  p["category"] = one_of("Class of job", data::category_names);
  p["openings"] = of_type("Number of openings", "integer");
  p["employer"] = of_type("Employer", "string");
  p["uscc"] = of_type("Unified social credit code of the employer", "string");
  p["pay_min"] = of_type("Least pay, yuan a pay_unit", "number");
  p["pay_max"] = of_type("Most pay, yuan a pay_unit", "number");
  p["pay_unit"] = one_of("Unit of pay", data::pay_unit_names);
  p["settlement"] = one_of("When a gig is paid", data::settlement_names);
  p["months"] = of_type("Months of an internship", "integer");
  p["stipend"] = of_type("Yuan a month of an internship", "number");
  p["education"] = one_of("Education asked for", data::education_names);
  p["experience"] = of_type("Years of experience asked for", "integer");
  p["occupation"] = of_type("Code of the national classification of occupations", "string");
  p["industry"] = of_type("Letter of GB/T 4754", "string");
  p["address"] = of_type("Address", "string");
  p["district"] = of_type("Code of GB/T 2260", "string");
  p["precision"] = one_of("How precisely it is placed", data::precision_names);
  p["published_at"] = moment("Published");
  p["expires_at"] = moment("Expires");
  return p;
}

json::object city_schema(encode::CityLayer layer) {
  json::object p;
  for (const auto& property : encode::city_properties(layer))
    if (property.type == encode::CityType::text || property.type == encode::CityType::integer)
      p[property.name] =
          of_type(property.title, property.type == encode::CityType::text ? "string" : "integer");
  return p;
}

}  // namespace

json::object queryables_schema(const Page& page, const Collection& c) {
  auto properties = c.layer ? city_schema(*c.layer) : job_properties();
  properties["geometry"] = {{"title", "Place"}, {"x-ogc-role", "primary-geometry"}, {"format", c.geometry}};
  return {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
          {"$id", page.base + page.path},
          {"type", "object"},
          {"title", c.title},
          {"properties", std::move(properties)},
          {"additionalProperties", false}};
}

}  // namespace jobmap::api::ogc
