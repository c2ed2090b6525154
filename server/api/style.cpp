// GET /style.json: a MapLibre style over our own layers, bottom to top districts, water, metro lines, jobs
// and their clusters, service points, stations. It takes the job query, which goes on into the tiles of jobs,
// and whose crs goes into all tiles.
//
// It names no glyphs and no sprite: MapLibre 5 draws labels from the reader's own fonts, so nothing but this
// server is needed. Sources are absolute where the server knows what it is called (server/api/own_address.hpp); else
// the page that loads the style resolves them.
#include <array>

#include "data/index/snapshot.hpp"
#include "geo/shifted_square.hpp"
#include "server/api/endpoint.hpp"
#include "server/api/extent.hpp"
#include "server/encode/json_writer.hpp"
#include "server/query/parse/job_query.hpp"
#include "server/query/syntax/percent_coding.hpp"

namespace jobmap::api {
namespace {

using query::Result;

constexpr std::array<std::string_view, 6> source_names{"districts", "water",          "lines",
                                                       "jobs",      "service_points", "stations"};

constexpr std::string_view style_layers = R"("layers":[
{"id":"background","type":"background","paint":{"background-color":"#EEF0F2"}},
{"id":"districts","type":"fill","source":"districts","source-layer":"districts","paint":{"fill-color":"#FBFAF7"}},
{"id":"water","type":"fill","source":"water","source-layer":"water","paint":{"fill-color":"#C8DDEA"}},
{"id":"district-borders","type":"line","source":"districts","source-layer":"districts",
"paint":{"line-color":"#B9B4C4","line-width":["interpolate",["linear"],["zoom"],8,0.8,14,1.6]}},
{"id":"line-casings","type":"line","source":"lines","source-layer":"lines",
"layout":{"line-cap":"round","line-join":"round"},
"paint":{"line-color":"#FFFFFF","line-width":["interpolate",["linear"],["zoom"],8,2,12,5,16,10]}},
{"id":"lines","type":"line","source":"lines","source-layer":"lines",
"layout":{"line-cap":"round","line-join":"round"},
"paint":{"line-color":["get","color"],"line-width":["interpolate",["linear"],["zoom"],8,1,12,3,16,6]}},
{"id":"jobs","type":"circle","source":"jobs","source-layer":"jobs",
"paint":{"circle-color":["match",["get","category"],"full_time","#2563A8","gig","#C2570C","internship","#2F7D4F","#444444"],
"circle-radius":["interpolate",["linear"],["zoom"],8,1.5,13,3.2,18,8],
"circle-stroke-color":"#FFFFFF","circle-stroke-width":["interpolate",["linear"],["zoom"],12,0,15,1.2]}},
{"id":"clusters","type":"circle","source":"jobs","source-layer":"clusters",
"paint":{"circle-color":"#5B4B8A","circle-opacity":0.75,"circle-stroke-color":"#FFFFFF","circle-stroke-width":1,
"circle-radius":["interpolate",["linear"],["sqrt",["get","ads"]],1,5,10,9,100,22,1000,40]}},
{"id":"service-points","type":"circle","source":"service_points","source-layer":"service_points","minzoom":11,
"paint":{"circle-color":"#B3261E","circle-radius":["interpolate",["linear"],["zoom"],11,2.5,16,7],
"circle-stroke-color":"#FFFFFF","circle-stroke-width":1.2}},
{"id":"stations","type":"circle","source":"stations","source-layer":"stations","minzoom":10,
"paint":{"circle-color":"#FFFFFF","circle-stroke-color":["coalesce",["get","color"],"#444444"],
"circle-radius":["interpolate",["linear"],["zoom"],10,1.8,16,6],"circle-stroke-width":["interpolate",["linear"],["zoom"],10,1,16,3]}},
{"id":"cluster-counts","type":"symbol","source":"jobs","source-layer":"clusters",
"layout":{"text-field":["to-string",["get","ads"]],"text-font":["sans-serif"],"text-size":11,"text-allow-overlap":true},
"paint":{"text-color":"#FFFFFF"}},
{"id":"station-names","type":"symbol","source":"stations","source-layer":"stations","minzoom":12,
"layout":{"text-field":["get","name"],"text-font":["sans-serif"],"text-size":12,"text-anchor":"top","text-offset":[0,0.7]},
"paint":{"text-color":"#333333","text-halo-color":"#FFFFFF","text-halo-width":1.6}}
]}
)";

std::string style(const data::Snapshot& snapshot, const std::string& tiles, const std::string& job_query,
                  geo::Crs crs) {
  const auto box =
      extent_of_city(snapshot).value_or(geo::BoxE7{-1800000000, -850511287, 1800000000, 850511287});
  std::string body;
  encode::JsonWriter w(body);
  w.raw(R"({"version":8,"name":"Jobmap","center":[)");
  const auto centre =
      geo::shift(crs, geo::PointE7{static_cast<std::int32_t>((std::int64_t{box.min_lon} + box.max_lon) / 2),
                                   static_cast<std::int32_t>((std::int64_t{box.min_lat} + box.max_lat) / 2)});
  w.degrees(centre.lon);
  w.raw(",");
  w.degrees(centre.lat);
  w.raw(R"(],"zoom":9,"metadata":{"jobmap:generation":)");
  w.text(snapshot.generation);
  w.raw(R"(},"sources":{)");
  const auto city_query = geo::is_shifted(crs) ? "?crs=" + std::string(geo::name_of(crs)) : "";
  for (const char* comma = ""; const auto source : source_names) {
    w.raw(comma);
    w.text(source);
    w.raw(R"(:{"type":"vector","url":)");
    w.text(tiles + std::string(source) + ".json" + (source == "jobs" ? job_query : city_query));
    w.raw("}");
    comma = ",";
  }
  w.raw("},\n");
  w.raw(style_layers);
  w.finish();
  return body;
}

}  // namespace

Result<Prepared> get_style(const Call& call) {
  query::Reader reader(call.params);
  const auto crs = query::parse_filter(reader, *call.snapshot, call.areas.get()).crs;
  reader.finish();
  if (reader.failed()) return reader.error();

  std::string job_query;  // as the caller spelled it
  for (const auto& [name, value] : call.params.all())
    job_query +=
        (job_query.empty() ? '?' : '&') + query::percent_encode(name) + '=' + query::percent_encode(value);
  Prepared prepared;
  prepared.format = Format::json;
  prepared.canonical = call.base + job_query;
  prepared.make = [s = call.snapshot, tiles = call.base + "/tiles/", job_query, crs] {
    return style(*s, tiles, job_query, crs);
  };
  return prepared;
}

}  // namespace jobmap::api
