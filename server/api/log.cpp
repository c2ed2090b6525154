#include "server/api/log.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <ctime>

#include "data/model/utf8.hpp"

namespace jobmap::api {
namespace {

void append_escaped(std::string& out, char c) {
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      break;
  }
  if (auto byte = static_cast<unsigned char>(c); byte < 0x20 || byte == 0x7f) {
    std::array<char, 8> text;
    std::snprintf(text.data(), text.size(), "\\u%04x", byte);
    out += text.data();
  } else {
    out += c;
  }
}

// The length of the UTF-8 sequence that a lead byte announces; 0 for none.
std::size_t sequence_length(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead < 0xe0) return 2;
  if (lead >= 0xe0 && lead < 0xf0) return 3;
  return lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
}

void append_time(std::string& out) {
  auto now = std::chrono::system_clock::now();
  auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count();
  std::time_t seconds = ms / 1000;
  std::tm t{};
  gmtime_r(&seconds, &t);
  std::array<char, 80> text;
  std::snprintf(text.data(), text.size(), "\"%04d-%02d-%02dT%02d:%02d:%02d.%03dZ\"", t.tm_year + 1900,
                t.tm_mon + 1, t.tm_mday, t.tm_hour, t.tm_min, t.tm_sec, static_cast<int>(ms % 1000));
  out += text.data();
}

void append_value(std::string& out, const LogField& field) {
  if (auto* text = std::get_if<std::string_view>(&field.value)) return append_json_string(out, *text);
  std::array<char, 32> digits;
  auto* end = digits.data() + digits.size();
  if (auto* integer = std::get_if<std::int64_t>(&field.value))
    end = std::to_chars(digits.data(), end, *integer).ptr;
  else
    end = std::to_chars(digits.data(), end, std::get<double>(field.value)).ptr;
  out.append(digits.data(), end);
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    auto length = sequence_length(static_cast<unsigned char>(text.front()));
    if (length == 1) {
      append_escaped(out, text.front());
    } else if (length == 0 || length > text.size() || !data::is_valid_utf8(text.substr(0, length))) {
      out += "\xef\xbf\xbd";
      length = 1;
    } else {
      out += text.substr(0, length);
    }
    text.remove_prefix(length);
  }
  out += '"';
}

void Log::write(std::string_view level, std::string_view event, std::initializer_list<LogField> fields) {
  std::string line = "{\"time\":";
  append_time(line);
  line += ",\"level\":";
  append_json_string(line, level);
  line += ",\"event\":";
  append_json_string(line, event);
  for (const LogField& field : fields) {
    line += ',';
    append_json_string(line, field.name);
    line += ':';
    append_value(line, field);
  }
  line += "}\n";
  std::fwrite(line.data(), 1, line.size(), stream_);  // one call: stdio locks the stream for it
  std::fflush(stream_);
}

}  // namespace jobmap::api
