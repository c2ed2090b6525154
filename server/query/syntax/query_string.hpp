#pragma once
// The parameters of a query string.
//
//   auto params = Params::parse("near=120.16,30.25&radius=800");
//   params->find("radius");                          // null where it wasn't given
//
// Query strings are UTF-8, percent-encoded or raw; '+' is a space. Invalid escapes, invalid UTF-8 and NUL are refused,
// and so is a parameter given twice, but where the last of them is said to win.
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/query/syntax/error.hpp"

namespace jobmap::query {

inline constexpr std::size_t most_params = 100;

enum class Repeats { refused, last_wins };

class Params {
 public:
  static Result<Params> parse(std::string_view query, Repeats repeats = Repeats::refused);
  Params() = default;
  explicit Params(std::vector<std::pair<std::string, std::string>> items) : items_(std::move(items)) {}
  const std::string* find(std::string_view name) const;
  const std::vector<std::pair<std::string, std::string>>& all() const { return items_; }

 private:
  std::vector<std::pair<std::string, std::string>> items_;
};

}  // namespace jobmap::query
