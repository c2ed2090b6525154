#include "data/model/fold.hpp"

#include <gtest/gtest.h>

#include "data/index/terms.hpp"
#include "data/model/characters.hpp"
#include "data/model/unicode.hpp"
#include "tests/random_text.hpp"

namespace jobmap::data {
namespace {

TEST(Fold, MakesOneSpellingOfWhatLooksAlike) {
  const std::pair<const char*, const char*> alike[] = {
      {"ＪＡＶＡ Ｃ＋＋", "java c++"},
      {"Café Cafe\u0301 CAFÉ", "cafe cafe cafe"},
      {"ИНЖЕНЕР ЁЛКА", "инженер елка"},
      {"Łódź Straße ﬁn Øre", "lodz strasse fin ore"},
      {"ΟΔΟΣ Ὀδός", "οδοσ οδοσ"},
      {"軟體工程師 龍翔橋 西湖區 後臺", "软体工程师 龙翔桥 西湖区 后台"},
      {"⼯程⾦属", "工程金属"},
      {"金\uF90A", "金金"},
      {"⻓⻔⻋⻢⻘", "长门车马青"},
      {"ｴﾝｼﾞﾆｱ か\u3099", "エンジニア が"},
      {"\u1112\u1161\u11ab국", "한국"},
      {"会\u200B计 出\u00AD纳 文\uFEFF员 质\u2060检 仓\uFE0F管", "会计 出纳 文员 质检 仓管"},
      {"𝐉𝐚𝐯𝐚 Ⅲ ㎏ m²", "java iii kg m2"},
      {"火车东站（东广场）", "火车东站(东广场)"},
      {"قَلَم שָׁלוֹם", "قلم שלום"},
  };
  for (const auto& [given, folded] : alike) EXPECT_EQ(fold(given), folded) << given;
}

TEST(Fold, LeavesApartWhatIsAnotherWord) {
  EXPECT_NE(fold("か"), fold("が"));
  EXPECT_NE(fold("ハ"), fold("パ"));
  EXPECT_NE(fold("กิน"), fold("กัน"));
  EXPECT_NE(fold("太"), fold("大"));
}

// NFKC would glue these to the word beside them, or turn them into signs that belong to words.
TEST(Fold, KeepsWordsFromWhatStandsBesideThem) {
  const std::pair<const char*, std::vector<std::string>> apart[] = {
      {"①Java②Go", {"1", "2", "go", "java"}},
      {"Java™工程师", {"java", "工程师"}},
      {"等…net", {"net", "等"}},
      {"1️⃣Java", {"1", "java"}},
      {"36℃", {"36", "c"}},
      {"кофе،сок", {"кофе", "сок"}},
  };
  for (const auto& [text, terms] : apart) EXPECT_EQ(terms_of(text), terms) << text;
}

TEST(Fold, JoinsTheLinesOfARun) {
  EXPECT_EQ(fold("负责仓库\n管理"), "负责仓库管理");
  EXPECT_EQ(fold("负责仓库 \r\n  管理"), "负责仓库管理");
  EXPECT_EQ(fold("仓库\u2028管理\r盘点\u0085"), "仓库管理盘点\n");
  EXPECT_EQ(fold("エンジ\nニア"), "エンジニア");
  EXPECT_EQ(fold("仓库\n\n管理"), "仓库\n\n管理") << "a paragraph ends";
  EXPECT_EQ(fold("仓库。\n管理"), "仓库,\n管理");
  EXPECT_EQ(fold("a\nb"), "a\nb");
  EXPECT_EQ(fold("инженер\nповар"), "инженер\nповар");
}

TEST(Fold, OfANameLeavesNothingBetweenItsCharacters) {
  EXPECT_EQ(fold_label("火车东站（东广场）"), fold_label("火车东站 (东广场)"));
  EXPECT_EQ(fold_label(" People’s Square "), "peoplessquare");
  EXPECT_EQ(fold_label("Lóng xiáng qiáo"), "longxiangqiao");
  EXPECT_EQ(fold_label("（ ）"), "");
}

// The table, made when the program was built, against ICU asked now.
TEST(Fold, OfEachCharacterIsWhatTheRulesSay) {
  const FoldRules rules;
  for (char32_t c = 1; c < 0x110000; ++c) {
    if (c >= 0xD800 && c < 0xE000) continue;
    std::string text;
    append_utf8(text, c);
    const auto folded = fold(text);
    ASSERT_EQ(folded, rules.fold(text)) << std::hex << static_cast<unsigned>(c);
    ASSERT_EQ(fold(folded), folded) << std::hex << static_cast<unsigned>(c);
  }
}

std::string random_characters(std::mt19937_64& random) {
  static const std::vector<char32_t> pool = [] {
    std::vector<char32_t> characters;
    for (char32_t c = ' '; c < 0x3000; ++c)
      if (FoldRules::is_assigned(c)) characters.push_back(c);
    for (const char32_t c :
         std::u32string_view(U"工程師軟體\n\n\r 、，。…①½™か゛\u3099ﾞｶﾟ\u1112\u1161\u11ab"))
      characters.insert(characters.end(), 100, c);
    return characters;
  }();
  std::string text;
  for (auto n = random() % 8; n > 0; --n) append_utf8(text, pool[random() % pool.size()]);
  return text;
}

TEST(Fold, OfATextIsWhatTheRulesSayOfTheWhole) {
  const unsigned seed = 5;
  SCOPED_TRACE(seed);
  std::mt19937_64 random(seed);
  const FoldRules rules;
  for (int i = 0; i < 30'000; ++i) {
    const auto text = random_characters(random) + test::random_text(random);
    const auto folded = fold(text);
    ASSERT_EQ(folded, rules.fold(text)) << text;
    ASSERT_EQ(fold(folded), folded) << text;
  }
}

TEST(Fold, IsLeftOutWherePiecesReadTheSame) {
  std::mt19937_64 random(6);
  int untouched = 0;
  std::string buffer;
  const auto pieces_of = [](std::string_view text) {
    std::vector<std::string> all;
    for (Pieces pieces(text); pieces.next();) all.emplace_back(pieces.text());
    return all;
  };
  for (int i = 0; i < 30'000; ++i) {
    const auto text = random_characters(random) + test::random_text(random);
    const auto read = folded_for_pieces(text, buffer);
    untouched += read.data() == text.data();
    ASSERT_EQ(terms_of(text), terms_of(fold(text))) << text;
    std::string folded_runs;
    const auto folded = fold(text);
    auto a = pieces_of(read), b = pieces_of(folded);
    for (auto* all : {&a, &b})
      for (auto& piece : *all) piece = fold(piece);
    ASSERT_EQ(a, b) << text;
  }
  EXPECT_GT(untouched, 1000);
  const std::string plain = "Java 工程师（杭州），负责：后端。\n1、开发";
  EXPECT_EQ(folded_for_pieces(plain, buffer).data(), plain.data()) << "no copy of an ordinary text";
}

}  // namespace
}  // namespace jobmap::data
