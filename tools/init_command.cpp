#include "tools/init_command.hpp"

#include <algorithm>
#include <boost/program_options.hpp>
#include <iostream>
#include <stdexcept>

#include "data/ingest/city_data.hpp"
#include "data/model/time.hpp"
#include "data/store/store.hpp"
#include "tools/command_line.hpp"

namespace jobmap::tools {
const data::CityTables& city_tables(const std::string& name) {
  if (const auto* tables = data::find_city_tables(name)) return *tables;
  std::string names;
  for (const auto& tables : data::shipped_cities()) (names += tables.name) += ", ";
  throw std::runtime_error("--city " + name + " is not known; allowed are " + names + "none");
}

namespace {

void check(const LocalSettings& settings) {
  if (settings.time_zone && !data::TimeZone::named(*settings.time_zone))
    throw std::runtime_error(
        "--time-zone " + *settings.time_zone +
        " is not known; allowed are the names of the IANA database, as Asia/Shanghai, and "
        "offsets, as +08:00");
  const auto is_code = [](const std::string& text) {
    return text.size() == 3 &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  };
  if (settings.currency && !is_code(*settings.currency))
    throw std::runtime_error("--currency " + *settings.currency +
                             " is not a code of ISO 4217; allowed are three capital letters, as CNY");
}

// An offset holds all year, so it takes the place of a zone there was.
void put(data::Store& store, const LocalSettings& settings, std::ostream& log) {
  if (!settings.time_zone && !settings.currency) return;
  store.begin();
  if (settings.time_zone) {
    const bool fixed = data::parse_utc_offset(*settings.time_zone).has_value();
    store.put_meta("", "time_zone", fixed ? "" : *settings.time_zone);
    if (fixed) store.put_meta("", "utc_offset", *settings.time_zone);
    log << "time zone: " << *settings.time_zone
        << ", for what is imported from now on and for every answer\n";
  }
  if (settings.currency) {
    store.put_meta("", "currency", *settings.currency);
    log << "currency: " << *settings.currency << '\n';
  }
  store.commit();
}

}  // namespace

void init_database(const std::string& path, const std::string& city, std::ostream& log,
                   const LocalSettings& settings) {
  check(settings);
  const auto* tables = city == "none" ? nullptr : &city_tables(city);
  const bool fresh = data::is_blank_database(path);
  if (fresh) data::create_database(path);
  data::Store store(path);
  log << path << (fresh ? ": made, with the schema\n" : ": there already\n");
  if (tables)
    for (const auto& layer : data::write_city(store, *tables)) {
      log << layer.name << ": ";
      if (layer.kept)
        log << layer.kept << " there already, left as they are\n";
      else
        log << layer.added << " added\n";
    }
  put(store, settings, log);  // a shipped city has settings of its own
}

int run_init(Arguments args) {
  namespace po = boost::program_options;
  std::string path, city, time_zone, currency;
  po::options_description options(
      "jobmap init: schema, and the city's stations, lines and districts. Options");
  options.add_options()("help", "this text")("db", po::value(&path)->value_name("FILE"), "the database")(
      "city",
      po::value(&city)->default_value(std::string(data::shipped_cities().front().name))->value_name("NAME"),
      "a shipped city, or none")("time-zone", po::value(&time_zone)->value_name("ZONE"),
                                 "whose local time dates are days of: Asia/Shanghai, or +08:00 all year")(
      "currency", po::value(&currency)->value_name("CODE"), "of pay, by ISO 4217: CNY");
  const auto given = read_command_line(args, options);
  if (given.contains("help")) {
    std::cout << options;
    return 0;
  }
  if (path.empty()) throw std::runtime_error("--db FILE is needed");
  LocalSettings settings;
  if (given.contains("time-zone")) settings.time_zone = time_zone;
  if (given.contains("currency")) settings.currency = currency;
  init_database(path, city, std::cout, settings);
  return 0;
}

}  // namespace jobmap::tools
