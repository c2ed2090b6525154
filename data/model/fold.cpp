#include "data/model/fold.hpp"

#include <algorithm>

#include "data/model/characters.hpp"
#include "data/model/fold_table.hpp"
#include "data/model/line_joins.hpp"
#include "data/model/unicode.hpp"
#include "data/model/utf8.hpp"

namespace jobmap::data {
namespace {

std::uint32_t entry_of(char32_t c) { return fold_pages[fold_page_of[c / fold_page]][c % fold_page]; }

bool is_line_break(char32_t c) { return (c >= '\n' && c <= '\r') || c == 0x85 || c == 0x2028 || c == 0x2029; }

// Whether nothing in it needs folding before it is read by pieces.
bool is_plain(std::string_view text) {
  bool may_wrap = false;  // whether a line that ends here may go on in the next
  for (const char *p = text.data(), *end = p + text.size(); p < end;) {
    const auto c = character_at(p);
    p += c.bytes;
    if (c.code < 0x80) {
      if (c.code <= ' ') {
        if (may_wrap && is_line_break(c.code)) return false;
      } else {
        may_wrap = false;
      }
      continue;
    }
    const auto entry = entry_of(c.code);
    if (entry != 0 && !(entry & fold_plain)) return false;
    if (may_wrap && entry != 0 && is_line_break(c.code)) return false;
    may_wrap = entry == 0 ? joins_lines(c.code) : may_wrap && (entry & fold_code) == ' ';
  }
  return true;
}

// False where the text has to go through ICU first; `composed` says that it has.
bool fold_by_table(std::string_view text, bool composed, std::string& out) {
  out.clear();
  out.reserve(text.size());
  for (const char *p = text.data(), *end = p + text.size(); p < end;) {
    const auto c = character_at(p);
    const char* next = p + c.bytes;
    const auto entry = entry_of(c.code);
    if (entry == 0) {
      out.append(p, next);
    } else if (entry & fold_composes) {
      if (!composed) return false;
      out.append(p, next);
    } else if (entry & fold_string) {
      const char32_t* string = fold_strings + (entry & fold_code);
      for (char32_t i = 1; i <= string[0]; ++i) append_utf8(out, string[i]);
    } else if (!(entry & fold_deleted) && !(c.code == '\r' && next < end && *next == '\n')) {
      append_utf8(out, entry & fold_code);
    }
    p = next;
  }
  return true;
}

bool is_sign(char32_t c) { return c == ' ' || c == ','; }

// The characters that NFKC would glue to their neighbours or take for other signs are folded before ICU sees
// the text: for those the table has strings with blanks, or a single sign.
std::string composed(std::string_view text) {
  std::string out;
  for (const char *p = text.data(), *end = p + text.size(); p < end;) {
    const auto c = character_at(p);
    const auto entry = entry_of(c.code);
    const char32_t* string = fold_strings + (entry & fold_string ? entry & fold_code : 0);
    if (entry & fold_string && string[1] == ' ')
      for (char32_t i = 1; i <= string[0]; ++i) append_utf8(out, string[i]);
    else if (c.code >= 0x80 && !(entry & (fold_string | fold_deleted | fold_composes)) &&
             is_sign(entry & fold_code))
      out += static_cast<char>(entry & fold_code);
    else
      out.append(p, c.bytes);
    p += c.bytes;
  }
  return nfkc_casefold(out);
}

void fold_into(std::string_view text, std::string& out) {
  if (!fold_by_table(text, false, out)) {
    fold_by_table(composed(text), true, out);
    out = nfkc_casefold(out);  // what stood round a mark may compose
  }
  join_lines(out);
}

}  // namespace

bool may_compose(const char* character) {
  return (entry_of(character_at(character).code) & fold_composes) != 0;
}

std::string fold(std::string_view text) {
  if (!is_valid_utf8(text)) return std::string(text);
  std::string out;
  fold_into(text, out);
  return out;
}

std::string_view folded_for_pieces(std::string_view text, std::string& buffer) {
  if (is_plain(text)) return text;
  fold_into(text, buffer);
  return buffer;
}

std::string fold_label(std::string_view text) {
  std::string out = fold(text);
  std::erase_if(out, [](char c) {
    return static_cast<unsigned char>(c) <= ' ' ||
           std::string_view("()[]{}<>'\",").find(c) != std::string_view::npos;
  });
  return out;
}

}  // namespace jobmap::data
