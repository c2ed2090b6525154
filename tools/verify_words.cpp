#include "tools/verify_words.hpp"

#include <algorithm>

#include "data/terms.hpp"

namespace jobmap::tools {
namespace {

using data::JobText;

constexpr std::string_view fields[] = {"title", "employer", "description"};

std::vector<std::string_view> characters_of(std::string_view run) {
  std::vector<std::string_view> characters;
  for (const char* p = run.data(); p < run.data() + run.size();) {
    characters.emplace_back(p, data::folded_character(p).bytes);
    p += characters.back().size();
  }
  return characters;
}

// One or a few characters of a run, or a word.
std::string some_term(const data::Snapshot& s, std::mt19937& random) {
  const auto pick = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  constexpr JobText::Field searched[] = {JobText::title, JobText::employer, JobText::description};
  const auto text = s.jobs->text(static_cast<data::Row>(pick(s.jobs->size))).field[searched[pick(3)]];
  std::vector<std::string> words, runs;
  for (data::Pieces pieces(text); pieces.next();)
    (pieces.is_word() ? words : runs).emplace_back(pieces.text());
  if (!words.empty() && (runs.empty() || pick(2))) return words[pick(words.size())];
  if (runs.empty()) return {};
  const auto characters = characters_of(runs[pick(runs.size())]);
  const auto size = std::min<std::size_t>(characters.size(), 1 + pick(4)),
             begin = pick(characters.size() - size + 1);
  std::string term;
  for (std::size_t i = begin; i < begin + size; ++i) term += characters[i];
  return term;
}

// A character of a word in the spellings that count as one: either case, and full width.
std::string any_spelling(char c) {
  std::string set = "[";
  const auto add = [&](char spelled) {
    const auto full = 0xFEE0u + static_cast<unsigned char>(spelled);
    set += spelled;
    set += static_cast<char>(0xE0 | full >> 12);
    set += static_cast<char>(0x80 | (full >> 6 & 63));
    set += static_cast<char>(0x80 | (full & 63));
  };
  add(c);
  if (c >= 'a' && c <= 'z') add(static_cast<char>(c - 32));
  return set + "]";
}

// Where a word stands by itself: what makes another word of it is no letter, digit or sign more.
std::string holds_word(const std::string& field, const std::string& word) {
  const std::string parts = "A-Za-z0-9Ａ-Ｚａ-ｚ０-９";
  std::string pattern = word[0] == '.' ? "*" : "*[^" + parts + "]";
  for (const char c : word) pattern += any_spelling(c);
  const auto matches = [&](const std::string& rest) {
    return "' ' || " + field + " || '  ' GLOB '" + pattern + rest + "*'";
  };
  if (word.back() == '#') return matches("[^#＃]");
  if (word.back() == '+') return matches("[^+＋]");
  return "(" + matches("[^#+＃＋" + parts + "]") + " OR " + matches("[+＋][^+＋]") + ")";
}

}  // namespace

std::string quoted(std::string_view text) {
  std::string literal = "'";
  for (const char c : text) literal.append(c == '\'' ? 2 : 1, c);
  return literal + "'";
}

Words some_words(const data::Snapshot& s, std::mt19937& random) {
  std::vector<std::string> terms;
  if (s.jobs->size > 0)
    for (auto n = 1 + random() % 3; n > 0; --n)
      if (auto term = some_term(s, random); !term.empty()) terms.push_back(std::move(term));
  std::sort(terms.begin(), terms.end());
  terms.erase(std::unique(terms.begin(), terms.end()), terms.end());
  Words words;
  for (const auto& term : terms) {
    std::string held[std::size(fields)];
    for (std::size_t i = 0; i < std::size(fields); ++i) {
      const auto field = "coalesce(" + std::string(fields[i]) + ", '')";
      held[i] =
          data::is_word(term) ? holds_word(field, term) : "instr(" + field + ", " + quoted(term) + ") > 0";
    }
    words.q += (words.q.empty() ? "" : " ") + term;
    words.condition +=
        (words.condition.empty() ? "(" : " AND (") + held[0] + " OR " + held[1] + " OR " + held[2] + ")";
    words.score += (words.score.empty() ? "" : " + ") + ("(" + held[0]) +
                   ") * iif(length(CAST(title AS BLOB)) = " + std::to_string(term.size()) + ", 8, 4) + (" +
                   held[1] + ") * 2 + (" + held[2] + ")";
  }
  return words;
}

}  // namespace jobmap::tools
