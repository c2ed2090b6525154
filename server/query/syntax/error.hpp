#pragma once
// An error of a request, as a value. The API maps a code to a status and writes the rest into
// application/problem+json; nothing here knows HTTP.
//
//   Result<double> r = parse_metres(text);
//   if (!r) return r.error();
#include <array>
#include <boost/system/result.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace jobmap::query {

enum class Code {
  bad_request,     // a parameter can't be read, is unknown, repeated or out of range
  not_found,       // no such job, area, layer, path
  not_acceptable,  // no representation that the caller accepts
  method,          // the path is there, the method isn't
  media_type,      // a body of a kind that isn't taken
  too_large,       // a body beyond what is taken
  too_much,        // more than one client's share
  unavailable,     // not loaded yet, draining, or too busy
};

struct Error {
  Code code = Code::bad_request;
  std::string message;    // a sentence for a person
  std::string parameter;  // which parameter, where there is one
  std::string value;      // what was given
  std::string allowed;    // what would be right
};

template <typename T>
using Result = boost::system::result<T, Error>;

[[noreturn]] inline void throw_exception_from_error(const Error& e, const boost::source_location&) {
  throw std::logic_error("value() of a Result that holds an error: " + e.message);
}

// A parameter that can't be taken as it is.
inline Error bad_request(std::string_view parameter, std::string_view value, std::string message,
                         std::string allowed) {
  return {Code::bad_request, std::move(message), std::string(parameter), std::string(value),
          std::move(allowed)};
}

// Names of an enumeration as an error lists them: "a, b, c".
template <std::size_t N>
std::string joined(const std::array<std::string_view, N>& names) {
  std::string out;
  for (const auto name : names)
    if (!name.empty()) out += (out.empty() ? "" : ", ") + std::string(name);
  return out;
}

}  // namespace jobmap::query
