#pragma once
// The parameters of a query string, and the one reader that turns them into values. The reader's first error
// sticks: later reads return nothing, and error() names the parameter, the value and what is allowed.
//
//   auto params = Params::parse("near=120.16,30.25&radius=800");
//   Reader r(*params);
//   auto radius = r.number("radius", 1, 50000);      // optional<double>
//   r.finish();                                      // refuses what nobody asked for
//   if (r.failed()) return r.error();
//
// Query strings are UTF-8, percent-encoded or raw; '+' is a space. Invalid escapes, invalid UTF-8 and NUL are
// refused, and so is a parameter given twice, but where the last of them is said to win.
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "data/model/text.hpp"
#include "server/query/syntax/error.hpp"
#include "server/query/syntax/number_text.hpp"

namespace jobmap::query {

// Percent-decoding; plus_is_space for query strings. Nothing where an escape is malformed, the result is not
// valid UTF-8, or it holds a NUL.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space);
// Everything but the unreserved characters of RFC 3986, and those to keep, becomes %XX.
std::string percent_encode(std::string_view text, std::string_view keep = {});
using data::is_valid_utf8;

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

using data::split;

class Reader {
 public:
  explicit Reader(const Params& params) : params_(params) {}

  std::optional<std::string> text(std::string_view name);
  std::optional<double> number(std::string_view name, double min, double max);
  std::optional<long long> integer(std::string_view name, long long min, long long max);
  std::optional<bool> boolean(std::string_view name);
  // Comma-separated, none of them empty.
  std::optional<std::vector<std::string>> list(std::string_view name);
  // Exactly n finite numbers, comma-separated.
  std::optional<std::vector<double>> numbers(std::string_view name, std::size_t n);
  // Known by name, so finish() doesn't call it unknown; has() says whether it was given.
  bool has(std::string_view name);
  // As given, for an error's value; empty where it wasn't.
  std::string_view raw(std::string_view name) const;
  // Refuses every parameter that was not read.
  void finish();

  void fail(std::string_view parameter, std::string_view value, std::string message, std::string allowed);
  void fail(Error error);
  bool failed() const { return error_.has_value(); }
  const Error& error() const { return *error_; }

 private:
  const std::string* take(std::string_view name);

  const Params& params_;
  std::vector<std::string_view> read_;
  std::optional<Error> error_;
};

}  // namespace jobmap::query
