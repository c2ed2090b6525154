// GET /v1/stations, /v1/lines, /v1/districts, /v1/service-points, /v1/venture-sites: the city as GeoJSON.
//
// All take crs and f. The collections of points also take bbox (closed, in crs) and limit (all of them
// without it); stations take q (data/index/station_search.hpp). numberMatched counts before the limit.
#include <numeric>
#include <optional>

#include "data/index/snapshot.hpp"
#include "data/index/station_search.hpp"
#include "server/api/endpoint.hpp"
#include "server/encode/city_geojson.hpp"
#include "server/query/syntax/box.hpp"

namespace jobmap::api {
namespace {

using encode::CityLayer;
using encode::GeometryWriter;
using encode::JsonWriter;
using query::Reader;
using query::Result;

constexpr long long max_limit = 10'000;

struct CityQuery {
  geo::Crs crs = geo::Crs::wgs84;
  std::optional<geo::Box> bbox;  // in crs; min_x > max_x crosses the antimeridian
  std::optional<std::string> q;
  std::optional<long long> limit;
  Format format = Format::geojson;

  bool holds(geo::PointE7 p) const {
    if (!bbox) return true;
    geo::Xy at{geo::to_lonlat(p).lon, geo::to_lonlat(p).lat};
    if (!geo::is_wgs84(crs)) at = geo::from_wgs84(crs, geo::to_lonlat(p));
    const bool in_x = bbox->min_x <= bbox->max_x ? at.x >= bbox->min_x && at.x <= bbox->max_x
                                                 : at.x >= bbox->min_x || at.x <= bbox->max_x;
    return in_x && at.y >= bbox->min_y && at.y <= bbox->max_y;
  }
};

enum Accepts : unsigned { nothing_more = 0, box_and_limit = 1, search = 2 };

void read_bbox(Reader& r, CityQuery& query) {
  if (const auto v = r.numbers("bbox", 4))
    query.bbox = query::check_box(r, query.crs, {(*v)[0], (*v)[1], (*v)[2], (*v)[3]});
}

Result<CityQuery> read(const Call& call, unsigned accepts) {
  CityQuery query;
  Reader r(call.params);
  const auto format = negotiate(call, r, {Format::geojson});
  if (!format) return format.error();
  query.format = *format;
  if (const auto name = r.text("crs")) {
    if (const auto crs = geo::parse_crs(*name))
      query.crs = *crs;
    else
      r.fail("crs", *name, "this coordinate reference system is not served", std::string(geo::crs_names()));
  }
  if (accepts & box_and_limit) {
    read_bbox(r, query);
    query.limit = r.integer("limit", 1, max_limit);
  }
  if (accepts & search) {
    query.q = r.text("q");
    if (query.q && data::fold_name(*query.q).empty())
      r.fail("q", *query.q, "there is nothing to search for",
             "a name, pinyin, or initials, in part or whole");
  }
  r.finish();
  if (r.failed()) return r.error();
  return query;
}

// The features of a layer by their place in it.
std::string collection(const data::Snapshot& snapshot, const CityQuery& query, CityLayer layer,
                       const std::vector<std::size_t>& matched) {
  const std::size_t returned =
      query.limit ? std::min(matched.size(), static_cast<std::size_t>(*query.limit)) : matched.size();
  std::string body;
  JsonWriter w(body);
  w.raw(R"({"type":"FeatureCollection","numberMatched":)");
  w.integer(static_cast<std::int64_t>(matched.size()));
  w.raw(R"(,"numberReturned":)");
  w.integer(static_cast<std::int64_t>(returned));
  w.raw(R"(,"generation":)");
  w.text(snapshot.generation);
  w.raw(R"(,"crs":)");
  w.text(geo::name_of(query.crs));
  w.raw(R"(,"features":[)");
  for (std::size_t i = 0; i < returned; ++i) {
    w.raw(i ? ",\n" : "\n");
    write_city_feature(w, *snapshot.city, layer, matched[i], GeometryWriter(w, query.crs));
  }
  w.raw("\n]}\n");
  w.finish();
  return body;
}

std::vector<std::size_t> all_of(std::size_t size) {
  std::vector<std::size_t> indices(size);
  std::iota(indices.begin(), indices.end(), 0);
  return indices;
}

std::string stations_body(const data::Snapshot& snapshot, const CityQuery& query) {
  const auto& city = *snapshot.city;
  auto matched = query.q ? data::search_stations(city, *query.q) : all_of(city.stations.size());
  std::erase_if(matched, [&](std::size_t i) { return !query.holds(city.stations[i].at); });
  return collection(snapshot, query, CityLayer::stations, matched);
}

template <CityLayer layer>
std::string whole_body(const data::Snapshot& snapshot, const CityQuery& query) {
  return collection(snapshot, query, layer, all_of(city_size(*snapshot.city, layer)));
}

template <CityLayer layer>
std::string sites_body(const data::Snapshot& snapshot, const CityQuery& query) {
  const auto& sites =
      layer == CityLayer::service_points ? snapshot.city->service_points : snapshot.city->venture_sites;
  auto matched = all_of(sites.size());
  std::erase_if(matched, [&](std::size_t i) { return !query.holds(sites[i].at); });
  return collection(snapshot, query, layer, matched);
}

template <typename Body>
Result<Prepared> prepare(const Call& call, unsigned accepts, Body body) {
  auto query = read(call, accepts);
  if (!query) return query.error();
  std::string canonical(geo::name_of(query->crs));
  for (std::string_view name : {"bbox", "limit", "q"})
    if (const auto* value = call.params.find(name))
      canonical.append("&").append(name).append("=").append(*value);
  return Prepared{.canonical = std::move(canonical),
                  .format = query->format,
                  .make = [s = call.snapshot, q = *std::move(query), body]() -> Result<std::string> {
                    return body(*s, q);
                  }};
}

}  // namespace

Result<Prepared> list_stations(const Call& call) {
  return prepare(call, box_and_limit | search, stations_body);
}
Result<Prepared> list_lines(const Call& call) {
  return prepare(call, nothing_more, whole_body<CityLayer::lines>);
}
Result<Prepared> list_districts(const Call& call) {
  return prepare(call, nothing_more, whole_body<CityLayer::districts>);
}
Result<Prepared> list_service_points(const Call& call) {
  return prepare(call, box_and_limit, sites_body<CityLayer::service_points>);
}
Result<Prepared> list_venture_sites(const Call& call) {
  return prepare(call, box_and_limit, sites_body<CityLayer::venture_sites>);
}

}  // namespace jobmap::api
