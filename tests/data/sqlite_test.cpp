#include "data/store/sqlite.hpp"

#include <grp.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <functional>

#include "data/store/store.hpp"
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

// A process that may write nothing of ours, which does `call` and goes on in the middle of it when go_on() is called.
class Stranger {
 public:
  // call(wait): wait() gives once this test says go_on().
  explicit Stranger(const std::function<void(const std::function<void()>&)>& call) {
    if (::pipe(said_) != 0 || ::pipe(asked_) != 0) throw std::runtime_error("no pipe");
    pid_ = ::fork();
    if (pid_ == 0) ::_exit(run(call));
    ::close(said_[1]);
    ::close(asked_[0]);
  }
  ~Stranger() {
    ::close(said_[0]);
    ::close(asked_[1]);
    ::waitpid(pid_, nullptr, 0);
  }
  // Once it waits, or has ended.
  void wait() { status_ = hear(); }
  void go_on() { static_cast<void>(!::write(asked_[1], "g", 1)); }
  // Gives the words of the exception that it threw, "" where it came to its end.
  std::string error() {
    while (status_.empty() || status_ == "waits\n") status_ = hear();
    return status_ == "done\n" ? "" : status_;
  }

 private:
  static constexpr uid_t nobody = 65534;

  int run(const std::function<void(const std::function<void()>&)>& call) const {
    ::close(said_[0]);
    ::close(asked_[1]);
    std::string end = "done";
    try {
      if (::geteuid() == 0 &&
          (::setgroups(0, nullptr) != 0 || ::setgid(nobody) != 0 || ::setuid(nobody) != 0))
        throw std::runtime_error("can't be nobody");
      call([this] {
        say("waits");
        char byte;
        static_cast<void>(!::read(asked_[0], &byte, 1));
      });
    } catch (const std::exception& e) {
      end = e.what();
    } catch (...) {
      end = "something else was thrown";
    }
    say(end);
    return 0;
  }
  void say(const std::string& text) const {
    static_cast<void>(!::write(said_[1], (text + '\n').data(), text.size() + 1));
  }
  // A line, or that there will be none any more.
  std::string hear() const {
    std::string line;
    for (char c; line.empty() || line.back() != '\n'; line += c)
      if (::read(said_[0], &c, 1) != 1) return "it ended without a word";
    return line;
  }

  int said_[2], asked_[2];
  pid_t pid_;
  std::string status_;
};
std::string said_by_a_stranger(const std::function<void()>& call) {
  return Stranger([&](const auto&) { call(); }).error();
}

TEST(Sqlite, WhatCantBeWrittenIsReadAlone) {
  namespace fs = std::filesystem;
  using enum fs::perms;
  constexpr auto read_only = owner_read | owner_exec | group_read | group_exec | others_read | others_exec;
  Scratch dir;
  const auto folder = dir / "50% of it?#";
  fs::create_directory(folder);
  const auto path = folder + "/a.sqlite";
  create_database(path, {.city = "testville"});
  fs::permissions(dir / "", read_only | owner_write);
  fs::permissions(folder, read_only);
  if (const auto why = said_by_a_stranger([&] {
        if (!std::ifstream(path)) throw std::runtime_error("can't see the directory of temporary files");
      });
      !why.empty())
    GTEST_SKIP() << "skipped: " << why;
  const auto read = [&] {
    auto db = Database::open_reader(path);
    check_is_jobmap(db);
    if (db.query_text("SELECT value FROM meta WHERE layer = '' AND key = 'city'") != "testville")
      throw std::runtime_error("another city");
    if (db.may_have_changed()) throw std::runtime_error("it changed");
  };
  EXPECT_EQ(said_by_a_stranger(read), "");
  EXPECT_FALSE(fs::exists(path + "-shm") || fs::exists(path + "-wal"));

  // Somebody who may writes it meanwhile.
  Stranger reader([&](const auto& wait) {
    auto db = Database::open_reader(path);
    check_is_jobmap(db);
    wait();
    if (!db.may_have_changed()) throw std::runtime_error("not noticed");
  });
  reader.wait();
  fs::permissions(folder, read_only | owner_write);
  {
    Database writer = Database::open_writer(path);
    writer.execute("UPDATE meta SET value = 'otherville' WHERE layer = '' AND key = 'city'");
    fs::copy_file(path + "-wal", path + "-kept");
  }
  reader.go_on();
  EXPECT_EQ(reader.error(), "");

  // The log can't be read there, so changes that only it holds are refused.
  fs::rename(path + "-kept", path + "-wal");
  fs::permissions(folder, read_only);
  const auto why = said_by_a_stranger(read);
  EXPECT_TRUE(holds(why, "-wal") && holds(why, "jobmap backup")) << why;
  fs::permissions(folder, read_only | owner_write);
}

// A copy is of one moment, whatever is written while it is made, and it needs no file beside it.
TEST(Sqlite, ACopyIsOfOneMoment) {
  Scratch dir;
  const auto path = dir / "a.sqlite", to = dir / "b.sqlite";
  create_database(path);
  Database writer = Database::open_writer(path);
  writer.execute("CREATE TABLE pairs (a, b)");
  const auto fill = [&](int value) {
    Transaction change(writer, Transaction::write);
    writer.execute("UPDATE pairs SET a = " + std::to_string(value));
    change.commit();
  };
  writer.execute(
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) "
      "INSERT INTO pairs SELECT 0, randomblob(400) FROM n");
  int steps = 0;
  Database::open_reader(path).copy_to(to, [&](std::uint64_t done, std::uint64_t of) {
    EXPECT_LE(done, of);
    fill(++steps);
  });
  EXPECT_GE(steps, 2);
  Database copy = Database::open_reader(to);
  check_is_jobmap(copy);
  EXPECT_EQ(copy.query_text("PRAGMA integrity_check"), "ok");
  EXPECT_EQ(copy.query_int64("SELECT count(*) FROM pairs WHERE a = 0"), 100'000);
  EXPECT_FALSE(std::filesystem::exists(to + "-wal") || std::filesystem::exists(to + "-shm"));
  EXPECT_TRUE(holds(error_of([&] { Database::open_reader(path).copy_to(to, {}); }), "exists already"));
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
  EXPECT_TRUE(holds(error_of([&] { Database::open_writer(path); }), "needs a newer program"));
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
