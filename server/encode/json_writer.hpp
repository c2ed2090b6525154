#pragma once
// JSON appended to the caller's string: the few forms our answers have, each written once and fast.
//
//   JsonWriter w(body);
//   w.raw(R"({"id":)"); w.text("C++ \"senior\""); w.raw(R"(,"pay":)"); w.fixed(2250, 2); w.raw("}");
//
// Texts must be valid UTF-8; they are quoted and escaped (RFC 8259). No locale, no floating point where the
// value is decimal: fixed(2250, 2) is 22.5, degrees(1201593700) is 120.15937.
#include <cstdint>
#include <string_view>

#include "server/encode/appender.hpp"

namespace jobmap::encode {

// A text as it stands inside quotes: at most six bytes for each of its own. The room must be there.
char* put_escaped(char* at, std::string_view text);

class JsonWriter : public Appender {
 public:
  using Appender::Appender;

  void raw(std::string_view json) { advance(put_bytes(room(json.size()), json)); }
  void text(std::string_view value);
  // A text known to need no escape.
  void plain_text(std::string_view value) {
    char* at = room(value.size() + 2);
    *at++ = '"';
    at = put_bytes(at, value);
    *at++ = '"';
    advance(at);
  }
  void integer(std::int64_t value);
  // value / 10^decimals, without trailing zeros.
  void fixed(std::int64_t value, int decimals);
  void degrees(std::int32_t e7) { fixed(e7, decimals::degrees); }
  // Rounded to that many decimals: of what, says server/encode/rounding.hpp.
  void real(double value, int decimals);
  void boolean(bool value) { raw(value ? "true" : "false"); }
  // An RFC 3339 time in UTC, quoted.
  void time(std::int64_t seconds);
};

// A key with its quotes and colon, and a number rounded to that many decimals.
inline void number(JsonWriter& w, std::string_view key, double value, int decimals) {
  w.raw(key);
  w.real(value, decimals);
}

}  // namespace jobmap::encode
