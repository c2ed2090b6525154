#pragma once
// Words that mean the same (data/index/synonyms.txt): who searches for one finds the others.
//
//   Synonyms::shipped().alternatives("高级程序员");     // {"高级程序员", "高级软件开发", "高级程式员"}: itself first
//   Synonyms("软件, 软体\n程序员, 软件开发");           // a file's text; runtime_error where it is wrong
//
// A term is one piece of data/index/terms.hpp, folded. Members are folded too, and found inside a run or as a whole
// word (in any of its forms, data/index/stem.hpp). A term has at most most_alternatives, the fewest replacements
// first.
#include <string>
#include <string_view>
#include <vector>

namespace jobmap::data {

class Synonyms {
 public:
  static constexpr std::size_t most_alternatives = 16;

  explicit Synonyms(std::string_view file);
  static const Synonyms& shipped();

  std::vector<std::string> alternatives(std::string_view term) const;

 private:
  std::vector<std::vector<std::string>> groups_;
};

}  // namespace jobmap::data
