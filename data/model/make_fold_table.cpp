// Writes the table of data/model/fold.hpp as C++, at build time: make_fold_table OUT.cpp
//
// Pages of 256 characters, by the upper bits of the code; the same page is written once. An entry is
//   0                      the character stays as it is
//   a code                 becomes that character
//   fold_deleted           disappears
//   fold_string | at       becomes the characters at fold_strings[at + 1], as many as fold_strings[at] says
//   fold_composes          may join the one before it: the text needs ICU
// and fold_plain is added where data/index/terms.hpp reads the character alike folded or not.
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iostream>
#include <map>
#include <vector>

#include "data/model/characters.hpp"
#include "data/model/fold_table.hpp"
#include "data/model/unicode.hpp"

namespace jobmap::data {
namespace {

constexpr char32_t codes = 0x110000;
using Page = std::vector<std::uint32_t>;

// As data/index/terms.hpp reads a character by itself: folded in case and width, all separators alike.
bool reads_alike(char32_t c, const std::u32string& folded) {
  if (folded == std::u32string(1, c)) return true;
  if (c < 0x80) return folded.size() == 1 && c >= 'A' && c <= 'Z' && folded[0] == c + 32;
  if (c > 0xFF00 && c < 0xFF5F && folded.size() == 1) {
    const char32_t ascii = c - 0xFEE0;
    return folded[0] == (ascii >= 'A' && ascii <= 'Z' ? ascii + 32 : ascii);
  }
  return parts_pieces(c) && (folded == U" " || folded == U"," || folded == U"\n");
}

struct Table {
  std::vector<std::size_t> page_of;
  std::vector<Page> pages;
  std::u32string strings = std::u32string(1, U'\0');

  std::uint32_t entry(const FoldRules& rules, char32_t c) {
    if ((c >= 0xD800 && c < 0xF900) || c >= 0xF0000 || !FoldRules::is_assigned(c)) return 0;
    const auto folded = rules.fold(c);
    for (const char32_t f : folded)
      if (FoldRules::composes(f)) return fold_composes;
    const std::uint32_t plain = reads_alike(c, folded) ? fold_plain : 0;
    if (folded.empty()) return fold_deleted;
    if (folded.size() == 1) return folded[0] == c ? 0 : folded[0] | plain;
    const auto at = static_cast<std::uint32_t>(strings.size());
    (strings += static_cast<char32_t>(folded.size())) += folded;
    return fold_string | at;
  }
  void fill(const FoldRules& rules) {
    std::map<Page, std::size_t> known;
    for (char32_t begin = 0; begin < codes; begin += fold_page) {
      Page page;
      for (char32_t c = begin; c < begin + fold_page; ++c) page.push_back(entry(rules, c));
      const auto [it, is_new] = known.try_emplace(page, pages.size());
      if (is_new) pages.push_back(page);
      page_of.push_back(it->second);
    }
  }
};

template <typename Values>
void write(std::ostream& out, const Values& values) {
  std::size_t i = 0;
  for (const auto v : values) out << static_cast<std::uint32_t>(v) << (++i % 16 ? "," : ",\n");
}

int make(const char* path) {
  Table table;
  table.fill(FoldRules());
  if (table.pages.size() > 256) throw std::runtime_error("more pages than a byte can name");
  std::ofstream out(path);
  out << "#include \"data/model/fold_table.hpp\"\nnamespace jobmap::data {\n"
      << "const std::uint8_t fold_page_of[] = {\n";
  write(out, table.page_of);
  out << "};\nconst std::uint32_t fold_pages[][fold_page] = {\n";
  for (const auto& page : table.pages) out << "{", write(out, page), out << "},\n";
  out << "};\nconst char32_t fold_strings[] = {\n";
  write(out, table.strings);
  out << "};\n}  // namespace jobmap::data\n";
  out.close();
  if (!out) throw std::runtime_error(std::string("cannot write ") + path);
  return 0;
}

}  // namespace
}  // namespace jobmap::data

int main(int argc, char** argv) try {
  if (argc != 2) throw std::runtime_error("usage: make_fold_table OUT.cpp");
  return jobmap::data::make(argv[1]);
} catch (const std::exception& e) {
  std::cerr << "make_fold_table: " << e.what() << '\n';
  return 1;
}
