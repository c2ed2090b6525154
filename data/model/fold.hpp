#pragma once
// The spelling in which texts are compared, so that what looks alike is found alike.
//
//   fold("軟體工程師 ＣＡＦÉ") == "软体工程师 cafe";
//   fold("仓库\n管理") == "仓库管理";  fold("出纳\u00AD员") == "出纳员";  fold("⼯程⻓") == "工程长";
//
//   std::string buffer;                                  // for many texts: no copy of what needs none
//   for (Pieces pieces(folded_for_pieces(text, buffer)); pieces.next();) use(pieces.text());
//
// data/model/unicode.hpp says what is folded, and ICU says it of each character when the program is built.
// Here a table of 256-character pages is read, some nanoseconds a character; a text goes through ICU itself
// only where characters compose (kana with a mark of its own, Hangul in parts). A fold of a fold is itself.
// Bytes that aren't valid UTF-8 stay as they are; folded_for_pieces() is for texts known to be valid.
//
// A line break (one, with blanks round it) between two ideographs or kana is nothing: text is wrapped there.
// Any other becomes one "\n".
#include <string>
#include <string_view>

namespace jobmap::data {

std::string fold(std::string_view text);
// A text that data/index/terms.hpp reads as it would fold(text): the text itself where that is so, else the buffer.
std::string_view folded_for_pieces(std::string_view text, std::string& buffer);
// A name as a whole: folded, without blanks, brackets, quotes and commas. "火车东站（东广场）" is
// "火车东站东广场".
std::string fold_label(std::string_view text);
// Whether the character may become one with the one before it.
bool may_compose(const char* character);

}  // namespace jobmap::data
