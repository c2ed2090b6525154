#pragma once
// What can be wrong with a request, as a value. The API maps a code to a status and writes the rest into
// application/problem+json; nothing here knows HTTP.
//
//   Result<double> r = parse_metres(text);
//   if (!r) return r.error();
#include <boost/system/result.hpp>
#include <stdexcept>
#include <string>

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

}  // namespace jobmap::query
