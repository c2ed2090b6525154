// The n-th write, flush, opening, cutting or removal of the database's files fails, by strace. Where the
// program says so, it does in one sentence and the data are as they were; where it doesn't, all of it is
// there. Either way the file is sound and the next run goes through. More of it: JOBMAP_ROUNDS=60 faults_test
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "data/store/sqlite.hpp"
#include "tests/torture/program.hpp"

namespace jobmap::torture {
namespace {

using data::Database;

constexpr const char* faults[] = {"pwrite64:error=ENOSPC", "pwrite64:error=EIO",  "write:error=ENOSPC",
                                  "fdatasync:error=EIO",   "fsync:error=EIO",     "openat:error=EIO",
                                  "openat:error=EROFS",    "ftruncate:error=EIO", "ftruncate:error=ENOSPC",
                                  "unlink:error=EIO",      "pread64:error=EIO"};

class Faults : public Torture {
 protected:
  void SetUp() override {
    setenv("ASAN_OPTIONS", "detect_leaks=0", 1);  // which can't be done under strace
    if (run({"strace", "-qq", "-o", dir / "trace", "true"}, errors).code != 0)
      GTEST_SKIP() << "skipped: strace is not here, or not permitted";
  }

  void fail_often(const std::vector<std::string>& arguments, const std::string& before,
                  const std::string& count) {
    const std::string old = number(before, count);
    std::string wanted;
    int injected = 0, refused = 0;
    for (const char* fault : faults)
      for (int n = 1; n <= rounds(2); ++n) {
        SCOPED_TRACE(std::string(fault) + ":when=" + std::to_string(n));
        restore(before);
        const auto end = run(with_fault(arguments, fault, n), errors);
        if (data::Scratch::read(dir / "trace").find("INJECTED") == std::string::npos)
          break;  // it has no n-th
        ++injected, refused += end.code != 0;
        EXPECT_EQ(end.signal, 0) << end.errors;
        EXPECT_TRUE(end.code == 0 || end.code == 2) << end.code << end.errors;
        if (end.code != 0) {
          EXPECT_EQ(std::count(end.errors.begin(), end.errors.end(), '\n'), 1) << end.errors;
          // A new file is made in two steps, the schema alone is the first.
          const auto left = number(db, count);
          EXPECT_TRUE(left == old || (old == "none" && left == "0")) << left << end.errors;
        }
        EXPECT_EQ(run(program(arguments), errors).code, 0) << data::Scratch::read(errors);
        const auto now = number(db, count);
        if (wanted.empty()) wanted = now;
        EXPECT_EQ(now, wanted);
        EXPECT_NE(now, old);
        EXPECT_EQ(number(db, "PRAGMA integrity_check"), "ok");
      }
    std::printf("%s: %d faults, %d refused\n", arguments[0].c_str(), injected, refused);
    EXPECT_GT(refused, 0);
  }

  static std::vector<std::string> program(const std::vector<std::string>& arguments) {
    std::vector<std::string> words{JOBMAP_PROGRAM};
    words.insert(words.end(), arguments.begin(), arguments.end());
    return words;
  }
  std::vector<std::string> with_fault(const std::vector<std::string>& arguments, const std::string& fault,
                                      int n) {
    std::vector<std::string> words{"strace", "-f", "-qq", "-o", dir / "trace"};
    for (const char* suffix : {"", "-journal", "-wal", "-shm"})
      words.insert(words.end(), {"-P", db + suffix});
    words.insert(words.end(), {"-e", "inject=" + fault + ":when=" + std::to_string(n)});
    const auto rest = program(arguments);
    words.insert(words.end(), rest.begin(), rest.end());
    return words;
  }
  // The file may be missing, or blank as a failed init leaves it.
  static std::string number(const std::string& path, const std::string& sql) try {
    return path.empty() ? "none" : Database::open_reader(path).query_text(sql);
  } catch (const std::runtime_error&) {
    return "none";
  }
};

TEST_F(Faults, Import) {
  const auto file = dir.write("in.csv", jobs_csv(0, 300));
  fail_often({"import", "--db", db, "--layer", "jobs", "--datum", "wgs84", file}, made(),
             "SELECT count(*) FROM jobs");
}

TEST_F(Faults, Init) { fail_often({"init", "--db", db}, "", "SELECT count(*) FROM stations"); }

TEST_F(Faults, ImportOsm) {
  fail_often({"import-osm", "--db", db, "--region", "any", JOBMAP_TOWN}, made(),
             "SELECT count(*) FROM street_blobs");
}

}  // namespace
}  // namespace jobmap::torture
