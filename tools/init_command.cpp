#include "tools/init_command.hpp"

#include <boost/program_options.hpp>
#include <iostream>
#include <stdexcept>

#include "data/city_data.hpp"
#include "data/store.hpp"
#include "tools/command_line.hpp"

namespace jobmap::tools {
const data::CityTables& city_tables(const std::string& name) {
  if (const auto* tables = data::find_city_tables(name)) return *tables;
  std::string names;
  for (const auto& tables : data::shipped_cities()) (names += tables.name) += ", ";
  throw std::runtime_error("--city " + name + " is not known; allowed are " + names + "none");
}

void init_database(const std::string& path, const std::string& city, std::ostream& log) {
  const auto* tables = city == "none" ? nullptr : &city_tables(city);
  const bool fresh = data::is_blank_database(path);
  if (fresh) data::create_database(path);
  data::Store store(path);
  log << path << (fresh ? ": made, with the schema\n" : ": there already\n");
  if (!tables) return;
  for (const auto& layer : data::write_city(store, *tables)) {
    log << layer.name << ": ";
    if (layer.kept)
      log << layer.kept << " there already, left as they are\n";
    else
      log << layer.added << " added\n";
  }
}

int run_init(Arguments args) {
  namespace po = boost::program_options;
  std::string path, city;
  po::options_description options(
      "jobmap init: schema, and the city's stations, lines and districts. Options");
  options.add_options()("help", "this text")("db", po::value(&path)->value_name("FILE"), "the database")(
      "city",
      po::value(&city)->default_value(std::string(data::shipped_cities().front().name))->value_name("NAME"),
      "a shipped city, or none");
  const auto given = read_command_line(args, options);
  if (given.contains("help")) {
    std::cout << options;
    return 0;
  }
  if (path.empty()) throw std::runtime_error("--db FILE is needed");
  init_database(path, city, std::cout);
  return 0;
}

}  // namespace jobmap::tools
