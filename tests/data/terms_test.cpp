#include "data/index/terms.hpp"

#include <gtest/gtest.h>

#include "tests/random_text.hpp"

namespace jobmap::data {
namespace {

using Terms = std::vector<std::string>;

TEST(Terms, AreWordsAndRunsOfCharacters) {
  EXPECT_EQ(terms_of("Java工程师（C++/Node.js）"), (Terms{"c++", "java", "node.js", "工程师"}));
  EXPECT_EQ(terms_of("工程师 C++,c++"), (Terms{"c++", "工程师"}));
  EXPECT_EQ(terms_of("ＪＡＶＡ　Ｃ＋＋"), (Terms{"c++", "java"}));
  EXPECT_EQ(terms_of(".NET ASP.NET C# C/C++"), (Terms{".net", "asp.net", "c", "c#", "c++"}));
  EXPECT_EQ(terms_of("A+B Word+Excel"), (Terms{"a", "b", "excel", "word"}));
  EXPECT_EQ(terms_of("C++++ c++11"), (Terms{"11", "c++", "c++++"}));
  EXPECT_EQ(terms_of("1.负责 a.b. c..d"), (Terms{".d", "1", "a.b", "c", "负责"}));
  EXPECT_EQ(terms_of("人々、カー・ドール「〇」"), (Terms{"〇", "カー", "ドール", "人々"}));
}

TEST(Terms, AreNoneInPunctuationAndSpace) {
  for (const char* text : {"", " ", "...", "++", "#", "（）、。", "　", "\u200b", "\ufeff", "\"'<>&"})
    EXPECT_EQ(terms_of(text), Terms{}) << text;
}

TEST(Terms, AWordIsFoundWholeOrAsPartsOfADottedOne) {
  EXPECT_TRUE(holds("用Java开发", "java"));
  EXPECT_FALSE(holds("JavaScript", "java"));
  EXPECT_FALSE(holds("C++ 开发", "c"));
  EXPECT_FALSE(holds("C 开发", "c++"));
  EXPECT_FALSE(holds("CC++", "c++"));
  EXPECT_FALSE(holds("C++++", "c++"));
  EXPECT_TRUE(holds("C++11", "c++"));
  EXPECT_TRUE(holds("Node.js", "node"));
  EXPECT_TRUE(holds("Node.js", "js"));
  EXPECT_TRUE(holds("ASP.NET", ".net"));
  EXPECT_FALSE(holds("net", ".net"));
  EXPECT_TRUE(holds("a.node.js.b", "node.js"));
  EXPECT_FALSE(holds("node js", "node.js"));
  EXPECT_TRUE(holds("JavaScript", "java", true));
  EXPECT_FALSE(holds("ajavascript", "java", true));
}

TEST(Terms, AgreeWithWhatStandsRoundThem) {
  const unsigned seed = 7;
  SCOPED_TRACE(seed);
  std::mt19937_64 random(seed);
  int found = 0;
  for (int i = 0; i < 100'000; ++i) {
    const auto text = test::random_text(random);
    for (const auto& term : terms_of(test::random_text(random))) {
      ASSERT_EQ(holds(text, term), test::holds_plainly(text, term)) << "[" << text << "] [" << term << "]";
      found += holds(text, term);
    }
    // A text holds its own terms, and they are terms of themselves alone.
    for (const auto& term : terms_of(text)) {
      ASSERT_TRUE(holds(text, term)) << "[" << text << "] [" << term << "]";
      ASSERT_EQ(terms_of(term), Terms{term});
    }
  }
  EXPECT_GT(found, 5000);
}

}  // namespace
}  // namespace jobmap::data
