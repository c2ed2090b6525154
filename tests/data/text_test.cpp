#include <gtest/gtest.h>

#include <random>
#include <string>

#include "data/index/job_table_builder.hpp"
#include "data/ingest/table/text_fault.hpp"
#include "data/model/city.hpp"
#include "data/model/split.hpp"
#include "data/model/utf8.hpp"
#include "tests/data/scratch.hpp"

namespace jobmap::data {
namespace {

std::string utf8(char32_t c) {
  const auto byte = [](char32_t v) { return static_cast<char>(static_cast<unsigned char>(v)); };
  if (c < 0x80) return {byte(c)};
  if (c < 0x800) return {byte(0xC0 | c >> 6), byte(0x80 | (c & 0x3F))};
  if (c < 0x10000) return {byte(0xE0 | c >> 12), byte(0x80 | (c >> 6 & 0x3F)), byte(0x80 | (c & 0x3F))};
  return {byte(0xF0 | c >> 18), byte(0x80 | (c >> 12 & 0x3F)), byte(0x80 | (c >> 6 & 0x3F)),
          byte(0x80 | (c & 0x3F))};
}

// Decodes by the definition: what encodes to these bytes, if it is a character at all.
bool is_valid_slowly(std::string_view text) {
  while (!text.empty()) {
    const auto lead = static_cast<unsigned char>(text[0]);
    const std::size_t size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (text.size() < size) return false;
    char32_t c = size == 1 ? lead : lead & (0x7Fu >> size);
    for (std::size_t i = 1; i < size; ++i) c = c << 6 | (static_cast<unsigned char>(text[i]) & 0x3Fu);
    if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF) || utf8(c) != text.substr(0, size)) return false;
    text.remove_prefix(size);
  }
  return true;
}

TEST(Text, EveryCharacterIsValidAndNoSurrogateIs) {
  for (char32_t c = 0; c < 0x110000; ++c)
    ASSERT_EQ(is_valid_utf8(utf8(c)), c < 0xD800 || c > 0xDFFF) << std::hex << static_cast<unsigned>(c);
  EXPECT_FALSE(is_valid_utf8(utf8(0x110000)));
}

TEST(Text, ValidIsWhatTheDefinitionSaysOfAnyBytes) {
  constexpr unsigned seed = 7;
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  const char32_t pool[] = {'a', '"', 0xE9, 0x4E00, 0x9F99, 0xFF0C, 0x800, 0xD7FF, 0xE000, 0x1F600, 0x10FFFF};
  int valid = 0;
  for (int n = 0; n < 200'000; ++n) {
    std::string text;
    for (auto length = random() % 30; length > 0; --length) text += utf8(pool[random() % std::size(pool)]);
    if (!text.empty() && random() % 2) text[random() % text.size()] = static_cast<char>(random());
    if (!text.empty() && random() % 4 == 0) text.resize(text.size() - 1);
    valid += is_valid_utf8(text);
    ASSERT_EQ(is_valid_utf8(text), is_valid_slowly(text)) << testing::PrintToString(text);
  }
  EXPECT_GT(valid, 50'000);
  EXPECT_LT(valid, 150'000);
}

TEST(Text, ControlsAreFaultsAndNothingElseIs) {
  const auto is_fault = [](char32_t c) {
    return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x61C || c == 0x200E || c == 0x200F ||
           (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
  };
  for (char32_t c = 0; c < 0x110000; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    const std::string text = "杭" + utf8(c) + "州";
    ASSERT_EQ(text_fault(text, Lines::one) != nullptr, is_fault(c)) << std::hex << static_cast<unsigned>(c);
    const bool line = c == '\n' || c == '\r' || c == '\t';
    ASSERT_EQ(text_fault(text, Lines::many) != nullptr, is_fault(c) && !line);
  }
}

TEST(Text, SplitsAndShortens) {
  EXPECT_EQ(split("a,,b", ','), (std::vector<std::string_view>{"a", "", "b"}));
  EXPECT_EQ(split("", ','), std::vector<std::string_view>{""});
  EXPECT_EQ(short_district_name("西湖区"), "西湖");
  EXPECT_EQ(short_district_name("西湖"), "");
  EXPECT_EQ(short_district_name("Zone 12"), "");
  EXPECT_EQ(short_district_name(""), "");
}

TEST(Text, TheTableTakesNoTextThatIsNotUtf8AndNamesTheJob) {
  for (unsigned field = 0; field < JobText::count; ++field) {
    RawJob job;
    job.source = "test";
    job.text[JobText::id] = "17";
    if (field != JobText::id) job.text[field] = "杭\xE5\xB7";
    if (field == JobText::id) job.text[field] = "17\xFF";
    const auto words = error_of([&] { JobTableBuilder().add(job); });
    EXPECT_NE(words.find("job test:17"), std::string::npos) << words;
    EXPECT_NE(words.find("not UTF-8"), std::string::npos) << words;
  }
  RawJob job;
  job.source = "\xFF";
  EXPECT_NE(error_of([&] { JobTableBuilder().add(job); }).find("not UTF-8"), std::string::npos);
}

}  // namespace
}  // namespace jobmap::data
