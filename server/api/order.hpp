#pragma once
// A pending computation of one response: what remains of a request once its parameters are read.
//
//   Order order(prepared, question, call, coding);       // question: the route and the parts of its path
//   if (auto kept = cache->find(order.key())) write(*kept);
//   if (auto wait = order.board()) return *wait;         // somebody is making it
//   if (auto response = order.within(10ms)) write(*response);    // made and kept; nothing where it takes longer
//   const auto shared = std::make_shared<Order>(std::move(order));
//   return Work{heavy, [shared] { return (*shared)(); }};         // makes it, keeps it, and tells who waits
//
// Identity and each coding are answers of their own, with their own tag; who asks for a second coding gets it
// from the kept identity.
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "geo/deadline.hpp"
#include "server/api/coding.hpp"
#include "server/api/endpoint.hpp"

namespace jobmap::api {

// The kept answer as it is served; `cache_control` is of static storage.
Response response_of(const Kept& kept, std::string_view cache_control);

inline constexpr Failure failed{500, "Something went wrong here; the log has it under this request_id."};
// Coordinates that the reason quotes are logged too coarsely to tell a person's place.
void log_failure(Log& log, std::string_view request_id, std::string_view reason);

class Order {
 public:
  Order(Prepared p, std::string question, const Call& call, const CodingChoice& coding);

  Response operator()() const;
  std::optional<Response> within(std::chrono::microseconds time) const;
  // Gives nothing to the first caller, who makes the answer. Others are told when it is made, or if it never is.
  std::optional<Wait> board();
  double cost_us() const;
  // Those who wait for it; without a flight, one alone. The work stops soon after they have gone.
  Audience& audience() { return of_flight_ ? *of_flight_ : own_; }

  const std::string& key() const { return coded_.key; }
  const std::string& etag() const { return coded_.etag; }

  Prepared prepared;
  std::shared_ptr<AnswerCache> cache;  // null: nothing is kept
  std::string request_id;
  std::size_t route = 0;
  Log* log = nullptr;

 private:
  struct Name {
    std::string label, key, etag;
  };
  class Lead;

  geo::Deadline deadline() const { return geo::Deadline(ends_, &(of_flight_ ? *of_flight_ : own_).gone()); }
  std::optional<Outcome> attempt(const geo::Deadline& until) const;
  Response finish(const Outcome& outcome) const;
  Outcome make() const;
  void give_names();
  std::string tag(const Name& name) const;
  Kept made(std::string body) const;
  Kept coded(const Kept& plain) const;
  Kept keep(Response response, const Name& name) const;

  CodingChoice coding_;
  Effort effort_;
  std::string question_, generation_;
  Name plain_, coded_;
  Kept source_;  // the identity, where it is there already
  std::shared_ptr<Lead> lead_;
  std::shared_ptr<Audience> of_flight_;
  Audience own_;
  std::chrono::milliseconds timeout_;
  geo::Deadline::Clock::time_point ends_;
};

}  // namespace jobmap::api
