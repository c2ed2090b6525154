#pragma once
// The street network in the database: a few arrays in blobs (data/streets.sql), read as fast as the disk
// gives them, and the exits of stations.
//
//   Transaction write(db, Transaction::write);
//   write_streets(db, hilbert_ordered(network));        // instead of what was there
//   if (auto network = read_streets(db)) StreetGraph graph(*std::move(network));
//
// Nothing where no network was ever imported. A blob that doesn't fit is a std::runtime_error; whether edges
// name nodes that are there is the graph's own question.
#include <optional>
#include <string>
#include <vector>

#include "data/city.hpp"
#include "data/sqlite.hpp"
#include "geo/street_graph.hpp"

namespace jobmap::data {

struct ExitRecord {
  std::string station, name;  // the station's id
  geo::LonLat at;
};

std::optional<geo::StreetNetwork> read_streets(Database& db);
void write_streets(Database& db, const geo::StreetNetwork& network);

// How far a point may lie from the streets: the setting of the import, within these bounds.
inline constexpr double min_snap_limit_m = 10, max_snap_limit_m = 1000;
double read_snap_limit(Database& db);

// The stations of a city with their exits, by id.
void read_stations(Database& db, City& city);
void write_exits(Database& db, const std::vector<ExitRecord>& exits);

}  // namespace jobmap::data
