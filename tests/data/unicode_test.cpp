#include "data/model/unicode.hpp"

#include <gtest/gtest.h>

namespace jobmap::data {
namespace {

TEST(Unicode, FoldsCaseOfEveryScript) {
  EXPECT_EQ(fold_case("Инженер ÉCOLE ΟΔΟΣ Straße Ｃ"), "инженер école οδοσ strasse ｃ");
  EXPECT_EQ(fold_case("軟體"), "軟體");
}

TEST(Unicode, LeavesAccentsOff) {
  EXPECT_EQ(without_accents("Café Cafe\u0301 Ñandú ё"), "Cafe Cafe Nandu е");
  EXPECT_EQ(without_accents("が 한국 กิน"), "が 한국 กิน");
}

// Normal forms sort marks by insertion: runs of them are kept short.
TEST(Unicode, KeepsNoMoreMarksInARowThanAWordHas) {
  std::string low, high;
  for (int i = 0; i < 15'000; ++i) low += "\u0316", high += "\u3099";
  EXPECT_LE(without_accents("か" + high + low).size(), 3u + 30 * 3);
  EXPECT_EQ(without_accents("か\u3099"), "が");
}

TEST(Unicode, SaysWhichCharactersMayCompose) {
  for (const char32_t c : {U'\u3099', U'\u1161', U'\u11ab'}) EXPECT_TRUE(FoldRules::composes(c));
  for (const char32_t c : {U'a', U'工', U'\u0301', U'가'}) EXPECT_FALSE(FoldRules::composes(c));
}

}  // namespace
}  // namespace jobmap::data
