#pragma once
// A text cut at each separator. The parts are views into it.
//
//   split("a,,b", ',');              // {"a", "", "b"}
//   split("", ',');                  // {""}
#include <string_view>
#include <vector>

namespace jobmap::data {

std::vector<std::string_view> split(std::string_view text, char separator);

}  // namespace jobmap::data
