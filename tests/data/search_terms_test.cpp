#include "data/index/search_terms.hpp"

#include <gtest/gtest.h>

#include "tests/random_text.hpp"

namespace jobmap::data {
namespace {

using Terms = std::vector<std::string>;

TEST(SearchTerms, ArePlainPhrasesAndWhatIsLeftOut) {
  EXPECT_EQ(search_terms("Java工程师"), (Terms{"java", "工程师"}));
  EXPECT_EQ(search_terms("\"Machine Learning\" 工程師"), (Terms{"\"machine learning\"", "工程师"}));
  EXPECT_EQ(search_terms("“机器 学习”"), (Terms{"\"机器 学习\""}));
  EXPECT_EQ(search_terms("\"java\""), (Terms{"\"java\""}));
  EXPECT_EQ(search_terms("java -web"), (Terms{"-web", "java"}));
  EXPECT_EQ(search_terms("－工程師"), (Terms{"-工程师"}));
  EXPECT_EQ(search_terms("java　-\"web 前端\""), (Terms{"-\"web 前端\"", "java"}));
  EXPECT_EQ(search_terms("-Java工程师 护士"), (Terms{"-\"java 工程师\"", "护士"}));
  EXPECT_EQ(search_terms("-C++ -.net"), (Terms{"-.net", "-c++"}));
}

TEST(SearchTerms, AMinusOrAQuoteElsewhereOnlySeparates) {
  EXPECT_EQ(search_terms("8k-12k 前端-工程师"), (Terms{"12k", "8k", "前端", "工程师"}));
  EXPECT_EQ(search_terms("java - web"), (Terms{"java", "web"}));
  EXPECT_EQ(search_terms("5\" 屏幕"), (Terms{"5", "屏幕"}));
  for (const char* q : {"", "-", "\"\"", "-\"\"", "- -", "“”", "--", "-，"})
    EXPECT_EQ(search_terms(q), Terms{}) << q;
}

TEST(SearchTerms, HaveOneSpelling) {
  std::mt19937_64 random(3);
  int phrases = 0, excluded = 0;
  for (int i = 0; i < 50'000; ++i) {
    std::string q;
    for (auto n = random() % 4; n > 0; --n) {
      q += std::string(random() % 2 ? "" : " ") + (random() % 3 ? "" : "-") + (random() % 3 ? "" : "\"");
      q += test::random_text(random) + (random() % 3 ? "" : "\"");
    }
    const auto terms = search_terms(q);
    std::string spelled;
    for (const auto& term : terms) (spelled += spelled.empty() ? "" : " ") += term;
    ASSERT_EQ(search_terms(spelled), terms) << q;
    for (const auto& term : terms) {
      const auto read = read_term(term);
      phrases += read.exact, excluded += read.excluded;
      ASSERT_FALSE(read.pieces.empty());
      for (const auto& piece : read.pieces) ASSERT_EQ(terms_of(piece), Terms{piece}) << term;
    }
  }
  EXPECT_GT(phrases, 1000);
  EXPECT_GT(excluded, 1000);
}

}  // namespace
}  // namespace jobmap::data
