#pragma once
// Checks a text from outside before it is stored: it must be valid UTF-8 (Unicode 15, table 3-7) without controls.
//
//   if (const char* fault = text_fault(title, Lines::one)) refuse(fault);   // "holds a NUL character"
//
// Refused besides malformed UTF-8: NUL, the C0 and C1 controls and DEL, and the twelve characters with the
// Bidi_Control property, which can make a line read as another. Lines::many lets tab, CR and LF through.
#include <cstddef>
#include <string_view>

namespace jobmap::data {

enum class Lines { one, many };

// Null where there is no fault.
const char* text_fault(std::string_view text, Lines lines);
// The text must be valid UTF-8.
std::size_t count_characters(std::string_view text);

}  // namespace jobmap::data
