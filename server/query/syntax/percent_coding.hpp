#pragma once
// The percent-encoding of URLs (RFC 3986).
//
//   percent_encode("a b") == "a%20b";  percent_decode("a+b", true) == "a b";
#include <optional>
#include <string>
#include <string_view>

namespace jobmap::query {

// Percent-decoding; plus_is_space for query strings. Nothing where an escape is malformed, the result is not
// valid UTF-8, or it holds a NUL.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space);
// Everything but the unreserved characters of RFC 3986, and those to keep, becomes %XX.
std::string percent_encode(std::string_view text, std::string_view keep = {});

}  // namespace jobmap::query
