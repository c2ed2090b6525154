#pragma once
// Whether bytes are UTF-8: table 3-7 of Unicode 15, so no overlong forms, no surrogates, nothing past U+10FFFF.
//
//   is_valid_utf8("\xC3") == false;
#include <string_view>

namespace jobmap::data {

bool is_valid_utf8(std::string_view text);

}  // namespace jobmap::data
