#include "encode/json_writer.hpp"

#include <charconv>
#include <cmath>

#include "data/time.hpp"

namespace jobmap::encode {
namespace {

constexpr std::size_t number_room = 32;
constexpr std::int64_t powers[] = {1, 10, 100, 1000, 10'000, 100'000, 1'000'000, 10'000'000};

}  // namespace

void JsonWriter::text(std::string_view value) {
  static constexpr char hex[] = "0123456789abcdef";
  char* at = room(value.size() * 6 + 2);
  *at++ = '"';
  for (const char c : value) {
    const auto u = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      *at++ = '\\';
      *at++ = c;
    } else if (c == '\n') {
      at = put_bytes(at, "\\n");
    } else if (u < 0x20) {
      at = put_bytes(at, "\\u00");
      *at++ = hex[u >> 4];
      *at++ = hex[u & 15];
    } else {
      *at++ = c;
    }
  }
  *at++ = '"';
  advance(at);
}

void JsonWriter::integer(std::int64_t value) {
  char* at = room(number_room);
  advance(std::to_chars(at, at + number_room, value).ptr);
}

void JsonWriter::fixed(std::int64_t value, int decimals) {
  char* at = room(number_room);
  if (value < 0) *at++ = '-', value = -value;
  const std::int64_t power = powers[decimals];
  at = std::to_chars(at, at + number_room, value / power).ptr;
  if (std::int64_t rest = value % power) {
    *at = '.';
    char* end = at + 1 + decimals;
    for (char* digit = end; --digit > at; rest /= 10) *digit = static_cast<char>('0' + rest % 10);
    while (end[-1] == '0') --end;
    at = end;
  }
  advance(at);
}

void JsonWriter::real(double value, int decimals) {
  fixed(std::llround(value * static_cast<double>(powers[decimals])), decimals);
}

void JsonWriter::time(std::int64_t seconds) {
  char* at = room(data::time_size + 2);
  *at++ = '"';
  data::format_time(seconds, at);
  at += data::time_size;
  *at++ = '"';
  advance(at);
}

}  // namespace jobmap::encode
