#include "data/model/line_joins.hpp"

#include "data/model/characters.hpp"

namespace jobmap::data {

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
