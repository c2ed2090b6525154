#pragma once
// One client: a state machine of callbacks from its first byte to the close. All of it runs on its worker's
// thread, and a handler in flight owns it; only work that takes long goes to a pool and comes back, and
// meanwhile its worker owns it, and looks every now and then whether its client is still there.
//
//   std::make_shared<Connection>(engine, worker, std::move(seat), peer, std::move(socket), admin)->start();
//
// One deadline at a time, looked at by the worker's sweep:
// - idle: since the last answer (the first time: since the accept); empty lines don't prolong it
// - head: since the request's first byte
// - body, blocked: the transfer must keep its rate; lingering: a while
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/http/engine.hpp"
#include "server/http/framing.hpp"
#include "server/http/list_fields.hpp"
#include "server/http/read_buffer.hpp"

namespace jobmap::http {

// Paths that are answered whoever else is connected.
inline bool is_own_page(std::string_view path) {
  return path == "/health" || path == "/ready" || path == "/metrics";
}

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(Engine& engine, Worker& worker, Seat seat, const Address& peer, Socket socket, bool admin)
      : engine_(engine),
        worker_(worker),
        seat_(std::move(seat)),
        peer_(peer),
        socket_(std::move(socket)),
        admin_(admin) {
    worker_.connections.insert(this);
    engine_.metrics.connections.fetch_add(1, std::memory_order_relaxed);
  }
  ~Connection() {
    worker_.connections.erase(this);
    engine_.metrics.connections.fetch_sub(1, std::memory_order_relaxed);
    count_in_flight(false);
    release_body();
    release_unread();
  }

  void start();
  void check_deadline(Clock::time_point now);
  void drain();

  // True while the server waits for the client; waiting_since() says since when.
  bool only_waits() const {
    return state_ != State::working && state_ != State::writing && state_ != State::evicted;
  }
  Clock::time_point waiting_since() const { return waiting_since_; }
  bool is_guest() const { return seat_.guest(); }
  bool was_answered() const { return requests_ > 0; }
  std::uint64_t client_of_seat() const { return seat_.client(); }
  void evict();
  // Looks, as long as a pool has requests of this thread, whether their clients are still there.
  static void watch_clients(Engine& engine, Worker& worker);

 private:
  enum class State { idle, head, body, working, writing, blocked, lingering, evicted };
  using Self = std::shared_ptr<Connection>;
  static constexpr Duration drain_idle{1000};  // a kept connection may still bring a request
  // Above this many bytes a body has a mapping of its own (main.cpp), which goes back to the system with it.
  static constexpr std::size_t small_body = 64 << 10, body_mapped = 1 << 20;
  static constexpr std::size_t body_step =
      16384;  // a body's memory grows as it arrives, not as it is announced
  const Limits& limits() const { return engine_.options.limits; }

  void read(Self self);
  void on_read(Self self, const error_code& error, std::size_t size);
  void process(Self self);
  bool next_request(const Self& self);  // true where the one after it may be looked at
  bool begin_body(const Self& self);
  void read_body(Self self);
  bool make_room_for_body(std::size_t size);
  void refuse_for_room(Self self);
  api::Request request() const;
  std::optional<api::Response> turn_away();
  bool dispatch(const Self& self);
  bool answer(const Self& self, api::Plan plan);
  bool offload(const Self& self, api::Work work);
  void work_off(api::Work work, Lane& lane, bool may_give_up) noexcept;
  std::optional<api::Response> run_on_pool(const api::Work& work, bool may_give_up);
  void charge(double us);
  void settle();
  void end_stall(std::string_view id);
  void keep_at_work(const Self& self, std::shared_ptr<api::Audience> audience);
  bool has_gone(short events);
  bool await_answer(const Self& self, const api::Wait& wait);
  void come_back(api::Response response) noexcept;
  bool refuse(const Self& self, const Refusal& refusal);
  bool respond(const Self& self, api::Response response);
  void write_rest(Self self);
  bool finish_response(const Self& self);
  void linger(Self self);
  void on_timeout(Self self);
  void set_deadline(Duration after) { deadline_ = Clock::now() + after; }
  // A transfer may stand still for the grace, and since its start must have kept the rate beyond it.
  Clock::time_point transfer_deadline(Clock::time_point start, Clock::time_point now,
                                      std::size_t bytes) const {
    const Duration earned(static_cast<Duration::rep>(bytes * 1000 / limits().transfer_bytes_per_s));
    return std::min(start + earned, now) + limits().transfer_grace;
  }
  bool await_head(const Self& self);
  bool leave_together(const Self& self);
  static void send_all(Worker& worker);
  bool write_some();
  void count_in_flight(bool in_flight);
  void release_body();
  void release_unread();
  void begin_answer(std::size_t route);
  std::optional<std::uint64_t> client() const;  // nobody for a proxy of ours that asks for itself
  // The answer to a client that asked too much; nothing for the others, who have paid.
  std::optional<api::Response> over_rate(std::uint64_t client);
  api::Response too_busy(const Lane& lane) const;
  api::Response no_room() const;
  void add_cost(api::Response& response) const;
  void log_answer(std::chrono::microseconds took);
  void new_request_id();
  std::string_view request_id() const { return {request_id_.data(), request_id_.size()}; }

  Engine& engine_;
  Worker& worker_;
  Seat seat_;
  Address peer_;
  Socket socket_;
  const bool admin_;  // of the operator's listener
  State state_ = State::idle;
  Clock::time_point waiting_since_ = Clock::now();
  bool timed_out_ = false;
  Clock::time_point deadline_ = Clock::time_point::max();
  std::size_t requests_ = 0;

  ReadBuffer buffer_{limits().head_bytes()};
  bool worth_parsing_ = true;  // something came that may end a head, or be wrong in it

  // The fields of the current request; its views lie in the first head_size_ bytes of the buffer.
  std::vector<api::Header> fields_;
  JoinedLists joined_;
  Framing framing_;
  std::string_view method_;
  int minor_version_ = 1;
  std::size_t head_size_ = 0;
  std::shared_ptr<std::string> body_;  // shared with its work; null where there is none
  std::size_t body_received_ = 0;
  std::size_t unread_ = 0;  // bytes of it that are counted against the budget
  ByteBudget::Client unread_by_;
  std::array<char, 16> request_id_{};
  Clock::time_point began_;
  std::optional<std::uint64_t> rated_;       // the client that pays for it
  double charged_us_ = 0, spent_us_ = 0;     // of the work for it
  bool admitted_ = false;                    // it has been let in before its body was read
  std::shared_ptr<api::Audience> audience_;  // of its work on a pool
  Clock::time_point next_question_;          // to a client that closed its half, by an interim answer
  bool gone_ = false;

  // The answer to the current request.
  api::Response response_;
  bool keep_alive_ = true;
  std::string head_;
  std::array<asio::const_buffer, 2> parts_;
  std::size_t sent_ = 0, to_send_ = 0;
  Clock::time_point blocked_at_;  // when the kernel first took no more of it, and what it had taken by then
  std::size_t blocked_from_ = 0;
  std::size_t held_ = 0;  // bytes of its body, counted while the client is slow to take them
  ByteBudget::Client held_by_;
  bool broken_ = false;
  bool in_flight_ = false;
  std::optional<std::size_t> begun_;  // the route of an answer that was not there at once
  struct Cost {
    double cpu_us = 0, estimate_us = 0;
    bool heavy = false;
  } cost_;  // where the debug_cost option asks for it
};

}  // namespace jobmap::http
