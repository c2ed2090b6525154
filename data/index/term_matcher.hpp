#pragma once
// Looks for one term in whole texts, which are folded on the way.
//
//   TermMatcher phrase({"machine", "learning"}, TermMatcher::exact);
//   phrase.matches("Machine-Learning 工程师") == true;
//   TermMatcher({"engineer"}).matches("Engineers wanted") == true;          // any form of the word
//   TermMatcher({"java"}, TermMatcher::unfinished).matches("JavaScript") == true;
//
// The pieces of a phrase follow each other in the text with nothing but separators between: words are whole,
// the first run may be the end of a run there, the last the beginning of one. Not for two threads at once: a
// buffer is kept for the next text.
#include <string>
#include <string_view>
#include <vector>

namespace jobmap::data {

class TermMatcher {
 public:
  enum Kind {
    any_form,    // a word in any form (data/index/stem.hpp)
    exact,       // as it is written
    unfinished,  // or going on behind it
  };
  explicit TermMatcher(std::vector<std::string> pieces, Kind kind = any_form);
  bool matches(std::string_view text);

 private:
  bool matches_run(std::string_view text);
  bool matches_word(std::string_view folded) const;
  bool matches_phrase(std::string_view folded);

  std::vector<std::string> pieces_;
  Kind kind_;
  std::string stem_;  // of a single word; empty where it has no other forms
  std::string buffer_;
  std::vector<std::string> read_;  // the last pieces of the text, as many as the phrase has
};

}  // namespace jobmap::data
