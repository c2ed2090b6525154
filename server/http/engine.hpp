#pragma once
// The inside of a Server: its acceptor, its I/O threads and its compute pool. Asio is at home in this file,
// in server.cpp and in connection.*, and nowhere else.
//
//   Engine engine(options, planner, metrics, log);   // binds and listens; throws std::runtime_error
//   engine.start();
//   engine.drain();                                  // no new connections; finish what is in flight
//
// Exceptions here mean that memory ran out. They cost at most the connection whose handler threw: every chain
// of handlers (accepting, sweeping) is armed again by run() or by the next sweep.
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <chrono>
#include <ctime>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_set>
#include <utility>
#include <vector>

#include "api/problem.hpp"
#include "http/rate_limit.hpp"
#include "http/response_head.hpp"
#include "http/seat.hpp"
#include "http/server.hpp"
#include "http/unsent.hpp"

namespace jobmap::http {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;

class Connection;

// An I/O thread and all that is its own.
struct Worker {
  std::unordered_set<Connection*> connections;  // outlives io, whose handlers own them
  asio::io_context io{1};
  asio::steady_timer sweep{io};
  api::Generation generation;
  bool draining = false;
  std::unordered_set<std::shared_ptr<Connection>> at_work;  // kept here while the pool has their requests
  std::vector<std::shared_ptr<Connection>> outbox;          // whose answers leave together
  bool sending = false;
  bool sweeping = false;  // a sweep is due
  std::uint64_t request_ids = 0;
  std::size_t unlogged = 0;  // answers since the last line
  std::thread thread;

  std::string_view date_now() {
    if (auto second = std::time(nullptr); second != date_second_) {
      date_second_ = second;
      date_ = http_date(second);
    }
    return date_;
  }

 private:
  std::string date_;
  std::time_t date_second_ = 0;
};

struct Engine {
  Engine(ServerOptions o, Planner p, api::Metrics& m, api::Log& l);
  ~Engine();

  void start();
  void drain();
  // Heavy work waits for those before it; whoever would wait too long is refused at once.
  bool admit(double cost_us);
  void dismiss(double cost_us);
  // Until what is admitted now will be done, by its estimates.
  std::chrono::microseconds wait() const {
    return std::chrono::microseconds(admitted_us.load() / options.compute_threads);
  }

  ServerOptions options;
  Planner planner;
  api::Metrics& metrics;
  api::Log& log;
  const api::Response failure;  // made at the start: needs no memory to be given
  Seats seats;                  // connections
  RateLimit rate_limit;
  std::atomic<std::int64_t> admitted_us{0};      // estimated cost of the heavy requests not yet done
  Unsent unsent;                                 // of bodies that wait for their clients
  std::vector<std::unique_ptr<Worker>> workers;  // before the acceptor, which lives on the first of them
  std::optional<tcp::acceptor> acceptor;
  unsigned short port = 0;

 private:
  void run(Worker& worker) noexcept;
  void sweep(Worker& worker);
  void accept();
  void accepted(const error_code& error, Worker& worker, tcp::socket socket);
  void accept_failed(std::string_view reason);
  void hand_over(Worker& worker, tcp::socket socket);
  void stop_accepting();
  void tell_if_stopped();

  std::size_t next_worker_ = 0;
  bool accepting_ = false;                 // an accept is under way
  std::promise<void>* stopped_ = nullptr;  // told once none is, and none will be
  bool accept_failing_ = false;

 public:
  asio::thread_pool pool;  // last, so that its threads end first
};

}  // namespace jobmap::http
