#pragma once
// One line of JSON per event, on any stream. Lines are written whole, from any thread;
// control characters and invalid UTF-8 in values are escaped, so a client can't forge a line.
//
//   Log log(stdout);
//   log.write("info", "ready", {{"url", url}, {"rows", 50000}});
//   // {"time":"2026-11-23T13:45:00.123Z","level":"info","event":"ready","url":"http://…","rows":50000}
#include <concepts>
#include <cstdint>
#include <cstdio>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

namespace jobmap::api {

struct LogField {
  std::string_view name;
  std::variant<std::string_view, std::int64_t, double> value;

  LogField(std::string_view n, std::string_view text) : name(n), value(text) {}
  LogField(std::string_view n, const char* text) : name(n), value(std::string_view(text)) {}
  LogField(std::string_view n, const std::string& text) : name(n), value(std::string_view(text)) {}
  LogField(std::string_view n, std::integral auto number)
      : name(n), value(static_cast<std::int64_t>(number)) {}
  LogField(std::string_view n, double number) : name(n), value(number) {}
};

class Log {
 public:
  explicit Log(std::FILE* stream) : stream_(stream) {}
  void write(std::string_view level, std::string_view event, std::initializer_list<LogField> fields = {});

 private:
  std::FILE* stream_;
};

// Appends text between double quotes as a JSON string; bytes that are not UTF-8 become U+FFFD.
void append_json_string(std::string& out, std::string_view text);

}  // namespace jobmap::api
