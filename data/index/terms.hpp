#pragma once
// Splits a text into what it is searched by: its words, in ASCII, and its runs of other characters.
//
//   std::string buffer;
//   Pieces pieces(folded_for_pieces("Java工程师（C++/Node.js）", buffer));
//   while (pieces.next()) use(pieces.is_word(), pieces.text());   // word java, run 工程师, words c++, node.js
//   terms_of("工程師 C++,c++");                                   // {"c++", "工程师"}: sorted, each once
//   holds(text, "工程师");                                        // one term, looked for in a whole text
//
// Texts are folded first (data/model/fold.hpp), so that what looks alike is alike; Pieces reads what is folded but
// for case and width of ASCII. A word is letters and digits in lower case, with the signs that make it
// another word: one or more # or two or more + behind it (C#, C++), and dots between two parts or in front of
// one (node.js, .NET). A word is found whole, or as whole parts of a dotted one: node in node.js, never java
// in javascript nor c in c++; a word of letters in any of its forms (data/index/stem.hpp). A run is found wherever
// its characters stand next to each other. Spaces, punctuation and signs end a piece. Texts are valid UTF-8.
#include <string>
#include <string_view>
#include <vector>

namespace jobmap::data {

// One character of valid UTF-8, ASCII folded: lower case, from full width.
struct FoldedCharacter {
  char32_t code;
  unsigned bytes;
};
FoldedCharacter folded_character(const char* p);

class Pieces {
 public:
  explicit Pieces(std::string_view text) : at_(text.data()), end_(text.data() + text.size()) {}
  // Views stay valid until the next call; that of a run is into the text itself.
  bool next();
  bool is_word() const { return is_word_; }
  std::string_view text() const { return text_; }

 private:
  bool starts_part(const char* p) const;
  void read_word();
  bool read_signs(char sign, unsigned least);

  const char* at_;
  const char* end_;
  bool is_word_ = false;
  std::string_view text_;
  std::string word_;
};

inline bool is_word(std::string_view term) { return static_cast<unsigned char>(term[0]) < 0x80; }
// The parts of a word between its dots: {"node", "js"}; a dot in front leaves no empty part.
std::vector<std::string_view> parts_of(std::string_view word);

// Both fold the text.
std::vector<std::string> terms_of(std::string_view text);
// With `unfinished`, a word also counts where a part goes on behind it.
bool holds(std::string_view text, std::string_view term, bool unfinished = false);

}  // namespace jobmap::data
