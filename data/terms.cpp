#include "data/terms.hpp"

#include <algorithm>
#include <cstring>

#include "data/text.hpp"

namespace jobmap::data {
namespace {

bool is_alphanumeric(char32_t c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

// Beyond ASCII: spaces, punctuation, marks that only vary a character before them, and what has no width.
bool is_separator(char32_t c) {
  if (c >= 0x3000 && c < 0x3040) return c < 0x3005 || (c > 0x3007 && c < 0x3021) || c > 0x3029;
  return c < 0xC0 || c == 0xD7 || c == 0xF7 || (c >= 0x2000 && c < 0x2070) || (c >= 0x2E00 && c < 0x2E80) ||
         c == 0x30FB || (c >= 0xFE00 && c < 0xFE70) || c == 0xFEFF || (c >= 0xFF5F && c < 0xFF66) ||
         (c >= 0xFFE0 && c < 0x10000) || (c >= 0xE0000 && c < 0xE1000);
}

bool in_run(char32_t c) { return c >= 0x80 && !is_separator(c); }

// Nearly all of Chinese, told by its first byte: U+4000 to U+9FFF.
bool is_plain_character(const char* p) {
  const auto byte = static_cast<unsigned char>(*p);
  return byte >= 0xE4 && byte <= 0xE9;
}

// Whether a dotted word holds another: at its ends or at its dots.
bool word_holds(std::string_view word, std::string_view sought, bool unfinished) {
  for (auto at = word.find(sought); at != std::string_view::npos; at = word.find(sought, at + 1)) {
    const auto end = at + sought.size();
    const bool begins = at == 0 || sought[0] == '.' || word[at - 1] == '.';
    if (begins && (unfinished || end == word.size() || word[end] == '.')) return true;
  }
  return false;
}

}  // namespace

FoldedCharacter folded_character(const char* p) {
  const auto byte = [&](int i) { return static_cast<char32_t>(static_cast<unsigned char>(p[i])); };
  const char32_t first = byte(0);
  if (first < 0x80) return {first >= 'A' && first <= 'Z' ? first + 32 : first, 1};
  if (first < 0xE0) return {(first & 31) << 6 | (byte(1) & 63), 2};
  if (first >= 0xF0)
    return {(first & 7) << 18 | (byte(1) & 63) << 12 | (byte(2) & 63) << 6 | (byte(3) & 63), 4};
  char32_t code = (first & 15) << 12 | (byte(1) & 63) << 6 | (byte(2) & 63);
  if (code >= 0xFF01 && code <= 0xFF5E) {
    code -= 0xFEE0;
    if (code >= 'A' && code <= 'Z') code += 32;
  }
  return {code, 3};
}

bool Pieces::starts_part(const char* p) const {
  return p < end_ && is_alphanumeric(folded_character(p).code);
}

bool Pieces::next() {
  while (at_ < end_) {
    const auto c = folded_character(at_);
    if (in_run(c.code)) {
      const char* begin = at_;
      at_ += c.bytes;
      while (at_ < end_) {
        if (is_plain_character(at_)) {
          at_ += 3;
          continue;
        }
        const auto more = folded_character(at_);
        if (!in_run(more.code)) break;
        at_ += more.bytes;
      }
      is_word_ = false;
      text_ = {begin, static_cast<std::size_t>(at_ - begin)};
      return true;
    }
    if (is_alphanumeric(c.code) || (c.code == '.' && starts_part(at_ + c.bytes))) {
      read_word();
      return true;
    }
    at_ += c.bytes;
  }
  return false;
}

// A run of one sign, if there are enough of it.
bool Pieces::read_signs(char sign, unsigned least) {
  const char* p = at_;
  unsigned count = 0;
  while (p < end_) {
    const auto c = folded_character(p);
    if (c.code != static_cast<unsigned char>(sign)) break;
    p += c.bytes, ++count;
  }
  if (count < least) return false;
  word_.append(count, sign);
  at_ = p;
  return true;
}

void Pieces::read_word() {
  word_.clear();
  for (;;) {
    if (const auto c = folded_character(at_); c.code == '.') word_ += '.', at_ += c.bytes;
    while (starts_part(at_)) {
      const auto c = folded_character(at_);
      word_ += static_cast<char>(c.code), at_ += c.bytes;
    }
    if (!read_signs('#', 1)) read_signs('+', 2);
    if (at_ == end_) break;
    const auto dot = folded_character(at_);
    if (dot.code != '.' || !starts_part(at_ + dot.bytes)) break;
  }
  is_word_ = true;
  text_ = word_;
}

std::vector<std::string_view> parts_of(std::string_view word) {
  if (word[0] == '.') word.remove_prefix(1);
  return split(word, '.');
}

std::vector<std::string> terms_of(std::string_view text) {
  std::vector<std::string> terms;
  for (Pieces pieces(text); pieces.next();) terms.emplace_back(pieces.text());
  std::sort(terms.begin(), terms.end());
  terms.erase(std::unique(terms.begin(), terms.end()), terms.end());
  return terms;
}

bool holds(std::string_view text, std::string_view term, bool unfinished) {
  if (!is_word(term)) return ::memmem(text.data(), text.size(), term.data(), term.size()) != nullptr;
  for (Pieces pieces(text); pieces.next();)
    if (pieces.is_word() && word_holds(pieces.text(), term, unfinished)) return true;
  return false;
}

}  // namespace jobmap::data
