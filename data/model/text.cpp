#include "data/model/text.hpp"

#include <cstdint>
#include <cstring>

#include "data/model/characters.hpp"

namespace jobmap::data {
namespace {

bool is_ascii8(const unsigned char* p) {
  std::uint64_t word;
  std::memcpy(&word, p, sizeof word);
  return (word & 0x8080808080808080) == 0;
}

// Three bytes whose second needs no closer look, which is nearly all of Chinese.
bool is_plain3(const unsigned char* p) {
  return (p[0] & 0xF0) == 0xE0 && p[0] != 0xE0 && p[0] != 0xED && (p[1] & 0xC0) == 0x80 &&
         (p[2] & 0xC0) == 0x80;
}

}  // namespace

bool is_valid_utf8(std::string_view text) {
  const auto* p = reinterpret_cast<const unsigned char*>(text.data());
  const auto* end = p + text.size();
  while (p < end) {
    while (end - p >= 3 && is_plain3(p)) p += 3;
    while (end - p >= 8 && is_ascii8(p)) p += 8;
    if (p == end) break;
    if (*p < 0x80) {
      ++p;
      continue;
    }
    const int extra = *p >= 0xF0 ? 3 : *p >= 0xE0 ? 2 : 1;
    if (*p < 0xC2 || *p > 0xF4 || end - p <= extra) return false;
    // Second bytes: no overlong forms, no surrogates, nothing past U+10FFFF.
    const unsigned char low = *p == 0xE0 ? 0xA0 : *p == 0xF0 ? 0x90 : 0x80;
    const unsigned char high = *p == 0xED ? 0x9F : *p == 0xF4 ? 0x8F : 0xBF;
    if (p[1] < low || p[1] > high) return false;
    for (int i = 2; i <= extra; ++i)
      if ((p[i] & 0xC0) != 0x80) return false;
    p += extra + 1;
  }
  return true;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::string_view without_last_character(std::string_view name) {
  auto drop = [](std::string_view s) {
    while (!s.empty() && (static_cast<unsigned char>(s.back()) & 0xC0) == 0x80) s.remove_suffix(1);
    if (!s.empty()) s.remove_suffix(1);
    return s;
  };
  if (!name.empty() && static_cast<unsigned char>(name.back()) < 0x80) return {};
  const auto rest = drop(name);
  return drop(rest).empty() ? std::string_view{} : rest;
}

void join_lines(std::string& text) {
  if (text.find('\n') == std::string::npos) return;
  const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
  std::string out;
  bool joins = false;   // whether the last character but blanks does
  std::size_t end = 0;  // of `out` without blanks behind it
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == '\n' && joins) {
      auto next = i + 1;
      while (next < text.size() && is_blank(text[next])) ++next;
      if (next < text.size() && joins_lines(character_at(text.data() + next).code)) {
        out.resize(end);
        i = next;
        continue;
      }
    }
    const auto c = character_at(text.data() + i);
    out.append(text, i, c.bytes);
    i += c.bytes;
    if (is_blank(static_cast<char>(c.code)) && c.code < 0x80) continue;
    joins = joins_lines(c.code), end = out.size();
  }
  text = std::move(out);
}

}  // namespace jobmap::data
