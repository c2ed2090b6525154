#pragma once
// An answer that is to be made: what remains of a request once it is known what it asks.
//
//   Order order(prepared, question, call, coding);       // question: the route and the parts of its path
//   if (auto kept = cache->find(order.key())) ...
//   if (auto wait = order.board()) return *wait;         // somebody is making it
//   return Work{heavy, order};                           // order() makes it, keeps it, and tells who waits
//
// Identity and each coding are answers of their own, with their own tag; who asks for a second coding gets it
// from the kept identity.
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "api/coding.hpp"
#include "api/endpoint.hpp"

namespace jobmap::api {

// As it is served; `cache_control` is of static storage.
Response response_of(const Kept& kept, std::string_view cache_control);

inline constexpr Failure failed{500, "Something went wrong here; the log has it under this request_id."};
void log_failure(Log& log, std::string_view request_id, std::string_view reason);

class Order {
 public:
  Order(Prepared p, std::string question, const Call& call, const CodingChoice& coding);

  Response operator()() const;
  // Nothing for who is first: the others are told when it is made, or when the Order goes unmade.
  std::optional<Wait> board();
  double cost_us() const;

  const std::string& key() const { return coded_.key; }
  const std::string& etag() const { return coded_.etag; }

  Prepared prepared;
  std::shared_ptr<AnswerCache> cache;  // null: nothing is kept
  std::string request_id;
  std::size_t route = 0;
  Log* log = nullptr;

 private:
  struct Name {
    std::string key, etag;
  };
  class Lead;

  Outcome make() const;
  Kept made(std::string body) const;
  Kept coded(const Kept& plain) const;
  Kept keep(Response response, const Name& name) const;

  CodingChoice coding_;
  Effort effort_;
  Name plain_, coded_;
  Kept source_;  // the identity, where it is there already
  std::shared_ptr<Lead> lead_;
};

}  // namespace jobmap::api
