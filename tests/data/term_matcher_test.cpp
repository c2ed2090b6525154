#include "data/index/term_matcher.hpp"

#include <gtest/gtest.h>

#include "tests/random_text.hpp"

namespace jobmap::data {
namespace {

bool matches(const char* text, std::vector<std::string> pieces,
             TermMatcher::Kind kind = TermMatcher::any_form) {
  return TermMatcher(std::move(pieces), kind).matches(text);
}

TEST(TermMatcher, FindsAWordInAnyFormUnlessItIsMeantAsWritten) {
  EXPECT_TRUE(matches("Engineers wanted", {"engineer"}));
  EXPECT_TRUE(matches("senior engineer", {"engineers"}));
  EXPECT_FALSE(matches("engine fitter", {"engineer"}));
  EXPECT_FALSE(matches("Engineers wanted", {"engineer"}, TermMatcher::exact));
  EXPECT_TRUE(matches("ENGINEER", {"engineer"}, TermMatcher::exact));
  EXPECT_TRUE(matches("JavaScript", {"java"}, TermMatcher::unfinished));
  EXPECT_TRUE(matches("engineer", {"engineers"}, TermMatcher::unfinished));
}

TEST(TermMatcher, FindsARunHoweverItIsWritten) {
  for (const char* text : {"软件工程师", "軟件工程師", "软件\u200B工程师", "软件工\n程师", "软件⼯程师"})
    EXPECT_TRUE(matches(text, {"工程师"})) << text;
  EXPECT_FALSE(matches("か\u3099", {"か"})) << "が is another character";
  EXPECT_TRUE(matches("か\u3099", {"が"}));
}

TEST(TermMatcher, FindsThePiecesOfAPhraseNextToEachOther) {
  const std::vector<std::string> phrase{"machine", "learning"};
  EXPECT_TRUE(matches("Machine-Learning 工程师", phrase, TermMatcher::exact));
  EXPECT_FALSE(matches("machine for learning", phrase, TermMatcher::exact));
  EXPECT_FALSE(matches("machines learning", phrase, TermMatcher::exact));
  EXPECT_FALSE(matches("learning machine", phrase, TermMatcher::exact));
  EXPECT_TRUE(matches("资深Java工程师岗", {"java", "工程师"}, TermMatcher::exact));
  EXPECT_TRUE(matches("资深Java工程师岗", {"深", "java", "工"}, TermMatcher::exact));
  EXPECT_FALSE(matches("资深Java工程师岗", {"资", "java"}, TermMatcher::exact));
  EXPECT_FALSE(matches("Java 高级工程师", {"java", "工程师"}, TermMatcher::exact));
}

TEST(TermMatcher, AgreesWithAPlainSearch) {
  std::mt19937_64 random(9);
  int found = 0;
  for (int i = 0; i < 30'000; ++i) {
    const auto text = test::random_text(random);
    for (const auto& term :
         search_terms('"' + test::random_text(random) + "\" \"" + test::random_text(random) + '"')) {
      const auto read = read_term(term);
      TermMatcher matcher(read.pieces, read.exact ? TermMatcher::exact : TermMatcher::any_form);
      if (!read.exact) continue;
      ASSERT_EQ(matcher.matches(text), test::holds_term(text, term)) << "[" << text << "] [" << term << "]";
      found += matcher.matches(text);
    }
  }
  EXPECT_GT(found, 300);
}

}  // namespace
}  // namespace jobmap::data
