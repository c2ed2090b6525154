#include "data/store/upgrade.hpp"

#include <algorithm>
#include <iterator>

#include "data/store/store.hpp"

namespace jobmap::data {
namespace {

// A step is history: it says by itself what the next version has, since data/store/schema.sql goes on to change.

struct NewTable {
  std::string_view name, sql;
};
// They stand in the order in which they came. Each is missing from databases that are older than it.
constexpr NewTable tables_of_version_2[] = {
    {"population",
     R"(CREATE TABLE population (
  lon REAL NOT NULL,
  lat REAL NOT NULL,
  residents REAL NOT NULL CHECK (residents >= 0),
  PRIMARY KEY (lon, lat)
) WITHOUT ROWID)"},
    {"street_blobs",
     R"(CREATE TABLE street_blobs (
  pk INTEGER PRIMARY KEY,
  part TEXT NOT NULL CHECK (part IN ('nodes', 'edges', 'bends', 'shape')),
  data BLOB NOT NULL
))"},
    {"station_exits",
     R"(CREATE TABLE station_exits (
  pk INTEGER PRIMARY KEY,
  station TEXT NOT NULL REFERENCES stations (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  lon REAL NOT NULL,
  lat REAL NOT NULL
))"},
    {"street_entrances",
     R"(CREATE TABLE street_entrances (
  pk INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  areas TEXT NOT NULL,
  lon REAL NOT NULL,
  lat REAL NOT NULL
))"},
    {"water",
     R"(CREATE TABLE water (
  pk INTEGER PRIMARY KEY,
  osm TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  kind TEXT NOT NULL
);
SELECT AddGeometryColumn('water', 'geom', 4326, 'MULTIPOLYGON', 'XY', 1);
SELECT CreateSpatialIndex('water', 'geom'))"},
};

// A constraint that databases of version 1 have or lack, depending on the day they were made. forbidden: rows that the
// later one doesn't allow.
struct NewConstraint {
  std::string_view table, before, after, forbidden;
};
constexpr NewConstraint constraints_of_version_2[] = {
    {"jobs", "openings INTEGER NOT NULL CHECK (openings >= 1)",
     "openings INTEGER NOT NULL CHECK (openings BETWEEN 1 AND 1000000)", "openings > 1000000"},
    {"jobs", "pay_min INTEGER CHECK (pay_min >= 0)",
     "pay_min INTEGER CHECK (pay_min BETWEEN 0 AND 2147483647)", "pay_min > 2147483647"},
    {"jobs", "pay_max INTEGER CHECK (pay_max >= 0)",
     "pay_max INTEGER CHECK (pay_max BETWEEN 0 AND 2147483647)", "pay_max > 2147483647"},
    {"jobs", "stipend INTEGER CHECK (stipend >= 0)",
     "stipend INTEGER CHECK (stipend BETWEEN 0 AND 2147483647)", "stipend > 2147483647"},
    {"jobs", "published_at INTEGER,", "published_at INTEGER CHECK (published_at BETWEEN 0 AND 4294967295),",
     "published_at NOT BETWEEN 0 AND 4294967295"},
    {"jobs", "expires_at INTEGER NOT NULL,",
     "expires_at INTEGER NOT NULL CHECK (expires_at BETWEEN 0 AND 4294967295),",
     "expires_at NOT BETWEEN 0 AND 4294967295"},
    {"districts", "CHECK (adcode GLOB '[0-9][0-9][0-9][0-9][0-9][0-9]')", "CHECK (adcode <> '')",
     "adcode = ''"},
    {"station_exits", "REFERENCES stations (id),", "REFERENCES stations (id) ON DELETE CASCADE,", "0"},
};

// Constraints say nothing about how rows lie on the disk, so the text of the schema alone is changed, as SQLite's page on
// ALTER TABLE allows. Other connections read it again when they see that the schema's counter has moved.
void change_constraint(Database& db, const NewConstraint& c) {
  Statement has = db.prepare(
      "SELECT instr(sql, ?2) > 0, instr(sql, ?3) > 0 FROM sqlite_master WHERE type = 'table' AND name = ?1");
  has.bind(1, c.table).bind(2, c.before).bind(3, c.after);
  if (!has.step()) return;  // the step makes this table
  const bool is_old = has.column_int64(0) != 0, is_new = has.column_int64(1) != 0;
  has.reset();
  if (is_new) return;
  if (!is_old)
    throw DatabaseError(
        db.path() + ": the table " + std::string(c.table) + " has neither \"" + std::string(c.before) +
            "\" nor \"" + std::string(c.after) +
            "\": another program has changed it, so it can't be upgraded; jobmap init makes a "
            "new database to import into",
        0);
  const std::string where(" FROM " + std::string(c.table) + " WHERE " + std::string(c.forbidden));
  if (const auto rows = db.query_int64("SELECT count(*)" + where); rows > 0)
    throw DatabaseError(db.path() + ": " + std::to_string(rows) + " row(s) of " + std::string(c.table) +
                            " have a value that the newer schema doesn't allow, the first by pk " +
                            std::to_string(db.query_int64("SELECT min(pk)" + where)) + ": " +
                            std::string(c.forbidden) + "; correct or delete them, then upgrade again",
                        0);
  Statement change =
      db.prepare("UPDATE sqlite_master SET sql = replace(sql, ?2, ?3) WHERE type = 'table' AND name = ?1");
  change.bind(1, c.table).bind(2, c.before).bind(3, c.after).run();
}

void change_constraints(Database& db, std::span<const NewConstraint> constraints) {
  const auto cookie = db.query_int64("PRAGMA schema_version");  // SQLite's own counter of changes
  db.execute("PRAGMA writable_schema = ON");
  for (const auto& c : constraints) change_constraint(db, c);
  db.execute("PRAGMA schema_version = " + std::to_string(cookie + 1));
  db.execute("PRAGMA writable_schema = RESET");
}

void add_setting(Database& db, std::string_view key, std::string_view value) {
  Statement s = db.prepare("INSERT OR IGNORE INTO meta (layer, key, value) VALUES ('', ?1, ?2)");
  s.bind(1, key).bind(2, value).run();
}

void to_version_2(Database& db) {
  change_constraints(db, constraints_of_version_2);
  {
    const Unheard unheard;
    for (const auto& table : tables_of_version_2)
      if (!db.has_table(table.name)) db.execute(std::string(table.sql));
  }
  if (db.query_int64("SELECT count(*) FROM geometry_columns WHERE f_table_name = 'water' AND "
                     "spatial_index_enabled = 1") != 1)
    throw DatabaseError(db.path() + ": SpatiaLite couldn't make the geometry column of water", 0);
  add_setting(db, "time_zone", "");
  add_setting(db, "currency", "CNY");
  add_setting(db, "revision", random_revision());
}

constexpr UpgradeStep steps[] = {
    {1,
     "tables of residents, streets, exits and water where they are missing; codes of districts of any form; "
     "bounds of pay, openings and times",
     to_version_2},
};
static_assert(std::size(steps) == schema_version - oldest_schema_version);

}  // namespace

std::int64_t schema_version_of(Database& db) { return db.query_int64("PRAGMA user_version"); }

void check_is_current(Database& db) {
  const auto version = schema_version_of(db);
  if (version == schema_version) return;
  throw DatabaseError(db.path() + ": has schema version " + std::to_string(version) +
                          " and can't be written to before it has version " + std::to_string(schema_version) +
                          ": jobmap upgrade --db " + db.path(),
                      0);
}

std::span<const UpgradeStep> upgrade_steps(std::int64_t version) {
  const auto* first = std::find_if(std::begin(steps), std::end(steps),
                                   [&](const UpgradeStep& step) { return step.from >= version; });
  return {first, std::end(steps)};
}

std::int64_t upgrade_database(const std::string& path) {
  Database db = Database::open_for_upgrade(path);
  Transaction transaction(db, Transaction::write);
  const auto before = schema_version_of(db);  // nobody else can upgrade it now
  const auto due = upgrade_steps(before);
  if (due.empty()) return before;
  for (const auto& step : due) {
    step.run(db);
    db.execute("PRAGMA user_version = " + std::to_string(step.from + 1));
  }
  transaction.commit();
  return before;
}

}  // namespace jobmap::data
