// Tests which data is served: a real database is changed, moved, broken and mended under a running loader
// whose clock is the test's.
#include "server/generations.hpp"
#include "data/store/load.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <thread>

#include "data/store/sqlite.hpp"
#include "data/store/store.hpp"
#include "server/api/app.hpp"
#include "server/http/server.hpp"
#include "tests/data/scratch.hpp"
#include "tests/e2e/client.hpp"

namespace jobmap {
namespace {

using namespace std::chrono_literals;
constexpr std::int64_t start = 1'800'000'000 / 60 * 60;
constexpr std::int64_t never = 4'000'000'000;

// Synthetic jobs [first, last), of which job i expires at expires(i) and is published at published(i).
template <typename Expires, typename Published>
void add_jobs(const std::string& path, int first, int last, Expires&& expires, Published&& published) {
  data::Store store(path);
  store.begin();
  for (int i = first; i < last; ++i) {
    data::Posting job;
    job.source = "test", job.id = std::to_string(i), job.title = "Cook", job.employer = "Inn";
    job.precision = data::Precision::exact;
    job.point = geo::LonLat{120 + i * 0.001, 30};
    job.expires_at = expires(i), job.published_at = published(i);
    store.put(job);
  }
  store.commit();
}
template <typename Expires>
void add_jobs(const std::string& path, int first, int last, Expires&& expires) {
  add_jobs(path, first, last, expires, [](int) { return std::nullopt; });
}

template <typename Condition>
void wait_for(Condition&& condition) {
  while (!condition()) std::this_thread::sleep_for(1ms);
}

class Loader : public testing::Test {
 protected:
  GenerationOptions options(std::chrono::milliseconds poll = 5ms) {
    return {.database = db, .poll = poll, .retry = 50ms, .now = [this] { return now.load(); }};
  }
  // The steady clock is the test's too, and stands still but for go(); so the file is looked at then alone.
  GenerationOptions options_with_clocks() {
    auto all = options();
    all.steady = [this] {
      ++looks;
      return steady();
    };
    return all;
  }
  ClockWatch::Steady steady() const { return ClockWatch::Steady(std::chrono::seconds(steady_s)); }
  // Moves both clocks, and waits until the loader has made a whole step since, which takes at most ten looks.
  void go(std::int64_t by_steady_s, std::int64_t by_wall_s) {
    steady_s += by_steady_s, now += by_wall_s;
    wait_for([this, seen = looks.load()] { return looks > seen + 20; });
  }
  api::Generation current() {
    std::lock_guard lock(mutex);
    return generation;
  }
  Generations::Publish publish = [this](const api::Generation& g) {
    std::lock_guard lock(mutex);
    generation = g;
  };
  std::size_t alive() {
    const auto g = current();
    return g ? g->sums(g->all_rows()).ads : 0;
  }

  data::Scratch dir;
  std::string db = dir / "a.sqlite";
  std::atomic<std::time_t> now{start};
  std::atomic<std::int64_t> steady_s{10'000};
  std::atomic<int> looks{0};  // of the loader at the steady clock
  api::Log log{stderr};
  api::Metrics metrics{{""}};
  std::mutex mutex;
  api::Generation generation;
};

TEST_F(Loader, TakesJobsAwayInTheirMinute) {
  data::create_database(db);
  add_jobs(db, 0, 5, [](int i) { return i < 4 ? start + (i + 1) * 60 : never; });
  Generations generations(options(), publish, metrics, log);
  wait_for([&] { return alive() == 5; });
  for (std::uint64_t minute = 1; minute <= 4; ++minute) {
    now = start + static_cast<std::int64_t>(minute) * 60;
    wait_for([&] { return alive() == 5 - minute; });
    EXPECT_EQ(current()->minute, now / 60);
    EXPECT_EQ(metrics.ticks, minute);
  }
  EXPECT_EQ(current()->unchanged.until, never / 60);
  EXPECT_EQ(metrics.reloads, 1u) << "a tick reads no file";
}

TEST_F(Loader, ShowsJobsFromTheMinuteTheyArePublishedIn) {
  data::create_database(db);
  add_jobs(
      db, 0, 5, [](int i) { return i < 3 ? never : start + 600; },
      [](int i) { return start + i * 60 + i * 10; });
  Generations generations(options(), publish, metrics, log);
  wait_for([&] { return alive() == 1; });
  for (std::uint64_t minute = 1; minute <= 4; ++minute) {
    now = start + static_cast<std::int64_t>(minute) * 60;
    wait_for([&] { return alive() == 1 + minute; });
    EXPECT_EQ(metrics.ticks, minute);
  }
  now = start + 600;
  wait_for([&] { return alive() == 3; });
  EXPECT_EQ(metrics.reloads, 1u) << "a tick reads no file";
}

constexpr std::int64_t far = 400 * 86400;

TEST_F(Loader, BringsBackWhatAJumpOfTheClockTook) {
  data::create_database(db);
  add_jobs(db, 0, 50, [](int i) { return start + i * 3600 + 600; });
  Generations generations(options_with_clocks(), publish, metrics, log);
  wait_for([&] { return alive() == 50; });
  const auto before = current()->generation;
  now = start + far;
  wait_for([&] { return alive() == 0; });
  wait_for([&] { return metrics.clock_jumps == 1; });
  now = start;
  wait_for([&] { return alive() == 50; });
  EXPECT_EQ(current()->generation, before) << "the same table in the same minute";
  wait_for([&] { return metrics.clock_jumps == 2; });
  now = start + 10 * 3600;
  wait_for([&] { return alive() == 40; });
  now = start + 9 * 3600;
  wait_for([&] { return alive() == 41; });
  EXPECT_EQ(metrics.reloads, 1u) << "its table has all jobs";
}

TEST_F(Loader, LoadsAgainWhatALoadDuringTheJumpLeftOut) {
  data::create_database(db);
  add_jobs(db, 0, 50, [](int) { return start + 3600; });
  Generations generations(options(), publish, metrics, log);
  wait_for([&] { return alive() == 50; });
  now = start + far;
  wait_for([&] { return alive() == 0; });
  add_jobs(db, 50, 53, [](int) { return never; });
  wait_for([&] { return alive() == 3; });
  EXPECT_EQ(current()->jobs->size, 3u);
  now = start + 60;
  wait_for([&] { return alive() == 53; });
  EXPECT_EQ(current()->minute, start / 60 + 1);
  wait_for([&] { return metrics.reloads == 3; });  // counted once it is published
}

TEST_F(Loader, ServesWhatItHasWhileTheLoadAfterTheJumpFails) {
  data::create_database(db);
  add_jobs(db, 0, 4, [](int i) { return i ? never : start + 3600; });
  now = start + far;
  auto patient = options();
  patient.retry = 1ms;
  Generations generations(patient, publish, metrics, log);
  wait_for([&] { return alive() == 3; });
  const auto sound = dir / "sound.sqlite";
  std::filesystem::rename(db, sound);
  now = start;
  wait_for([&] { return metrics.reload_failures >= 3; });
  EXPECT_EQ(alive(), 3u);
  EXPECT_TRUE(metrics.health.failing(std::chrono::steady_clock::now()));
  std::filesystem::rename(sound, db);
  wait_for([&] { return alive() == 4; });
  wait_for([&] { return !metrics.health.failing(std::chrono::steady_clock::now()); });
}

TEST_F(Loader, CountsNeitherLeapNorDrift) {
  data::create_database(db);
  add_jobs(db, 0, 3, [](int i) { return i ? never : start + 60; });
  now = start + 58;
  Generations generations(options_with_clocks(), publish, metrics, log);
  wait_for([&] { return alive() == 3; });
  go(1, 1);  // :59
  go(1, 0);  // the leap second, which is :59 again
  EXPECT_EQ(alive(), 3u);
  go(1, 1);
  wait_for([&] { return alive() == 2; });
  go(0, -1);  // a clock that had the leap second late: back into the minute before
  wait_for([&] { return alive() == 3; });
  go(1, 1);
  wait_for([&] { return alive() == 2; });
  for (int i = 0; i < 30; ++i) go(1, i % 4 == 0 ? 2 : 1);  // eight seconds fast in all
  EXPECT_EQ(metrics.clock_jumps, 0u);
  go(0, 60);
  EXPECT_EQ(metrics.clock_jumps, 1u);
  go(60, 0);
  EXPECT_EQ(metrics.clock_jumps, 2u) << "a clock that stands still has jumped back";
}

TEST_F(Loader, SaysSinceWhenItKnowsAndSinceWhenItFails) {
  data::create_database(db);
  add_jobs(db, 0, 3, [](int) { return never; });
  Generations generations(options_with_clocks(), publish, metrics, log);
  wait_for([&] { return alive() == 3; });
  const auto& health = metrics.health;
  go(1000, 1000);
  EXPECT_EQ(*health.age(steady()), 0s) << "a poll that finds nothing new confirms";
  const auto sound = dir / "sound.sqlite";
  std::filesystem::rename(db, sound);
  go(1, 1);
  ASSERT_TRUE(health.failing(steady()));
  EXPECT_EQ(health.failing(steady())->reason, "poll_failed");
  go(1000, 1000);
  go(1000, 1000);
  EXPECT_EQ(health.failing(steady())->lasts, 2000s) << "since the first failure";
  EXPECT_EQ(*health.age(steady()), 2001s);
  std::filesystem::rename(sound, db);
  go(1, 1);
  EXPECT_FALSE(health.failing(steady()));
  EXPECT_EQ(*health.age(steady()), 0s);

  // A version that can't be loaded: looks at the file go well, and the data are old all the same.
  std::filesystem::copy_file(db, sound);
  const auto broken = dir / "broken.sqlite";
  std::filesystem::copy_file(db, broken);
  add_jobs(broken, 3, 4, [](int) { return never; });
  auto file = data::Scratch::read(broken);
  for (std::size_t at; (at = file.find("exact")) != file.npos;) file.replace(at, 5, "exakt");
  dir.write("broken.sqlite", file);
  std::filesystem::rename(broken, db);
  go(1, 1);
  go(1000, 1000);
  ASSERT_TRUE(health.failing(steady()));
  EXPECT_EQ(health.failing(steady())->reason, "reload_failed");
  EXPECT_EQ(*health.age(steady()), 1001s);
  EXPECT_EQ(alive(), 3u) << "served on";
  std::filesystem::rename(sound, db);
  go(1, 1);
  EXPECT_FALSE(health.failing(steady()));
  EXPECT_EQ(*health.age(steady()), 0s);
}

TEST_F(Loader, TriesAVersionThatFailedAgain) {
  data::create_database(db);
  add_jobs(db, 0, 3, [](int) { return never; });
  Generations generations(options(), publish, metrics, log);
  wait_for([&] { return alive() == 3; });
  const auto broken = dir / "broken.sqlite", mended = dir / "mended.sqlite";
  data::create_database(mended);
  add_jobs(mended, 0, 4, [](int) { return never; });
  std::filesystem::copy_file(mended, broken);
  auto file = data::Scratch::read(broken);
  for (std::size_t at; (at = file.find("exact")) != file.npos;) file.replace(at, 5, "exakt");
  dir.write("broken.sqlite", file);
  std::filesystem::rename(broken, db);
  wait_for([&] { return metrics.reload_failures >= 3; });
  EXPECT_EQ(alive(), 3u) << "served on";
  std::filesystem::rename(mended, db);  // the same version, and right this time
  wait_for([&] { return alive() == 4; });
}

// Two files with equal numbers and different jobs change places under the path while it is read.
TEST_F(Loader, NeverMixesTwoFiles) {
  const auto other = dir / "b.sqlite", spare = dir / "c.sqlite";
  data::create_database(db);
  data::create_database(other);
  add_jobs(db, 0, 300, [](int) { return never; });
  add_jobs(other, 1000, 1300, [](int) { return never; });
  ASSERT_EQ(data::read_data_version(db).generation, data::read_data_version(other).generation);
  ASSERT_NE(data::read_data_version(db), data::read_data_version(other));
  std::filesystem::copy_file(db, spare);
  std::atomic<bool> over{false};
  std::thread mover([&] {  // the path always names one of them
    const auto link = dir / "link";
    for (bool first = true; !over; first = !first) {
      std::filesystem::create_symlink(first ? other : spare, link);
      std::filesystem::rename(link, db);
    }
  });
  int loaded = 0;
  for (int i = 0; i < 60; ++i) try {
      const auto s = data::load_snapshot(db, start);
      const bool low = s->jobs->find("test:0").has_value(), high = s->jobs->find("test:1299").has_value();
      EXPECT_NE(low, high);
      EXPECT_EQ(s->jobs->size, 300u);
      ++loaded;
    } catch (const std::runtime_error&) {  // changed ten times: said, not served
    }
  over = true;
  mover.join();
  EXPECT_GT(loaded, 0);
}

// Loader, clock and readers at once: every change adds a job, every minute ends one, and the name of a
// generation says how many there must be.
TEST_F(Loader, ChangesUnderReaders) {
  constexpr int stay = 60, expire = 20, changes = 20;
  data::create_database(db);
  add_jobs(db, 0, stay + expire, [](int i) { return i < expire ? start + (i + 1) * 60 : never; });
  const auto first = data::read_data_version(db).generation;

  api::App app({}, log);
  http::ServerOptions server_options;
  server_options.port = 0;
  server_options.io_threads = server_options.compute_threads = 2;
  server_options.limits.requests_per_connection = 1'000'000;
  http::Server server(
      server_options, [&](const api::Request& r, const api::Generation& g) { return app.plan(r, g); },
      app.metrics(), log);
  server.start();
  Generations generations(
      options(),
      [&](const api::Generation& g) {
        server.publish(g);
        publish(g);
      },
      app.metrics(), log);
  wait_for([&] { return alive() == stay + expire; });

  std::atomic<bool> over{false};
  std::atomic<int> answers{0}, lost{0}, mixed{0};
  auto ask = [&] {
    Client client(server.port());
    while (!over) {
      const auto body = client.get("/v1/jobs?limit=2");
      if (body.empty()) {
        ++lost;
        return;
      }
      const auto name = body.substr(body.find("\"generation\":\"") + 14);
      const auto dash = name.find('-');
      const auto number = std::stol(name.substr(dash + 1));
      const auto minute = std::stol(name.substr(name.find('-', dash + 1) + 1));
      const auto expected = stay + expire + (number - first) - (minute - start / 60);
      if (number_after(body, "\"numberMatched\":") != expected) ++mixed;
      ++answers;
    }
  };
  std::vector<std::thread> readers;
  for (int i = 0; i < 4; ++i) readers.emplace_back(ask);
  for (int i = 1; i <= changes; ++i) {
    if (i % 2) now += 60;
    add_jobs(db, 1000 + i, 1001 + i, [](int) { return never; });
    if (i % 2 == 0) now += 60;
    generations.reload();
    const std::size_t expected = stay + expire;
    wait_for([&] { return alive() == expected && current()->data_version == first + i; });
  }
  over = true;
  for (auto& reader : readers) reader.join();
  EXPECT_EQ(lost, 0);
  EXPECT_EQ(mixed, 0);
  EXPECT_GT(answers, 0);
}

}  // namespace
}  // namespace jobmap
