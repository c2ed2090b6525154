#pragma once
// Texts as bytes of UTF-8: what both the importer and the query ask of them.
//
//   is_valid_utf8("\xC3") == false
//   split("a,,b", ',') == {"a", "", "b"};  split("", ',') == {""}
//   without_last_character("西湖区") == "西湖"
//   std::string s = "仓库\n管理"; join_lines(s);             // 仓库管理
//
// Valid is table 3-7 of Unicode 15: no overlong forms, no surrogates, nothing past U+10FFFF. The others take
// valid text; views are into it.
#include <string>
#include <string_view>
#include <vector>

namespace jobmap::data {

bool is_valid_utf8(std::string_view text);
std::vector<std::string_view> split(std::string_view text, char separator);
// How a district is called for short. Empty where fewer than two characters would remain, and where the last
// is ASCII: "Zone 1" is no short name of "Zone 12".
std::string_view without_last_character(std::string_view name);
// Takes out each "\n", and the blanks round it, that stands alone between two ideographs or kana.
void join_lines(std::string& text);

}  // namespace jobmap::data
