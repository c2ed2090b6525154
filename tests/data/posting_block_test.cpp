#include "data/index/posting_block.hpp"

#include <gtest/gtest.h>

#include "tests/random_text.hpp"

namespace jobmap::data {
namespace {

using Words = std::vector<std::uint64_t>;

bool test(const Words& words, std::uint32_t i) { return words[i / 64] >> (i % 64) & 1; }

TEST(PostingBlock, FindsCharactersPairsAndParts) {
  const unsigned seed = 3;
  SCOPED_TRACE(seed);
  std::mt19937_64 random(seed);
  std::vector<std::string> texts(3000);
  PostingBlock::Builder builder;
  for (std::uint32_t i = 0; i < texts.size(); ++i) builder.add(i, texts[i] = test::random_text(random));
  const auto block = std::move(builder).build();
  for (const auto& [first, second] : {std::pair{U'工', U'程'},
                                      {U'师', U'工'},
                                      {U'好', U'好'},
                                      {U'𠮷', U'野'},
                                      {U'한', U'국'},
                                      {U'程', PostingBlock::run_end},
                                      {U'丑', U'丑'}}) {
    Words pair(PostingBlock::words), character(PostingBlock::words);
    block.add_pair(first, second, pair.data());
    block.add_character(first, character.data());
    for (std::uint32_t i = 0; i < texts.size(); ++i) {
      const auto text = test::folded(texts[i]);
      if (second != PostingBlock::run_end) {
        ASSERT_EQ(test(pair, i), text.find(std::u32string{first, second}) != text.npos) << texts[i];
      }
      ASSERT_EQ(test(character, i), text.find(first) != text.npos) << texts[i];
    }
  }
  for (const std::string part : {"java", "c++", "c", "net", "zz"}) {
    Words words(PostingBlock::words), beginning(PostingBlock::words);
    block.add_part(part, words.data());
    block.add_parts_beginning(part, beginning.data());
    for (std::uint32_t i = 0; i < texts.size(); ++i) {
      ASSERT_EQ(test(words, i), holds(texts[i], part)) << texts[i];
      ASSERT_EQ(test(beginning, i), holds(texts[i], part, true)) << texts[i];
    }
  }
}

// Sparse, dense and full lists, and the last text of a block.
TEST(PostingBlock, KeepsListsOfAnyDensity) {
  PostingBlock::Builder builder;
  const auto text = [](std::uint32_t i) {
    return std::string("全") + (i % 3 ? " 密" : "") + (i % 1000 == 999 ? " 疏" : "") +
           (i + 1 == PostingBlock::capacity ? " 末" : "");
  };
  for (std::uint32_t i = 0; i < PostingBlock::capacity; ++i) builder.add(i, text(i));
  const auto block = std::move(builder).build();
  for (const char32_t c : {U'全', U'密', U'疏', U'末'}) {
    Words words(PostingBlock::words);
    std::size_t expected = 0;
    const auto read = block.add_character(c, words.data());
    for (std::uint32_t i = 0; i < PostingBlock::capacity; ++i) {
      const bool holds = test::folded(text(i)).find(c) != std::u32string::npos;
      expected += holds;
      ASSERT_EQ(test(words, i), holds) << i;
    }
    EXPECT_EQ(read, expected);
  }
  EXPECT_LT(block.memory_bytes(), 3 * PostingBlock::capacity / 8);
}

}  // namespace
}  // namespace jobmap::data
