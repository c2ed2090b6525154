// GET /v1/stations, /v1/lines, /v1/districts, /v1/service-points, /v1/venture-sites: the city as GeoJSON.
//
// All take crs and f. The collections of points also take bbox (closed, in crs) and limit (all of them
// without it); stations take q (api/station_search.hpp). numberMatched counts before the limit.
#include <numeric>
#include <optional>

#include "api/endpoint.hpp"
#include "api/station_search.hpp"
#include "data/snapshot.hpp"
#include "encode/geojson_geometry.hpp"

namespace jobmap::api {
namespace {

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
  const auto v = r.numbers("bbox", 4);
  if (!v) return;
  const geo::Box box{(*v)[0], (*v)[1], (*v)[2], (*v)[3]};
  const auto refuse = [&](std::string why) {
    std::string given;
    for (double n : *v) given += (given.empty() ? "" : ",") + std::to_string(n);
    r.fail("bbox", given, std::move(why), "minx,miny,maxx,maxy");
  };
  if (geo::is_geographic(query.crs) &&
      !(geo::is_valid({box.min_x, box.min_y}) && geo::is_valid({box.max_x, box.max_y})))
    return refuse("the box leaves the earth");
  if (box.min_y > box.max_y) return refuse("miny is greater than maxy");
  if (box.min_x > box.max_x && !geo::is_wgs84(query.crs))
    return refuse("minx is greater than maxx, which only crosses the antimeridian in degrees of WGS84");
  query.bbox = box;
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

void text_property(JsonWriter& w, std::string_view key, std::string_view value) {
  if (value.empty()) return;
  w.raw(",\"");
  w.raw(key);
  w.raw("\":");
  w.text(value);
}

// Features, by index into their vector; write(w, index) writes one whole feature.
template <typename Write>
std::string collection(const data::Snapshot& snapshot, const CityQuery& query,
                       const std::vector<std::size_t>& matched, Write write) {
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
    write(w, matched[i]);
  }
  w.raw("\n]}\n");
  w.finish();
  return body;
}

template <typename WriteGeometry>
void begin_feature(JsonWriter& w, std::string_view id, std::string_view id_key, WriteGeometry geometry) {
  w.raw(R"({"type":"Feature","id":)");
  w.text(id);
  w.raw(R"(,"geometry":)");
  geometry();
  w.raw(R"(,"properties":{")");
  w.raw(id_key);
  w.raw("\":");
  w.text(id);
}

std::vector<std::size_t> all_of(std::size_t size) {
  std::vector<std::size_t> indices(size);
  std::iota(indices.begin(), indices.end(), 0);
  return indices;
}

// "key":["id",...] of other entries of the city.
template <typename Items>
void ids_property(JsonWriter& w, std::string_view prefix, const std::vector<std::uint16_t>& indices,
                  const Items& items) {
  w.raw(prefix);
  for (std::size_t i = 0; i < indices.size(); ++i) {
    if (i) w.raw(",");
    w.text(items[indices[i]].id);
  }
  w.raw("]");
}

std::string stations_body(const data::Snapshot& snapshot, const CityQuery& query) {
  const auto& city = *snapshot.city;
  auto matched = query.q ? search_stations(city, *query.q) : all_of(city.stations.size());
  std::erase_if(matched, [&](std::size_t i) { return !query.holds(city.stations[i].at); });
  return collection(snapshot, query, matched, [&](JsonWriter& w, std::size_t i) {
    const auto& s = city.stations[i];
    begin_feature(w, s.id, "id", [&] { GeometryWriter(w, query.crs).point(s.at); });
    text_property(w, "name", s.name);
    text_property(w, "name_en", s.name_en);
    text_property(w, "pinyin", s.pinyin);
    text_property(w, "initials", s.initials);
    ids_property(w, R"(,"lines":[)", s.lines, city.lines);
    w.raw("}}");
  });
}

std::string lines_body(const data::Snapshot& snapshot, const CityQuery& query) {
  const auto& city = *snapshot.city;
  return collection(snapshot, query, all_of(city.lines.size()), [&](JsonWriter& w, std::size_t i) {
    const auto& line = city.lines[i];
    begin_feature(w, line.id, "id", [&] { GeometryWriter(w, query.crs).multi_line_string(line.geometry); });
    text_property(w, "name", line.name);
    text_property(w, "color", line.color);
    w.raw(R"(,"branches":[)");
    for (std::size_t b = 0; b < line.branches.size(); ++b)
      ids_property(w, b ? ",[" : "[", line.branches[b], city.stations);
    w.raw("]}}");
  });
}

std::string districts_body(const data::Snapshot& snapshot, const CityQuery& query) {
  const auto& city = *snapshot.city;
  return collection(snapshot, query, all_of(city.districts.size()), [&](JsonWriter& w, std::size_t i) {
    const auto& district = city.districts[i];
    begin_feature(w, district.adcode, "adcode",
                  [&] { GeometryWriter(w, query.crs).multi_polygon(district.geometry); });
    text_property(w, "name", district.name);
    w.raw("}}");
  });
}

std::string sites_body(const data::Snapshot& snapshot, const CityQuery& query,
                       const std::vector<data::Site>& sites) {
  auto matched = all_of(sites.size());
  std::erase_if(matched, [&](std::size_t i) { return !query.holds(sites[i].at); });
  return collection(snapshot, query, matched, [&](JsonWriter& w, std::size_t i) {
    const auto& site = sites[i];
    begin_feature(w, site.id, "id", [&] { GeometryWriter(w, query.crs).point(site.at); });
    text_property(w, "name", site.name);
    text_property(w, "kind", site.kind);
    text_property(w, "address", site.address);
    text_property(w, "hours", site.hours);
    if (site.capacity) {
      w.raw(R"(,"capacity":)");
      w.integer(*site.capacity);
    }
    text_property(w, "source", site.source);
    w.raw("}}");
  });
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
Result<Prepared> list_lines(const Call& call) { return prepare(call, nothing_more, lines_body); }
Result<Prepared> list_districts(const Call& call) { return prepare(call, nothing_more, districts_body); }
Result<Prepared> list_service_points(const Call& call) {
  return prepare(call, box_and_limit, [](const data::Snapshot& s, const CityQuery& query) {
    return sites_body(s, query, s.city->service_points);
  });
}
Result<Prepared> list_venture_sites(const Call& call) {
  return prepare(call, box_and_limit, [](const data::Snapshot& s, const CityQuery& query) {
    return sites_body(s, query, s.city->venture_sites);
  });
}

}  // namespace jobmap::api
