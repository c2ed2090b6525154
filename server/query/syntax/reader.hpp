#pragma once
// The one reader that turns parameters into values. Its first error sticks: later reads return nothing, and error()
// names the parameter, the value and what is allowed.
//
//   Reader r(*params);                               // server/query/syntax/query_string.hpp
//   auto radius = r.number("radius", 1, 50000);      // optional<double>
//   r.finish();                                      // refuses what nobody asked for
//   if (r.failed()) return r.error();
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/query/syntax/query_string.hpp"

namespace jobmap::query {

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
