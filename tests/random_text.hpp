#pragma once
// Texts such as postings have and as nobody would write them: Chinese, ASCII words with signs, both side by
// side, full-width forms, punctuation, emoji, combining marks, long runs of one character. And what a search
// for a term should find in them, said again in another way than data/terms.cpp does: by what stands before
// and behind each place where the term is written.
//
//   std::string text = test::random_text(random);
//   test::holds_plainly(text, "c++");
#include <random>
#include <string>

#include "data/terms.hpp"

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
                                          "\ufeff"};
  std::string text;
  const auto n = random() % 4 ? random() % 5 : random() % 14;
  for (std::uint64_t i = 0; i < n; ++i) text += fragments[random() % std::size(fragments)];
  return text;
}

// All characters, ASCII folded.
inline std::u32string folded(const std::string& text) {
  std::u32string out;
  for (const char* p = text.data(); p < text.data() + text.size();) {
    const auto c = data::folded_character(p);
    out += c.code, p += c.bytes;
  }
  return out;
}

inline bool holds_plainly(const std::string& text, const std::string& term) {
  const auto t = folded(text), w = folded(term);
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

}  // namespace jobmap::test
