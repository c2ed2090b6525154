#include "server/config.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>

namespace jobmap {
namespace {

using Texts = std::vector<const char*>;

Config parse(Texts arguments, Texts environment = {}) {
  arguments.insert(arguments.begin(), "jobmapd");
  environment.push_back(nullptr);
  return parse_config(static_cast<int>(arguments.size()), arguments.data(), environment.data());
}

std::string refusal(Texts arguments, Texts environment = {}) {
  try {
    parse(std::move(arguments), std::move(environment));
  } catch (const std::runtime_error& e) {
    return e.what();
  }
  return "";
}

class Settings : public testing::Test {
 protected:
  ~Settings() override { std::filesystem::remove(path_); }
  const char* file(const std::string& text) {
    std::ofstream(path_) << text;
    return path_.c_str();
  }
  std::string path_ =
      (std::filesystem::temp_directory_path() / ("jobmap-config-" + std::to_string(getpid()))).string();
};

TEST_F(Settings, HaveDefaults) {
  auto config = parse({"--db", "a.sqlite"});
  EXPECT_EQ(config.action, Config::Action::serve);
  EXPECT_EQ(config.database, "a.sqlite");
  EXPECT_EQ(config.server.host, "127.0.0.1");
  EXPECT_EQ(config.server.port, 8080);
  EXPECT_GE(config.server.io_threads, 1u);
  EXPECT_EQ(config.server.limits.header_timeout, std::chrono::seconds(10));
  EXPECT_EQ(config.server.limits.requests_per_connection, http::Limits().requests_per_connection);
  EXPECT_EQ(config.server.access_log_sample, 0u);
  EXPECT_EQ(config.degraded_after, std::chrono::seconds(300));
  EXPECT_EQ(config.degraded_after, std::chrono::seconds(300));
}

TEST_F(Settings, AreOneSettingInThreePlaces) {
  const char* conf = file("port = 1\nidle-timeout = 1\nheader-timeout = 1\ndb = file.sqlite\n");
  auto config =
      parse({"--port", "3", "--config", conf}, {"JOBMAP_PORT=2", "JOBMAP_IDLE_TIMEOUT=2.5", "PATH=/bin"});
  EXPECT_EQ(config.server.port, 3);
  EXPECT_EQ(config.server.limits.idle_timeout, std::chrono::milliseconds(2500));
  EXPECT_EQ(config.server.limits.header_timeout, std::chrono::seconds(1));
  EXPECT_EQ(config.database, "file.sqlite");
  EXPECT_EQ(parse({}, {"JOBMAP_DB=x", "JOBMAP_ACCESS_LOG=true"}).server.access_log_sample, 1u);
  const auto variable = "JOBMAP_CONFIG=" + path_;
  EXPECT_EQ(parse({}, {variable.c_str()}).database, "file.sqlite");
}

TEST_F(Settings, RefuseByNameValueAndRange) {
  EXPECT_EQ(refusal({"--db", "a", "--threads", "0"}), "bad setting threads: \"0\"; allowed: 1 to 256");
  for (auto value : {"-1", "65536", "80a", "", "1e2", " 80"}) {
    auto text = refusal({"--db", "a", "--port", value});
    EXPECT_NE(text.find("port"), text.npos) << value << ": " << text;
  }
  for (auto value : {"nan", "inf", "0", "-5", "10s", "1e999"})
    EXPECT_NE(refusal({"--db", "a", "--header-timeout", value}).find("header-timeout"), std::string::npos)
        << value;
  EXPECT_NE(refusal({"--db", "a", "--threads", "1.5"}).find("whole"), std::string::npos);
  EXPECT_NE(refusal({"--db", "a", "--max-connections", "999999"}).find("ulimit"), std::string::npos);
  EXPECT_NE(refusal({"--db", "a", "--por", "1"}).find("por"), std::string::npos) << "no guessing";
  EXPECT_NE(refusal({}).find("--db"), std::string::npos);
  EXPECT_NE(refusal({"--db", "a", "b"}), "");
  EXPECT_NE(refusal({"--db", "a", "--db", "b"}), "");
  EXPECT_NE(refusal({"--db", "a"}, {"JOBMAP_PROT=1"}).find("JOBMAP_PROT"), std::string::npos);
  EXPECT_NE(refusal({"--db", "a", "--config", file("prot = 1\n")}).find("prot"), std::string::npos);
}

// Each number of the help page, so that none is forgotten.
TEST_F(Settings, RefuseAnEmptyValueOfEveryName) {
  int numbers = 0;
  std::istringstream page(help_text());
  page.ignore(std::numeric_limits<std::streamsize>::max(), ']');
  for (std::string word; page >> word;) {
    if (!word.starts_with("--") || word == "--help" || word == "--version" || word == "--check" ||
        word == "--config" || word == "--print-config" || word == "--access-log" || word == "--db")
      continue;
    const auto name = word.substr(2);
    std::string variable = "JOBMAP_";
    for (char c : name) variable += c == '-' ? '_' : static_cast<char>(std::toupper(c));
    variable += '=';
    const auto expected = "bad setting " + name + ": \"\"; allowed: a value that isn't empty";
    EXPECT_EQ(refusal({"--db", "a"}, {variable.c_str()}), expected);
    EXPECT_EQ(refusal({"--db", "a", "--config", file(name + " =\n")}), expected);
    EXPECT_NE(refusal({"--db", "a", word.c_str(), ""}), "") << word;
    ++numbers;
  }
  EXPECT_GE(numbers, 20);
  EXPECT_NE(refusal({}, {"JOBMAP_DB="}), "");
  EXPECT_NE(refusal({"--db", "a"}, {"JOBMAP_ACCESS_LOG="}), "") << "neither on nor off";
  EXPECT_NE(refusal({"--db", "a"}, {"JOBMAP_CONFIG="}), "");
}

// The printed file names every setting of the help page, and reads back as the settings that were given.
TEST_F(Settings, ArePrintedAsAFileThatIsReadAgain) {
  const Texts given{"--print-config", "--db", "/a b/c.sqlite", "--port", "9", "--access-log", "--poll", "0"};
  const auto config = parse(given, {"JOBMAP_MAX_WAIT=3"});
  ASSERT_EQ(config.action, Config::Action::print_config);
  std::string all;  // every line of the file a setting
  std::istringstream lines(config.file);
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(line.size(), 100u) << line;
    const bool standard = line.starts_with('#') && !line.starts_with("# ") && !line.ends_with(" =");
    all += (standard ? line.substr(1) : line) + '\n';
  }
  for (const auto& text : {config.file, all}) {
    const auto read = parse({"--config", file(text)});
    EXPECT_EQ(read.database, "/a b/c.sqlite");
    EXPECT_EQ(read.server.port, 9);
    EXPECT_EQ(read.server.access_log_sample, 1u);
    EXPECT_EQ(read.poll.count(), 0);
    EXPECT_EQ(read.server.heavy_wait, std::chrono::seconds(3));
    EXPECT_EQ(read.server.host, "127.0.0.1");
    EXPECT_EQ(read.server.limits.header_timeout, std::chrono::seconds(10));
  }
  std::istringstream page(help_text().substr(help_text().find("Settings")));
  int settings = 0;
  for (std::string word; page >> word;)
    if (word.starts_with("--") && word != "--config") {
      const auto name = word.substr(2) + " =";
      const bool as_given = config.file.find('\n' + name) != std::string::npos;
      const bool told = config.file.find("\n#" + name) != std::string::npos;
      EXPECT_NE(as_given, told) << word;
      ++settings;
    }
  EXPECT_GE(settings, 40);
}

TEST_F(Settings, TakeEnvironmentValuesAsTheyAre) {
  EXPECT_EQ(parse({}, {"JOBMAP_DB=/data/#1/a b.sqlite"}).database, "/data/#1/a b.sqlite");
  EXPECT_EQ(parse({}, {"JOBMAP_DB=a\nport = 1"}).database, "a\nport = 1");
  EXPECT_EQ(parse({}, {"JOBMAP_DB=a\nport = 1"}).server.port, 8080);
  EXPECT_EQ(parse({}, {"JOBMAP_DB= a=b "}).database, " a=b ");
}

TEST_F(Settings, HostIsAnAddress) {
  for (auto host : {"0.0.0.0", "::", "::1", "127.0.0.1"})
    EXPECT_EQ(parse({"--db", "a", "--host", host}).server.host, host);
  for (auto host : {"localhost", "1.2.3", "1.2.3.4:80", "[::1]"})
    EXPECT_NE(refusal({"--db", "a", "--check", "--host", host}).find("host"), std::string::npos) << host;
}

TEST_F(Settings, TakeABaseUrlWithoutItsSlash) {
  EXPECT_EQ(parse({"--db", "a", "--public-base-url", "https://jobs.example.org/map/"}).public_base_url,
            "https://jobs.example.org/map");
  EXPECT_EQ(parse({"--db", "a", "--public-base-url", "https://jobs.example.org/map/,http://jobs.lan:8080/"})
                .public_base_url,
            "https://jobs.example.org/map,http://jobs.lan:8080");
  for (auto url : {"https://a,", "https://a,b c", "https://a, http://b", "https://a,,http://b", ",https://a",
                   "https://a,http://", "https://a,http://b?c"})
    EXPECT_NE(refusal({"--db", "a", "--public-base-url", url}), "") << url;
  for (auto url : {"jobs.example.org", "ftp://a", "http://", "https://a b", "https://a?x", "https://a\"b",
                   "https://a\nb"})
    EXPECT_NE(refusal({"--db", "a", "--public-base-url", url}), "") << url;
}

TEST_F(Settings, KnowTheCommands) {
  EXPECT_EQ(parse({"--help"}).action, Config::Action::help);
  EXPECT_EQ(parse({"--version"}).action, Config::Action::version);
  EXPECT_EQ(parse({"--check", "--db", "a"}).action, Config::Action::check);
  EXPECT_NE(help_text().find("--max-connections"), std::string::npos);
  EXPECT_NE(version_text().find("Boost"), std::string::npos);
}

}  // namespace
}  // namespace jobmap
