// `jobmap` killed at random moments: what it was doing is done wholly or not at all, the file is sound, and
// the next run goes through. More of it: JOBMAP_ROUNDS=1000 crash_test
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <random>

#include "data/store/sqlite.hpp"
#include "tests/torture/program.hpp"

namespace jobmap::torture {
namespace {

using data::Database;
using std::chrono::microseconds;

class Crash : public Torture {
 protected:
  // Runs the program to its end, from the file that `before` leaves (none where that is empty), then kills it
  // so often at moments up to then. `count` is SQL; the killed program may leave what was or what would be.
  void kill_often(const std::vector<std::string>& arguments, const std::string& before,
                  const std::string& count) {
    std::vector<std::string> words{JOBMAP_PROGRAM};
    words.insert(words.end(), arguments.begin(), arguments.end());
    const std::string old = before.empty() ? "none" : number(before, count);
    restore(before);
    const auto began = std::chrono::steady_clock::now();
    const auto whole = run(words, errors);
    ASSERT_EQ(whole.code, 0) << whole.errors;
    const auto took = std::chrono::duration_cast<microseconds>(std::chrono::steady_clock::now() - began);
    const std::string wanted = number(db, count);
    ASSERT_NE(wanted, old);
    constexpr unsigned seed = 4;
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    int killed = 0, kept = 0;
    for (int round = 0; round < rounds(5); ++round) {
      restore(before);
      const microseconds moment(1 + random() % static_cast<unsigned>(took.count() * 11 / 10));
      killed += run(words, errors, moment).signal == SIGKILL;
      const bool is_blank = !std::filesystem::exists(db) || std::filesystem::file_size(db) == 0;
      const auto left = is_blank ? "none" : number(db, count);
      const bool is_empty =
          old == "none" && (left == "unmade" || left.empty());  // a file on its way, or the schema alone
      EXPECT_TRUE(left == old || left == wanted || is_empty) << left << " after " << moment.count() << " us";
      if (!is_blank) {
        EXPECT_EQ(Database::open_reader(db).query_text("PRAGMA integrity_check"), "ok");
      }
      kept += left == wanted;
      if (left == wanted) continue;
      const auto again = run(words, errors);
      EXPECT_EQ(again.code, 0) << again.errors;
      EXPECT_EQ(number(db, count), wanted) << "and the next run goes through";
    }
    RecordProperty("killed", killed);
    std::printf("%s: %d killed, %d after the commit\n", arguments[0].c_str(), killed, kept);
    EXPECT_GT(killed, 0);
  }
  // "unmade" where the table isn't there.
  static std::string number(const std::string& path, const std::string& count) try {
    return Database::open_reader(path).query_text(count);
  } catch (const std::runtime_error&) {
    return "unmade";
  }
};

TEST_F(Crash, Import) {
  const auto file = dir.write("in.csv", jobs_csv(0, 4000));
  kill_often({"import", "--db", db, "--layer", "jobs", "--datum", "wgs84", file}, made(),
             "SELECT count(*) FROM jobs");
}

TEST_F(Crash, ImportIntoNothing) {
  const auto file = dir.write("in.csv", jobs_csv(0, 1000));
  kill_often({"import", "--db", db, "--layer", "jobs", "--datum", "wgs84", "--region", "any", file}, "",
             "SELECT nullif(count(*), 0) FROM jobs");
}

TEST_F(Crash, Init) { kill_often({"init", "--db", db}, "", "SELECT nullif(count(*), 0) FROM stations"); }

TEST_F(Crash, Sample) {
  kill_often({"sample", "--db", db, "--jobs", "3000", "--seed", "1"}, made(), "SELECT count(*) FROM jobs");
}

TEST_F(Crash, ImportOsm) {
  kill_often({"import-osm", "--db", db, "--region", "any", JOBMAP_TOWN}, made(),
             "SELECT count(*) FROM street_blobs");
}

}  // namespace
}  // namespace jobmap::torture
