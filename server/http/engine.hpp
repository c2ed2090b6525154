#pragma once
// The inside of a Server: its acceptors, its I/O threads and its pools. Asio is at home in this file, in
// lane.hpp, engine.cpp, listener.cpp and connection.*, and nowhere else.
//
//   Engine engine(options, handlers, metrics, log);   // binds and listens; throws std::runtime_error
//   engine.start();
//   engine.publish(generation);                       // each thread takes it by itself
//   engine.drain(patience);                           // no new connections; finish what is in flight
//
// Exceptions here mean that memory ran out. They cost at most the connection whose handler threw: every chain
// of handlers (accepting, sweeping) is armed again by run() or by the next sweep.
#include <sys/types.h>

#include <atomic>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <ctime>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_set>
#include <utility>
#include <vector>

#include "server/api/problem.hpp"
#include "server/http/byte_budget.hpp"
#include "server/http/lane.hpp"
#include "server/http/rate_limit.hpp"
#include "server/http/response_head.hpp"
#include "server/http/seat.hpp"
#include "server/http/server.hpp"

namespace jobmap::http {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;
// A client comes over TCP, an operator over TCP or a Unix socket.
using Socket = asio::generic::stream_protocol::socket;

class Connection;

// An I/O thread and all that is its own.
struct Worker {
  std::unordered_set<Connection*> connections;  // outlives io, whose handlers own them
  asio::io_context io{1};
  asio::steady_timer sweep{io}, watch{io};
  api::Generation generation;
  std::uint64_t generation_number = 0;  // of what was published
  std::atomic<bool> told{false};        // that something new is published, and hasn't looked yet
  bool draining = false;
  std::unordered_set<std::shared_ptr<Connection>> at_work;  // kept here while a pool has their requests
  std::vector<std::shared_ptr<Connection>> outbox;          // whose answers leave together
  bool sending = false;
  bool sweeping = false, watching = false;  // a sweep, a look at the clients of those at work is due
  std::uint64_t request_ids = 0;
  std::size_t unlogged = 0;  // answers since the last line
  // When the request in hand was taken up, in nanoseconds of the steady clock; 0 between two requests.
  std::atomic<std::int64_t> busy_since{0};
  std::atomic<std::int64_t> stuck_since{0};  // of them the one that the watchdog has counted
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
  Engine(ServerOptions o, Handlers h, api::Metrics& m, api::Log& l);
  ~Engine();

  void start();
  void publish(const api::Generation& generation);
  // Whether each thread has taken what was published first.
  bool serving() const { return with_data_.load() == workers.size(); }
  void take_published(Worker& worker);
  // Whether any thread is free, or has been held for less than ten seconds.
  bool responsive() const;
  // False where the threads were too busy to hear of it in this time.
  bool drain(Duration patience);
  // An I/O thread was held by one request.
  void note_stall(Worker& worker, std::int64_t since, std::string_view request_id,
                  std::chrono::nanoseconds held);

  ServerOptions options;
  Handlers handlers;
  api::Metrics& metrics;
  api::Log& log;
  const api::Response failure;  // made at the start: needs no memory to be given
  Seats seats;                  // connections
  RateLimit rate_limit;
  ByteBudget unsent;                             // of bodies that wait for their clients
  ByteBudget unread;                             // of bodies that haven't come to their end
  std::vector<std::unique_ptr<Worker>> workers;  // before the acceptors, which live on the first of them
  unsigned short port = 0;

  // Work that takes milliseconds, and all that is longer.
  static constexpr double short_us = 20'000;
  static constexpr std::chrono::microseconds inline_budget{10'000}, short_budget{100'000};

 private:
  // The state of a listening socket. It lives on the first worker, and its handlers run there.
  struct Listener {
    explicit Listener(Worker& worker) : acceptor(worker.io) {}
    asio::basic_socket_acceptor<asio::generic::stream_protocol> acceptor;
    bool admin = false;
    bool accepting = false;  // an accept is under way
    bool failing = false;
  };

  void run(Worker& worker) noexcept;
  void sweep(Worker& worker);
  void listen_for_public();
  void listen(Listener& listener, const asio::generic::stream_protocol::endpoint& at,
              const std::string& name);
  void listen_for_admin();
  void remove_admin_socket() const;
  void accept(Listener& listener);
  void accepted(Listener& listener, const error_code& error, Worker& worker, Socket socket);
  void accept_failed(Listener& listener, std::string_view reason);
  void hand_over(const Listener& listener, Worker& worker, Socket socket);
  void stop_accepting(Listener& listener);
  void tell_if_stopped();
  void make_room(Worker& worker, std::uint64_t client);
  void watch_threads(const std::stop_token& stop);

  std::size_t next_worker_ = 0;
  std::optional<Listener> public_, admin_;
  struct {
    std::string path;
    dev_t device = 0;
    ino_t inode = 0;
  } admin_socket_;  // the Unix socket that we made, removed in the end
  Seats admin_seats_{64, 64};
  std::shared_ptr<std::promise<void>> stopped_{};  // told once no accept is under way, and none will be

  std::mutex published_mutex_;
  api::Generation published_;
  std::atomic<std::uint64_t> published_number_{0};
  std::atomic<std::size_t> with_data_{0};

  std::atomic<std::int64_t> stall_logged_{0};  // second of the steady clock

 public:
  Lane short_lane, long_lane;  // last, so that their threads end first

 private:
  std::jthread watchdog_;
};

}  // namespace jobmap::http
