// jobmap init and jobmap sample, as a person calls them: what they make, what they refuse, what they leave
// alone.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "data/store/sqlite.hpp"
#include "data/store/store.hpp"
#include "tools/commands.hpp"

namespace jobmap::tools {
namespace {

class CityCommand : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directory(directory); }
  void TearDown() override { std::filesystem::remove_all(directory); }

  std::string path(const char* name) const { return (directory / name).string(); }
  // Status 0, or what the exception says.
  static std::string run(int (*command)(Arguments), const std::vector<std::string>& words) {
    std::vector<const char*> args;
    for (const auto& word : words) args.push_back(word.c_str());
    testing::internal::CaptureStdout();
    std::string result;
    try {
      result = std::to_string(command(args));
    } catch (const std::runtime_error& e) {
      result = e.what();
    }
    output() = testing::internal::GetCapturedStdout();
    return result;
  }
  static std::string& output() {
    static std::string text;
    return text;
  }
  static std::string content(const std::string& file) {
    std::stringstream text;
    text << std::ifstream(file, std::ios::binary).rdbuf();
    return text.str();
  }

  const std::filesystem::path directory =
      std::filesystem::temp_directory_path() / ("jobmap-command-" + std::to_string(getpid()));
};

TEST_F(CityCommand, InitMakesTheCityAndThenLeavesItAlone) {
  const auto db = path("a.sqlite");
  EXPECT_EQ(run(run_init, {"--db", db}), "0");
  EXPECT_EQ(output(),
            db + ": made, with the schema\nstations: 259 added\nlines: 12 added\ndistricts: 13 added\n");
  EXPECT_EQ(run(run_init, {"--db", db, "--city", "hangzhou"}), "0");
  EXPECT_EQ(
      output(),
      db + ": there already\nstations: 259 there already, left as they are\nlines: 12 there already, left "
           "as they are\ndistricts: 13 there already, left as they are\n");
}

TEST_F(CityCommand, InitWithoutACityMakesTheSchemaAlone) {
  const auto db = path("a.sqlite");
  EXPECT_EQ(run(run_init, {"--db", db, "--city", "none"}), "0");
  EXPECT_EQ(data::Store(db).count("stations"), 0);
  // The city can still be had later.
  EXPECT_EQ(run(run_init, {"--db", db}), "0");
  EXPECT_EQ(data::Store(db).count("stations"), 259);
}

TEST_F(CityCommand, InitTakesAnEmptyFile) {
  std::ofstream(path("empty"));
  EXPECT_EQ(run(run_init, {"--db", path("empty")}), "0");
  EXPECT_EQ(data::Store(path("empty")).count("districts"), 13);
}

TEST_F(CityCommand, InitRefusesAForeignFileAndLeavesItAlone) {
  const auto text = path("text");
  std::ofstream(text) << "not a database, but somebody's letter";
  EXPECT_NE(run(run_init, {"--db", text}).find(text), std::string::npos);
  EXPECT_EQ(output(), "");
  EXPECT_EQ(content(text), "not a database, but somebody's letter");
  EXPECT_NE(run(run_init, {"--db", directory.string()}), "0");
  EXPECT_NE(run(run_init, {"--db", path("no/such/directory")}), "0");
}

TEST_F(CityCommand, ArgumentsThatCantBeRightAreRefusedByName) {
  const auto db = path("a.sqlite");
  const auto refused = [&](int (*command)(Arguments), const std::vector<std::string>& words,
                           const char* why) {
    EXPECT_NE(run(command, words).find(why), std::string::npos) << run(command, words);
    EXPECT_FALSE(std::filesystem::exists(db)) << why;
  };
  refused(run_init, {}, "--db");
  refused(run_init, {"--db", db, "--city", "atlantis"},
          "--city atlantis is not known; allowed are hangzhou, none");
  refused(run_init, {"--db", db, "--jobs", "3"}, "--jobs");
  refused(run_sample, {}, "--db");
  refused(run_sample, {"--db", db, "--jobs", "0"}, "--jobs 0 is out of range; allowed are 1 to");
  refused(run_sample, {"--db", db, "--jobs", "20000001"}, "--jobs 20000001");
  refused(run_sample, {"--db", db, "--jobs", "many"}, "many");
  refused(run_sample, {"--db", db, "--seed", "-1"}, "--seed -1");
  refused(run_sample, {"--db", db, "--now", "yesterday"}, "--now yesterday is not a time");
  refused(run_sample, {"--db", db, "--now", "1970-01-01"}, "--now 1970-01-01 is out of range");
  refused(run_sample, {"--db", db, "--city", "none"}, "--city none");
  refused(run_sample, {"--db", db, "--city", "atlantis"}, "--city atlantis");
}

TEST_F(CityCommand, SampleSaysHowToHaveItAgain) {
  const auto db = path("a.sqlite");
  EXPECT_EQ(
      run(run_sample, {"--db", db, "--jobs", "300", "--seed", "5", "--now", "2026-11-23T20:00:00+08:00"}),
      "0");
  EXPECT_TRUE(output().starts_with("synthetic data: --seed 5 --jobs 300 --now 2026-11-23T12:00:00Z\n"))
      << output();
  data::Store store(db);
  EXPECT_EQ(store.count("jobs"), 300);
  EXPECT_EQ(store.count("service_points"), 494);
  EXPECT_EQ(store.count("venture_sites"), 574);
  EXPECT_EQ(store.count("stations"), 259);
  for (const char* layer : {"jobs", "service_points", "venture_sites"}) {
    EXPECT_EQ(store.meta(layer, "source"), "synthetic");
    EXPECT_EQ(store.meta(layer, "seed"), "5");
    EXPECT_EQ(store.meta(layer, "number"), "300");
    EXPECT_EQ(store.meta(layer, "base_time"), "2026-11-23T12:00:00Z");
  }
}

TEST_F(CityCommand, SampleWantsAFileWithoutJobs) {
  const auto db = path("a.sqlite");
  EXPECT_EQ(run(run_sample, {"--db", db, "--jobs", "10"}), "0");
  EXPECT_NE(run(run_sample, {"--db", db, "--jobs", "10"}).find("holds 10 jobs already"), std::string::npos);
  EXPECT_EQ(data::Store(db).count("jobs"), 10);
}

TEST_F(CityCommand, SampleWritesTheSameRowsAgainAndTheSameCsv) {
  const auto rows = [&](const char* name) {
    std::string all;
    data::Database db = data::Database::open_reader(path(name));
    for (const char* sql :
         {"SELECT id || title || employer || expires_at || quote(geom) FROM jobs ORDER BY pk",
          "SELECT id || name || quote(geom) FROM service_points ORDER BY pk",
          "SELECT id || name || quote(geom) FROM venture_sites ORDER BY pk"})
      for (data::Statement s = db.prepare(sql); s.step();) (all += s.column_text(0)) += '\n';
    return all;
  };
  const std::vector<std::string> same{"--jobs", "500", "--now", "2026-11-23T12:00:00Z", "--seed"};
  const auto sample = [&](const char* name, const char* seed) {
    auto words = same;
    words.insert(words.end(), {seed, "--db", path(name), "--csv", path(name) + ".csv"});
    EXPECT_EQ(run(run_sample, words), "0");
  };
  sample("a", "7");
  sample("b", "7");
  sample("c", "8");
  EXPECT_EQ(rows("a"), rows("b"));
  EXPECT_NE(rows("a"), rows("c"));
  EXPECT_EQ(content(path("a.csv")), content(path("b.csv")));
  EXPECT_NE(content(path("a.csv")), content(path("c.csv")));
  const auto text = content(path("a.csv"));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 501);
  EXPECT_TRUE(
      text.starts_with("\xEF\xBB\xBF"
                       "id,source,title"))
      << "a spreadsheet takes it for UTF-8 by the mark";
}

}  // namespace
}  // namespace jobmap::tools
