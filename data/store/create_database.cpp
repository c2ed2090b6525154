// Makes a database: the schema, and what its row of meta says.
#include <cstdio>
#include <random>

#include "data/store/sqlite.hpp"
#include "data/store/store.hpp"

namespace jobmap::embedded {
extern const std::string_view schema_sql;
}

namespace jobmap::data {

std::string random_revision() {
  std::random_device random;
  std::string id;
  for (int i = 0; i < 4; ++i) {
    char word[9];
    std::snprintf(word, sizeof word, "%08x", static_cast<unsigned>(random()));
    id += word;
  }
  return id;
}

bool is_blank_database(const std::string& path) { return Database::is_blank(path); }

void create_database(const std::string& path, const DatabaseOptions& options) {
  Database db = Database::create(path);
  Transaction transaction(db, Transaction::write);
  if (!db.is_blank()) throw DatabaseError(path + ": exists already", 0);  // since we looked
  const Unheard unheard;
  if (db.query_int64("SELECT InitSpatialMetaDataFull(0)") != 1)
    throw DatabaseError(path + ": SpatiaLite couldn't make its tables: the disk is full, or can't be written",
                        0);
  db.execute(std::string(embedded::schema_sql));
  // SpatiaLite's functions answer 0 instead of failing.
  if (db.query_int64("SELECT count(*) FROM geometry_columns WHERE f_geometry_column = 'geom' AND "
                     "spatial_index_enabled = 1") != 7)
    throw DatabaseError(path + ": SpatiaLite couldn't make the geometry columns", 0);
  Statement meta = db.prepare("INSERT INTO meta (layer, key, value) VALUES ('', ?1, ?2)");
  const std::pair<std::string_view, std::string> rows[] = {
      {"database_id", random_revision()}, {"generation", "1"},        {"city", options.city},
      {"utc_offset", options.utc_offset}, {"region", options.region}, {"time_zone", options.time_zone},
      {"currency", options.currency}};
  for (const auto& [key, value] : rows) meta.bind(1, key).bind(2, std::string_view(value)).run();
  transaction.commit();
}

}  // namespace jobmap::data
