// Many rows: in bulk and one by one, and in a program that is killed.
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <random>
#include <thread>

#include "tests/data/import_fixture.hpp"

namespace jobmap::data {
namespace {

class Import : public ImportTest {};

// A bulk load must leave what an import row by row leaves: same rows, same index, same triggers.
TEST_F(Import, InBulkOrRowByRowTheDatabaseIsTheSame) {
  constexpr unsigned seed = 60'000;
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  std::vector<TestRow> rows;
  for (int i = 0; i < 21'000; ++i) {
    const auto degrees = [&](int whole) {
      return std::to_string(whole) + "." + std::to_string(1'000'000 + random() % 9'000'000);
    };
    TestRow row = with(good, {{"id", std::to_string(i)}, {"lon", degrees(120)}, {"lat", degrees(30)}});
    if (i % 3 == 0) row = with(row, {{"precision", "district"}, {"district", "西湖区"}});
    rows.push_back(std::move(row));
  }
  import(csv({rows.begin(), rows.begin() + 7000}));  // row by row
  EXPECT_EQ(ask("SELECT rtreecheck('idx_jobs_geom')"), "ok");
  rows[0]["openings"] = "9";
  const auto s = import(csv(rows));  // in bulk
  EXPECT_EQ(s.inserted, 14'000u);
  EXPECT_EQ(s.updated, 1u);
  EXPECT_EQ(s.unchanged, 6'999u);
  EXPECT_EQ(ask("SELECT rtreecheck('idx_jobs_geom')"), "ok");
  EXPECT_EQ(ask("PRAGMA integrity_check"), "ok");
  EXPECT_EQ(ask("SELECT count(*) FROM idx_jobs_geom"), "14000");
  EXPECT_EQ(ask("SELECT count(*) FROM jobs j JOIN idx_jobs_geom i ON i.pkid = j.pk WHERE j.geom IS NULL"),
            "0");
  EXPECT_EQ(ask("SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'jobs'"),
            ask("SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'stations'"));
  EXPECT_EQ(ask("SELECT count(*) FROM sqlite_master WHERE name = 'jobs_source_id'"), "1");
  EXPECT_EQ(import(csv(rows)).unchanged, 21'000u);
}

// The real program, killed at random moments: the database is the one before or the one after, and always
// sound.
TEST_F(Import, AKilledImportIsAllOrNothing) {
  constexpr unsigned seed = 9;
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  import(csv({with(good, {{ "id", "old" }})}));
  std::vector<TestRow> rows;
  for (int i = 0; i < 30'000; ++i) rows.push_back(with(good, {{"id", std::to_string(i)}}));
  const std::string file = dir.write("big.csv", csv(rows));
  int killed = 0;
  for (int n = 0; n < 12; ++n) {
    const char* argv[] = {JOBMAP_PROGRAM, "import",  "--db",  db.c_str(),   "--layer",
                          "jobs",         "--datum", "wgs84", file.c_str(), nullptr};
    pid_t pid = 0;
    ASSERT_EQ(posix_spawn(&pid, argv[0], nullptr, nullptr, const_cast<char**>(argv), environ), 0);
    std::this_thread::sleep_for(std::chrono::milliseconds(random() % 600));
    kill(pid, SIGKILL);
    int status = 0;
    waitpid(pid, &status, 0);
    killed += WIFSIGNALED(status);
    const std::string count = ask("SELECT count(*) FROM jobs");
    EXPECT_TRUE(count == "1" || count == "30001") << count;
    EXPECT_EQ(ask("PRAGMA integrity_check"), "ok");
    EXPECT_EQ(ask("SELECT rtreecheck('idx_jobs_geom')"), "ok");
    if (count != "1") break;
  }
  EXPECT_GT(killed, 0);
  EXPECT_EQ(import_file(options("big.csv", csv(rows))).refusals.size(), 0u)
      << "and it can still be written to";
}

}  // namespace
}  // namespace jobmap::data
