#include "data/sqlite.hpp"

#include <gtest/gtest.h>

#include "data/store.hpp"
#include "tests/data/scratch.hpp"

namespace jobmap::data {
namespace {

void open_and_check(const std::string& path) {
  Database db = Database::open_reader(path);
  check_is_jobmap(db);
}
bool holds(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

TEST(Sqlite, ADatabaseIsWhatItsMakerSaid) {
  Scratch dir;
  const auto path = dir / "a.sqlite";
  create_database(path, {.city = "testville", .utc_offset = "+05:45", .region = "any"});
  Database db = Database::open_reader(path);
  check_is_jobmap(db);
  EXPECT_EQ(db.query_text("SELECT value FROM meta WHERE layer = '' AND key = 'city'"), "testville");
  EXPECT_EQ(db.query_text("SELECT value FROM meta WHERE key = 'utc_offset'"), "+05:45");
  EXPECT_EQ(db.query_text("SELECT value FROM meta WHERE key = 'database_id'").size(), 32u);
  EXPECT_EQ(db.query_text("PRAGMA integrity_check"), "ok");
  const auto again = error_of([&] { create_database(path); });
  EXPECT_TRUE(holds(again, path) && holds(again, "exists already")) << again;
}

TEST(Sqlite, NoTwoDatabasesShareAnId) {
  Scratch dir;
  std::string ids[2];
  for (auto& id : ids) {
    const auto path = dir / ("b" + std::to_string(&id - ids));
    create_database(path);
    id = Database::open_reader(path).query_text("SELECT value FROM meta WHERE key = 'database_id'");
  }
  EXPECT_NE(ids[0], ids[1]);
}

// On a full disk SQLite may roll back by itself; what comes after must not become changes of its own.
TEST(Sqlite, WhatFollowsAChangeThatWasUndoneIsUndoneToo) {
  Scratch dir;
  const auto path = dir / "a.sqlite";
  create_database(path);
  Database db = Database::open_writer(path);
  const auto pages = db.query_int64("PRAGMA page_count");
  db.execute("PRAGMA max_page_count = " + std::to_string(pages + 8));
  {
    Transaction change(db, Transaction::write);
    db.execute("CREATE TABLE before (x)");
    EXPECT_TRUE(holds(error_of([&] { db.execute("INSERT INTO before VALUES (zeroblob(100000))"); }), "full"));
    db.execute("PRAGMA max_page_count = 1000000");
    for (const char* sql : {"CREATE TABLE after (x)", "SELECT DiscardGeometryColumn('jobs', 'geom')"}) try {
        db.execute(sql);  // of SpatiaLite's functions some keep silent
      } catch (const DatabaseError&) {
      }
    EXPECT_TRUE(holds(error_of([&] { change.commit(); }), "undone"));
  }
  EXPECT_EQ(db.query_int64("SELECT count(*) FROM sqlite_master WHERE name IN ('before', 'after')"), 0);
  EXPECT_EQ(db.query_int64("SELECT count(*) FROM geometry_columns WHERE f_table_name = 'jobs'"), 1);
  Transaction again(db, Transaction::write);
  db.execute("CREATE TABLE after (x)");
  again.commit();
  EXPECT_EQ(db.query_int64("SELECT count(*) FROM sqlite_master WHERE name = 'after'"), 1);
}

TEST(Sqlite, SaysWhatIsWrongWithAFile) {
  Scratch dir;
  const struct {
    std::string path, words;
  } cases[] = {
      {dir / "missing.sqlite", "there is no such database file"},
      {dir.write("empty.sqlite", ""), "is an empty file"},
      {dir.write("text.sqlite", std::string(5000, 'x')), "file is not a database"},
      {dir.write("short.sqlite", "SQLite format 3"), "file is not a database"},
      {dir / "", "is not a file"},
  };
  for (const auto& c : cases) {
    const auto words = error_of([&] { open_and_check(c.path); });
    EXPECT_TRUE(holds(words, c.path) && holds(words, c.words)) << words;
  }
}

TEST(Sqlite, RefusesAForeignDatabaseAndAnotherVersion) {
  Scratch dir;
  const auto path = dir / "a.sqlite";
  create_database(path);
  Database::open_writer(path).execute("PRAGMA user_version = 99");
  EXPECT_TRUE(holds(error_of([&] { open_and_check(path); }), "has schema version 99"));
  const auto foreign = dir / "b.sqlite";
  Database::create(foreign).execute("CREATE TABLE t (x)");
  EXPECT_TRUE(holds(error_of([&] { open_and_check(foreign); }), "not one of Jobmap's"));
  EXPECT_TRUE(holds(error_of([&] { Database::open_writer(foreign); }), "not one of Jobmap's"));
}

// Cut anywhere and read to the end: an error of one sentence, or the rows; never a crash.
TEST(Sqlite, ATruncatedFileIsAnErrorThatNamesIt) {
  Scratch dir;
  const auto whole_path = dir / "a.sqlite";
  create_database(whole_path);
  const std::string whole = Scratch::read(whole_path);
  std::size_t errors = 0;
  for (std::size_t size = 0; size < whole.size(); size += 409'600 + 37) {
    const auto path = dir.write("cut.sqlite", std::string_view(whole).substr(0, size));
    try {
      Database db = Database::open_reader(path);
      check_is_jobmap(db);
      EXPECT_NE(db.query_text("PRAGMA quick_check"), "ok") << size;
      ++errors;
    } catch (const DatabaseError& e) {
      EXPECT_TRUE(holds(e.what(), path)) << e.what();
      ++errors;
    }
  }
  EXPECT_GT(errors, 5u);
}

TEST(Sqlite, AReaderCannotWrite) {
  Scratch dir;
  create_database(dir / "a.sqlite");
  Database db = Database::open_reader(dir / "a.sqlite");
  EXPECT_TRUE(holds(error_of([&] { db.execute("DELETE FROM meta"); }), "readonly"));
}

TEST(Sqlite, AReaderRunsNoSpatialiteUntilAsked) {
  Scratch dir;
  create_database(dir / "a.sqlite");
  Database db = Database::open_reader(dir / "a.sqlite");
  EXPECT_TRUE(holds(error_of([&] { db.execute("SELECT AsText(NULL)"); }), "no such function"));
  db.load_spatialite();
  EXPECT_EQ(db.query_text("SELECT AsText(MakePoint(1, 2))"), "POINT(1 2)");
}

TEST(Sqlite, NoSqlReadsOrWritesFiles) {
  Scratch dir;
  create_database(dir / "a.sqlite");
  Database db = Database::open_writer(dir / "a.sqlite");
  for (const char* sql : {"SELECT BlobFromFile('/etc/hostname')", "SELECT BlobToFile(x'00', '/tmp/x')",
                          "SELECT load_extension('x')"})
    EXPECT_TRUE(holds(error_of([&] { db.execute(sql); }), "no such function") ||
                holds(error_of([&] { db.execute(sql); }), "not authorized"))
        << sql;
}

TEST(Sqlite, ATransactionIsUndoneUnlessCommitted) {
  Scratch dir;
  create_database(dir / "a.sqlite");
  Database db = Database::open_writer(dir / "a.sqlite");
  const auto rows = [&] { return db.query_int64("SELECT count(*) FROM meta"); };
  const auto before = rows();
  {
    Transaction t(db, Transaction::write);
    db.execute("INSERT INTO meta VALUES ('x', 'y', 'z')");
    EXPECT_EQ(rows(), before + 1);
  }
  EXPECT_EQ(rows(), before);
  Transaction t(db, Transaction::write);
  db.execute("INSERT INTO meta VALUES ('x', 'y', 'z')");
  t.commit();
  EXPECT_EQ(rows(), before + 1);
}

TEST(Sqlite, AReaderKeepsItsViewWhileAWriterCommits) {
  Scratch dir;
  create_database(dir / "a.sqlite");
  Database reader = Database::open_reader(dir / "a.sqlite");
  Database writer = Database::open_writer(dir / "a.sqlite");
  const auto rows = [&] { return reader.query_int64("SELECT count(*) FROM meta"); };
  std::int64_t before = 0;
  {
    Transaction read(reader, Transaction::read);
    before = rows();
    writer.execute("INSERT INTO meta VALUES ('x', 'y', 'z')");
    EXPECT_EQ(rows(), before);
  }
  EXPECT_EQ(rows(), before + 1);
}

}  // namespace
}  // namespace jobmap::data
