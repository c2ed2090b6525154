#pragma once
// The shape of one endpoint: it parses its parameters and says what it would answer; the frame around it
// (server/api/app.cpp) does ETag, 304, compression, HEAD, errors and metrics once for all of them.
//
//   Result<Prepared> count_jobs(const Call& call) {
//     Reader r(call.params);
//     auto format = negotiate(call, r, {Format::json});
//     const auto q = query::parse_filter(r, *call.snapshot);
//     r.finish();
//     if (r.failed()) return r.error();
//     return Prepared{.canonical = q.canonical, .format = *format, .make = [q, s = call.snapshot] {
//                       return std::to_string(query::count(q, *s).ads);
//                     }};
//   }
//
// `make` owns what it captures and runs later, perhaps on another thread; it touches nothing else. Answers
// are cached by target, Accept, Accept-Encoding and the two bases of links: of a GET an endpoint reads
// nothing else. An answer that writes `base` names it in `canonical`; the frame adds `public_base` by itself.
#include <chrono>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "server/api/app.hpp"
#include "server/query/parse/areas.hpp"
#include "server/query/syntax/reader.hpp"

namespace jobmap::api {

enum class Format { json, geojson, csv, pb, mvt, html, openapi, schema };
std::string_view media_type(Format format);  // "application/geo+json", ...

struct Call {
  const Request& request;
  std::vector<std::string> path;  // the decoded variable parts of the route, in order
  query::Params params;
  Generation snapshot;      // never null in an endpoint that asks for data
  std::string public_base;  // the configured base URL; "" where there is none, and most links are relative
  std::string base;  // the same, or that of a loopback Host, for links that others follow (own_address.hpp)
  std::shared_ptr<query::Areas> areas = nullptr;    // without it no `within` is known
  std::chrono::milliseconds query_timeout{10'000};  // from now to the made answer
};

// Values of headers that are known only once the answer is made.
struct Learned {
  std::string location;                 // of what it made; "" for none
  std::chrono::seconds retry_after{0};  // how long a refusal lasts; 0: not known
};

struct Prepared {
  std::string canonical;  // with path and generation it names the answer: equal canonical, equal bytes
  // The body of a POST, where its content names the answer too.
  std::shared_ptr<const std::string> posted = nullptr;
  Format format = Format::json;
  bool heavy = false;    // run on a pool, whatever it costs
  double cost_us = 100;  // about what make() takes: by it the answer is admitted (server/api/answer_cost.hpp)
  double body_bytes = 20'000;  // about what it makes, for what packing takes
  // The body; an empty one becomes 204. An error becomes problem+json.
  std::function<query::Result<std::string>()> make;
  std::string_view cache_control = "no-cache";  // of static storage; kept, but asked for again each time
  bool stamped =
      false;  // it says when it was made: equal only in content, so the tag is weak and it isn't cached
  std::vector<std::pair<std::string, std::string>> headers = {};  // any others of the answer
  unsigned status = 200;                                          // of an answer with a body
  std::shared_ptr<Learned> learned = nullptr;                     // filled by make, where it learns some
  std::shared_ptr<std::uint64_t> rows_visited = nullptr;          // make() leaves it there; null: not counted
};

using Endpoint = query::Result<Prepared> (*)(const Call&);

// From f= (read through the reader), else the Accept header with q-values, else the first offered. An f= that
// is not offered fails the reader naming the choices; an Accept that fits nothing gives Code::not_acceptable.
query::Result<Format> negotiate(const Call& call, query::Reader& reader,
                                std::initializer_list<Format> offered);

// The endpoints, by file.
query::Result<Prepared> list_jobs(const Call& call);            // jobs.cpp        GET /v1/jobs
query::Result<Prepared> get_job(const Call& call);              // jobs.cpp        GET /v1/jobs/{id}
query::Result<Prepared> explain_job(const Call& call);          // explain.cpp     GET /v1/jobs/{id}/explain
query::Result<Prepared> post_area(const Call& call);            // areas.cpp       POST /v1/areas
query::Result<Prepared> get_area(const Call& call);             // areas.cpp       GET /v1/areas/{id}
query::Result<Prepared> get_facets(const Call& call);           // facets.cpp      GET /v1/facets
query::Result<Prepared> suggest(const Call& call);              // suggest.cpp     GET /v1/suggest?q=
query::Result<Prepared> list_stations(const Call& call);        // city.cpp        GET /v1/stations[?q=]
query::Result<Prepared> list_lines(const Call& call);           // city.cpp        GET /v1/lines
query::Result<Prepared> list_districts(const Call& call);       // city.cpp        GET /v1/districts
query::Result<Prepared> list_service_points(const Call& call);  // city.cpp    GET /v1/service-points
query::Result<Prepared> list_venture_sites(const Call& call);   // city.cpp    GET /v1/venture-sites
query::Result<Prepared> get_isochrone(const Call& call);        // isochrone.cpp   GET /v1/isochrone
query::Result<Prepared> get_coverage(const Call& call);         // coverage.cpp   GET /v1/coverage
query::Result<Prepared> post_coverage(const Call& call);        // coverage.cpp   POST /v1/coverage
query::Result<Prepared> post_siting(const Call& call);          // siting.cpp     POST /v1/siting
query::Result<Prepared> get_tile(const Call& call);      // tiles.cpp       GET /tiles/{layer}/{z}/{x}/{y}.mvt
query::Result<Prepared> get_tilejson(const Call& call);  // tiles.cpp       GET /tiles/{layer}.json
query::Result<Prepared> get_style(const Call& call);     // style.cpp       GET /style.json
query::Result<Prepared> get_openapi(const Call& call);   // openapi/endpoints.cpp   GET /openapi.json
// OGC API, by file of api/ogc: landing, collections, items, tiles; and openapi/endpoints.
query::Result<Prepared> ogc_landing(const Call& call);
query::Result<Prepared> ogc_conformance(const Call& call);
query::Result<Prepared> ogc_api(const Call& call);
query::Result<Prepared> ogc_collections(const Call& call);
query::Result<Prepared> ogc_collection(const Call& call);
query::Result<Prepared> ogc_queryables(const Call& call);
query::Result<Prepared> ogc_sortables(const Call& call);
query::Result<Prepared> ogc_schema(const Call& call);
query::Result<Prepared> ogc_geojson_schema(const Call& call);
query::Result<Prepared> ogc_items(const Call& call);
query::Result<Prepared> ogc_item(const Call& call);
query::Result<Prepared> ogc_tile_matrix_sets(const Call& call);
query::Result<Prepared> ogc_tile_matrix_set(const Call& call);
query::Result<Prepared> ogc_dataset_tilesets(const Call& call);
query::Result<Prepared> ogc_dataset_tileset(const Call& call);
query::Result<Prepared> ogc_dataset_tile(const Call& call);
query::Result<Prepared> ogc_collection_tilesets(const Call& call);
query::Result<Prepared> ogc_collection_tileset(const Call& call);
query::Result<Prepared> ogc_collection_tile(const Call& call);

}  // namespace jobmap::api
