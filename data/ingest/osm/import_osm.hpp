#pragma once
// Brings the streets of an OpenStreetMap extract into a database, instead of those it had, the exits of its
// stations and its water, in one transaction; and its districts, where the database has none or `districts`
// says so. A database that isn't there is made, the schema alone.
//
//   OsmSummary s = import_osm({.database = "hangzhou.sqlite", .file = "hangzhou.osm.pbf",
//                              .now = time(nullptr)});
//   std::printf("%u nodes, %u edges\n", s.nodes, s.edges);
//
// A file that is damaged, foreign or without streets, or whose streets lie outside the region of the
// database: std::runtime_error that says so, and the database is as it was. The same where it lacks more than
// `most_missing` of the nodes of its streets, or most of the streets would go that the database has, unless
// `force` says that this is meant.
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "geo/street_graph.hpp"

namespace jobmap::data {

struct OsmOptions {
  std::string database, file;
  std::string rules;  // a file like data/ingest/osm/street_rules.toml; "" for that one itself
  std::optional<std::string>
      region;                 // "minx,miny,maxx,maxy" or "any": where streets must lie, in part at least
  double snap_limit_m = 250;  // how far from a street a point may lie and be reached by it
  bool force = false;         // take an extract that is incomplete, or loses most of the streets there were
  bool districts = false;     // put the extract's districts in the place of those the database has
  std::int64_t now = 0;
  std::function<void(std::string_view phase, std::uint64_t done, std::uint64_t of)> progress;  // may be empty
};

inline constexpr double most_missing = 0.1, most_lost = 0.5;  // shares

struct OsmSummary {
  std::uint64_t nodes_read = 0, ways_read = 0;
  std::uint64_t nodes_missing = 0;  // that streets name and the extract hasn't
  double missing_share = 0, lost_share = 0;
  std::uint64_t with_hours = 0;  // gates, streets and entrances with hours, which aren't read
  std::uint64_t squares = 0, squares_cut_off = 0, closed_by_walls = 0;
  std::uint32_t nodes = 0, edges = 0;
  double street_km = 0;
  geo::Connected walk, bike;
  std::uint32_t closed_pieces = 0;  // too small to lead anywhere (osm/small_pieces.hpp)
  std::size_t entrances = 0, exits = 0,
              stations = 0;  // exits: entrances that have a station; of so many stations
  std::size_t water = 0;
  std::size_t districts = 0, taken = 0, replaced = 0;  // in the extract; written; of these in another's place
  std::vector<std::string> without_code;               // names of those that have none and can't be taken
  std::size_t areas_left_out = 0;                      // cut off by the extract, or not valid
};

OsmSummary import_osm(const OsmOptions& options);

}  // namespace jobmap::data
