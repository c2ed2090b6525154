#pragma once
// The street network in the database: a few arrays in blobs (data/store/schema.sql), read as fast as the disk
// gives them. Its exits are in data/store/station_exits.hpp.
//
//   Transaction write(db, Transaction::write);
//   write_streets(db, hilbert_ordered(network));        // instead of what was there
//   if (auto network = read_streets(db)) geo::StreetGraph graph(*std::move(network));
//
// Nothing where no network was ever imported. A blob that doesn't fit is a std::runtime_error; whether edges
// name nodes that are there is the graph's own question.
#include <optional>
#include <string>
#include <vector>

#include "data/model/city.hpp"
#include "data/store/sqlite.hpp"
#include "geo/street_graph.hpp"

namespace jobmap::data {

std::optional<geo::StreetNetwork> read_streets(Database& db);
void write_streets(Database& db, const geo::StreetNetwork& network);

// How far a point may lie from the streets: the setting of the import, within these bounds.
inline constexpr double min_snap_limit_m = 10, max_snap_limit_m = 1000;
double read_snap_limit(Database& db);

// Gates, streets and entrances with opening hours, which the import has counted and nothing reads.
std::int64_t read_ignored_hours(Database& db);

// Instead of the water there was; whether that changes anything.
bool write_water(Database& db, const std::vector<Water>& water);

// The stations of a city with their exits, by id.
void read_stations(Database& db, City& city);

}  // namespace jobmap::data
