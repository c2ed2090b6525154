// I/O threads that never come back: what is published, measured and ended goes on without them. And work
// whose client has hung up ends.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "data/index/job_table_builder.hpp"
#include "geo/deadline.hpp"
#include "server/api/log.hpp"
#include "server/api/metrics.hpp"
#include "server/http/server.hpp"
#include "tests/e2e/client.hpp"

namespace jobmap {
namespace {

using namespace std::chrono_literals;

api::Generation generation() {
  auto city = std::make_shared<data::City>();
  city->finish();
  return {
      data::make_snapshot(data::JobTableBuilder().build(*city), city, "0123456789abcdef", 1, 1'800'000'000),
      nullptr};
}

class Stuck : public testing::Test {
 protected:
  // /stuck holds its I/O thread until the gate opens; /endless is work that ends where its audience has gone.
  void serve(http::ServerOptions options = {}) {
    options.port = 0;
    options.io_threads = 2;
    server_ = std::make_unique<http::Server>(
        options, [this](const api::Request& request, const api::Generation& g) { return plan(request, g); },
        metrics_, log_);
    server_->start();
  }
  api::Plan plan(const api::Request& request, const api::Generation& g) {
    api::Response done;
    done.set_body(g ? "data" : "none");
    if (request.path == "/stuck") {
      ++stuck_;
      while (!open_) std::this_thread::yield();
    }
    if (request.path != "/endless") return done;
    auto audience = std::make_shared<api::Audience>();
    return api::Work{.heavy = true,
                     .run =
                         [this, audience] {
                           const geo::DeadlineScope scope(geo::Deadline(1h, &audience->gone()));
                           api::Response response;
                           ++running_;
                           try {
                             for (;;) geo::check_deadline();
                           } catch (const geo::Cancelled&) {
                             response.cancelled = true;
                           }
                           --running_;
                           return response;
                         },
                     .cost_us = 1e6,
                     .audience = audience};
  }
  void hold_all() {
    for (auto& client : clients_) ASSERT_TRUE(client->send("/stuck"));
    while (stuck_ < 2) std::this_thread::yield();
  }
  void connect(int count) {
    for (int i = 0; i < count; ++i) {
      clients_.push_back(std::make_unique<Client>(server_->port()));
      ASSERT_EQ(clients_.back()->get("/"), "none");
    }
  }
  void TearDown() override { open_ = true; }

  api::Log log_{stderr};
  api::Metrics metrics_{{""}};
  std::atomic<int> stuck_{0}, running_{0};
  std::atomic<bool> open_{false};
  std::unique_ptr<http::Server> server_;
  std::vector<std::unique_ptr<Client>> clients_;
};

TEST_F(Stuck, PublishingWaitsForNobody) {
  serve();
  connect(2);
  hold_all();
  const auto first = generation();
  server_->publish(first);  // returns, though no thread can take it
  EXPECT_FALSE(server_->serving());
  for (int i = 0; i < 1000; ++i) server_->publish(generation());
  EXPECT_EQ(first.use_count(), 1) << "and nobody keeps what came before";
  open_ = true;
  for (auto& client : clients_) EXPECT_EQ(client->receive(), "none") << "of the data at its beginning";
  for (auto& client : clients_) EXPECT_EQ(client->get("/"), "data");
  EXPECT_TRUE(server_->serving());
}

TEST_F(Stuck, DrainingWaitsAsLongAsItMay) {
  serve();
  connect(2);
  hold_all();
  EXPECT_FALSE(server_->drain(10ms));
  EXPECT_EQ(server_->connections(), 2u);
  open_ = true;
  for (auto& client : clients_) EXPECT_EQ(client->receive(), "none");
}

TEST_F(Stuck, AThreadThatNeverComesBackIsCountedAndOneThatDoesIsCountedOnce) {
  serve();
  connect(2);
  hold_all();
  const auto before = metrics_.io_stalls.load();  // this machine may be busy
  while (metrics_.io_stalls < before + 2) std::this_thread::yield();
  open_ = true;
  for (auto& client : clients_) EXPECT_EQ(client->receive(), "none");
  EXPECT_EQ(metrics_.io_stalls, before + 2);
}

TEST_F(Stuck, WorkEndsWhereItsClientHasHungUp) {
  serve({.compute_threads = 4});
  const auto begin = [&](std::size_t count) {
    connect(static_cast<int>(count));
    for (auto& client : clients_) ASSERT_TRUE(client->send("/endless"));
    while (running_ < static_cast<int>(count)) std::this_thread::yield();
  };
  begin(4);
  clients_.erase(clients_.begin());
  while (running_ > 3) std::this_thread::yield();
  clients_.clear();
  while (running_ > 0) std::this_thread::yield();
  while (metrics_.cancelled < 4) std::this_thread::yield();
  while (server_->connections() > 0) std::this_thread::yield();
  EXPECT_EQ(metrics_.heavy_waiting, 0);
}

// It may be answered still, so it is asked by an interim answer whether it is there.
TEST_F(Stuck, WorkGoesOnForAClientThatHasClosedItsHalf) {
  serve();
  connect(1);
  ASSERT_TRUE(clients_[0]->send("/endless"));
  while (running_ < 1) std::this_thread::yield();
  clients_[0]->close_half();
  EXPECT_EQ(clients_[0]->receive_head(), "HTTP/1.1 102 Processing\r\n");
  EXPECT_EQ(running_, 1);
  EXPECT_EQ(metrics_.cancelled, 0u);
  clients_.clear();
  while (metrics_.cancelled < 1) std::this_thread::yield();
}

}  // namespace
}  // namespace jobmap
