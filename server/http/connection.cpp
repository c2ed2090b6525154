#include "http/connection.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <cmath>
#include <span>

#include "http/head_parser.hpp"

namespace jobmap::http {
namespace {

constexpr auto drain_idle = std::chrono::milliseconds(1000);  // a kept connection may still bring a request
constexpr auto no_memory_pause = std::chrono::milliseconds(1);
constexpr std::string_view busy = "The server is too busy for this request now.";
constexpr std::size_t body_step = 16384;  // a body's memory grows as it arrives, not as it is announced

// What a guest may ask.
bool is_own_page(std::string_view path) {
  return path == "/health" || path == "/ready" || path == "/metrics";
}

// What can't even be refused for want of memory is answered by what was made at the start.
api::Plan plan_or_failure(const Engine& engine, const api::Request& request,
                          const api::Generation& generation) noexcept {
  try {
    return engine.planner(request, generation);
  } catch (...) {
    return engine.failure;
  }
}
api::Response run_or_failure(const Engine& engine, const api::Work& work) noexcept {
  try {
    return work.run();
  } catch (...) {
    return engine.failure;
  }
}

}  // namespace

void Connection::start() {
  error_code ignored;
  socket_.set_option(tcp::no_delay(true), ignored);
  socket_.non_blocking(true, ignored);
  set_deadline(limits().header_timeout);
  if (worker_.draining) drain();
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
  if (bytes.empty() || (bytes.size() == 1 && bytes[0] == '\r')) {  // nothing, or half an empty line
    buffer_.make_room();
    read(self);
    return false;
  }
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
  keep_alive_ = framing_.keep_alive && ++requests_ < limits().requests_per_connection && !seat_.guest();
  new_request_id();
  if (seat_.guest() && !is_own_page(framing_.path))
    return respond(self, api::problem(503, "There are too many connections.", request_id()));
  join_lists(fields_, joined_);
  const api::Request request{
      .method = framing_.method,
      .target = framing_.target,
      .path = framing_.path,
      .query = framing_.query,
      .headers = fields_,
      .body = framing_.content_length > 0 ? std::string_view(body_) : std::string_view(),
      .request_id = request_id()};
  const auto client = rated_client();
  if (client)
    if (auto response = over_rate(*client)) return respond(self, *std::move(response));
  auto plan = plan_or_failure(engine_, request, worker_.generation);
  if (auto* response = std::get_if<api::Response>(&plan)) return respond(self, std::move(*response));
  if (auto* wait = std::get_if<api::Wait>(&plan)) {
    begin_answer(wait->route);
    return await_answer(self, *wait);
  }
  auto& work = std::get<api::Work>(plan);
  begin_answer(work.route);
  if (client) engine_.rate_limit.charge(*client, work.cost_us / 1000, began_);
  return work.heavy ? offload(self, std::move(work)) : respond(self, run_or_failure(engine_, work));
}

// Nobody where there is no limit, for what tells of our health, and for a proxy of ours that asks for itself.
std::optional<std::uint64_t> Connection::rated_client() const {
  if (!engine_.rate_limit.on() || is_own_page(framing_.path)) return std::nullopt;
  const auto& proxies = engine_.options.trusted_proxies;
  const auto client = client_of(peer_, fields_, proxies);
  if (proxies.hold(client)) return std::nullopt;
  return client_key(client);
}

std::optional<api::Response> Connection::over_rate(std::uint64_t client) {
  const auto wait = engine_.rate_limit.take(client, began_);
  if (wait <= RateLimit::Seconds::zero()) return std::nullopt;
  engine_.metrics.limited.fetch_add(1, std::memory_order_relaxed);
  auto response = api::problem(429, "This client asks too much; see Retry-After.", request_id());
  response.headers.emplace_back("Retry-After", std::to_string(static_cast<long>(std::ceil(wait.count()))));
  return response;
}

// The one place where work crosses threads: to the pool, and its answer back to this connection's thread.
bool Connection::offload(const Self& self, api::Work work) {
  if (!engine_.admit(work.cost_us)) {
    engine_.metrics.refused.fetch_add(1, std::memory_order_relaxed);
    return respond(self, api::problem(503, busy, request_id()));
  }
  const double cost_us = work.cost_us;
  try {
    worker_.at_work.insert(self);
    asio::post(engine_.pool, [this, work = std::move(work)]() mutable { work_off(std::move(work)); });
  } catch (const std::exception&) {
    worker_.at_work.erase(self);
    engine_.dismiss(cost_us);
    return respond(self, engine_.failure);
  }
  return false;
}

// On a thread of the pool, which doesn't own the connection: it must not end here. Its own thread leaves
// response_ alone until the answer is posted. Without memory for the post, the answer waits.
void Connection::work_off(api::Work work) noexcept {
  auto response = run_or_failure(engine_, work);
  engine_.dismiss(work.cost_us);
  work = {};
  come_back(std::move(response));
}

// The answer that another connection's work is making.
bool Connection::await_answer(const Self& self, const api::Wait& wait) {
  try {
    worker_.at_work.insert(self);
    wait.then([this](api::Response response) { come_back(std::move(response)); });
  } catch (const std::exception&) {
    worker_.at_work.erase(self);
    return respond(self, engine_.failure);
  }
  return false;
}

// From any thread to this connection's own.
void Connection::come_back(api::Response response) noexcept {
  response_ = std::move(response);
  for (;;) try {
      return asio::post(worker_.io, [this] {
        const Self self = shared_from_this();
        worker_.at_work.erase(self);
        if (respond(self, std::move(response_))) process(self);
      });
    } catch (const std::exception&) {
      std::this_thread::sleep_for(no_memory_pause);
    }
}

// A refusal is answered, and nothing after it on this connection is looked at.
bool Connection::refuse(const Self& self, const Refusal& refusal) {
  began_ = Clock::now();
  count_in_flight(true);
  keep_alive_ = false;
  framing_ = {};
  fields_.clear();  // the buffer may have moved since
  new_request_id();
  return respond(self, api::problem(refusal.status, std::string(refusal.reason), request_id()));
}

bool Connection::respond(const Self& self, api::Response response) {
  const auto size = response.body ? response.body->size() : 0;
  if (engine_.unsent_bytes.load(std::memory_order_relaxed) + size > engine_.options.unsent_bytes) {
    engine_.metrics.refused.fetch_add(1, std::memory_order_relaxed);
    response = api::problem(503, busy, request_id());
  }
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
    held_ = parts_[1].size();
    engine_.unsent_bytes.fetch_add(held_, std::memory_order_relaxed);
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
  const auto now = Clock::now();
  const auto took = now - began_;
  engine_.metrics.record(response_.route, response_.status, took, sent_, response_.from_cache);
  if (engine_.options.access_log_sample > 0)
    log_answer(std::chrono::duration_cast<std::chrono::microseconds>(took));
  count_in_flight(false);
  release_body();
  response_ = {};
  if (body_.capacity() > body_step) body_ = {};
  if (!keep_alive_) {
    linger(self);
    return false;
  }
  buffer_.consume(head_size_);
  state_ = State::idle;
  deadline_ = now + (worker_.draining ? std::min(drain_idle, limits().idle_timeout) : limits().idle_timeout);
  return true;
}

// One in so many, and all that went wrong here.
void Connection::log_answer(std::chrono::microseconds took) {
  if (++worker_.unlogged < engine_.options.access_log_sample && response_.status < 500) return;
  worker_.unlogged = 0;
  const auto client = to_text(client_of(peer_, fields_, engine_.options.trusted_proxies));
  engine_.log.write("info", "request",
                    {{"request_id", request_id()},
                     {"client", client},
                     {"method", method_},
                     {"target", framing_.target},
                     {"status", response_.status},
                     {"bytes", sent_},
                     {"us", took.count()}});
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
  if (!in_flight && begun_) engine_.metrics.end(*std::exchange(begun_, std::nullopt));
}

void Connection::begin_answer(std::size_t route) {
  begun_ = route;
  engine_.metrics.begin(route);
}

void Connection::release_body() {
  engine_.unsent_bytes.fetch_sub(std::exchange(held_, 0), std::memory_order_relaxed);
}

void Connection::new_request_id() {
  static constexpr char hex[] = "0123456789abcdef";
  auto id = worker_.request_ids++;
  for (auto digit = request_id_.rbegin(); digit != request_id_.rend(); ++digit, id >>= 4)
    *digit = hex[id & 15];
}

}  // namespace jobmap::http
