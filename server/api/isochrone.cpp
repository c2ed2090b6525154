// GET /v1/isochrone?from=lon,lat&minutes=5,10,15&mode=walk|bike|metro: the areas in reach, largest first, as
// GeoJSON.
//
// Also speed_kmh, detour (without a street network), depart (by metro) and crs. `method` says how the areas
// were found and drawn; a geometry is null where nothing is in reach.
#include "server/query/reach/isochrone.hpp"
#include "data/index/walks.hpp"
#include "server/api/answer_cost.hpp"
#include "server/api/endpoint.hpp"
#include "server/encode/geojson_geometry.hpp"
#include "server/encode/travel.hpp"
#include "server/query/parse/footing.hpp"

namespace jobmap::api {
namespace {

using encode::JsonWriter;

void write_isochrone_method(JsonWriter& w, const query::IsochroneQuery& q, const data::Snapshot& s,
                            double resolution_m) {
  w.raw(R"("method":{"name":)"), w.plain_text(q.along_streets() ? "network" : "straight_line");
  w.raw(R"(,"mode":)"), w.plain_text(query::travel_mode_names[static_cast<unsigned>(q.travel.mode)]);
  w.raw(R"(,"speed_kmh":)"), w.real(q.travel.travel.speed_kmh, 3);
  if (q.along_streets()) {
    w.raw(R"(,"off_street_m":)"), w.real(s.walks->snap_limit_m, 3);
    w.raw(R"(,"drawn":"marching squares over the walk to the nearest street and along it")");
  } else {
    w.raw(R"(,"detour":)"), w.real(q.travel.travel.detour, 3);
    w.raw(R"(,"drawn":"marching squares over straight lines")");
  }
  if (s.streets && !q.along_streets())
    w.raw(R"(,"beyond_streets":[1],"note":)"), w.text(query::beyond_streets_note);
  if (q.along_streets() && s.walks->hours_ignored > 0)
    w.raw(R"(,"hours_ignored":)"), w.integer(s.walks->hours_ignored);
  w.raw(R"(,"resolution_m":)"), w.real(resolution_m, 1);
  if (q.travel.mode == query::TravelMode::metro) encode::write_metro(w, q.travel, *s.city);
  w.raw("}");
}

std::string body_of(const query::IsochroneQuery& q, const data::Snapshot& s) {
  const auto isochrone = query::evaluate(q, s);
  std::string body;
  JsonWriter w(body);
  w.raw(R"({"type":"FeatureCollection","generation":)"), w.text(s.generation);
  w.raw(R"(,"crs":)"), w.text(geo::name_of(q.travel.crs));
  w.raw(","), write_isochrone_method(w, q, s, isochrone.resolution_m);
  if (q.along_streets()) w.raw(R"(,"attribution":"© OpenStreetMap contributors, ODbL")");
  w.raw(R"(,"features":[)");
  for (std::size_t i = 0; i < q.minutes.size(); ++i) {
    w.raw(i ? ",\n" : "\n");
    w.raw(R"({"type":"Feature","geometry":)");
    if (isochrone.areas[i].empty())
      w.raw("null");
    else
      encode::GeometryWriter(w, q.travel.crs).multi_polygon(isochrone.areas[i]);
    w.raw(R"(,"properties":{"minutes":)"), w.real(q.minutes[i], 3), w.raw("}}");
  }
  w.raw("\n]}\n");
  w.finish();
  return body;
}

}  // namespace

query::Result<Prepared> get_isochrone(const Call& call) {
  query::Reader r(call.params);
  const auto format = negotiate(call, r, {Format::geojson});
  if (!format) return format.error();
  auto q = query::parse_isochrone(r, *call.snapshot);
  if (r.failed()) return r.error();
  const auto cost = isochrone_cost(q.travel, q.minutes.front(), *call.snapshot);
  return Prepared{.canonical = q.canonical,
                  .format = *format,
                  .heavy = true,
                  .cost_us = cost.us,
                  .body_bytes = cost.bytes,
                  .make = [q = std::move(q), s = call.snapshot]() -> query::Result<std::string> {
                    return body_of(q, *s);
                  }};
}

}  // namespace jobmap::api
