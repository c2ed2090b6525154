#include "data/ingest/table/text_fault.hpp"

#include <algorithm>

#include "data/model/utf8.hpp"

namespace jobmap::data {
namespace {

// Whether a character that we refuse can begin with this byte. Nearly no byte is such.
bool is_suspect(unsigned char lead) {
  return lead < 0x20 || lead == 0x7F || lead == 0xC2 || lead == 0xD8 || lead == 0xE2;
}

const char* control_fault(std::string_view rest) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(rest[i]); };
  const unsigned char lead = at(0);
  if (lead == 0) return "holds a NUL character";
  if (lead < 0x20 || lead == 0x7F || (lead == 0xC2 && at(1) <= 0x9F)) return "holds a control character";
  const bool bidi = (lead == 0xD8 && at(1) == 0x9C) ||  // U+061C
                    (lead == 0xE2 && at(1) == 0x80 &&
                     (at(2) == 0x8E || at(2) == 0x8F || (at(2) >= 0xAA && at(2) <= 0xAE))) ||  // U+200E ...
                    (lead == 0xE2 && at(1) == 0x81 && at(2) >= 0xA6 && at(2) <= 0xA9);         // U+2066 ...
  return bidi ? "holds a bidirectional control character" : nullptr;
}

}  // namespace

const char* text_fault(std::string_view text, Lines lines) {
  if (!is_valid_utf8(text))
    return "is not valid text in the charset of the file (--charset, by default UTF-8)";
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (!is_suspect(static_cast<unsigned char>(c))) continue;
    if (c == '\n' || c == '\r' || c == '\t') {
      if (lines == Lines::one) return "holds a line break or a tab";
    } else if (const char* fault = control_fault(text.substr(i))) {
      return fault;
    }
  }
  return nullptr;
}

std::size_t count_characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

}  // namespace jobmap::data
