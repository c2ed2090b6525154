#include "data/index/synonyms.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace jobmap::data {
namespace {

using Texts = std::vector<std::string>;

TEST(Synonyms, AreFoundInARunAndAsAWord) {
  const Synonyms s("# a comment\n\n软件, 軟體\n程序员, 软件开发, Programmer\r\ndeveloper, coder\n");
  EXPECT_EQ(s.alternatives("软件工程师"), (Texts{"软件工程师", "软体工程师"}));
  EXPECT_EQ(s.alternatives("程序员"), (Texts{"程序员", "软件开发", "programmer", "软体开发"}));
  EXPECT_EQ(s.alternatives("高级程序员"), (Texts{"高级程序员", "高级软件开发", "高级软体开发"}));
  EXPECT_EQ(s.alternatives("coders"), (Texts{"coders", "developer"}));
  EXPECT_EQ(s.alternatives("codersx"), Texts{"codersx"});
  EXPECT_EQ(s.alternatives("护士"), Texts{"护士"});
}

TEST(Synonyms, GoBothWaysAndAreBounded) {
  const auto& shipped = Synonyms::shipped();
  for (const std::string term : {"程序员", "软件开发", "保洁", "出租车司机", "客服"})
    for (const auto& other : shipped.alternatives(term)) {
      const auto back = shipped.alternatives(other);
      EXPECT_NE(std::find(back.begin(), back.end(), term), back.end()) << other << " doesn't find " << term;
    }
  std::string many;
  for (int i = 0; i < 30; ++i) many += "软件";
  EXPECT_LE(shipped.alternatives(many).size(), Synonyms::most_alternatives);
}

TEST(Synonyms, RefuseAFileThatIsWrongByLine) {
  const auto refusal = [](const char* file) -> std::string {
    try {
      Synonyms{file};
    } catch (const std::runtime_error& e) {
      return e.what();
    }
    return "";
  };
  EXPECT_EQ(refusal("a, b\n护士\n"), "synonyms, line 2: a group has two members or more, parted by commas");
  EXPECT_EQ(refusal("护士, 护 士"), "synonyms, line 1: ' 护 士' is not one word or one run of characters");
  EXPECT_EQ(refusal("护士, 护士长"), "synonyms, line 1: '护士' is part of '护士长'");
  EXPECT_EQ(refusal("护士, 看护\n软件, 護士"), "synonyms, line 2: '护士' stands in another group too");
}

}  // namespace
}  // namespace jobmap::data
