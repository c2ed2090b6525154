#include <stdexcept>

#include "data/ingest/table/import.hpp"
#include "data/ingest/table/read_file.hpp"
#include "data/model/metro_service.hpp"
#include "data/model/utf8.hpp"
#include "data/store/load.hpp"
#include "data/store/store.hpp"

namespace jobmap::data {

bool import_metro_service(const std::string& database, const std::string& file, std::int64_t now) {
  if (is_blank_database(database))
    throw std::runtime_error(database +
                             ": there is no database; import stations and lines before how they run");
  std::string toml;
  const auto snapshot = load_snapshot(database, now);
  try {
    toml = read_file(file);
    if (!is_valid_utf8(toml)) throw std::runtime_error("is not UTF-8");
    check_metro_service(parse_metro_service(toml, snapshot->city->name), *snapshot->city);
  } catch (const std::runtime_error& e) {
    throw std::runtime_error(file + ": " + e.what());
  }
  Store store(database);
  store.begin();
  const bool other = store.meta("metro_service", "toml") != toml;
  store.put_meta("metro_service", "toml", toml);
  store.commit();
  return other;
}

}  // namespace jobmap::data
