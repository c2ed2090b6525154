#pragma once
// Texts such as postings have and as nobody would write them: Chinese, ASCII words with signs, both side by
// side, full-width forms, punctuation, emoji, combining marks, long runs of one character, spellings that
// look alike. And what a search for a term should find in them, said again in another way than the search
// does: by what stands before and behind each place where the term is written, in every form of it.
//
//   std::string text = test::random_text(random);
//   test::holds_plainly(text, "c++");
//   test::holds_term(text, "\"machine learning\"");       // as data/index/search_terms.hpp spells it; a minus is
//   passed over
#include <algorithm>
#include <random>
#include <string>
#include <unordered_map>

#include "data/index/search_terms.hpp"
#include "data/index/stem.hpp"
#include "data/index/synonyms.hpp"
#include "data/index/terms.hpp"
#include "data/model/fold.hpp"

namespace jobmap::test {

inline std::string random_text(std::mt19937_64& random) {
  static const std::string fragments[] = {"工程师",
                                          "工程",
                                          "程师",
                                          "师",
                                          "软件",
                                          "有限公司",
                                          "杭州",
                                          "厂",
                                          "护士",
                                          "夜班",
                                          "服务员",
                                          "Java",
                                          "JavaScript",
                                          "java",
                                          "C",
                                          "C++",
                                          "c++",
                                          "CC++",
                                          "C++++",
                                          "C#",
                                          "C++11",
                                          ".NET",
                                          "ASP.NET",
                                          "Node.js",
                                          "node",
                                          "js",
                                          "nodejs",
                                          "SQL",
                                          "Go",
                                          "a",
                                          "3.5",
                                          "K8s",
                                          "１２３",
                                          "Ｊａｖａ",
                                          "Ｃ＋＋",
                                          "（",
                                          "）",
                                          "，",
                                          "、",
                                          " ",
                                          "　",
                                          "/",
                                          "-",
                                          ".",
                                          "+",
                                          "#",
                                          "++",
                                          "\"dev\"\\\n",
                                          "😀",
                                          "👩‍💻",
                                          "e\u0301",
                                          "é",
                                          "Ñ",
                                          "ß",
                                          "한국",
                                          "が",
                                          "ー",
                                          "𠮷野",
                                          "々",
                                          "〇",
                                          "☎",
                                          "￥",
                                          "好好好好好好好好好好好好",
                                          "aaaaaaaaaaaaaaaaaaaaaaaa",
                                          "\u200b",
                                          "\ufeff",
                                          "\u00ad",
                                          "軟體工程師",
                                          "⼯程⻓",
                                          "か\u3099",
                                          "ｴﾝｼﾞﾆｱ",
                                          "工程\n师",
                                          "软件 \r\n 工程师",
                                          "ИНЖЕНЕР",
                                          "Café",
                                          "Cafe\u0301",
                                          "①",
                                          "Engineers",
                                          "engineer",
                                          "engine",
                                          "程序员",
                                          "软件开发"};
  std::string text;
  const auto n = random() % 4 ? random() % 5 : random() % 14;
  for (std::uint64_t i = 0; i < n; ++i) text += fragments[random() % std::size(fragments)];
  return text;
}

// All characters, folded. Tests ask the same texts many times.
inline const std::u32string& folded(const std::string& text) {
  static std::unordered_map<std::string, std::u32string> known;
  const auto [it, is_new] = known.try_emplace(text);
  std::u32string& out = it->second;
  if (!is_new) return out;
  const std::string spelled = data::fold(text);
  for (const char* p = spelled.data(); p < spelled.data() + spelled.size();) {
    const auto c = data::folded_character(p);
    out += c.code, p += c.bytes;
  }
  return out;
}

// As it is written, in no other form.
inline bool holds_exactly(const std::u32string& t, const std::u32string& w) {
  const auto alphanumeric = [](char32_t c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  for (auto at = t.find(w); at != t.npos; at = t.find(w, at + 1)) {
    if (w[0] >= 0x80) return true;
    const auto before = at ? t[at - 1] : U' ';
    const auto behind = t.substr(at + w.size(), 2);
    const auto next = behind.empty() ? U' ' : behind[0];
    if (w[0] != '.' && alphanumeric(before)) continue;
    const bool whole =
        alphanumeric(w.back()) ? !alphanumeric(next) && next != '#' && behind != U"++" : next != w.back();
    if (whole) return true;
  }
  return false;
}

inline bool holds_plainly(const std::string& text, const std::string& term) {
  const auto& t = folded(text);
  if (!data::has_forms(term)) return holds_exactly(t, folded(term));
  const auto forms = data::forms_of(data::stem(term));
  return std::any_of(forms.begin(), forms.end(), [&](const auto& f) { return holds_exactly(t, folded(f)); });
}

// A phrase as one string, its pieces and those of the text parted by one blank each.
inline bool holds_phrase(const std::string& text, const std::vector<std::string>& sought) {
  std::string there = " ", phrase;
  const std::string spelled = data::fold(text);
  for (data::Pieces pieces(spelled); pieces.next();) (there += pieces.text()) += ' ';
  for (const auto& piece : sought) (phrase += phrase.empty() ? "" : " ") += piece;
  if (data::is_word(sought.front())) phrase = ' ' + phrase;
  if (data::is_word(sought.back())) phrase += ' ';
  return there.find(phrase) != there.npos;
}

inline bool holds_term(const std::string& text, const std::string& spelled) {
  const auto term = data::read_term(spelled);
  if (term.pieces.size() > 1) return holds_phrase(text, term.pieces);
  if (term.exact) return holds_exactly(folded(text), folded(term.pieces[0]));
  static std::unordered_map<std::string, std::vector<std::string>> known;
  const auto [it, is_new] = known.try_emplace(spelled);
  auto& all = it->second;
  if (is_new) all = data::Synonyms::shipped().alternatives(term.pieces[0]);
  return std::any_of(all.begin(), all.end(), [&](const auto& a) { return holds_plainly(text, a); });
}

}  // namespace jobmap::test
