#include "http/server.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <future>
#include <optional>
#include <random>
#include <span>
#include <stdexcept>
#include <thread>
#include <unordered_set>

#include "api/problem.hpp"
#include "http/framing.hpp"
#include "http/head_parser.hpp"
#include "http/read_buffer.hpp"
#include "http/response_head.hpp"

namespace jobmap::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;

constexpr auto sweep_every = std::chrono::milliseconds(100);
constexpr auto drain_idle = std::chrono::milliseconds(1000);  // a kept connection may still bring a request
constexpr auto accept_pause_time = std::chrono::milliseconds(50);
constexpr std::size_t body_step = 16384;  // a body's memory grows as it arrives, not as it is announced

}  // namespace

class Connection;

// An I/O thread and all that is its own.
struct Worker {
  std::unordered_set<Connection*> connections;  // outlives io, whose handlers own them
  asio::io_context io{1};
  asio::steady_timer sweep{io};
  api::Generation generation;
  bool draining = false;
  std::uint64_t request_ids = 0;
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

  void accept();
  void run(Worker& worker);
  void sweep(Worker& worker);
  void stop_accepting();

  ServerOptions options;
  Planner planner;
  api::Metrics& metrics;
  api::Log& log;
  std::vector<std::unique_ptr<Worker>> workers;  // before the acceptor, which lives on the first of them
  std::optional<tcp::acceptor> acceptor;
  std::optional<asio::steady_timer> accept_pause;
  unsigned short port = 0;
  std::atomic<std::size_t> open{0};  // connections

 private:
  void accepted(const error_code& error, tcp::socket socket);
  void hand_over(tcp::socket socket);
  void pause_accepting();

  std::size_t next_worker_ = 0;
  bool accept_failing_ = false;

 public:
  asio::thread_pool pool;  // last, so that its threads end first
};

// One client. All of it runs on its worker's thread; a handler in flight owns it.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(Engine& engine, Worker& worker, tcp::socket socket)
      : engine_(engine), worker_(worker), socket_(std::move(socket)) {
    worker_.connections.insert(this);
    engine_.metrics.connections.fetch_add(1, std::memory_order_relaxed);
  }
  ~Connection() {
    worker_.connections.erase(this);
    engine_.metrics.connections.fetch_sub(1, std::memory_order_relaxed);
    count_in_flight(false);
    engine_.open.fetch_sub(1);
  }

  void start();
  void check_deadline(Clock::time_point now);
  void drain();

 private:
  enum class State { idle, head, body, working, writing, blocked, lingering };
  using Self = std::shared_ptr<Connection>;
  const Limits& limits() const { return engine_.options.limits; }

  void read(Self self);
  void on_read(Self self, const error_code& error, std::size_t size);
  void process(Self self);
  bool next_request(const Self& self);  // true where the one after it may be looked at
  bool begin_body(const Self& self);
  void read_body(Self self);
  bool dispatch(const Self& self);
  bool offload(const Self& self, api::Work work);
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
  bool write_some();
  void count_in_flight(bool in_flight);
  void new_request_id();
  std::string_view request_id() const { return {request_id_.data(), request_id_.size()}; }

  Engine& engine_;
  Worker& worker_;
  tcp::socket socket_;
  State state_ = State::idle;
  bool timed_out_ = false;
  Clock::time_point deadline_ = Clock::time_point::max();
  std::size_t requests_ = 0;

  ReadBuffer buffer_{limits().head_bytes()};

  // Of the request in hand; its views lie in the first head_size_ bytes of the buffer.
  std::vector<api::Header> fields_;
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
  bool broken_ = false;
  bool in_flight_ = false;
};

void Connection::start() {
  error_code ignored;
  socket_.set_option(tcp::no_delay(true), ignored);
  socket_.non_blocking(true, ignored);
  set_deadline(limits().header_timeout);
  buffer_.make_room();
  read(shared_from_this());
}

void Connection::read(Self self) {
  socket_.async_read_some(asio::mutable_buffer(buffer_.room().data(), buffer_.room().size()),
                          [this, self = std::move(self)](const error_code& error, std::size_t size) mutable {
                            on_read(std::move(self), error, size);
                          });
}

void Connection::on_read(Self self, const error_code& error, std::size_t size) {
  if (timed_out_) return on_timeout(std::move(self));
  if (error) return;
  if (state_ == State::lingering) return read(std::move(self));  // dropped: not counted as received
  buffer_.received(size);
  process(std::move(self));
}

// Answers what the buffer holds, in order, until an answer or more input must be waited for.
void Connection::process(Self self) {
  while (next_request(self)) {
  }
}

bool Connection::next_request(const Self& self) {
  std::span<char> bytes = buffer_.bytes();
  for (; bytes.size() >= 2 && bytes[0] == '\r' && bytes[1] == '\n'; bytes = buffer_.bytes())
    buffer_.consume(2);
  if (bytes.empty()) {
    state_ = State::idle;
    buffer_.make_room();
    set_deadline(worker_.draining ? std::min(drain_idle, limits().idle_timeout) : limits().idle_timeout);
    read(self);
    return false;
  }
  if (bytes.size() == 1 && bytes[0] == '\r') return await_head(self);  // half an empty line
  method_ = {};
  const auto parsed = parse_head(bytes, fields_);
  if (parsed.state == HeadState::need_more) return await_head(self);
  if (parsed.state == HeadState::refused) return refuse(self, parsed.refusal);
  auto framed = frame(parsed.head, limits());
  method_ = parsed.head.method;
  if (auto* refusal = std::get_if<Refusal>(&framed)) return refuse(self, *refusal);
  framing_ = std::get<Framing>(framed);
  minor_version_ = parsed.head.minor_version;
  head_size_ = parsed.consumed;
  return framing_.content_length > 0 ? begin_body(self) : dispatch(self);
}

bool Connection::await_head(const Self& self) {
  if (state_ != State::head) {
    state_ = State::head;
    if (requests_ > 0) set_deadline(limits().header_timeout);  // the first one's runs since the accept
  }
  if (!buffer_.make_room()) {
    const auto bytes = buffer_.bytes();
    const bool in_target = std::find(bytes.begin(), bytes.end(), '\n') == bytes.end();
    return refuse(self, in_target ? Refusal{414, "The request target is too long."}
                                  : Refusal{431, "The header fields are too large."});
  }
  read(self);
  return false;
}

bool Connection::begin_body(const Self& self) {
  auto length = static_cast<std::size_t>(framing_.content_length);
  const auto behind = buffer_.bytes().subspan(head_size_);
  auto here = std::min(length, behind.size());
  body_.assign(behind.data(), here);
  body_received_ = here;
  head_size_ += here;  // what this request takes of the buffer
  if (here == length) return dispatch(self);
  state_ = State::body;
  began_ = Clock::now();
  if (framing_.expect_continue && here == 0) {
    // 25 bytes into an empty send buffer; a client that can't take them runs into the body's deadline.
    static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
    error_code ignored;
    socket_.write_some(asio::const_buffer(go_on.data(), go_on.size()), ignored);
  }
  read_body(self);
  return false;
}

void Connection::read_body(Self self) {
  deadline_ =
      std::min(transfer_deadline(began_, Clock::now(), body_received_), began_ + limits().body_timeout);
  auto missing = static_cast<std::size_t>(framing_.content_length) - body_received_;
  body_.resize(body_received_ + std::min(missing, body_step));
  asio::mutable_buffer space(body_.data() + body_received_, body_.size() - body_received_);
  socket_.async_read_some(space,
                          [this, self = std::move(self)](const error_code& error, std::size_t size) mutable {
                            if (timed_out_) return on_timeout(std::move(self));
                            if (error) return;
                            body_received_ += size;
                            if (body_received_ < framing_.content_length) return read_body(std::move(self));
                            body_.resize(body_received_);
                            if (dispatch(self)) process(std::move(self));
                          });
}

bool Connection::dispatch(const Self& self) {
  state_ = State::working;
  deadline_ = Clock::time_point::max();
  began_ = Clock::now();
  count_in_flight(true);
  keep_alive_ = framing_.keep_alive && ++requests_ < limits().requests_per_connection;
  new_request_id();
  const api::Request request{
      .method = framing_.method,
      .target = framing_.target,
      .path = framing_.path,
      .query = framing_.query,
      .headers = fields_,
      .body = framing_.content_length > 0 ? std::string_view(body_) : std::string_view(),
      .request_id = request_id()};
  auto plan = engine_.planner(request, worker_.generation);
  if (auto* response = std::get_if<api::Response>(&plan)) return respond(self, std::move(*response));
  auto& work = std::get<api::Work>(plan);
  return work.heavy ? offload(self, std::move(work)) : respond(self, work.run());
}

// The one place where work crosses threads: to the pool, and its answer back to this connection's thread.
bool Connection::offload(const Self& self, api::Work work) {
  auto& waiting = engine_.metrics.heavy_waiting;
  if (waiting.fetch_add(1) >= static_cast<std::int64_t>(engine_.options.heavy_queue)) {
    waiting.fetch_sub(1);
    return respond(self, api::problem(503, "The server is too busy for this request now.", request_id()));
  }
  auto task = [this, self, work = std::move(work)]() mutable {
    auto response = work.run();
    work = {};
    engine_.metrics.heavy_waiting.fetch_sub(1);
    auto done = [this, self = std::move(self), response = std::move(response)]() mutable {
      if (respond(self, std::move(response))) process(std::move(self));
    };
    asio::post(worker_.io, std::move(done));
  };
  asio::post(engine_.pool, std::move(task));
  return false;
}

// A refusal is answered, and nothing after it on this connection is looked at.
bool Connection::refuse(const Self& self, const Refusal& refusal) {
  began_ = Clock::now();
  count_in_flight(true);
  keep_alive_ = false;
  framing_ = {};
  new_request_id();
  return respond(self, api::problem(refusal.status, std::string(refusal.reason), request_id()));
}

bool Connection::respond(const Self& self, api::Response response) {
  response_ = std::move(response);
  if (worker_.draining) keep_alive_ = false;
  head_.clear();
  append_head(head_, response_,
              {.date = worker_.date_now(), .keep_alive = keep_alive_, .minor_version = minor_version_});
  const bool body = response_.body && method_ != "HEAD" && has_body(response_.status);
  parts_ = {asio::const_buffer(head_.data(), head_.size()),
            body ? asio::const_buffer(response_.body->data(), response_.body->size()) : asio::const_buffer()};
  to_send_ = parts_[0].size() + parts_[1].size();
  sent_ = 0;
  state_ = State::writing;
  if (write_some()) return finish_response(self);
  if (!broken_) write_rest(self);
  return false;
}

// Hands the kernel what it takes now; true where that was all.
bool Connection::write_some() {
  error_code error;
  auto size = socket_.write_some(parts_, error);
  broken_ = error && error != asio::error::would_block;
  sent_ += size;
  for (auto& part : parts_) {
    auto taken = std::min(size, part.size());
    part += taken;
    size -= taken;
  }
  return sent_ == to_send_;
}

void Connection::write_rest(Self self) {
  const auto now = Clock::now();
  if (state_ != State::blocked) {
    state_ = State::blocked;
    blocked_at_ = now;
    blocked_from_ = sent_;
  }
  deadline_ = transfer_deadline(blocked_at_, now, sent_ - blocked_from_);
  socket_.async_wait(tcp::socket::wait_write,
                     [this, self = std::move(self)](const error_code& error) mutable {
                       if (error) return;
                       if (!write_some()) return broken_ ? void() : write_rest(std::move(self));
                       if (finish_response(self)) process(std::move(self));
                     });
}

bool Connection::finish_response(const Self& self) {
  const auto took = Clock::now() - began_;
  engine_.metrics.record(response_.route, response_.status, took, sent_);
  if (engine_.options.access_log)
    engine_.log.write("info", "request",
                      {{"request_id", request_id()},
                       {"method", method_},
                       {"target", framing_.target},
                       {"status", response_.status},
                       {"bytes", sent_},
                       {"us", std::chrono::duration_cast<std::chrono::microseconds>(took).count()}});
  count_in_flight(false);
  response_ = {};
  if (body_.capacity() > body_step) body_ = {};
  if (!keep_alive_) {
    linger(self);
    return false;
  }
  buffer_.consume(head_size_);
  state_ = State::idle;
  return true;
}

// Our last byte is out. Closing with bytes unread would reset the connection and could take the answer with
// it, so what still comes is read and dropped until the other side closes, for a while.
void Connection::linger(Self self) {
  error_code ignored;
  socket_.shutdown(tcp::socket::shutdown_send, ignored);
  state_ = State::lingering;
  deadline_ = Clock::now() + limits().linger_timeout;
  buffer_.clear();
  buffer_.make_room();
  read(std::move(self));
}

void Connection::check_deadline(Clock::time_point now) {
  if (now < deadline_) return;
  deadline_ = Clock::time_point::max();
  error_code ignored;
  if (state_ == State::head || state_ == State::body) {
    timed_out_ = true;
    socket_.cancel(ignored);  // the read in flight ends in on_timeout()
  } else {
    socket_.close(ignored);
  }
}

void Connection::on_timeout(Self self) {
  timed_out_ = false;
  refuse(self, {408, "The request did not arrive in time."});
}

void Connection::drain() {
  if (state_ == State::idle) deadline_ = std::min(deadline_, Clock::now() + drain_idle);
}

void Connection::count_in_flight(bool in_flight) {
  if (in_flight_ == in_flight) return;
  in_flight_ = in_flight;
  engine_.metrics.in_flight.fetch_add(in_flight ? 1 : -1, std::memory_order_relaxed);
}

void Connection::new_request_id() {
  static constexpr char hex[] = "0123456789abcdef";
  auto id = worker_.request_ids++;
  for (auto digit = request_id_.rbegin(); digit != request_id_.rend(); ++digit, id >>= 4)
    *digit = hex[id & 15];
}

Engine::Engine(ServerOptions o, Planner p, api::Metrics& m, api::Log& l)
    : options(std::move(o)), planner(std::move(p)), metrics(m), log(l), pool(options.compute_threads) {
  std::random_device random;
  for (unsigned i = 0; i < options.io_threads; ++i) {
    workers.push_back(std::make_unique<Worker>());
    workers.back()->request_ids = std::uint64_t{random()} << 32;
  }
  error_code error;
  const auto address = asio::ip::make_address(options.host, error);
  if (error) throw std::runtime_error("host must be an IP address, not \"" + options.host + "\"");
  const tcp::endpoint endpoint(address, options.port);
  acceptor.emplace(workers[0]->io);
  accept_pause.emplace(workers[0]->io);
  acceptor->open(endpoint.protocol(), error);
  if (!error) acceptor->set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor->bind(endpoint, error);
  if (!error) acceptor->listen(tcp::acceptor::max_listen_connections, error);
  if (error)
    throw std::runtime_error("can't listen on " + options.host + " port " + std::to_string(options.port) +
                             ": " + error.message());
  port = acceptor->local_endpoint().port();
}

Engine::~Engine() {
  pool.stop();
  pool.join();
  for (auto& worker : workers) worker->io.stop();
  for (auto& worker : workers)
    if (worker->thread.joinable()) worker->thread.join();
}

void Engine::accept() {
  if (open.load() >= options.max_connections) return pause_accepting();
  acceptor->async_accept(workers[next_worker_]->io, [this](const error_code& error, tcp::socket socket) {
    accepted(error, std::move(socket));
  });
}

void Engine::accepted(const error_code& error, tcp::socket socket) {
  if (!acceptor->is_open()) return;
  if (!error) {
    accept_failing_ = false;
    hand_over(std::move(socket));
    return accept();
  }
  metrics.accept_errors.fetch_add(1);
  if (error == asio::error::connection_aborted) return accept();
  // Out of descriptors or memory: whoever is connected is served on, and a pause keeps this from spinning.
  if (!accept_failing_) log.write("error", "accept_failed", {{"reason", error.message()}});
  accept_failing_ = true;
  pause_accepting();
}

void Engine::hand_over(tcp::socket socket) {
  Worker& worker = *workers[next_worker_];
  next_worker_ = (next_worker_ + 1) % workers.size();
  open.fetch_add(1);
  metrics.accepted.fetch_add(1, std::memory_order_relaxed);
  asio::post(worker.io, [this, &worker, s = std::move(socket)]() mutable {
    std::make_shared<Connection>(*this, worker, std::move(s))->start();
  });
}

void Engine::pause_accepting() {
  accept_pause->expires_after(accept_pause_time);
  accept_pause->async_wait([this](const error_code& error) {
    if (!error && acceptor->is_open()) accept();
  });
}

// Who has connected before this is served: the queue is emptied before the socket is closed.
void Engine::stop_accepting() {
  error_code error;
  acceptor->non_blocking(true, error);
  while (!error) {
    tcp::socket socket(workers[next_worker_]->io);
    acceptor->accept(socket, error);
    if (!error) hand_over(std::move(socket));
  }
  acceptor->close(error);
  accept_pause->cancel();
}

void Engine::sweep(Worker& worker) {
  worker.sweep.expires_after(sweep_every);
  worker.sweep.async_wait([this, &worker](const error_code& error) {
    if (error) return;
    const auto now = Clock::now();
    for (Connection* connection : worker.connections) connection->check_deadline(now);
    sweep(worker);
  });
}

void Engine::run(Worker& worker) {
  for (;;) try {
      worker.io.run();
      return;
    } catch (const std::exception& e) {  // out of memory, say: costs the connection whose handler threw
      log.write("error", "connection_failed", {{"reason", e.what()}});
    }
}

Server::Server(ServerOptions options, Planner planner, api::Metrics& metrics, api::Log& log)
    : engine_(std::make_unique<Engine>(std::move(options), std::move(planner), metrics, log)) {}

Server::~Server() = default;

void Server::start() {
  engine_->accept();
  for (auto& worker : engine_->workers) {
    engine_->sweep(*worker);
    worker->thread = std::thread([engine = engine_.get(), &worker = *worker] { engine->run(worker); });
  }
}

void Server::publish(const api::Generation& generation) {
  for (auto& worker : engine_->workers)
    asio::post(worker->io, [&worker = *worker, generation] { worker.generation = generation; });
}

void Server::drain() {
  std::promise<void> closed;
  asio::post(engine_->workers[0]->io, [&] {
    engine_->stop_accepting();
    closed.set_value();
  });
  closed.get_future().wait();
  for (auto& worker : engine_->workers)
    asio::post(worker->io, [&worker = *worker] {
      worker.draining = true;
      for (Connection* connection : worker.connections) connection->drain();
    });
}

void Server::stop() { engine_.reset(); }

unsigned short Server::port() const { return engine_->port; }

std::string Server::url() const {
  const std::string& host = engine_->options.host;
  return "http://" + (host.find(':') == host.npos ? host : '[' + host + ']') + ':' + std::to_string(port());
}

std::size_t Server::connections() const { return engine_->open.load(); }

}  // namespace jobmap::http
