#include "data/import/text.hpp"

#include <algorithm>
#include <cstdint>

namespace jobmap::data {
namespace {

constexpr char32_t malformed = 0xFFFFFFFF;

// The character at `at`, which moves behind it.
char32_t take_character(std::string_view text, std::size_t& at) {
  auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  const unsigned lead = byte(at);
  if (lead < 0x80) return ++at, lead;
  const unsigned more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
  if (lead < 0xC2 || lead > 0xF4) return malformed;
  char32_t c = lead & (0x3Fu >> more);
  for (unsigned i = 1; i <= more; ++i) {
    if ((byte(at + i) & 0xC0u) != 0x80) return malformed;
    c = c << 6 | (byte(at + i) & 0x3Fu);
  }
  constexpr char32_t least[] = {0, 0x80, 0x800, 0x10000};
  if (c < least[more] || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) return malformed;
  at += more + 1;
  return c;
}

bool is_bidi_control(char32_t c) {
  return c == 0x61C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2066 && c <= 0x2069);
}

}  // namespace

const char* text_fault(std::string_view text, Lines lines) {
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte >= 0x20 && byte < 0x7F) {
      ++at;
      continue;
    }
    const char32_t c = take_character(text, at);
    if (c == malformed) return "is not valid text in this charset";
    if (c == 0) return "holds a NUL character";
    if (c == '\n' || c == '\r' || c == '\t') {
      if (lines == Lines::one) return "holds a line break or a tab";
      continue;
    }
    if (c < 0x20 || (c >= 0x7F && c <= 0x9F)) return "holds a control character";
    if (is_bidi_control(c)) return "holds a bidirectional control character";
  }
  return nullptr;
}

std::size_t count_characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

}  // namespace jobmap::data
