// POST /v1/areas: an area that `within` can name from then on. GET /v1/areas/{id}: the area that an id names.
#include "server/query/parse/areas.hpp"

#include "server/api/area_geojson.hpp"
#include "server/api/endpoint.hpp"
#include "server/encode/geojson_geometry.hpp"
#include "server/encode/json_writer.hpp"
#include "server/query/parse/crs_parameter.hpp"
#include "server/query/syntax/reader.hpp"

namespace jobmap::api {

using query::Code;
using query::Error;
using query::Result;

namespace {

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

// A Feature that can be posted again; of an area in parts that overlap, a FeatureCollection.
std::string area_geojson(const query::Area& area, geo::Crs crs) {
  std::string body;
  encode::JsonWriter w(body);
  const auto geometry = [&](const geo::MultiPolygon& part) {
    w.raw(R"(,"geometry":)"), encode::GeometryWriter(w, crs).multi_polygon(part);
    w.raw(R"(,"properties":{}})");
  };
  const bool one = area.parts.size() == 1;
  w.raw(one ? R"({"type":"Feature","id":)" : R"({"type":"FeatureCollection","id":)"), w.text(area.id);
  if (one) {
    geometry(area.parts.front());
  } else {
    w.raw(R"(,"features":[)");
    for (const char* comma = ""; const auto& part : area.parts) {
      w.raw(comma), w.raw(R"({"type":"Feature")"), geometry(part);
      comma = ",";
    }
    w.raw("]}");
  }
  w.raw("\n"), w.finish();
  return body;
}

}  // namespace

Result<Prepared> post_area(const Call& call) {
  query::Reader r(call.params);
  auto crs = geo::Crs::wgs84;
  query::read_crs(r, "crs", crs);
  r.finish();
  if (r.failed()) return r.error();
  Prepared prepared;
  prepared.canonical = geo::name_of(crs);
  prepared.posted = call.request.shared_body();
  prepared.heavy = true;
  prepared.cost_us = 50 + 0.02 * static_cast<double>(call.request.body.size());
  prepared.cache_control = "no-store";
  prepared.stamped = true;  // it does something, each time
  prepared.status = 201;
  prepared.learned = std::make_shared<Learned>();
  prepared.make = [geojson = prepared.posted, crs, areas = call.areas, client = call.request.client,
                   base = call.public_base, learned = prepared.learned]() -> Result<std::string> {
    const auto parts = read_area(*geojson, crs);
    if (!parts) return parts.error();
    const auto area = areas->keep(*parts, client);
    if (!area) {
      const auto code = area.error().code;
      if (code == Code::unavailable) learned->retry_after = areas->oldest_ends_in({});
      if (code == Code::too_much) learned->retry_after = areas->oldest_ends_in(client);
      return area.error();
    }
    learned->location = base + "/v1/areas/" + (*area)->id;
    return area_json(**area);
  };
  return prepared;
}

// Areas come and go while the data stay, so it isn't cached with them; and one id may have been posted in
// other words, which is the same content.
Result<Prepared> get_area(const Call& call) {
  query::Reader r(call.params);
  const auto format = negotiate(call, r, {Format::geojson});
  if (!format) return format.error();
  auto crs = geo::Crs::wgs84;
  query::read_crs(r, "crs", crs);
  r.finish();
  if (r.failed()) return r.error();
  auto area = call.areas ? call.areas->find(call.path[0]) : nullptr;
  if (!area)
    return Error{Code::not_found, "there is no such area, or no more: post it (again)", "id", call.path[0],
                 "the id of an area of the last day"};
  Prepared prepared;
  prepared.canonical = geo::name_of(crs);
  prepared.format = *format;
  prepared.cost_us = 50 + 0.01 * static_cast<double>(area->bytes());
  prepared.heavy = true;
  prepared.stamped = true;
  prepared.make = [area = std::move(area), crs]() -> Result<std::string> { return area_geojson(*area, crs); };
  return prepared;
}

}  // namespace jobmap::api
