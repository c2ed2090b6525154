#pragma once
// The HTTP/1.1 server: sockets in, api::Request out, api::Response back. No Beast or Asio in this header.
//
//   Server server(options, [&](const api::Request& r, const api::Generation& g) { return app.plan(r, g); },
//                 metrics, log);                  // binds and listens; throws std::runtime_error
//   server.start();                               // threads; server.port() is the chosen port
//   server.publish(generation);                   // from a thread of yours; returns when every I/O thread
//   has it server.drain();                               // no new connections; finish what is in flight
//   while (server.connections() > 0 && !late) …
//   server.stop();                                // joins
//
// One acceptor hands sockets round in turn to the I/O threads; a connection stays on its thread, has one
// request in flight, and its thread has its own pointer to the generation. Work marked heavy goes to the
// compute pool, whose queue is bounded by number and by estimated time: above it, 503. Callbacks instead of
// coroutines: the state machine is small, a keep-alive request allocates nothing for control flow, and
// sanitizers understand it.
#include <functional>
#include <memory>
#include <string>

#include "api/app.hpp"
#include "api/log.hpp"
#include "api/metrics.hpp"
#include "http/client_address.hpp"
#include "http/limits.hpp"

namespace jobmap::http {

// What `host` may be: an IPv4 or IPv6 address, no name.
bool is_address(const std::string& text);

struct ServerOptions {
  std::string host = "127.0.0.1";  // an address, not a name
  unsigned short port = 8080;      // 0: any free one
  unsigned io_threads = 1;
  unsigned compute_threads = 1;
  std::size_t max_connections = 8192;
  std::size_t max_connections_per_client = 1024;  // of one IPv4 address or IPv6 /64
  Networks trusted_proxies{};                     // not counted as clients; their X-Forwarded-For is believed
  std::size_t heavy_queue = 256;                  // heavy requests admitted and not yet done
  Duration heavy_wait{2'000};                     // for the pool, by the estimated cost of what is admitted
  std::size_t unsent_bytes = 256 << 20;           // of bodies that clients are slow to take
  std::size_t unsent_bytes_per_client = 64 << 20;
  double rate_limit = 0;              // tokens a second of one client (http/rate_limit.hpp); 0: none
  double rate_burst = 1000;           // tokens that it may save up
  std::size_t access_log_sample = 0;  // one answer in so many is logged, and each 5xx; 0: none
  Limits limits{};
};

using Planner = std::function<api::Plan(const api::Request&, const api::Generation&)>;

struct Engine;

class Server {
 public:
  Server(ServerOptions options, Planner planner, api::Metrics& metrics, api::Log& log);
  ~Server();

  void start();
  void publish(const api::Generation& generation);
  void drain();
  void stop();

  unsigned short port() const;
  std::string url() const;
  std::size_t connections() const;

 private:
  std::unique_ptr<Engine> engine_;
};

}  // namespace jobmap::http
