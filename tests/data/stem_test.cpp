#include "data/index/stem.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace jobmap::data {
namespace {

TEST(Stem, IsSharedByAWordAndItsPlural) {
  const std::pair<const char*, const char*> plurals[] = {
      {"engineer", "engineers"},  {"company", "companies"}, {"cookie", "cookies"}, {"nurse", "nurses"},
      {"box", "boxes"},           {"coach", "coaches"},     {"cache", "caches"},   {"class", "classes"},
      {"waitress", "waitresses"}, {"bus", "buses"},         {"day", "days"},       {"car", "cars"},
      {"database", "databases"},  {"size", "sizes"},        {"tie", "ties"},       {"process", "processes"}};
  for (const auto& [one, many] : plurals) EXPECT_EQ(stem(one), stem(many)) << one;
}

TEST(Stem, PartsWordsThatOnlyBeginAlike) {
  const std::pair<const char*, const char*> others[] = {
      {"engine", "engineer"}, {"engineer", "engineering"}, {"car", "care"}, {"java", "javascript"},
      {"campus", "camp"},     {"analysis", "analyst"},     {"on", "one"},   {"rat", "rate"},
      {"market", "marketing"}};
  for (const auto& [a, b] : others) EXPECT_NE(stem(a), stem(b)) << a;
}

TEST(Stem, OfWhatIsNoPlainWordIsTheWord) {
  for (const char* word :
       {"aws", "c++", "k8s", "h5s", ".nets", "node.js", "ios", "gis", "business", "campus", "js"})
    EXPECT_EQ(stem(word), word);
}

TEST(Stem, HasEachOfItsForms) {
  for (const std::string word : {"engineers", "company", "cookies", "nurses", "box", "cache", "buses", "java",
                                 "c++", "days", "sales", "keys", "eyes", "ties", "series", "news"}) {
    const auto forms = forms_of(stem(word));
    EXPECT_NE(std::find(forms.begin(), forms.end(), word), forms.end()) << word;
    for (const auto& form : forms) EXPECT_EQ(stem(form), stem(word)) << form;
  }
  // Every word of three letters or four of a small alphabet, with every ending that matters.
  const std::string letters = "aeisuxyhzcrn";
  for (const char a : letters)
    for (const char b : letters)
      for (const char c : letters)
        for (const std::string ending : {"", "s", "e", "es", "ies", "ie", "ys", "ss", "she", "ches"}) {
          const auto word = std::string{a, b, c} + ending;
          const auto forms = forms_of(stem(word));
          ASSERT_NE(std::find(forms.begin(), forms.end(), word), forms.end()) << word;
        }
}

}  // namespace
}  // namespace jobmap::data
