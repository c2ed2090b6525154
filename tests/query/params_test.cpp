#include <gtest/gtest.h>

#include <random>

#include "server/query/syntax/number_text.hpp"
#include "server/query/syntax/percent_coding.hpp"
#include "server/query/syntax/reader.hpp"

namespace jobmap::query {
namespace {

TEST(Params, DecodesUtf8RawOrEscapedAndPlusAsSpace) {
  const auto p = Params::parse("station=龙翔桥&q=C%2B%2B+dev&empty=&bare&%E7%AB%99=1");
  ASSERT_TRUE(p);
  EXPECT_EQ(*p->find("station"), "龙翔桥");
  EXPECT_EQ(*p->find("q"), "C++ dev");
  EXPECT_EQ(*p->find("empty"), "");
  EXPECT_EQ(*p->find("bare"), "");
  EXPECT_EQ(*p->find("站"), "1");
  EXPECT_EQ(p->find("nothing"), nullptr);
}

TEST(Params, RefusesMalformedTextAndRepeats) {
  for (const std::string text : {"a=%", "a=%4", "a=%zz", "a=%00", "a=%ff", "a=%c0%af", "a=%ed%a0%80",
                                 "a=%f4%90%80%80", "a=\xff", "a=1&a=2", "a=1&%61=2", "%ff=1"})
    EXPECT_FALSE(Params::parse(text)) << text;
}

TEST(Params, EncodingComesBack) {
  std::mt19937 random(11);
  for (int i = 0; i < 10'000; ++i) {
    std::string text;
    for (auto n = random() % 20; n > 0; --n) text += static_cast<char>(1 + random() % 127);
    if (i % 3 == 0) text += "龙翔桥😀";
    EXPECT_EQ(percent_decode(percent_encode(text), true), text);
    EXPECT_EQ(percent_decode(percent_encode(text), false), text);
  }
}

TEST(Numbers, ReadTheWholeTextOrNothing) {
  EXPECT_EQ(parse_number("120.15937"), 120.15937);
  EXPECT_EQ(parse_number("-0"), 0.0);
  EXPECT_EQ(parse_number("1e5"), 1e5);
  for (const std::string text :
       {"", " 1", "1 ", "+1", "nan", "inf", "-inf", "infinity", "1e400", "0x1p3", "1,5", "1.2.3", "一"})
    EXPECT_FALSE(parse_number(text)) << text;
  for (const std::string text : {"", "1.0", "1e2", "99999999999999999999", "+1", " 1"})
    EXPECT_FALSE(parse_integer(text)) << text;
}

TEST(Reader, TheFirstErrorSticks) {
  const auto params = *Params::parse("a=x&b=y&c=1");
  Reader r(params);
  EXPECT_FALSE(r.number("a", 0, 1));
  EXPECT_FALSE(r.number("b", 0, 1));
  EXPECT_FALSE(r.number("c", 0, 1)) << "nothing is read after an error";
  ASSERT_TRUE(r.failed());
  EXPECT_EQ(r.error().parameter, "a");
  EXPECT_EQ(r.error().value, "x");
  EXPECT_EQ(r.error().allowed, "0 to 1");
}

TEST(Params, TooManyAreRefused) {
  std::string query = "p0=1";
  for (int i = 1; i < 100; ++i) query += "&p" + std::to_string(i) + "=1";
  EXPECT_TRUE(Params::parse(query));
  const auto params = Params::parse(query + "&p100=1");
  ASSERT_FALSE(params);
  EXPECT_EQ(params.error().allowed, "at most 100");
}

TEST(Params, TheLastOfARepeatedParameterWinsWhereThatIsSaid) {
  EXPECT_FALSE(Params::parse("a=1&b=2&a=3"));
  const auto params = *Params::parse("a=1&b=2&a=3", Repeats::last_wins);
  EXPECT_EQ(*params.find("a"), "3");
  EXPECT_EQ(params.all().size(), 2u);
}

TEST(Reader, BoundsLists) {
  for (const auto& [values, taken] : std::vector<std::pair<std::string, bool>>{
           {"a", true}, {std::string(1000, 'a'), true}, {std::string(1001, 'a'), false}}) {
    const auto params = *Params::parse("list=" + values);
    Reader r(params);
    EXPECT_EQ(r.list("list").has_value(), taken) << values.size();
    EXPECT_EQ(r.failed(), !taken);
  }
  std::string many = "a";
  for (int i = 1; i < 1000; ++i) many += ",a";
  for (const bool taken : {true, false}) {
    const auto params = *Params::parse("list=" + many);
    Reader r(params);
    EXPECT_EQ(r.list("list").has_value(), taken);
    many += ",a";
  }
}

TEST(Reader, RefusesWhatNobodyAskedFor) {
  const auto params = *Params::parse("a=1&zoo=2");
  Reader r(params);
  EXPECT_EQ(r.integer("a", 0, 9), 1);
  r.finish();
  ASSERT_TRUE(r.failed());
  EXPECT_EQ(r.error().parameter, "zoo");
}

}  // namespace
}  // namespace jobmap::query
