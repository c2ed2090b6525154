#include "server/encode/json_writer.hpp"

#include <charconv>

#include "data/model/time.hpp"

#if defined(__SSE2__) && !defined(JOBMAP_PLAIN)
#define JOBMAP_SSE2
#include <emmintrin.h>
#endif

namespace jobmap::encode {
namespace {

constexpr std::size_t number_room = 32;

// Whether no byte of a text is a control, a quote or a backslash: sixteen a step.
bool is_plain(std::string_view text) {
  std::size_t i = 0;
#ifdef JOBMAP_SSE2
  const __m128i control = _mm_set1_epi8(0x1F), quote = _mm_set1_epi8('"'), backslash = _mm_set1_epi8('\\');
  for (; i + 16 <= text.size(); i += 16) {
    const __m128i v = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + i));
    const __m128i bad = _mm_or_si128(_mm_cmpeq_epi8(_mm_min_epu8(v, control), v),
                                     _mm_or_si128(_mm_cmpeq_epi8(v, quote), _mm_cmpeq_epi8(v, backslash)));
    if (_mm_movemask_epi8(bad)) return false;
  }
#endif
  for (; i < text.size(); ++i)
    if (static_cast<unsigned char>(text[i]) < 0x20 || text[i] == '"' || text[i] == '\\') return false;
  return true;
}

}  // namespace

char* put_escaped(char* at, std::string_view text) {
  if (is_plain(text)) return put_bytes(at, text);
  static constexpr char hex[] = "0123456789abcdef";
  for (const char c : text) {
    const auto u = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      *at++ = '\\';
      *at++ = c;
    } else if (c == '\n') {
      at = put(at, "\\n");
    } else if (u < 0x20) {
      at = put(at, "\\u00");
      *at++ = hex[u >> 4];
      *at++ = hex[u & 15];
    } else {
      *at++ = c;
    }
  }
  return at;
}

void JsonWriter::text(std::string_view value) {
  char* at = room(value.size() * 6 + 2);
  *at++ = '"';
  at = put_escaped(at, value);
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
  const std::int64_t power = power_of_ten(decimals);
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

void JsonWriter::real(double value, int decimals) { fixed(scaled(value, decimals), decimals); }

void JsonWriter::time(std::int64_t seconds) {
  char* at = room(data::time_size + 2);
  *at++ = '"';
  data::format_time(seconds, at);
  at += data::time_size;
  *at++ = '"';
  advance(at);
}

}  // namespace jobmap::encode
