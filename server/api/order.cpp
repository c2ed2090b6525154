#include "server/api/order.hpp"

#include <algorithm>

#include "data/index/snapshot.hpp"
#include "server/api/coarse_numbers.hpp"
#include "server/api/log.hpp"
#include "server/api/negotiate.hpp"
#include "server/api/problem.hpp"

namespace jobmap::api {
namespace {

// Microseconds: some a body and some a byte, by coding and effort (server/api/coding.cpp).
double packing_us(Coding coding, Effort effort, double bytes) {
  const bool thorough = effort != Effort::fast;
  switch (coding) {
    case Coding::identity:
      return 0;
    case Coding::gzip:
      return 50 + bytes * (thorough ? 0.06 : 0.02);
    case Coding::br:
      return 50 + bytes * (thorough ? 0.1 : 0.008);
    case Coding::zstd:
      return 50 + bytes * (thorough ? 0.1 : 0.005);
  }
  return 0;
}
constexpr Failure no_memory{503, "Not enough memory for this request now."};
constexpr Failure too_long{
    503, "This query takes longer than is allowed here; ask of a smaller place or of fewer texts."};
constexpr Failure nobody_waits{503, "Nobody waits for this answer any more."};
constexpr Failure unmade{503, "The server is too busy for this request now."};

Response response_of(const Outcome& outcome, std::string_view cache_control, std::string_view request_id) {
  if (const auto* kept = std::get_if<Kept>(&outcome)) return response_of(*kept, cache_control);
  if (const auto* error = std::get_if<query::Error>(&outcome)) return problem(*error, request_id);
  const auto& failure = std::get<Failure>(outcome);
  return problem(failure.status, failure.detail, request_id);
}

// Answers to longer bodies aren't cached, and their ETag is computed with the answer, on a pool: each copy of a
// megabyte is new memory, and hashing it takes milliseconds. So equal long bodies are each worked on.
constexpr std::size_t longest_kept_body = 64 << 10;
bool has_long_body(const Prepared& prepared) {
  return prepared.posted && prepared.posted->size() > longest_kept_body;
}

bool is_immutable(std::string_view cache_control) { return cache_control.ends_with("immutable"); }

}  // namespace

Response response_of(const Kept& kept, std::string_view cache_control) {
  Response response = kept->response;
  response.cache_control = cache_control;
  response.from_cache = true;
  return response;
}

void log_failure(Log& log, std::string_view request_id, std::string_view reason) {
  log.write("error", "request_failed",
            {{"request_id", request_id}, {"reason", coarse_numbers(reason, Which::precise)}});
}

// Tells the others, whatever happens.
class Order::Lead {
 public:
  Lead(std::shared_ptr<AnswerCache> cache, std::shared_ptr<Flight> flight)
      : cache_(std::move(cache)), flight_(std::move(flight)) {}
  ~Lead() {
    if (cache_) cache_->land(flight_, unmade);
  }
  void land(const Outcome& outcome) {
    cache_->land(flight_, outcome);  // where this throws, the others are told in the end
    cache_ = nullptr;
  }

 private:
  std::shared_ptr<AnswerCache> cache_;
  const std::shared_ptr<Flight> flight_;
};

Order::Order(Prepared p, std::string question, const Call& call, const CodingChoice& coding)
    : prepared(std::move(p)),
      cache(prepared.stamped || has_long_body(prepared) ? nullptr : call.snapshot.answers()),
      coding_(coding),
      effort_(is_immutable(prepared.cache_control) ? Effort::kept : Effort::fast),
      question_(std::move(question)),
      generation_(call.snapshot->generation),
      timeout_(call.query_timeout),
      ends_(geo::Deadline::Clock::now() + timeout_) {
  (question_ += '\n') += media_type(prepared.format);
  (question_ += '\n') += call.public_base;
  plain_.label = "identity";
  if (coding.coding == Coding::identity) {
    coded_.label = plain_.label;
  } else {
    // Another effort gives other bytes, and so does packing what needn't be.
    coded_.label = name_of(coding.coding);
    if (effort_ == Effort::kept) coded_.label += " kept";
    if (coding.must) coded_.label += " must";
  }
  if (!has_long_body(prepared)) give_names();
}

void Order::give_names() {
  const auto name = [&](Name& one) {
    one.etag = tag(one);
    one.key = question_ + '\n';
    if (prepared.posted) (one.key += *prepared.posted) += '\n';
    one.key += one.label;
  };
  name(plain_);
  if (coding_.coding == Coding::identity) {
    coded_ = plain_;
  } else {
    name(coded_);
    if (cache) source_ = cache->find(plain_.key);
  }
}

std::string Order::tag(const Name& name) const {
  const std::string_view body = prepared.posted ? std::string_view(*prepared.posted) : std::string_view();
  return (prepared.stamped ? "W/" : "") + make_etag({generation_, question_, body, name.label});
}

double Order::cost_us() const {
  // The deadline bounds it, whatever the estimate says.
  const double most_us = std::chrono::duration<double, std::micro>(timeout_).count();
  if (!source_)
    return std::min(most_us, prepared.cost_us + packing_us(coding_.coding, effort_, prepared.body_bytes));
  const auto& body = source_->response.body;  // none where the answer is 204
  const double bytes = body ? static_cast<double>(body->size()) : 0;
  return std::min(most_us, packing_us(coding_.coding, effort_, bytes));
}

std::optional<Wait> Order::board() {
  auto [flight, first] = cache->board(key());
  if (first) {
    of_flight_ = flight->audience;
    lead_ = std::make_shared<Lead>(cache, std::move(flight));
    return std::nullopt;
  }
  cache->counters().joined.fetch_add(1, std::memory_order_relaxed);
  const auto& audience = flight->audience;
  return Wait{.then =
                  [flight = flight, id = request_id, control = prepared.cache_control,
                   place = route](std::function<void(Response)> done) {
                    flight->wait([=](const Outcome& outcome) {
                      Response response;
                      try {
                        response = response_of(outcome, control, id);
                      } catch (const std::bad_alloc&) {
                        response.status = 503;
                      }
                      response.route = place;
                      done(std::move(response));
                    });
                  },
              .route = route,
              .audience = audience};
}

Response Order::operator()() const { return finish(attempt(deadline()).value_or(too_long)); }

std::optional<Response> Order::within(std::chrono::microseconds time) const {
  const auto outcome = attempt(deadline().no_later_than(geo::Deadline::Clock::now() + time));
  return outcome ? std::optional(finish(*outcome)) : std::nullopt;
}

// Gives nothing if `until` has come and the request's own deadline hasn't passed.
std::optional<Outcome> Order::attempt(const geo::Deadline& until) const {
  try {
    const geo::DeadlineScope scope(until);
    until.check();  // what has waited too long isn't begun
    return make();
  } catch (const std::bad_alloc&) {
    return no_memory;
  } catch (const geo::Cancelled&) {
    return nobody_waits;
  } catch (const geo::DeadlinePassed&) {
    return deadline().passed() ? std::optional<Outcome>(too_long) : std::nullopt;
  } catch (const std::exception& e) {
    log_failure(*log, request_id, e.what());
  }
  return failed;
}

Response Order::finish(const Outcome& outcome) const {
  if (lead_) lead_->land(outcome);
  auto response = response_of(outcome, prepared.cache_control, request_id);
  if (const auto* error = std::get_if<query::Error>(&outcome);
      error && prepared.learned && prepared.learned->retry_after.count() > 0)
    response = retry_later(response.status, error->message, request_id, prepared.learned->retry_after);
  response.route = route;
  response.from_cache = false;
  if (const auto* failure = std::get_if<Failure>(&outcome))
    response.cancelled = failure->detail.data() == nobody_waits.detail.data();
  if (prepared.rows_visited) response.rows_visited = *prepared.rows_visited;
  return response;
}

Outcome Order::make() const {
  Kept plain = source_;
  if (!plain) {
    auto body = prepared.make();
    if (!body) return body.error();
    plain = made(*std::move(body));
  }
  return coding_.coding == Coding::identity ? plain : coded(plain);
}

Kept Order::made(std::string body) const {
  Response response;
  response.vary = true;
  response.headers = prepared.headers;
  if (prepared.learned && !prepared.learned->location.empty())
    response.headers.emplace_back("Location", prepared.learned->location);
  response.route = route;
  if (body.empty()) {
    response.status = 204;
  } else {
    response.status = prepared.status;
    response.content_type = media_type(prepared.format);
    response.set_body(std::move(body));
  }
  return keep(std::move(response), plain_);
}

Kept Order::coded(const Kept& plain) const {
  Response response = plain->response;
  if (response.body && (coding_.must || response.body->size() >= compress_from_bytes))
    if (auto packed = compress(*response.body, coding_.coding, effort_, coding_.must)) {
      response.content_encoding = name_of(coding_.coding);
      response.set_body(*std::move(packed));
    }
  return keep(std::move(response), coded_);
}

Kept Order::keep(Response response, const Name& name) const {
  response.etag = name.etag.empty() ? tag(name) : name.etag;
  auto answer = std::make_shared<KeptAnswer>();
  answer->response = std::move(response);
  if (cache) cache->keep(name.key, answer);
  return answer;
}

}  // namespace jobmap::api
