// A database of each older schema: it is read as it is, refuses to be written to, and once upgraded differs in nothing
// from one that this program made.
#include "data/store/upgrade.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <set>

#include "data/ingest/city_data.hpp"
#include "data/store/load.hpp"
#include "data/store/store.hpp"
#include "tests/data/scratch.hpp"

namespace jobmap::data {
namespace {

constexpr std::int64_t now = 1795431600;
constexpr const char* common_tables[] = {"meta",
                                         "jobs",
                                         "stations",
                                         "lines",
                                         "line_stations",
                                         "districts",
                                         "abolished_districts",
                                         "service_points",
                                         "venture_sites"};

Posting posting(const std::string& id) {
  Posting p;
  p.source = "fair";
  p.id = id;
  p.title = "仓库管理员";
  p.employer = "测试公司";
  p.openings = 3;
  p.precision = Precision::exact;
  p.point = geo::LonLat{120.16, 30.25};
  p.expires_at = now + 86'400;
  return p;
}

// All that the schema says, without the blanks: sqlite_master has the text as it was written.
std::set<std::string> schema_of(const std::string& path) {
  Database db = Database::open_reader(path);
  std::set<std::string> all;
  Statement s = db.prepare(
      "SELECT type || ' ' || tbl_name || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_master");
  while (s.step()) {
    std::string text;
    for (const char c : s.column_text(0))
      if (c != ' ' && c != '\n') text += c;
    all.insert(text);
  }
  return all;
}

// Every row of a table as text, whatever its columns.
std::multiset<std::string> rows_of(const std::string& path, std::string_view table) {
  Database db = Database::open_reader(path);
  std::string all;
  Statement columns = db.prepare("SELECT name FROM pragma_table_info(?1)");
  for (columns.bind(1, table); columns.step();)
    all += (all.empty() ? "quote(\"" : " || ',' || quote(\"") + std::string(columns.column_text(0)) + "\")";
  std::multiset<std::string> rows;
  Statement s = db.prepare("SELECT " + all + " FROM \"" + std::string(table) + '"');
  while (s.step()) rows.emplace(s.column_text(0));
  return rows;
}

// A database as this program makes it, and the same rows in one of each older schema. SpatiaLite takes most of a second
// to make one, so they are made once and copied.
class Databases {
 public:
  static const Databases& of(const std::string& schema) {
    static std::map<std::string, Databases> made;
    return made.try_emplace(schema, schema).first->second;
  }
  explicit Databases(const std::string& schema) {
    create_database(present(), {.city = "hangzhou", .time_zone = "", .currency = "CNY"});
    {
      Store store(present());
      write_city(store, *find_city_tables("hangzhou"));
      store.begin();
      for (const char* id : {"1", "2", "3"}) store.put(posting(id));
      Site site;
      site.id = "s1";
      site.name = "零工市场";
      site.kind = "gig_market";
      site.at = geo::to_e7({120.17, 30.26});
      store.put(SiteLayer::service_points, site);
      store.commit();
    }
    Database db = Database::create(old());
    {
      Transaction transaction(db, Transaction::write);
      const Unheard unheard;
      db.query_int64("SELECT InitSpatialMetaDataFull(0)");
      db.execute(Scratch::read(std::string(SCHEMAS "/") + schema + ".sql"));
      transaction.commit();
    }
    db.execute("ATTACH '" + present() + "' AS present");
    for (const std::string table : common_tables)
      db.execute("INSERT INTO main." + table + " SELECT * FROM present." + table);
    db.execute("INSERT INTO station_exits SELECT 1, id, 'A', 120.1, 30.2 FROM main.stations LIMIT 1");
    db.execute("DELETE FROM main.meta WHERE key IN ('time_zone', 'currency', 'revision')");
    db.execute("DETACH present");
  }
  std::string present() const { return dir_ / "present.sqlite"; }
  std::string old() const { return dir_ / "old.sqlite"; }

 private:
  Scratch dir_;
};

class Upgrade : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override { std::filesystem::copy_file(Databases::of(GetParam()).old(), old); }

  Scratch dir;
  const std::string present = Databases::of(GetParam()).present(), old = dir / "old.sqlite";
};

TEST_P(Upgrade, ADatabaseOfVersionOneIsServedAsItIs) {
  const auto snapshot = load_snapshot(old, now), same = load_snapshot(present, now);
  EXPECT_EQ(snapshot->jobs->size, 3u);
  EXPECT_EQ(snapshot->city->stations.size(), same->city->stations.size());
  EXPECT_EQ(snapshot->city->currency, same->city->currency);
  EXPECT_TRUE(snapshot->city->population.empty());
}

TEST_P(Upgrade, IsNotWrittenToBefore) {
  const auto words = error_of([&] { Store store(old); });
  EXPECT_NE(words.find("jobmap upgrade --db " + old), std::string::npos) << words;
}

TEST_P(Upgrade, LeavesADatabaseLikeANewOneWithTheSameRows) {
  std::map<std::string, std::multiset<std::string>> before;
  for (const std::string table : common_tables) before[table] = rows_of(old, table);
  ASSERT_EQ(upgrade_steps(1).size(), 1u);
  EXPECT_EQ(upgrade_database(old), 1);
  EXPECT_EQ(schema_of(old), schema_of(present));
  for (const std::string table : common_tables)
    if (table != "meta") {
      EXPECT_EQ(rows_of(old, table), before[table]) << table;
    }
  for (const auto& row : before["meta"]) EXPECT_TRUE(rows_of(old, "meta").contains(row)) << row;
  Database db = Database::open_reader(old);
  EXPECT_EQ(db.query_text("PRAGMA integrity_check"), "ok");
  EXPECT_EQ(db.query_text("SELECT group_concat(key) FROM (SELECT key FROM meta WHERE layer = '' ORDER BY 1)"),
            Database::open_reader(present).query_text(
                "SELECT group_concat(key) FROM (SELECT key FROM meta WHERE layer = '' ORDER BY 1)"));
  EXPECT_EQ(upgrade_database(old), schema_version) << "the second time there is nothing to do";
}

TEST_P(Upgrade, WhatIsUpgradedIsWrittenToLikeANewOne) {
  upgrade_database(old);
  Store store(old);
  store.begin();
  District zone;
  zone.adcode = "zone-1";
  zone.name = "Zone 1";
  zone.geometry = {{{{1, 1}, {2, 1}, {2, 2}, {1, 1}}}};
  EXPECT_EQ(store.put(zone), Change::inserted);
  EXPECT_EQ(store.put(PopulationCell{geo::to_e7({120.1, 30.2}), 12}), Change::inserted);
  store.put_water({{"way/1", "湖", "lake", zone.geometry}});
  EXPECT_EQ(store.put(posting("4")), Change::inserted);
  store.commit();
  Database db = Database::open_writer(old);
  db.execute("DELETE FROM line_stations; DELETE FROM stations");
  EXPECT_EQ(db.query_int64("SELECT count(*) FROM station_exits"), 0) << "an exit goes with its station";
  EXPECT_THROW(db.execute("UPDATE jobs SET openings = 2000000"), DatabaseError);
  EXPECT_EQ(load_snapshot(old, now)->jobs->size, 4u);
}

// A step that fails is undone: rows that the present schema forbids are named, and none is lost.
TEST_P(Upgrade, RefusesRowsThatCantBeKept) {
  const auto forbid = [&] {
    Database::open_for_upgrade(old).execute("UPDATE jobs SET openings = 2000000 WHERE id = '2'");
  };
  if (std::string_view(GetParam()) == "version_1_last") {
    EXPECT_THROW(forbid(), DatabaseError) << "this schema forbids them itself";
    return;
  }
  forbid();
  const auto before = schema_of(old);
  const auto words = error_of([&] { upgrade_database(old); });
  EXPECT_NE(words.find("1 row(s) of jobs"), std::string::npos) << words;
  EXPECT_EQ(schema_of(old), before);
  Database db = Database::open_reader(old);
  EXPECT_EQ(schema_version_of(db), 1);
}

// A constraint that another program has written anew can't be found, and is not passed over.
TEST_P(Upgrade, RefusesATableThatItDoesntKnow) {
  {
    Database db = Database::open_for_upgrade(old);
    db.execute("PRAGMA writable_schema = ON");
    db.execute(
        "UPDATE sqlite_master SET sql = replace(sql, 'openings INTEGER', '\"openings\" INTEGER') "
        "WHERE name = 'jobs'");
    db.execute("PRAGMA writable_schema = RESET");
  }
  const auto before = schema_of(old);
  const auto words = error_of([&] { upgrade_database(old); });
  EXPECT_NE(words.find("another program"), std::string::npos) << words;
  EXPECT_EQ(schema_of(old), before);
}

TEST_P(Upgrade, TheCommandSaysWhatIsDueAndDoesIt) {
  const auto jobmap = [&](const std::string& words) {
    const int status = std::system((JOBMAP_PROGRAM " " + words + " >" + (dir / "said") + " 2>&1").c_str());
    return std::pair(WEXITSTATUS(status), Scratch::read(dir / "said"));
  };
  EXPECT_EQ(jobmap("upgrade --check --db " + old).first, 1);
  EXPECT_EQ(jobmap("info --db " + old).second.find("1 (jobmap upgrade)") != std::string::npos, true);
  const auto [status, said] = jobmap("upgrade --db " + old);
  EXPECT_EQ(status, 0) << said;
  EXPECT_NE(said.find("upgraded to schema version 2"), std::string::npos) << said;
  EXPECT_FALSE(std::filesystem::exists(old + "-wal")) << "the upgrade is in the file itself";
  EXPECT_EQ(jobmap("upgrade --check --db " + old).first, 0);
  EXPECT_EQ(jobmap("verify --db " + old).first, 0);
}

INSTANTIATE_TEST_SUITE_P(Schemas, Upgrade, testing::Values("version_1_first", "version_1_last"),
                         [](const auto& schema) { return std::string(schema.param); });

}  // namespace
}  // namespace jobmap::data
