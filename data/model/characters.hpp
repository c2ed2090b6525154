#pragma once
// Characters of valid UTF-8, and which of them stand between words.
//
//   for (const char* p = text.data(); p < end; p += character_at(p).bytes) use(character_at(p).code);
//   std::string s; append_utf8(s, U'工');
//   parts_pieces(U'，') == true;  joins_lines(U'工') == true;
#include <string>

namespace jobmap::data {

struct Character {
  char32_t code;
  unsigned bytes;
};

inline Character character_at(const char* p) {
  const auto byte = [&](int i) { return static_cast<char32_t>(static_cast<unsigned char>(p[i])); };
  const char32_t first = byte(0);
  if (first < 0x80) return {first, 1};
  if (first < 0xE0) return {(first & 31) << 6 | (byte(1) & 63), 2};
  if (first < 0xF0) return {(first & 15) << 12 | (byte(1) & 63) << 6 | (byte(2) & 63), 3};
  return {(first & 7) << 18 | (byte(1) & 63) << 12 | (byte(2) & 63) << 6 | (byte(3) & 63), 4};
}

inline void append_utf8(std::string& out, char32_t c) {
  const auto put = [&](char32_t byte) { out += static_cast<char>(byte); };
  if (c < 0x80) return put(c);
  if (c < 0x800) return put(0xC0 | c >> 6), put(0x80 | (c & 63));
  if (c < 0x10000) return put(0xE0 | c >> 12), put(0x80 | (c >> 6 & 63)), put(0x80 | (c & 63));
  put(0xF0 | c >> 18), put(0x80 | (c >> 12 & 63)), put(0x80 | (c >> 6 & 63)), put(0x80 | (c & 63));
}

// Beyond ASCII: spaces, punctuation, marks that only vary a character before them, and what has no width.
constexpr bool parts_pieces(char32_t c) {
  if (c >= 0x3000 && c < 0x3040) return c < 0x3005 || (c > 0x3007 && c < 0x3021) || c > 0x3029;
  return c < 0xC0 || c == 0xD7 || c == 0xF7 || (c >= 0x2000 && c < 0x2070) || (c >= 0x2E00 && c < 0x2E80) ||
         c == 0x30FB || (c >= 0xFE00 && c < 0xFE70) || c == 0xFEFF || (c >= 0xFF5F && c < 0xFF66) ||
         (c >= 0xFFE0 && c < 0x10000) || (c >= 0xE0000 && c < 0xE1000);
}

// Ideographs, kana and bopomofo: written without spaces, so a line of them may end anywhere.
constexpr bool joins_lines(char32_t c) {
  return (c >= 0x4E00 && c < 0xA000) || (c >= 0x3005 && c < 0x3008) || (c >= 0x3021 && c < 0x302A) ||
         (c >= 0x3031 && c < 0x3099) || (c >= 0x309D && c < 0x30FB) || (c >= 0x30FC && c < 0x3130) ||
         (c >= 0x31A0 && c < 0x3200) || (c >= 0x3400 && c < 0x4DC0) || (c >= 0xF900 && c < 0xFB00) ||
         (c >= 0x20000 && c < 0x40000);
}

}  // namespace jobmap::data
