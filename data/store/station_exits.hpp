#pragma once
// The entrances that an extract of OpenStreetMap has, and which station each is an exit of.
//
//   write_entrances(db, entrances, 500);           // instead of those there were
//   join_exits(db);                                // whenever stations or entrances have changed
//
// An entrance belongs to the station that its stop area is named after, within four times the limit, else to
// the nearest one within it. What is nobody's stays, and is joined when a station comes.
#include <string>
#include <vector>

#include "data/model/city.hpp"
#include "data/store/sqlite.hpp"

namespace jobmap::data {

struct EntranceRecord {
  std::string name;                // A, C2
  std::vector<std::string> areas;  // names of its stop area, the best first
  geo::LonLat at;
};
struct ExitRecord {
  std::string station, name;  // the station's id
  geo::LonLat at;
};

struct ExitCount {
  std::size_t exits = 0, stations = 0;  // exits of so many stations
};

std::vector<ExitRecord> exits_of(const std::vector<EntranceRecord>& entrances, const City& city,
                                 double within_m);

void write_entrances(Database& db, const std::vector<EntranceRecord>& entrances, double within_m);
// How many exits there are now.
std::int64_t join_exits(Database& db);
ExitCount count_exits(Database& db);
// A text that differs whenever stations do, "" where there are no entrances to join.
std::string stations_to_join(Database& db);

}  // namespace jobmap::data
