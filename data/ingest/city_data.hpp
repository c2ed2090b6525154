#pragma once
// The cities the program ships, as small tables compiled into it (data/<city>/, described in data/README.md),
// and how one of them gets into a database. A city more is a directory more and an entry in the registry.
//
//   const CityTables* tables = find_city_tables("hangzhou");        // null where no such city is shipped
//   City city = read_city(*tables);                                 // finished: find_* works
//   Store store("jobs.sqlite");
//   for (const auto& layer : write_city(store, *tables)) say(layer.name, layer.added, layer.kept);
//
// The tables are ours, so a fault in them is a logic_error that names the table and its line. They are CSV in
// its simplest form: a header, then comma-separated values without quotes.
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/model/city.hpp"
#include "data/store/store.hpp"

namespace jobmap::data {

struct CityTables {
  std::string_view name;  // "hangzhou"
  std::string_view city;  // key,value: utc_offset; prefix (what its employers' names begin with)
  std::string_view stations, lines, line_stations, abolished_districts;
  std::string_view districts;   // GeoJSON
  std::string_view provenance;  // layer,key,value of the table meta
  std::string_view quarters, water,
      sites;  // where the synthetic sample puts things (data/ingest/sample/profile.hpp)
};

std::span<const CityTables> shipped_cities();
const CityTables* find_city_tables(std::string_view name);
City read_city(const CityTables& tables);
std::string city_value(const CityTables& tables, std::string_view key);

// Calls row(fields) for each line below the header, which must be `header` itself.
void for_each_row(std::string_view table, std::string_view header,
                  const std::function<void(std::span<const std::string_view>)>& row);
// A finite number that is the whole text; logic_error where it isn't.
double table_number(std::string_view text);

struct LayerWritten {
  std::string name;        // stations, lines, districts
  std::int64_t added = 0;  // rows written now
  std::int64_t kept = 0;   // rows that were there before, left as they are
};

// Fills each of stations, lines and districts that is still empty, in one transaction; what an operator has
// put in their place stays. Throws runtime_error where the database belongs to another city.
std::vector<LayerWritten> write_city(Store& store, const CityTables& tables);

}  // namespace jobmap::data
