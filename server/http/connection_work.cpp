// What a connection's request leads to: a plan, and where that is heavy work, its way to the pool and back.
#include <boost/asio/post.hpp>

#include "http/connection.hpp"

namespace jobmap::http {
namespace {

constexpr auto no_memory_pause = std::chrono::milliseconds(1);

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
      .request_id = request_id(),
      .client = client()};
  // What tells of our health is free.
  const auto rated = engine_.rate_limit.on() && !is_own_page(framing_.path) ? request.client : std::nullopt;
  if (rated)
    if (auto response = over_rate(*rated)) return respond(self, *std::move(response));
  auto plan = plan_or_failure(engine_, request, worker_.generation);
  if (auto* response = std::get_if<api::Response>(&plan)) return respond(self, std::move(*response));
  if (auto* wait = std::get_if<api::Wait>(&plan)) {
    begin_answer(wait->route);
    return await_answer(self, *wait);
  }
  auto& work = std::get<api::Work>(plan);
  begin_answer(work.route);
  if (rated) engine_.rate_limit.charge(*rated, work.cost_us / 1000, began_);
  return work.heavy ? offload(self, std::move(work)) : respond(self, run_or_failure(engine_, work));
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

api::Response Connection::too_busy() const {
  return api::retry_later(503, "The server is too busy for this request now; see Retry-After.", request_id(),
                          std::chrono::ceil<std::chrono::seconds>(engine_.wait()));
}

// The one place where work crosses threads: to the pool, and its answer back to this connection's thread.
bool Connection::offload(const Self& self, api::Work work) {
  if (!engine_.admit(work.cost_us)) {
    engine_.metrics.refused.fetch_add(1, std::memory_order_relaxed);
    return respond(self, too_busy());
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
