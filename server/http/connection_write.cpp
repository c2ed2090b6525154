// How a connection's answer leaves: at once, or as the client takes it.
#include <algorithm>
#include <boost/asio/post.hpp>
#include <cstdio>
#include <utility>

#include "server/http/connection.hpp"
#include "server/http/logged_target.hpp"

namespace jobmap::http {
namespace {

constexpr std::size_t burst = 16;
// Answers of up to this size (health, refusals) are sent however many bytes others have left unread.
constexpr std::size_t always_small = 4096;

}  // namespace

// A refusal is answered, and nothing after it on this connection is looked at.
bool Connection::refuse(const Self& self, const Refusal& refusal) {
  began_ = Clock::now();
  count_in_flight(true);
  keep_alive_ = false;
  framing_ = {};
  fields_.clear();  // the buffer may have moved since
  cost_ = {};
  new_request_id();
  return respond(self, api::problem(refusal.status, std::string(refusal.reason), request_id()));
}

bool Connection::respond(const Self& self, api::Response response) {
  const auto size = response.body ? response.body->size() : 0;
  const bool own = admin_ || is_own_page(framing_.path);
  if (size > always_small && !own && !engine_.unsent.has_room(client(), size, response.body.get())) {
    engine_.metrics.refused.fetch_add(1, std::memory_order_relaxed);
    response = too_busy(engine_.long_lane);
  }
  response_ = std::move(response);
  if (engine_.options.debug_cost) add_cost(response_);
  if (worker_.draining) keep_alive_ = false;
  head_.clear();
  append_head(head_, response_,
              {.date = worker_.date_now(),
               .keep_alive = keep_alive_,
               .minor_version = minor_version_,
               .cross_origin = !admin_});
  const bool body = response_.body && method_ != "HEAD" && has_body(response_.status);
  parts_ = {asio::const_buffer(head_.data(), head_.size()),
            body ? asio::const_buffer(response_.body->data(), response_.body->size()) : asio::const_buffer()};
  to_send_ = parts_[0].size() + parts_[1].size();
  sent_ = 0;
  state_ = State::writing;
  deadline_ = Clock::time_point::max();
  if (leave_together(self)) return false;
  if (write_some()) return finish_response(self);
  if (!broken_) write_rest(self);
  return false;
}

// Answers to what had come when this thread last looked leave one right after the other: each write may wake
// the client's thread, and one that is awake takes several. Not too many wait for each other. False where
// this one had better be written at once.
bool Connection::leave_together(const Self& self) {
  auto& box = worker_.outbox;
  try {
    box.reserve(2 * burst);
    if (box.size() == box.capacity()) return false;
    if (box.empty()) asio::post(worker_.io, [&worker = worker_] { send_all(worker); });
  } catch (const std::exception&) {
    return false;
  }
  box.push_back(self);
  if (box.size() >= burst && !worker_.sending) send_all(worker_);
  return true;
}

// The next request of each connection is looked at once all these answers have left.
void Connection::send_all(Worker& worker) {
  worker.sending = true;
  auto leaving = std::exchange(worker.outbox, {});
  for (auto& connection : leaving)
    if (!connection->write_some()) {
      if (!connection->broken_) connection->write_rest(connection);
      connection = nullptr;
    }
  std::exception_ptr failure;  // of one connection, which ends by it
  for (const auto& connection : leaving) try {
      if (connection && connection->finish_response(connection)) connection->process(connection);
    } catch (...) {
      failure = std::current_exception();
    }
  worker.sending = false;
  if (failure) std::rethrow_exception(failure);
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
    blocked_at_ = waiting_since_ = now;
    blocked_from_ = sent_;
    // Counted once it is held, so that whatever throws leaves the sums right.
    const auto size = parts_[1].size();
    held_by_ = client();
    if (size) engine_.unsent.hold(held_by_, size, response_.body.get());
    held_ = size;
  }
  deadline_ = transfer_deadline(blocked_at_, now, sent_ - blocked_from_);
  socket_.async_wait(tcp::socket::wait_write,
                     [this, self = std::move(self)](const error_code& error) mutable {
                       if (error) return;
                       const auto before = sent_;
                       const bool done = write_some();
                       if (sent_ > before) waiting_since_ = Clock::now();
                       if (!done) return broken_ ? void() : write_rest(std::move(self));
                       if (finish_response(self)) process(std::move(self));
                     });
}

bool Connection::finish_response(const Self& self) {
  const auto now = Clock::now();
  const auto took = now - began_;
  engine_.metrics.record(response_.route, response_.status, took, sent_, response_.from_cache,
                         response_.rows_visited);
  if (engine_.options.access_log_sample > 0)
    log_answer(std::chrono::duration_cast<std::chrono::microseconds>(took));
  count_in_flight(false);
  release_body();
  response_ = {};
  body_ = nullptr;
  release_unread();
  admitted_ = false;
  if (!keep_alive_) {
    linger(self);
    return false;
  }
  buffer_.consume(head_size_);
  state_ = State::idle;
  waiting_since_ = now;
  deadline_ = now + (worker_.draining ? std::min(drain_idle, limits().idle_timeout) : limits().idle_timeout);
  return true;
}

// Logs one answer in so many, and all that failed here.
void Connection::log_answer(std::chrono::microseconds took) {
  if (++worker_.unlogged < engine_.options.access_log_sample && response_.status < 500) return;
  worker_.unlogged = 0;
  const auto client = to_text(client_of(peer_, fields_, engine_.options.trusted_proxies));
  engine_.log.write("info", "request",
                    {{"request_id", request_id()},
                     {"client", client},
                     {"method", method_},
                     {"target", logged_target(framing_.target)},
                     {"status", response_.status},
                     {"bytes", sent_},
                     {"us", took.count()}});
}

void Connection::add_cost(api::Response& response) const {
  char text[96];
  std::snprintf(text, sizeof text, "cpu=%.3f, estimate=%.3f, heavy=%d", cost_.cpu_us / 1000,
                cost_.estimate_us / 1000, cost_.heavy);
  response.headers.emplace_back("Jobmap-Cost", text);
}

void Connection::release_body() {
  if (held_) engine_.unsent.release(held_by_, std::exchange(held_, 0), response_.body.get());
}

}  // namespace jobmap::http
