// GET /tiles/{layer}/{z}/{x}/{y}.mvt and GET /tiles/{layer}.json: the map as vector tiles, and how to ask for
// them.
//
// Layer jobs takes the job query; the others take its crs, and read the rest without being filtered by it.
// Tiles are in Web Mercator, of GCJ-02 or BD-09 where crs says so, for the maps that are drawn in them, else
// of WGS84. `v` names a generation: where it is the current one the tile may be kept, else the answer is the
// current data all the same, to be asked for again next time. The template in TileJSON carries the query and
// `v`; it is absolute where the server knows what it is called (server/api/own_address.hpp), so that a page of
// another origin can hand it to its map; else it begins at the root of this server and the page that asked
// resolves it.
#include <algorithm>
#include <optional>
#include <set>

#include "geo/shifted_square.hpp"
#include "server/api/answer_cost.hpp"
#include "server/api/endpoint.hpp"
#include "server/api/extent.hpp"
#include "server/encode/json_writer.hpp"
#include "server/encode/tile_city.hpp"
#include "server/encode/tile_jobs.hpp"
#include "server/query/parse/crs_parameter.hpp"
#include "server/query/syntax/number_text.hpp"
#include "server/query/syntax/percent_coding.hpp"
#include "server/query/syntax/reader.hpp"

namespace jobmap::api {
namespace {

using encode::CityLayer;
using query::Code;
using query::Error;
using query::Result;

// A day: the URL changes with the data.
constexpr std::string_view immutable = "public, max-age=86400, immutable";

struct Field {
  std::string_view name, type;
};
struct LayerInfo {
  std::string_view description;
  std::vector<Field> fields;
  unsigned max_zoom;  // beyond it the client magnifies
};

const LayerInfo& info_of(std::optional<CityLayer> layer) {
  static const LayerInfo jobs{"Job postings that match the query, a point each",
                              {{"id", "String"},
                               {"title", "String"},
                               {"category", "String"},
                               {"ads", "Number"},
                               {"openings", "Number"}},
                              geo::max_zoom};
  static const std::vector<Field> site{
      {"id", "String"}, {"name", "String"}, {"kind", "String"}, {"capacity", "Number"}};
  static const LayerInfo city[]{
      {"Metro stations; lines: ids, comma-separated",
       {{"id", "String"},
        {"name", "String"},
        {"name_en", "String"},
        {"lines", "String"},
        {"color", "String"}},
       16},
      {"Metro lines", {{"id", "String"}, {"name", "String"}, {"color", "String"}}, 16},
      {"Districts", {{"adcode", "String"}, {"name", "String"}}, 14},
      {"Public employment service points", site, 16},
      {"Venture sites", site, 16}};
  return layer ? city[static_cast<std::size_t>(*layer)] : jobs;
}

// The second layer of a crowded tile of jobs.
const LayerInfo& clusters_info() {
  static const LayerInfo clusters{
      "The postings of one cell where they are many, at the mean of their positions; cell: as the query's "
      "parameter of that name takes it",
      {{"ads", "Number"},
       {"openings", "Number"},
       {"full_time", "Number"},
       {"gig", "Number"},
       {"internship", "Number"},
       {"expansion_zoom", "Number"},
       {"cell", "String"},
       {"pay_lower", "Number"},
       {"pay_median", "Number"},
       {"pay_upper", "Number"}},
      geo::max_zoom};
  return clusters;
}

// The layer of that name: nothing inside for jobs.
Result<std::optional<CityLayer>> parse_layer(const std::string& name) {
  if (name == "jobs") return std::optional<CityLayer>();
  if (auto layer = encode::parse_city_layer(name)) return layer;
  return Error{.code = Code::not_found,
               .message = "There is no such tile layer.",
               .parameter = "layer",
               .value = name,
               .allowed = "jobs, stations, lines, districts, service_points, venture_sites, circles, water"};
}

Result<geo::TileId> parse_tile(const std::string& z, const std::string& x, const std::string& y) {
  const auto zi = query::parse_index(z), xi = query::parse_index(x), yi = query::parse_index(y);
  if (zi && xi && yi)
    if (const geo::TileId tile{*zi, *xi, *yi}; tile.is_valid()) return tile;
  return Error{.code = Code::not_found,
               .message = "There is no such tile.",
               .parameter = "tile",
               .value = z + '/' + x + '/' + y,
               .allowed = "z from 0 to 22, x and y from 0 to 2^z - 1"};
}

// The query that a layer's tiles are asked for by. It filters jobs alone, but under /tiles the city's layers
// read it too, so that one query string serves every layer of a map: ol-mapbox-style adds the last parameter
// of a style's URL to the URL of each source and tile, as the key that other servers want there.
query::JobQuery parse_tile_query(query::Reader& reader, std::optional<CityLayer> layer, const Call& call) {
  query::JobQuery asked;
  if (!layer || call.request.path.starts_with("/tiles/"))
    asked = query::parse_filter(reader, *call.snapshot, call.areas.get());
  else
    query::read_crs(reader, "crs", asked.crs);
  if (!layer) return asked;
  query::JobQuery q;
  q.crs = asked.crs;
  if (geo::is_shifted(q.crs)) q.canonical = "crs=" + std::string(geo::name_of(q.crs));
  return q;
}

// Where the layer's data is from, as far as its records say. Maps show it as HTML.
std::string attribution_of(const data::Snapshot& snapshot, std::optional<CityLayer> layer,
                           const std::string& name) {
  std::set<std::string> sources;
  if (const auto it = snapshot.city->attribution.find(name); it != snapshot.city->attribution.end())
    sources.insert(it->second);
  if (!layer)
    sources.insert(snapshot.jobs->sources.begin(), snapshot.jobs->sources.end());
  else if (*layer == CityLayer::service_points || *layer == CityLayer::venture_sites)
    for (const auto& site :
         *layer == CityLayer::service_points ? snapshot.city->service_points : snapshot.city->venture_sites)
      sources.insert(site.source);
  std::string html;
  for (const auto& source : sources) {
    if (source.empty()) continue;
    if (!html.empty()) html += ", ";
    for (char c : source) {
      if (c == '<')
        html += "&lt;";
      else if (c == '&')
        html += "&amp;";
      else
        html += c;
    }
  }
  return html;
}

void vector_layer(encode::JsonWriter& w, std::string_view id, const LayerInfo& info) {
  w.raw(R"({"id":)");
  w.text(id);
  w.raw(R"(,"description":)");
  w.text(info.description);
  w.raw(R"(,"minzoom":0,"maxzoom":)");
  w.integer(info.max_zoom);
  w.raw(R"(,"fields":{)");
  for (const char* comma = ""; const Field& field : info.fields) {
    w.raw(comma);
    w.text(field.name);
    w.raw(":");
    w.text(field.type);
    comma = ",";
  }
  w.raw("}}");
}

std::string tilejson(const data::Snapshot& snapshot, const std::string& name, std::optional<CityLayer> layer,
                     const LayerInfo& info, geo::Crs crs, const std::string& url) {
  const auto found = name == "water" ? extent_of_water(snapshot) : extent_of(snapshot, layer);
  auto box = found.value_or(geo::BoxE7{-1800000000, -850511287, 1800000000, 850511287});
  if (geo::is_shifted(crs)) box = geo::widened_by_shift(box);
  std::string body;
  encode::JsonWriter w(body);
  w.raw(R"({"tilejson":"3.0.0","name":)");
  w.text(name);
  w.raw(R"(,"description":)");
  w.text(info.description);
  if (const auto attribution = attribution_of(snapshot, layer, name); !attribution.empty()) {
    w.raw(R"(,"attribution":)");
    w.text(attribution);
  }
  w.raw(R"(,"scheme":"xyz","tiles":[)");
  w.text(url);
  w.raw(R"(],"minzoom":0,"maxzoom":)");
  w.integer(info.max_zoom);
  w.raw(R"(,"bounds":[)");
  for (const char* comma = ""; auto degrees : {box.min_lon, box.min_lat, box.max_lon, box.max_lat}) {
    w.raw(comma);
    w.degrees(degrees);
    comma = ",";
  }
  w.raw(R"(],"vector_layers":[)");
  vector_layer(w, name, info);
  if (!layer) w.raw(","), vector_layer(w, "clusters", clusters_info());
  w.raw(R"(],"generation":)");
  w.text(snapshot.generation);
  w.raw("}\n");
  w.finish();
  return body;
}

}  // namespace

namespace {

const LayerInfo water_info{
    "Water, of an extract of OpenStreetMap", {{"kind", "String"}, {"name", "String"}}, 14};
const LayerInfo circles_info{"What the circles of all service points cover", {{"circle_m", "Number"}}, 16};

// The circle of the service points: circle_minutes, speed_kmh and detour as everywhere, by straight lines.
query::StraightLine read_circle(query::Reader& reader, double& minutes) {
  query::StraightLine method;
  minutes = reader.number("circle_minutes", 1, 60).value_or(15);
  method.speed_kmh = reader.number("speed_kmh", 2, 30).value_or(method.speed_kmh);
  method.detour = reader.number("detour", 1, 2).value_or(method.detour);
  return method;
}

Result<Prepared> get_circles_tile(const Call& call) {
  const auto tile = parse_tile(call.path.at(1), call.path.at(2), call.path.at(3));
  if (!tile) return tile.error();
  query::Reader reader(call.params);
  double minutes = 0;
  auto crs = geo::Crs::wgs84;
  query::read_crs(reader, "crs", crs);
  const auto method = read_circle(reader, minutes);
  const auto version = reader.text("v");
  reader.finish();
  if (reader.failed()) return reader.error();
  Prepared prepared;
  prepared.format = Format::mvt;
  prepared.canonical = call.path[1] + '/' + call.path[2] + '/' + call.path[3] + '?' +
                       std::to_string(method.metres(minutes)) +
                       (geo::is_shifted(crs) ? "crs=" + std::string(geo::name_of(crs)) : "");
  if (version == call.snapshot->generation) prepared.cache_control = immutable;
  prepared.heavy = true;
  prepared.cost_us = 50'000;
  prepared.make = [s = call.snapshot, metres = method.metres(minutes), at = *tile, crs] {
    return encode::encode_circles_tile(*s->city, metres, at, crs);
  };
  return prepared;
}

}  // namespace

Result<Prepared> get_tile(const Call& call) {
  if (call.path.at(0) == "circles") return get_circles_tile(call);
  const bool water = call.path.at(0) == "water";
  const auto layer = parse_layer(water ? "districts" : call.path.at(0));
  if (!layer) return layer.error();
  const auto tile = parse_tile(call.path.at(1), call.path.at(2), call.path.at(3));
  if (!tile) return tile.error();

  query::Reader reader(call.params);
  auto q = parse_tile_query(reader, *layer, call);
  const auto version = reader.text("v");
  reader.finish();
  if (reader.failed()) return reader.error();

  Prepared prepared;
  prepared.format = Format::mvt;
  prepared.canonical =
      call.path[0] + '/' + call.path[1] + '/' + call.path[2] + '/' + call.path[3] + '?' + q.canonical;
  if (version == call.snapshot->generation) prepared.cache_control = immutable;
  if (*layer) {
    prepared.heavy = **layer == CityLayer::lines || **layer == CityLayer::districts;
    prepared.make = [s = call.snapshot, which = **layer, water, at = *tile, crs = q.crs] {
      if (water) return encode::encode_water_tile(*s->city, at, crs);
      return encode::encode_city_tile(*s->city, which, at, crs);
    };
    return prepared;
  }
  const auto range = call.snapshot->jobs->rows_in_tile(*tile);
  const auto cost = tile_cost(q, *call.snapshot, range.end - range.begin);
  prepared.cost_us = cost.us;
  prepared.body_bytes = cost.bytes;
  prepared.rows_visited = std::make_shared<std::uint64_t>(0);
  prepared.make = [s = call.snapshot, q = std::move(q), at = *tile, visited = prepared.rows_visited] {
    const auto content = query::tile_content(q, *s, at);
    *visited = content.visits.rows;
    return encode::encode_jobs_tile(*s->jobs, at, content, q.crs);
  };
  return prepared;
}

Result<Prepared> get_tilejson(const Call& call) {
  const bool circles = call.path.at(0) == "circles";  // round the service points
  const bool water = call.path.at(0) == "water";      // where the districts are
  const auto parsed = parse_layer(circles ? "service_points" : water ? "districts" : call.path.at(0));
  if (!parsed) return parsed.error();
  const auto layer = *parsed;
  const LayerInfo info = circles ? circles_info : water ? water_info : info_of(layer);
  query::Reader reader(call.params);
  auto crs = geo::Crs::wgs84;
  double minutes = 0;
  if (circles) {
    query::read_crs(reader, "crs", crs);
    read_circle(reader, minutes);
  } else {
    crs = parse_tile_query(reader, layer, call).crs;
  }
  reader.finish();
  if (reader.failed()) return reader.error();

  // As the caller spelled it, so that a template can be recognised; hence part of the canonical form.
  std::string query_string;
  for (const auto& [name, value] : call.params.all())
    if (!layer || circles || name == "crs")  // nothing else makes other tiles
      query_string += query::percent_encode(name) + '=' + query::percent_encode(value) + '&';
  std::string url = call.base + "/tiles/" + call.path[0] + "/{z}/{x}/{y}.mvt?" + query_string +
                    "v=" + query::percent_encode(call.snapshot->generation);
  Prepared prepared;
  prepared.format = Format::json;
  prepared.canonical = url;
  prepared.make = [s = call.snapshot, name = call.path[0], layer, info, crs, url = std::move(url)] {
    return tilejson(*s, name, layer, info, crs, url);
  };
  return prepared;
}

}  // namespace jobmap::api
