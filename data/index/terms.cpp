#include "data/index/terms.hpp"

#include <algorithm>

#include "data/index/term_matcher.hpp"
#include "data/model/characters.hpp"
#include "data/model/fold.hpp"
#include "data/model/split.hpp"

namespace jobmap::data {
namespace {

bool is_alphanumeric(char32_t c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

bool in_run(char32_t c) { return c >= 0x80 && !parts_pieces(c); }

// Nearly all of Chinese, told by its first byte: U+4000 to U+9FFF.
bool is_plain_character(const char* p) {
  const auto byte = static_cast<unsigned char>(*p);
  return byte >= 0xE4 && byte <= 0xE9;
}

}  // namespace

FoldedCharacter folded_character(const char* p) {
  auto [code, bytes] = character_at(p);
  if (code >= 0xFF01 && code <= 0xFF5E) code -= 0xFEE0;
  if (code >= 'A' && code <= 'Z') code += 32;
  return {code, bytes};
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
  std::string buffer;
  std::vector<std::string> terms;
  for (Pieces pieces(folded_for_pieces(text, buffer)); pieces.next();) terms.emplace_back(pieces.text());
  std::sort(terms.begin(), terms.end());
  terms.erase(std::unique(terms.begin(), terms.end()), terms.end());
  return terms;
}

bool holds(std::string_view text, std::string_view term, bool unfinished) {
  return TermMatcher({std::string(term)}, unfinished ? TermMatcher::unfinished : TermMatcher::any_form)
      .matches(text);
}

}  // namespace jobmap::data
