// A request leads to a plan; this file takes the plan to its answer, over a pool where its work takes long,
// and back.
#include <poll.h>

#include <boost/asio/post.hpp>
#include <ctime>

#include "server/http/connection.hpp"

namespace jobmap::http {
namespace {

constexpr auto no_memory_pause = std::chrono::milliseconds(1);
constexpr auto look_at_clients_every = std::chrono::milliseconds(20);
constexpr auto ask_again_after = std::chrono::seconds(1);
constexpr auto stall = std::chrono::milliseconds(20);

double thread_cpu_us() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) * 1e6 + static_cast<double>(t.tv_nsec) * 1e-3;
}

// If even the error can't be allocated, the 500 built at startup is the answer.
api::Plan plan_or_failure(const Engine& engine, const api::Request& request,
                          const api::Generation& generation) noexcept {
  try {
    return engine.handlers.plan(request, generation);
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
std::optional<api::Response> run_within(const Engine& engine, const api::Work& work,
                                        std::chrono::microseconds time) noexcept {
  try {
    return work.run_within ? work.run_within(time) : work.run();
  } catch (...) {
    return engine.failure;
  }
}

}  // namespace

api::Request Connection::request() const {
  return {.method = framing_.method,
          .target = framing_.target,
          .path = framing_.path,
          .query = framing_.query,
          .headers = fields_,
          .body = body_ ? std::string_view(*body_) : std::string_view(),
          .request_id = request_id(),
          .client = client(),
          .admin = admin_,
          .whole_body = body_};
}

// A client without a seat or above its rate is told so before its body is read. Pages about our health are
// free.
std::optional<api::Response> Connection::turn_away() {
  cost_ = {};
  rated_ = std::nullopt;
  join_lists(fields_, joined_);
  if (admin_ || is_own_page(framing_.path)) return std::nullopt;
  if (seat_.guest() && !seat_.claim())
    return api::problem(503, "There are too many connections.", request_id());
  if (engine_.rate_limit.on()) rated_ = client();
  return rated_ ? over_rate(*rated_) : std::nullopt;
}

bool Connection::dispatch(const Self& self) {
  state_ = State::working;
  deadline_ = Clock::time_point::max();
  began_ = Clock::now();
  worker_.busy_since.store(
      std::chrono::duration_cast<std::chrono::nanoseconds>(began_.time_since_epoch()).count(),
      std::memory_order_relaxed);
  count_in_flight(true);
  engine_.take_published(worker_);
  std::optional<api::Response> refused;
  if (!admitted_) {
    new_request_id();
    refused = turn_away();
  }
  keep_alive_ = framing_.keep_alive && ++requests_ < limits().requests_per_connection && !seat_.guest();
  if (refused) return answer(self, *std::move(refused));
  const bool measured = engine_.options.debug_cost;
  const double before = measured ? thread_cpu_us() : 0;
  auto plan = plan_or_failure(engine_, request(), worker_.generation);
  if (measured) cost_.cpu_us = thread_cpu_us() - before;
  // A query in a body, or many names to look up, take longer than the least charge of a request covers.
  constexpr double most_us = 500;
  const auto us = std::chrono::duration<double, std::micro>(Clock::now() - began_).count();
  if (framing_.content_length > 0 || us > most_us) charge(us);
  return answer(self, std::move(plan));
}

bool Connection::answer(const Self& self, api::Plan plan) {
  if (auto* response = std::get_if<api::Response>(&plan)) {
    end_stall(request_id());
    return respond(self, std::move(*response));
  }
  if (auto* wait = std::get_if<api::Wait>(&plan)) {
    begin_answer(wait->route);
    end_stall(request_id());
    return await_answer(self, *wait);
  }
  auto& work = std::get<api::Work>(plan);
  begin_answer(work.route);
  cost_.estimate_us = work.cost_us;
  cost_.heavy = work.heavy;
  spent_us_ = charged_us_ = 0;
  if (!work.heavy) {
    charge(work.cost_us);
    const bool measured = engine_.options.debug_cost;
    const double before = measured ? thread_cpu_us() : 0;
    auto response = run_within(engine_, work, Engine::inline_budget);
    if (measured) cost_.cpu_us += thread_cpu_us() - before;
    end_stall(request_id());
    if (response) return respond(self, *std::move(response));
    engine_.metrics.outgrown.fetch_add(1, std::memory_order_relaxed);
    spent_us_ += static_cast<double>(Engine::inline_budget.count());
    work.cost_us = std::max(work.cost_us, Engine::short_us);
  }
  end_stall(request_id());
  return offload(self, std::move(work));
}

// A client pays for the estimate when its work is admitted, and in the end for what the work took: the rest
// is taken then, or given back.
void Connection::charge(double us) {
  if (rated_) engine_.rate_limit.charge(*rated_, us / 1000, Clock::now());
  charged_us_ += us;
}
void Connection::settle() { charge(spent_us_ - charged_us_); }

// The request in hand is no longer on this thread.
void Connection::end_stall(std::string_view id) {
  const auto since = worker_.busy_since.exchange(0, std::memory_order_relaxed);
  if (since == 0) return;
  if (const auto held = Clock::now() - began_; held > stall) engine_.note_stall(worker_, since, id, held);
}

std::optional<std::uint64_t> Connection::client() const {
  const auto& proxies = engine_.options.trusted_proxies;
  const auto client = client_of(peer_, fields_, proxies);
  if (proxies.hold(client)) return std::nullopt;
  return client_key(client);
}

std::optional<api::Response> Connection::over_rate(std::uint64_t client) {
  const auto wait = engine_.rate_limit.take(client, began_);
  if (wait <= RateLimit::Seconds::zero()) return std::nullopt;
  engine_.metrics.limited.fetch_add(1, std::memory_order_relaxed);
  return api::retry_later(429, "This client asks too much; see Retry-After.", request_id(),
                          std::chrono::ceil<std::chrono::seconds>(wait));
}

api::Response Connection::too_busy(const Lane& lane) const {
  return api::retry_later(503, "The server is too busy for this request now; see Retry-After.", request_id(),
                          std::chrono::ceil<std::chrono::seconds>(lane.wait()));
}

api::Response Connection::no_room() const {
  engine_.metrics.refused.fetch_add(1, std::memory_order_relaxed);
  return api::retry_later(503, "Too many bodies are on their way for this one now; see Retry-After.",
                          request_id(), std::chrono::seconds(1));
}

// The one place where work crosses threads: to a pool, and its answer back to this connection's thread.
bool Connection::offload(const Self& self, api::Work work) {
  const bool is_short = work.cost_us <= Engine::short_us;
  Lane& lane = is_short ? engine_.short_lane : engine_.long_lane;
  if (!lane.admit(work.cost_us)) {
    engine_.metrics.refused.fetch_add(1, std::memory_order_relaxed);
    settle();
    return respond(self, too_busy(lane));
  }
  charge(work.cost_us - charged_us_);
  engine_.metrics.heavy_waiting.fetch_add(1);
  const double cost_us = work.cost_us;
  try {
    keep_at_work(self, work.audience);
    asio::post(lane.pool(), [this, &lane, is_short, work = std::move(work)]() mutable {
      work_off(std::move(work), lane, is_short);
    });
  } catch (const std::exception&) {
    worker_.at_work.erase(self);
    lane.dismiss(cost_us);
    engine_.metrics.heavy_waiting.fetch_sub(1);
    return respond(self, engine_.failure);
  }
  return false;
}

// On a thread of a pool, which doesn't own the connection: it must not end here. Its own thread leaves
// response_ and cost_ alone until the answer is posted. What was thought to be short and isn't begins again
// in the other lane.
void Connection::work_off(api::Work work, Lane& lane, bool may_give_up) noexcept {
  auto response = run_on_pool(work, may_give_up);
  lane.dismiss(work.cost_us);
  if (!response) {
    engine_.metrics.outgrown.fetch_add(1, std::memory_order_relaxed);
    work.cost_us = std::max(work.cost_us, static_cast<double>(Engine::short_budget.count()));
    Lane& other = engine_.long_lane;
    if (other.admit(work.cost_us)) {
      try {
        return asio::post(other.pool(),
                          [this, &other, work]() mutable { work_off(std::move(work), other, false); });
      } catch (const std::exception&) {
        other.dismiss(work.cost_us);
        response = engine_.failure;
      }
    } else {
      engine_.metrics.refused.fetch_add(1, std::memory_order_relaxed);
      try {
        response = too_busy(other);
      } catch (const std::exception&) {
        response = engine_.failure;
      }
    }
  }
  engine_.metrics.heavy_waiting.fetch_sub(1);
  settle();
  work = {};
  come_back(*std::move(response));
}

std::optional<api::Response> Connection::run_on_pool(const api::Work& work, bool may_give_up) {
  const double before = thread_cpu_us();
  auto response = may_give_up ? run_within(engine_, work, Engine::short_budget)
                              : std::optional(run_or_failure(engine_, work));
  const double took = thread_cpu_us() - before;
  cost_.cpu_us += took;
  spent_us_ += took;
  return response;
}

// The answer that another connection's work is making.
bool Connection::await_answer(const Self& self, const api::Wait& wait) {
  try {
    keep_at_work(self, wait.audience);
    wait.then([this](api::Response response) { come_back(std::move(response)); });
  } catch (const std::exception&) {
    worker_.at_work.erase(self);
    return respond(self, engine_.failure);
  }
  return false;
}

// Hands the answer from any thread to this connection's own.
void Connection::come_back(api::Response response) noexcept {
  response_ = std::move(response);
  for (;;) try {
      return asio::post(worker_.io, [this] {
        const Self self = shared_from_this();
        worker_.at_work.erase(self);
        audience_ = nullptr;
        if (response_.cancelled) engine_.metrics.cancelled.fetch_add(1, std::memory_order_relaxed);
        if (gone_) return;  // and nobody is left to be answered
        if (respond(self, std::move(response_))) process(self);
      });
    } catch (const std::exception&) {
      std::this_thread::sleep_for(no_memory_pause);
    }
}

void Connection::keep_at_work(const Self& self, std::shared_ptr<api::Audience> audience) {
  worker_.at_work.insert(self);
  audience_ = std::move(audience);
  next_question_ = {};
  watch_clients(engine_, worker_);
}

// While a pool has requests of this thread's connections, it looks whether their clients are still there;
// whoever has gone leaves the audience of its answer.
void Connection::watch_clients(Engine& engine, Worker& worker) {
  if (worker.watching || worker.at_work.empty()) return;
  worker.watch.expires_after(look_at_clients_every);
  worker.watch.async_wait([&engine, &worker](const error_code& error) {
    worker.watching = false;
    if (error) return;
    std::vector<pollfd> sockets;
    std::vector<Connection*> of;
    for (const auto& connection : worker.at_work) {
      if (!connection->audience_) continue;
      sockets.push_back({connection->socket_.native_handle(), POLLRDHUP, 0});
      of.push_back(connection.get());
    }
    if (::poll(sockets.data(), sockets.size(), 0) > 0)
      for (std::size_t i = 0; i < of.size(); ++i)
        if (sockets[i].revents && of[i]->has_gone(sockets[i].revents)) {
          of[i]->gone_ = true;
          std::exchange(of[i]->audience_, nullptr)->leave();
        }
    watch_clients(engine, worker);
  });
  worker.watching = true;
}

// A client that has closed its half may still wait for the answer. It is sent an interim one: a client that
// waits passes over it (RFC 9110, 15.2), and the system of one that doesn't resets the connection. HTTP/1.0
// has no interim answers.
bool Connection::has_gone(short events) {
  if (events & (POLLERR | POLLHUP | POLLNVAL)) return true;
  const auto now = Clock::now();
  if (minor_version_ == 0) return true;
  if (now < next_question_) return false;
  next_question_ = now + ask_again_after;
  static constexpr std::string_view processing = "HTTP/1.1 102 Processing\r\n\r\n";
  error_code error;
  const auto size = socket_.write_some(asio::const_buffer(processing.data(), processing.size()), error);
  if (error == asio::error::would_block) return false;  // it is slow to take what came before
  return error || size < processing.size();
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

void Connection::new_request_id() {
  static constexpr char hex[] = "0123456789abcdef";
  auto id = worker_.request_ids++;
  for (auto digit = request_id_.rbegin(); digit != request_id_.rend(); ++digit, id >>= 4)
    *digit = hex[id & 15];
}

}  // namespace jobmap::http
