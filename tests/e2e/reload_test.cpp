// The server in this process, under load, while its data changes 200 times: every answer belongs whole to one
// generation, and none is lost. Written for ThreadSanitizer, and true everywhere.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "data/index/job_table_builder.hpp"
#include "server/api/app.hpp"
#include "server/api/log.hpp"
#include "server/api/metrics.hpp"
#include "server/http/server.hpp"
#include "tests/e2e/client.hpp"
#include "tests/sample_snapshot.hpp"

namespace jobmap {
namespace {

// Synthetic jobs that never expire here.
const std::vector<data::Posting>& postings() {
  static const auto made = [] {
    const auto& tables = data::shipped_cities()[0];
    const auto city = data::read_city(tables);
    const data::sample::Sample sample(tables, city, {.seed = 1, .jobs = 200, .now = 1'800'000'000});
    std::vector<data::Posting> all(sample.size());
    for (std::uint32_t i = 0; i < sample.size(); ++i) {
      sample.make(i, all[i]);
      all[i].expires_at = 4'000'000'000;
    }
    return all;
  }();
  return made;
}

// Generation n has n % 7 + 1 stations and n % 13 + 100 jobs, so a count that doesn't fit its generation shows
// a mixture.
std::int64_t stations_of(std::int64_t n) { return n % 7 + 1; }
std::int64_t jobs_of(std::int64_t n) { return n % 13 + 100; }

api::Generation generation(std::int64_t n, api::CacheCounters& counters) {
  auto city = std::make_shared<data::City>();
  for (int i = 0; i < stations_of(n); ++i) {
    data::Station station;
    station.id = station.name = "s" + std::to_string(i);
    station.at = geo::to_e7({120.0 + i * 0.01, 30.0});
    city->stations.push_back(station);
  }
  city->finish();
  data::JobTableBuilder builder;
  for (std::int64_t i = 0; i < jobs_of(n); ++i) builder.add(postings()[static_cast<std::size_t>(i)]);
  return {data::make_snapshot(std::move(builder).build(*city), city, "0123456789abcdef", n, 1'800'000'000),
          std::make_shared<api::AnswerCache>(1 << 20, counters)};
}

TEST(Reload, TwoHundredGenerationsUnderLoad) {
  api::Log log(stderr);
  api::App app({}, log);
  http::ServerOptions options;
  options.port = 0;
  options.io_threads = 2;
  options.compute_threads = 2;
  options.limits.requests_per_connection = 1'000'000;
  http::Server server(
      options, [&](const api::Request& r, const api::Generation& g) { return app.plan(r, g); }, app.metrics(),
      log);
  server.start();
  auto& cache = app.metrics().cache;
  server.publish(generation(0, cache));
  app.set_ready();

  std::atomic<bool> over{false};
  std::atomic<int> answers{0}, lost{0}, mixed{0};
  // The answer names its generation: the number of its jobs or stations must be that generation's. Who
  // accepts gzip is answered from the pool; one station is too little to be packed, so both can be read.
  struct Question {
    std::string path, fields;
    std::int64_t (*matched)(std::int64_t);
  };
  const std::array questions{Question{"/v1/stations", "", stations_of},
                             Question{"/v1/stations?limit=1", "Accept-Encoding: gzip\r\n", stations_of},
                             Question{"/v1/jobs?limit=3", "", jobs_of},
                             Question{"/v1/jobs?limit=100&sort=newest", "", jobs_of}};
  auto ask = [&](std::size_t turn) {
    Client client(server.port());
    std::int64_t newest = -1;
    for (; !over; ++turn) {
      const auto& question = questions[turn % questions.size()];
      const auto ready = client.get("/ready");
      const auto before = number_after(ready, "\"generation\":\"0123456789ab-");
      const auto body = client.get(question.path, question.fields);
      if (ready.empty() || body.empty()) {
        ++lost;
        return;
      }
      const auto n = number_after(body, "\"generation\":\"0123456789ab-");
      if (n < 0 || n < before || before < newest ||
          number_after(body, "\"numberMatched\":") != question.matched(n))
        ++mixed;
      newest = n;
      ++answers;
    }
  };
  std::vector<std::thread> clients;
  for (std::size_t i = 0; i < 6; ++i) clients.emplace_back(ask, i);

  std::vector<api::Generation> held;
  for (int n = 1; n <= 200; ++n) {
    held.push_back(generation(n, cache));
    server.publish(held.back());
    for (const int reached = answers + 6; answers < reached && lost == 0;) std::this_thread::yield();
  }
  over = true;
  for (auto& client : clients) client.join();
  EXPECT_EQ(lost, 0);
  EXPECT_EQ(mixed, 0);
  EXPECT_GE(answers, 1200);
  EXPECT_GT(cache.hits + cache.front_hits, 0u) << "no answer was a kept one";

  // Nobody reads an old generation once its answers are out: only the last is still held by the threads.
  server.drain();
  while (server.connections() > 0) std::this_thread::yield();
  server.stop();
  for (const auto& g : held) EXPECT_EQ(g.use_count(), 1);
}

TEST(Server, TurnsHeavyWorkAwayWhenItsQueueIsFull) {
  api::Log log(stderr);
  api::Metrics metrics({""});
  std::atomic<bool> go{false};
  http::ServerOptions options;
  options.port = 0;
  options.heavy_queue = 2;
  http::Server server(
      options,
      [&](const api::Request& request, const api::Generation&) -> api::Plan {
        api::Response done;
        done.set_body("done");
        if (request.path == "/light") return done;
        return api::Work{true, [&go, done] {
                           while (!go) std::this_thread::yield();
                           return done;
                         }};
      },
      metrics, log);
  server.start();
  std::vector<std::thread> heavy;
  std::atomic<int> finished{0};
  for (int i = 0; i < 2; ++i)
    heavy.emplace_back([&] {
      if (Client(server.port()).get("/heavy") == "done") ++finished;
    });
  while (metrics.heavy_waiting < 2) std::this_thread::yield();
  EXPECT_NE(Client(server.port()).get("/heavy").find("\"status\":503"), std::string::npos);
  EXPECT_EQ(Client(server.port()).get("/light"), "done");
  go = true;
  for (auto& thread : heavy) thread.join();
  EXPECT_EQ(finished, 2);
  EXPECT_EQ(metrics.heavy_waiting, 0);
}

// The only thread is held in a request while a request of another connection and two new clients arrive, in
// that order, so one look at the sockets finds both. It is held again in that request, and the drain is asked
// for: then the accept of the second client has succeeded, and its completion stands behind the drain.
TEST(Server, AnswersWhoConnectedBeforeTheDrain) {
  for (int round = 0; round < 20; ++round) {
    api::Log log(stderr);
    api::Metrics metrics({""});
    std::atomic<int> at{0}, open{0};  // the gate the thread stands at, and up to which they are open
    http::ServerOptions options;
    options.port = 0;
    http::Server server(
        options,
        [&](const api::Request& request, const api::Generation&) -> api::Plan {
          if (request.path != "/") {
            at = request.path[1] - '0';
            while (open < at) std::this_thread::yield();
          }
          api::Response done;
          done.set_body("done");
          return done;
        },
        metrics, log);
    server.start();
    const auto reached = [&](int gate) {
      while (at < gate) std::this_thread::yield();
    };
    const auto pause = [] { std::this_thread::sleep_for(std::chrono::milliseconds(10)); };
    Client first(server.port()), second(server.port());
    ASSERT_EQ(first.get("/"), "done");
    ASSERT_EQ(second.get("/"), "done");
    ASSERT_TRUE(first.send("/1"));
    reached(1);
    ASSERT_TRUE(second.send("/2"));
    pause();
    Client third(server.port()), fourth(server.port());
    ASSERT_TRUE(third.send("/"));
    ASSERT_TRUE(fourth.send("/"));
    pause();
    open = 1;
    reached(2);
    std::thread drain([&] { server.drain(); });
    pause();  // for the drain to be in the queue
    open = 2;
    drain.join();
    EXPECT_GE(server.connections(), 2u) << "counted, so the process waits for them";
    for (Client* client : {&first, &second, &third, &fourth}) EXPECT_EQ(client->receive(), "done");
  }
}

// Whatever a planner or its work throws, even for want of memory, becomes an answer, and the server goes on.
TEST(Server, OutlivesWhatIsThrown) {
  api::Log log(stderr);
  api::Metrics metrics({""});
  http::ServerOptions options;
  options.port = 0;
  http::Server server(
      options,
      [&](const api::Request& request, const api::Generation&) -> api::Plan {
        if (request.path == "/plan") throw std::bad_alloc();
        const bool heavy = request.path == "/heavy";
        return api::Work{heavy, []() -> api::Response { throw std::bad_alloc(); }};
      },
      metrics, log);
  server.start();
  Client client(server.port());
  for (int round = 0; round < 3; ++round)
    for (auto path : {"/plan", "/light", "/heavy"})
      EXPECT_NE(client.get(path).find("\"status\":500"), std::string::npos) << path;
  EXPECT_EQ(metrics.heavy_waiting, 0);
  while (metrics.in_flight > 0) std::this_thread::yield();  // counted once the kernel has the answer
}

}  // namespace
}  // namespace jobmap
