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
#include <string>

#include "data/city_data.hpp"

namespace jobmap::tools {

// Of a shipped city; throws where there is none of that name.
const data::CityTables& city_tables(const std::string& name);

void init_database(const std::string& path, const std::string& city, std::ostream& log);

}  // namespace jobmap::tools
