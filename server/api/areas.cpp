// POST /v1/areas: an area that `within` can name from then on.
#include "query/areas.hpp"

#include "api/area_geojson.hpp"
#include "api/endpoint.hpp"
#include "encode/json_writer.hpp"
#include "query/parse/parsing.hpp"

namespace jobmap::api {

using query::Code;
using query::Error;
using query::Result;

namespace {

// 10,000 vertices of two numbers of 17 digits take half of it.
constexpr std::size_t most_bytes = 1 << 20;

bool is_json(std::string_view content_type) {
  auto type = content_type.substr(0, content_type.find(';'));
  while (type.ends_with(' ')) type.remove_suffix(1);
  return type == "application/geo+json" || type == "application/json";
}

std::string area_json(const query::Area& area) {
  std::string body;
  encode::JsonWriter w(body);
  w.raw(R"({"id":)"), w.text(area.id);
  w.raw(R"(,"kept_hours":)"), w.integer(query::Areas::kept_for.count());
  const auto box = area.index.bounds();
  w.raw(R"(,"bbox":[)");
  for (const char* comma = ""; const auto v : {box.min_lon, box.min_lat, box.max_lon, box.max_lat}) {
    w.raw(comma), w.degrees(v);
    comma = ",";
  }
  w.raw("]}\n"), w.finish();
  return body;
}

}  // namespace

Result<Prepared> post_area(const Call& call) {
  query::Reader r(call.params);
  auto crs = geo::Crs::wgs84;
  query::read_crs(r, "crs", crs);
  r.finish();
  if (r.failed()) return r.error();
  if (const auto type = call.request.header("content-type"); !is_json(type))
    return Error{Code::media_type, "the body is not said to be JSON", "Content-Type", std::string(type),
                 "application/geo+json, application/json"};
  if (call.request.body.size() > most_bytes)
    return Error{Code::too_large, "the body is too long for an area", "", "",
                 "at most " + std::to_string(most_bytes) + " bytes"};
  std::string geojson(call.request.body);
  Prepared prepared;
  prepared.canonical = std::string(geo::name_of(crs)) + '\n' + geojson;
  prepared.heavy = true;
  prepared.cost_us = 50 + 0.02 * static_cast<double>(geojson.size());
  prepared.cache_control = "no-store";
  prepared.stamped = true;  // it does something, each time
  prepared.status = 201;
  prepared.make = [geojson = std::move(geojson), crs, areas = call.areas]() -> Result<std::string> {
    const auto polygons = read_area(geojson, crs);
    if (!polygons) return polygons.error();
    const auto area = areas->keep(*polygons);
    if (!area) return area.error();
    return area_json(**area);
  };
  return prepared;
}

}  // namespace jobmap::api
