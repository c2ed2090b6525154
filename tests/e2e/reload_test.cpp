// The server in this process, under load, while its data changes 200 times: every answer belongs whole to one
// generation, and none is lost. Written for ThreadSanitizer, and true everywhere.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "api/app.hpp"
#include "api/log.hpp"
#include "api/metrics.hpp"
#include "data/job_table_builder.hpp"
#include "http/server.hpp"

namespace jobmap {
namespace {

// Generation n has n % 7 + 1 stations, so a count that doesn't fit its generation shows a mixture.
api::Generation generation(std::int64_t n) {
  auto city = std::make_shared<data::City>();
  for (int i = 0; i <= n % 7; ++i) {
    data::Station station;
    station.id = station.name = "s" + std::to_string(i);
    station.at = geo::to_e7({120.0 + i * 0.01, 30.0});
    city->stations.push_back(station);
  }
  auto jobs = data::JobTableBuilder().build(*city);
  return data::make_snapshot(jobs, city, "0123456789abcdef", n, 1'800'000'000);
}

class Client {
 public:
  explicit Client(unsigned short port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }
  ~Client() { ::close(socket_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // The body; empty where the connection failed.
  std::string get(const std::string& path, const std::string& fields = "") {
    const auto request = "GET " + path + " HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
    if (!connected_ || ::send(socket_, request.data(), request.size(), MSG_NOSIGNAL) < 0) return "";
    std::string text;
    for (;;) {
      const auto end = text.find("\r\n\r\n");
      if (end != text.npos) {
        const auto length = std::stoul(text.substr(text.find("Content-Length: ") + 16));
        if (text.size() >= end + 4 + length) return text.substr(end + 4);
      }
      std::array<char, 4096> part;
      const auto size = ::recv(socket_, part.data(), part.size(), 0);
      if (size <= 0) return "";
      text.append(part.data(), static_cast<std::size_t>(size));
    }
  }

 private:
  int socket_;
  bool connected_ = false;
};

std::int64_t number_after(const std::string& text, const std::string& name) {
  const auto at = text.find(name);
  return at == text.npos ? -1 : std::stol(text.substr(at + name.size()));
}

TEST(Reload, TwoHundredGenerationsUnderLoad) {
  api::Log log(stderr);
  api::App app({}, log);
  http::ServerOptions options;
  options.port = 0;
  options.io_threads = 2;
  options.compute_threads = 2;
  http::Server server(
      options, [&](const api::Request& r, const api::Generation& g) { return app.plan(r, g); }, app.metrics(),
      log);
  server.start();
  server.publish(generation(0));

  std::atomic<bool> over{false};
  std::atomic<int> answers{0}, lost{0}, mixed{0};
  auto ask = [&](bool packed) {
    Client client(server.port());
    std::int64_t newest = -1;
    while (!over) {
      const auto ready = client.get("/ready");
      const auto before = number_after(ready, "\"generation\":\"0123456789ab-");
      // Who accepts gzip is answered from the pool; one station is too little to be packed, so both can read.
      const auto body = packed ? client.get("/v1/stations?limit=1", "Accept-Encoding: gzip\r\n")
                               : client.get("/v1/stations");
      if (ready.empty() || body.empty()) {
        ++lost;
        return;
      }
      // The answer names its generation: the number of its stations must be that generation's.
      const auto n = number_after(body, "\"generation\":\"0123456789ab-");
      if (n < 0 || n < before || before < newest || number_after(body, "\"numberMatched\":") != n % 7 + 1)
        ++mixed;
      newest = n;
      ++answers;
    }
  };
  std::vector<std::thread> clients;
  for (int i = 0; i < 6; ++i) clients.emplace_back(ask, i % 2 == 1);

  std::vector<api::Generation> held;
  for (int n = 1; n <= 200; ++n) {
    held.push_back(generation(n));
    server.publish(held.back());
    for (const int reached = answers + 6; answers < reached && lost == 0;) std::this_thread::yield();
  }
  over = true;
  for (auto& client : clients) client.join();
  EXPECT_EQ(lost, 0);
  EXPECT_EQ(mixed, 0);
  EXPECT_GE(answers, 1200);

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

}  // namespace
}  // namespace jobmap
