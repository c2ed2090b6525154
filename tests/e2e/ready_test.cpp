// /ready says yes for the whole server, not for the thread that happens to be asked.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "data/index/job_table_builder.hpp"
#include "server/api/app.hpp"
#include "server/api/log.hpp"
#include "server/api/metrics.hpp"
#include "server/http/server.hpp"
#include "tests/e2e/client.hpp"

namespace jobmap {
namespace {

api::Generation generation() {
  auto city = std::make_shared<data::City>();
  city->finish();
  return {
      data::make_snapshot(data::JobTableBuilder().build(*city), city, "0123456789abcdef", 1, 1'800'000'000),
      nullptr};
}

TEST(Ready, WhenEveryThreadHasTheData) {
  api::Log log(stderr);
  api::App app({}, log);
  std::atomic<bool> held{false}, go_on{false};
  http::ServerOptions options;
  options.port = 0;
  options.io_threads = 2;
  http::Server server(
      options,
      [&](const api::Request& request, const api::Generation& g) {
        if (request.path == "/hold") {
          held = true;
          while (!go_on) std::this_thread::yield();
        }
        return app.plan(request, g);
      },
      app.metrics(), log);
  server.start();
  Client one(server.port()), other(server.port());  // handed round: each on a thread of its own
  EXPECT_NE(one.get("/ready").find("\"status\":503"), std::string::npos);
  EXPECT_NE(other.get("/ready").find("\"status\":503"), std::string::npos);
  ASSERT_TRUE(other.send("/hold"));
  while (!held) std::this_thread::yield();

  std::thread loader([&] {
    server.publish(generation());
    while (!server.serving()) std::this_thread::yield();
    app.set_ready();
  });
  while (one.get("/v1/stations").find("FeatureCollection") == std::string::npos) std::this_thread::yield();
  EXPECT_NE(one.get("/ready").find("\"status\":503"), std::string::npos)
      << "the other thread has no data yet";
  go_on = true;
  loader.join();
  EXPECT_FALSE(other.receive().empty());
  EXPECT_NE(one.get("/ready").find("\"status\":\"ready\""), std::string::npos);
  EXPECT_NE(other.get("/ready").find("\"status\":\"ready\""), std::string::npos);
}

}  // namespace
}  // namespace jobmap
