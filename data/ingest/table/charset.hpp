#pragma once
// A file's text as UTF-8, by iconv of the C library.
//
//   std::string text = to_utf8(std::move(bytes), "GB18030");   // a charset that isn't known: std::runtime_error
//
// A leading byte order mark is dropped. What can't be decoded becomes the byte 0xFF, which no UTF-8 text
// holds: so the row it stands in is refused when its fields are checked, and only that row. "UTF-8" leaves
// the bytes alone.
#include <string>
#include <string_view>

namespace jobmap::data {

std::string to_utf8(std::string bytes, std::string_view charset);

}  // namespace jobmap::data
