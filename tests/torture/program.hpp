#pragma once
// Programs that are made to fail, and how often: for the loops of tests/torture.
//
//   const auto end = run({JOBMAP_PROGRAM, "import", "--db", db, …}, dir / "errors", 30ms);   // killed then
//   for (int round = 0; round < rounds(5); ++round) …       // 5, or what JOBMAP_ROUNDS says
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "tests/data/scratch.hpp"

namespace jobmap::torture {

inline int rounds(int otherwise) {
  const char* text = std::getenv("JOBMAP_ROUNDS");
  return text ? std::atoi(text) : otherwise;
}

struct End {
  int code = -1;   // of an exit
  int signal = 0;  // that ended it
  std::string errors;
};

inline End run(const std::vector<std::string>& words, const std::string& errors,
               std::chrono::microseconds kill_after = {}) {
  std::vector<char*> argv;
  for (const auto& word : words) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&files, 2, errors.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  pid_t pid = 0;
  const int failed = posix_spawnp(&pid, argv[0], &files, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&files);
  if (failed) return {127, 0, ""};
  if (kill_after.count() > 0) {
    std::this_thread::sleep_for(kill_after);
    kill(pid, SIGKILL);
  }
  int status = 0;
  waitpid(pid, &status, 0);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, WIFSIGNALED(status) ? WTERMSIG(status) : 0,
          data::Scratch::read(errors)};
}

// Rows of jobs [first, last) as a file to import.
inline std::string jobs_csv(int first, int last) {
  std::string text = "id,source,title,employer,category,openings,lon,lat,precision,expires_at\n";
  for (int i = first; i < last; ++i)
    text += std::to_string(i) + ",test,Cook,Inn,gig,1,120.16,30.25,exact,2099-01-01T00:00:00+08:00\n";
  return text;
}

// A database to torture, and what it was before.
class Torture : public testing::Test {
 protected:
  void restore(const std::string& before) {
    for (const char* suffix : {"", "-journal", "-wal", "-shm"}) std::filesystem::remove(db + suffix);
    if (!before.empty()) std::filesystem::copy_file(before, db);
  }
  std::string made() {
    const auto path = dir / "before.sqlite";
    EXPECT_EQ(run({JOBMAP_PROGRAM, "init", "--db", path}, errors).code, 0);
    return path;
  }

  data::Scratch dir;
  const std::string db = dir / "a.sqlite", errors = dir / "errors";
};

}  // namespace jobmap::torture
