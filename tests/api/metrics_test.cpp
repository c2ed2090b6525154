#include "server/api/metrics.hpp"

#include <gtest/gtest.h>

#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <thread>

#include "data/index/job_table_builder.hpp"

namespace jobmap::api {
namespace {

using namespace std::chrono_literals;

std::map<std::string, double> samples(const std::string& page) {
  std::map<std::string, double> found;
  std::istringstream lines(page);
  for (std::string line; std::getline(lines, line);)
    if (!line.starts_with('#')) {
      auto space = line.rfind(' ');
      found[line.substr(0, space)] = std::stod(line.substr(space + 1));
    }
  return found;
}

TEST(Metrics, CountByRouteStatusAndTime) {
  Metrics metrics({"", "/a", "/b{\"x}"});
  metrics.record(1, 200, 50us, 10);
  metrics.record(1, 200, 3ms, 20);
  metrics.record(1, 404, 20s, 30);
  metrics.record(2, 200, 1ms, 1, false, 64), metrics.record(2, 200, 1ms, 1, false, 16);
  metrics.record(2, 299, 1ms, 1);
  metrics.connections = 7;
  auto page = samples(metrics.page(nullptr));
  EXPECT_EQ(page["jobmap_requests_total{route=\"/a\",status=\"200\"}"], 2);
  EXPECT_EQ(page["jobmap_requests_total{route=\"/a\",status=\"404\"}"], 1);
  EXPECT_EQ(page["jobmap_requests_total{route=\"/b{\\\"x}\",status=\"other\"}"], 1);
  EXPECT_EQ(page["jobmap_response_bytes_total{route=\"/a\"}"], 60);
  EXPECT_EQ(page["jobmap_request_seconds_bucket{route=\"/a\",le=\"0.0001\"}"], 1);
  EXPECT_EQ(page["jobmap_request_seconds_bucket{route=\"/a\",le=\"0.005\"}"], 2);
  EXPECT_EQ(page["jobmap_request_seconds_bucket{route=\"/a\",le=\"10\"}"], 2);
  EXPECT_EQ(page["jobmap_request_seconds_bucket{route=\"/a\",le=\"+Inf\"}"], 3);
  EXPECT_EQ(page["jobmap_request_seconds_count{route=\"/a\"}"], 3);
  EXPECT_NEAR(page["jobmap_request_seconds_sum{route=\"/a\"}"], 20.00305, 1e-9);
  EXPECT_EQ(page["jobmap_rows_visited_total{route=\"/b{\\\"x}\"}"], 80);
  EXPECT_FALSE(page.contains("jobmap_rows_visited_total{route=\"/a\"}"));
  EXPECT_EQ(page["jobmap_connections"], 7);
  EXPECT_EQ(page["jobmap_ready"], 0);
  EXPECT_GT(page["process_resident_memory_bytes"], 0);
}

TEST(Metrics, NameTheBuildAndWhatIsBeingMade) {
  Metrics metrics({"", "/a"});
  const std::string of_a = "jobmap_route_in_flight{route=\"/a\"}";
  EXPECT_FALSE(samples(metrics.page(nullptr)).contains(of_a));
  metrics.begin(1), metrics.begin(1), metrics.end(1);
  auto page = samples(metrics.page(nullptr));
  EXPECT_EQ(page[of_a], 1);
  const auto build = page.lower_bound("jobmap_build_info{version=\"");
  ASSERT_TRUE(build != page.end());
  EXPECT_TRUE(std::regex_match(
      build->first, std::regex("jobmap_build_info\\{version=\"[0-9][^\"]*\",build=\"[0-9a-f]{10}\"\\}")))
      << build->first;
  EXPECT_EQ(build->second, 1);
}

TEST(Metrics, CountEveryStatusOfTheTableByItsNumber) {
  Metrics metrics({""});
  for (const auto& status : statuses) {
    metrics.record(0, status.number, 1us, 1);
    EXPECT_EQ(title_of(status.number), status.title);
    EXPECT_NE(status.title, "Unknown");
  }
  metrics.record(0, 299, 1us, 1);
  EXPECT_EQ(title_of(299), "Unknown");
  auto page = samples(metrics.page(nullptr));
  for (const auto& status : statuses)
    EXPECT_EQ(page["jobmap_requests_total{route=\"\",status=\"" + std::to_string(status.number) + "\"}"], 1);
  EXPECT_EQ(page["jobmap_requests_total{route=\"\",status=\"other\"}"], 1);
}

TEST(Metrics, SayHowOldTheDataAre) {
  const auto city = std::make_shared<data::City>();
  city->finish();
  const Generation generation =
      data::make_snapshot(data::JobTableBuilder().build(*city), city, "0123456789abcdef", 1, 1'800'000'000);
  Metrics metrics({""});
  const auto now = std::chrono::steady_clock::now();
  EXPECT_FALSE(samples(metrics.page(generation)).contains("jobmap_data_age_seconds"));
  metrics.health.confirmed(now - 100s);
  metrics.health.failed(DataHealth::Fault::poll, now);  // changes nothing: it rises by itself
  const auto age = samples(metrics.page(generation))["jobmap_data_age_seconds"];
  EXPECT_GE(age, 100);
  EXPECT_LT(age, 160);
  metrics.health.confirmed(now);
  EXPECT_LT(samples(metrics.page(generation))["jobmap_data_age_seconds"], 60);
}

TEST(DataHealth, NamesTheFaultThatHasLastedLongest) {
  using Fault = DataHealth::Fault;
  DataHealth health;
  const DataHealth::Time start{1000s};
  EXPECT_FALSE(health.failing(start));
  EXPECT_FALSE(health.age(start));
  health.failed(Fault::poll, start + 10s);
  health.failed(Fault::tick, start + 5s);
  ASSERT_TRUE(health.failing(start + 15s));
  EXPECT_EQ(health.failing(start + 15s)->reason, "tick_failed");
  EXPECT_EQ(health.failing(start + 15s)->lasts, 10s);
  health.mended(Fault::tick);
  EXPECT_EQ(health.failing(start + 15s)->reason, "poll_failed");
  EXPECT_EQ(health.failing(start + 15s)->lasts, 5s);
  health.mended(Fault::poll);
  EXPECT_FALSE(health.failing(start + 15s));
}

TEST(Metrics, ThePageIsPrometheusText) {
  Metrics metrics({"", "/a"});
  metrics.record(0, 400, 1us, 1);
  metrics.record(1, 200, 1us, 1);
  std::istringstream lines(metrics.page(nullptr));
  // The grammar of the exposition format, and its rule that a name's samples follow its one TYPE line.
  const std::regex comment(R"(# (HELP|TYPE) [a-z_]+ .+)");
  const std::regex sample(R"re(([a-z_]+)(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? [-+0-9.e]+)re");
  std::set<std::string> typed;
  std::string current;
  for (std::string line; std::getline(lines, line);) {
    std::smatch match;
    if (line.starts_with('#')) {
      ASSERT_TRUE(std::regex_match(line, comment)) << line;
      if (!line.starts_with("# TYPE ")) continue;
      current = line.substr(7, line.find(' ', 7) - 7);
      EXPECT_TRUE(typed.insert(current).second) << line;
    } else {
      ASSERT_TRUE(std::regex_match(line, match, sample)) << line;
      EXPECT_TRUE(match[1].str().starts_with(current)) << line;
    }
  }
  EXPECT_GT(typed.size(), 10u);
}

TEST(Metrics, LoseNothingBetweenThreads) {
  Metrics metrics({"", "/a"});
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 10'000; ++i) metrics.record(1, 200, 1us, 3);
    });
  for (auto& thread : threads) thread.join();
  auto page = samples(metrics.page(nullptr));
  EXPECT_EQ(page["jobmap_requests_total{route=\"/a\",status=\"200\"}"], 40'000);
  EXPECT_EQ(page["jobmap_response_bytes_total{route=\"/a\"}"], 120'000);
}

}  // namespace
}  // namespace jobmap::api
