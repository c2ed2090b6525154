#pragma once
// Makes a file a Jobmap database of a shipped city, for `jobmap init` and `jobmap sample`, and says what it
// did.
//
//   init_database("jobs.sqlite", "none", std::cout);
//
// A missing or empty file, and what a killed init left, gets the schema; a Jobmap database keeps what it has.
// Anything else, and another city's database, is a std::runtime_error. "none" stands for no city: the schema
// alone.
#include <iosfwd>
#include <optional>
#include <string>

#include "data/ingest/city_data.hpp"

namespace jobmap::tools {

// The tables of a shipped city; throws if there is none of that name.
const data::CityTables& city_tables(const std::string& name);

// Settings that are put anew, in a database that is there too.
struct LocalSettings {
  std::optional<std::string> time_zone;  // "Asia/Shanghai", "+08:00"
  std::optional<std::string> currency;   // "CNY"
};

void init_database(const std::string& path, const std::string& city, std::ostream& log,
                   const LocalSettings& settings = {});

}  // namespace jobmap::tools
