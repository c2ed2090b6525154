#pragma once
// One client: a state machine of callbacks from its first byte to the close. All of it runs on its worker's
// thread, and a handler in flight owns it; only heavy work goes to the pool and comes back, and meanwhile its
// worker owns it.
//
//   std::make_shared<Connection>(engine, worker, seat, peer, std::move(socket))->start();
//
// One deadline at a time, looked at by the worker's sweep:
//   idle      since the last answer (the first time: since the accept); empty lines don't prolong it
//   head      since the request's first byte
//   body, blocked   the transfer must keep its rate; lingering: a while
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/engine.hpp"
#include "http/framing.hpp"
#include "http/list_fields.hpp"
#include "http/read_buffer.hpp"

namespace jobmap::http {

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(Engine& engine, Worker& worker, Seat seat, const Address& peer, tcp::socket socket)
      : engine_(engine), worker_(worker), seat_(std::move(seat)), peer_(peer), socket_(std::move(socket)) {
    worker_.connections.insert(this);
    engine_.metrics.connections.fetch_add(1, std::memory_order_relaxed);
  }
  ~Connection() {
    worker_.connections.erase(this);
    engine_.metrics.connections.fetch_sub(1, std::memory_order_relaxed);
    count_in_flight(false);
    release_body();
  }

  void start();
  void check_deadline(Clock::time_point now);
  void drain();

 private:
  enum class State { idle, head, body, working, writing, blocked, lingering };
  using Self = std::shared_ptr<Connection>;
  static constexpr Duration drain_idle{1000};  // a kept connection may still bring a request
  static constexpr std::size_t body_step =
      16384;  // a body's memory grows as it arrives, not as it is announced
  const Limits& limits() const { return engine_.options.limits; }

  void read(Self self);
  void on_read(Self self, const error_code& error, std::size_t size);
  void process(Self self);
  bool next_request(const Self& self);  // true where the one after it may be looked at
  bool begin_body(const Self& self);
  void read_body(Self self);
  bool dispatch(const Self& self);
  bool offload(const Self& self, api::Work work);
  void work_off(api::Work work) noexcept;
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
  void begin_answer(std::size_t route);
  std::optional<std::uint64_t> client() const;  // nobody for a proxy of ours that asks for itself
  // The answer to a client that asked too much; nothing for the others, who have paid.
  std::optional<api::Response> over_rate(std::uint64_t client);
  api::Response too_busy() const;
  void log_answer(std::chrono::microseconds took);
  void new_request_id();
  std::string_view request_id() const { return {request_id_.data(), request_id_.size()}; }

  Engine& engine_;
  Worker& worker_;
  Seat seat_;
  Address peer_;
  tcp::socket socket_;
  State state_ = State::idle;
  bool timed_out_ = false;
  Clock::time_point deadline_ = Clock::time_point::max();
  std::size_t requests_ = 0;

  ReadBuffer buffer_{limits().head_bytes()};

  // Of the request in hand; its views lie in the first head_size_ bytes of the buffer.
  std::vector<api::Header> fields_;
  JoinedLists joined_;
  Framing framing_;
  std::string_view method_;
  int minor_version_ = 1;
  std::size_t head_size_ = 0;
  std::string body_;
  std::size_t body_received_ = 0;
  std::array<char, 16> request_id_{};
  Clock::time_point began_;

  // Of the answer to it.
  api::Response response_;
  bool keep_alive_ = true;
  std::string head_;
  std::array<asio::const_buffer, 2> parts_;
  std::size_t sent_ = 0, to_send_ = 0;
  Clock::time_point blocked_at_;  // when the kernel first took no more of it, and what it had taken by then
  std::size_t blocked_from_ = 0;
  std::size_t held_ = 0;  // bytes of its body, counted while the client is slow to take them
  Unsent::Client held_by_;
  bool broken_ = false;
  bool in_flight_ = false;
  std::optional<std::size_t> begun_;  // the route of an answer that was not there at once
};

}  // namespace jobmap::http
