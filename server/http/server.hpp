#pragma once
// The HTTP/1.1 server: sockets in, api::Request out, api::Response back. No Beast or Asio in this header.
//
//   Server server(options, [&](const api::Request& r, const api::Generation& g) { return app.plan(r, g); },
//                 metrics, log);                  // binds and listens; throws std::runtime_error
//   server.start();                               // threads; server.port() is the chosen port
//   server.publish(generation);                   // from any thread; each I/O thread takes it by itself
//   if (server.serving()) use(server);             // every I/O thread has data
//   server.drain(patience);                       // no new connections; finish what is in flight
//   while (server.connections() > 0 && !late()) std::this_thread::yield();
//   server.stop();                                // joins
//
// One acceptor hands sockets round in turn to the I/O threads; a connection stays on its thread, has one
// request in flight, and its thread has its own pointer to the generation. Work marked heavy goes to a pool,
// one for what takes milliseconds and one for what takes longer, whose queues are bounded by number and by
// estimated time: above it, 503. All other work is done where it is, and where it takes longer than its
// thread may be held it begins again on a pool. Callbacks instead of coroutines: the state machine is small,
// a keep-alive request allocates nothing for control flow, and sanitizers understand it.
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "server/api/app.hpp"
#include "server/api/log.hpp"
#include "server/api/metrics.hpp"
#include "server/http/client_address.hpp"
#include "server/http/limits.hpp"

namespace jobmap::http {

// Whether `host` is an IPv4 or IPv6 address and no name.
bool is_address(const std::string& text);
// "127.0.0.1:9090" or "[::1]:9090".
struct AddressAndPort {
  std::string address;
  unsigned short port = 0;
};
std::optional<AddressAndPort> parse_address_and_port(const std::string& text);

struct ServerOptions {
  std::string host = "127.0.0.1";  // an address, not a name
  unsigned short port = 8080;      // 0: any free one
  int listening = -1;              // a socket that listens already, instead of host and port; -1: none
  unsigned io_threads = 1;
  unsigned compute_threads = 1;
  std::size_t max_connections = 8192;
  std::size_t max_connections_per_client = 1024;  // of one IPv4 address or IPv6 /64
  Networks trusted_proxies{};                     // not counted as clients; their X-Forwarded-For is believed
  std::size_t heavy_queue = 256;                  // heavy requests admitted and not yet done
  Duration heavy_wait{2'000};                     // for the pool, by the estimated cost of what is admitted
  std::size_t unsent_bytes = 256 << 20;           // of bodies that clients are slow to take
  std::size_t unsent_bytes_per_client = 64 << 20;
  std::size_t unread_bytes = 32 << 20;  // of bodies that clients are slow to send
  std::size_t unread_bytes_per_client = 8 << 20;
  double rate_limit = 0;              // tokens a second of one client (server/http/rate_limit.hpp); 0: none
  double rate_burst = 1000;           // tokens that it may save up
  double rate_least = 1;              // tokens of a request that costs nothing
  std::size_t access_log_sample = 0;  // one answer in so many is logged, and each 5xx; 0: none
  bool debug_cost = false;            // each answer says what it cost, in a header
  std::string admin{};  // address and port, or path of a Unix socket, for the operator; empty: none
  Limits limits{};
};

using Planner = std::function<api::Plan(const api::Request&, const api::Generation&)>;
// Looks at a request before its body of this many bytes is read: the answer that refuses it, or nothing.
using Screen = std::function<std::optional<api::Response>(const api::Request&, std::uint64_t)>;

struct Handlers {
  Planner plan;
  Screen screen;  // none: all bodies are read
};

struct Engine;

class Server {
 public:
  Server(ServerOptions options, Handlers handlers, api::Metrics& metrics, api::Log& log);
  Server(ServerOptions options, Planner planner, api::Metrics& metrics, api::Log& log);
  ~Server();

  void start();
  void publish(const api::Generation& generation);
  bool serving() const;
  // Whether any I/O thread is free, or has been held for less than ten seconds.
  bool responsive() const;
  // False where the I/O threads were too busy to hear of it in this time.
  bool drain(Duration patience = std::chrono::seconds(10));
  void stop();

  unsigned short port() const;
  std::string url() const;
  std::size_t connections() const;

 private:
  std::unique_ptr<Engine> engine_;
};

}  // namespace jobmap::http
