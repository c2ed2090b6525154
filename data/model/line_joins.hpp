#pragma once
// Lines that were wrapped inside a run of ideographs or kana, which have no blank between them.
//
//   std::string s = "仓库\n管理"; join_lines(s);             // 仓库管理
#include <string>

namespace jobmap::data {

// Takes out each "\n", and the blanks round it, that stands alone between two ideographs or kana. The text is valid
// UTF-8.
void join_lines(std::string& text);

}  // namespace jobmap::data
