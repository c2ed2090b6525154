#pragma once
// Brings the streets of an OpenStreetMap extract into a database, instead of those it had, and the exits of
// its stations, in one transaction. A database that isn't there is made, the schema alone.
//
//   OsmSummary s = import_osm({.database = "hangzhou.sqlite", .file = "hangzhou.osm.pbf", .now =
//   time(nullptr)}); std::printf("%u nodes, %u edges\n", s.nodes, s.edges);
//
// A file that is damaged, foreign or without streets, or whose streets lie outside the region of the
// database: std::runtime_error that says so, and the database is as it was.
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "geo/street_graph.hpp"

namespace jobmap::data {

struct OsmOptions {
  std::string database, file;
  std::string rules;  // a file like data/street_rules.toml; "" for that one itself
  std::optional<std::string>
      region;                 // "minx,miny,maxx,maxy" or "any": where streets must lie, in part at least
  double snap_limit_m = 250;  // how far from a street a point may lie and be reached by it
  std::int64_t now = 0;
  std::function<void(std::string_view phase, std::uint64_t done, std::uint64_t of)> progress;  // may be empty
};

struct OsmSummary {
  std::uint64_t nodes_read = 0, ways_read = 0;
  std::uint32_t nodes = 0, edges = 0;
  double street_km = 0;
  geo::Connected walk, bike;
  std::uint32_t closed_pieces = 0;  // too small to lead anywhere (osm/small_pieces.hpp)
  std::size_t entrances = 0, exits = 0,
              stations = 0;  // exits: entrances that have a station; of so many stations
};

OsmSummary import_osm(const OsmOptions& options);

}  // namespace jobmap::data
