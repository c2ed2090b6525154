// A database is made whole or not at all: the real program, killed while it makes one.
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <random>
#include <thread>

#include "data/store/sqlite.hpp"
#include "data/store/store.hpp"
#include "tests/data/scratch.hpp"
#include "tests/torture/program.hpp"

namespace jobmap::data {
namespace {

pid_t start(std::vector<std::string> words) {
  words.insert(words.begin(), JOBMAP_PROGRAM);
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t quiet;
  posix_spawn_file_actions_init(&quiet);
  posix_spawn_file_actions_addopen(&quiet, STDOUT_FILENO, "/dev/null", 1, 0);
  pid_t pid = 0;
  EXPECT_EQ(posix_spawn(&pid, argv[0], &quiet, nullptr, argv.data(), environ), 0);
  posix_spawn_file_actions_destroy(&quiet);
  return pid;
}
int status_of(pid_t pid) {
  int status = 0;
  waitpid(pid, &status, 0);
  return status;
}

TEST(Create, AKilledInitLeavesNothingOrADatabase) {
  constexpr unsigned seed = 30;
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  Scratch dir;
  using Clock = std::chrono::steady_clock;
  const auto begin = Clock::now();
  ASSERT_EQ(status_of(start({"init", "--db", dir / "whole"})), 0);
  const auto whole = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - begin).count();
  int killed = 0;
  const int all = torture::rounds(10);
  for (int n = 0; n < all; ++n) {
    const std::string db = dir / ("db" + std::to_string(n));
    const pid_t pid = start({"init", "--db", db});
    std::this_thread::sleep_for(std::chrono::microseconds(random() % whole));
    kill(pid, SIGKILL);
    killed += WIFSIGNALED(status_of(pid));
    EXPECT_EQ(status_of(start({"init", "--db", db})), 0) << n;
    EXPECT_EQ(status_of(start({"info", "--db", db})), 0) << n;
    EXPECT_EQ(Database::open_reader(db).query_int64("SELECT count(*) FROM stations"), 259) << n;
    EXPECT_EQ(Database::open_reader(db).query_text("PRAGMA integrity_check"), "ok") << n;
  }
  EXPECT_GT(killed, all / 6);
}

// The moment that random ones seldom meet: the file is there, the schema isn't.
TEST(Create, ADatabaseWithoutATableIsBlank) {
  Scratch dir;
  const std::string db = dir / "a.sqlite";
  EXPECT_TRUE(is_blank_database(db));
  Database::create(db);
  EXPECT_GT(std::filesystem::file_size(db), 0u);
  EXPECT_TRUE(is_blank_database(db));
  EXPECT_NE(error_of([&] {
              auto reader = Database::open_reader(db);
              check_is_jobmap(reader);
            }).find("is an empty database"),
            std::string::npos);
  create_database(db);
  EXPECT_FALSE(is_blank_database(db));
  EXPECT_NE(error_of([&] { create_database(db); }).find("exists already"), std::string::npos);
}

TEST(Create, WhatIsSomebodysIsNotBlank) {
  Scratch dir;
  EXPECT_FALSE(is_blank_database(dir / ""));
  EXPECT_FALSE(is_blank_database(dir.write("letter", std::string(5000, 'x'))));
  const std::string foreign = dir / "foreign";
  Database::create(foreign).execute("CREATE TABLE t (x)");
  EXPECT_FALSE(is_blank_database(foreign));
}

TEST(Create, OfTwoAtOnceOneMakesIt) {
  Scratch dir;
  const std::string db = dir / "a.sqlite";
  const pid_t both[] = {start({"init", "--db", db, "--city", "none"}),
                        start({"init", "--db", db, "--city", "none"})};
  int made = 0;
  for (const pid_t pid : both) made += status_of(pid) == 0;
  EXPECT_GE(made, 1);
  EXPECT_EQ(Database::open_reader(db).query_int64("SELECT count(*) FROM meta"), 7);
}

}  // namespace
}  // namespace jobmap::data
