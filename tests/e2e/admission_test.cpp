// More is asked than can be done: what is refused is refused at once and in so many words, what was admitted
// is answered, and /health answers throughout. The work waits at a gate, so the counts are exact.
#include <gtest/gtest.h>

#include <atomic>
#include <deque>
#include <thread>

#include "server/api/log.hpp"
#include "server/api/metrics.hpp"
#include "server/http/server.hpp"
#include "tests/e2e/client.hpp"

namespace jobmap {
namespace {

class Admission : public testing::Test {
 protected:
  // /health at once; /heavy on the pool behind the gate, by estimate a second's work; /large at once, 32 MiB.
  void serve(http::ServerOptions options) {
    options.port = 0;
    server_ = std::make_unique<http::Server>(
        options,
        [this](const api::Request& request, const api::Generation&) -> api::Plan {
          api::Response done;
          done.set_body(request.path == "/large" ? std::string(32 << 20, 'x') : std::string(request.path));
          if (request.path != "/heavy") return done;
          return api::Work{true,
                           [this, done] {
                             while (!open_) std::this_thread::yield();
                             return done;
                           },
                           1e6};
        },
        metrics_, log_);
    server_->start();
  }
  void until_waiting(std::int64_t count) {
    while (metrics_.heavy_waiting < count) std::this_thread::yield();
  }
  Client& client() { return clients_.emplace_back(server_->port()); }

  api::Log log_{stderr};
  api::Metrics metrics_{{""}};
  std::atomic<bool> open_{false};
  std::unique_ptr<http::Server> server_;
  std::deque<Client> clients_;
};

TEST_F(Admission, FourTimesWhatThePoolCanTake) {
  serve({.compute_threads = 1, .heavy_wait = std::chrono::milliseconds(5000)});
  std::vector<Client*> admitted;
  for (int i = 0; i < 5; ++i) {
    admitted.push_back(&client());
    ASSERT_TRUE(admitted.back()->send("/heavy"));
    until_waiting(i + 1);
  }
  for (int i = 0; i < 15; ++i) {
    auto& refused = client();
    const auto answer = refused.get("/heavy");
    EXPECT_NE(answer.find("\"status\":503"), std::string::npos) << answer;
    EXPECT_EQ(refused.get("/health"), "/health");
  }
  EXPECT_EQ(metrics_.refused, 15u);
  EXPECT_EQ(metrics_.heavy_waiting, 5);
  open_ = true;
  for (Client* each : admitted) EXPECT_EQ(each->receive(), "/heavy");
  EXPECT_EQ(client().get("/heavy"), "/heavy") << "back to normal";
  EXPECT_EQ(metrics_.heavy_waiting, 0);
}

// Five seconds of work on one thread: whoever comes then is told to come back in five, on two threads in
// three.
TEST_F(Admission, RetryAfterIsTheTimeTheQueueWillTake) {
  for (const auto& [threads, seconds] : {std::pair{1u, "5"}, {2u, "3"}, {5u, "1"}}) {
    open_ = false;
    serve({.compute_threads = threads, .heavy_queue = 5, .heavy_wait = std::chrono::milliseconds(10'000)});
    for (int i = 0; i < 5; ++i) {
      ASSERT_TRUE(client().send("/heavy"));
      until_waiting(i + 1);
    }
    auto& refused = client();
    refused.get("/heavy");
    EXPECT_NE(refused.head().find("\r\nRetry-After: " + std::string(seconds) + "\r\n"), std::string::npos)
        << threads << " threads\n"
        << refused.head();
    EXPECT_EQ(refused.get("/health"), "/health");
    open_ = true;
    for (int i = 0; i < 5; ++i) EXPECT_EQ(clients_[static_cast<std::size_t>(i)].receive(), "/heavy");
    clients_.clear();
  }
}

TEST_F(Admission, WhatCostsMoreThanTheWaitIsDoneWhereItIsAlone) {
  serve({.heavy_wait = std::chrono::milliseconds(1)});
  open_ = true;
  for (int i = 0; i < 3; ++i) EXPECT_EQ(client().get("/heavy"), "/heavy");
}

// A request that is being answered keeps its seat, and then there is none for others of the same client.
TEST_F(Admission, AboveAClientsShareAtWorkOnlyHealthIsTold) {
  serve({.max_connections_per_client = 3, .heavy_wait = std::chrono::milliseconds(10'000)});
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(client().send("/heavy"));
    until_waiting(i + 1);
  }
  EXPECT_EQ(client().get("/health"), "/health");
  EXPECT_NE(client().get("/a").find("\"status\":503"), std::string::npos);
  open_ = true;
  for (int i = 0; i < 3; ++i) EXPECT_EQ(clients_[static_cast<std::size_t>(i)].receive(), "/heavy");
}

// Those that only wait make room for those that ask, the one that has waited longest first.
TEST_F(Admission, AboveAClientsShareWhoeverWaitsLongestMakesRoom) {
  serve({.max_connections_per_client = 3});
  for (int i = 0; i < 3; ++i) EXPECT_EQ(client().get("/a"), "/a");
  EXPECT_EQ(clients_[0].get("/a"), "/a") << "now the second has waited longest";
  while (client().get("/a") != "/a") std::this_thread::yield();
  EXPECT_EQ(clients_[1].get("/a"), "") << "it has made room";
  EXPECT_EQ(clients_[0].get("/a"), "/a");
  EXPECT_EQ(clients_[2].get("/a"), "/a");
  EXPECT_EQ(metrics_.evicted, 1u);
}

TEST_F(Admission, ATrustedProxyIsNotAClient) {
  serve({.max_connections_per_client = 3, .trusted_proxies = *http::Networks::parse("127.0.0.0/8")});
  for (int i = 0; i < 20; ++i) EXPECT_EQ(client().get("/a"), "/a");
}

TEST_F(Admission, WhenAllSeatsAreTakenHealthAnswers) {
  serve({.compute_threads = 4, .max_connections = 4});
  for (int i = 0; i < 4; ++i) {
    ASSERT_TRUE(client().send("/heavy"));
    until_waiting(i + 1);
  }
  EXPECT_EQ(client().get("/health"), "/health");
  EXPECT_NE(client().get("/a").find("\"status\":503"), std::string::npos);
  open_ = true;
  for (int i = 0; i < 4; ++i) EXPECT_EQ(clients_[static_cast<std::size_t>(i)].receive(), "/heavy");
}

// The kernel's buffers take some megabytes of an answer; what they don't is held here and counted.
TEST_F(Admission, SlowReadersHoldNoMoreThanTheirMemory) {
  serve({.unsent_bytes = 60 << 20, .unsent_bytes_per_client = 60 << 20});
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(client().send("/large"));
    while (metrics_.in_flight < i + 1) std::this_thread::yield();
    EXPECT_EQ(client().get("/health"), "/health") << "after it, on the only thread";
  }
  EXPECT_NE(client().get("/large").find("\"status\":503"), std::string::npos);
  EXPECT_EQ(client().get("/health"), "/health");
  clients_.clear();
  while (server_->connections() > 0) std::this_thread::yield();
  EXPECT_EQ(client().get("/a"), "/a");
}

TEST_F(Admission, ASlowReaderHoldsNoMoreThanItsShare) {
  serve({.trusted_proxies = *http::Networks::parse("127.0.0.0/8"),
         .unsent_bytes = 1 << 30,
         .unsent_bytes_per_client = 60 << 20});
  const std::string slow = "X-Forwarded-For: 192.0.2.1\r\n", other = "X-Forwarded-For: 192.0.2.2\r\n";
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(client().send("/large", slow));
    while (metrics_.in_flight < i + 1) std::this_thread::yield();
    EXPECT_EQ(client().get("/health"), "/health") << "after it, on the only thread";
  }
  EXPECT_NE(client().get("/large", slow).find("\"status\":503"), std::string::npos);
  EXPECT_GT(client().get("/large", other).size(), std::size_t{1 << 20}) << "who isn't slow is served";
}

}  // namespace
}  // namespace jobmap
