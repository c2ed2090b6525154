#pragma once
// The rules of Unicode for letters: the only home of ICU.
//
//   fold_case("ПРОГРАММИСТ") == "программист";         // full case folding, as CASEI of CQL2 reads a text
//   without_accents("Café") == "Cafe";                 // as ACCENTI does
//   nfkc_casefold("ｶﾞ") == "ガ";                        // case, compatibility forms, what has no width
//   FoldRules().fold("軟體工程師 CAFÉ") == "软体工程师 cafe";
//
// FoldRules says which texts look alike: it is asked once per character when the table of data/model/fold.hpp is
// made at build time, and by whoever checks that table (tests, jobmap verify). It is thorough and slow. A
// fold is NFKC_Casefold, then, character by character: radicals become the ideographs that they stand for,
// marks of Latin, Greek, Cyrillic, Hebrew and Arabic are left off, Latin letters beyond ASCII become ASCII
// (ł, ø, ß), Traditional ideographs become Simplified ones, spaces become a space and punctuation a comma.
// Dakuten and the marks that spell vowels (Thai, Devanagari) stay, since they make another word. Texts are
// valid UTF-8.
#include <memory>
#include <string>
#include <string_view>

namespace jobmap::data {

std::string fold_case(std::string_view text);
std::string without_accents(std::string_view text);
std::string nfkc_casefold(std::string_view text);

class FoldRules {
 public:
  FoldRules();
  ~FoldRules();
  FoldRules(const FoldRules&) = delete;
  FoldRules& operator=(const FoldRules&) = delete;

  // The text that one character becomes wherever it stands, unless it composes with what is before it.
  std::u32string fold(char32_t code) const;
  // Whether NFKC may join the character to one before it, or change their order.
  static bool composes(char32_t code);
  static bool is_assigned(char32_t code);
  // A whole text. Lines that break inside a run are joined as data/model/fold.hpp says.
  std::string fold(std::string_view text) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace jobmap::data
