#include "data/model/time.hpp"

#include <gtest/gtest.h>

#include <string>

namespace jobmap::data {
namespace {

constexpr std::int64_t east8 = 8 * 3600;

TEST(Time, ReadsBackWhatItWrites) {
  for (std::int64_t t = 0; t < 0xFFFFFFFF; t += 86'399 * 7) {
    char text[time_size];
    format_time(t, text);
    const auto parsed = parse_time({text, time_size}, east8);
    if (std::string_view(text, 4) > "2105") break;
    ASSERT_TRUE(parsed) << std::string(text, time_size);
    EXPECT_EQ(parsed->seconds, t);
    EXPECT_FALSE(parsed->is_date);
  }
}

TEST(Time, ADateIsTheFirstSecondOfALocalDay) {
  EXPECT_EQ(parse_time("1970-01-02", east8)->seconds, 16 * 3600);
  EXPECT_TRUE(parse_time("1970-01-02", east8)->is_date);
  EXPECT_EQ(parse_time("1970-01-01", -east8)->seconds, 8 * 3600);
}

// Whatever is read fits 32 bits, which is what a snapshot has.
TEST(Time, NothingBefore1970OrPast32Bits) {
  EXPECT_FALSE(parse_time("1970-01-01", east8));
  EXPECT_FALSE(parse_time("1970-01-01T07:59:59+08:00", 0));
  EXPECT_EQ(parse_time("1970-01-01T08:00:00+08:00", 0)->seconds, 0);
  EXPECT_EQ(parse_time("1970-01-01T00:00:00Z", east8)->seconds, 0);
  EXPECT_FALSE(parse_time("1969-12-31T23:59:59Z", 0));
  EXPECT_FALSE(parse_time("2106-01-01", 0));
  EXPECT_LT(parse_time("2105-12-31T23:59:59-23:59", 0)->seconds, std::int64_t{1} << 32);
}

TEST(Time, RefusesWhatIsNotTheProfile) {
  for (const char* text :
       {"", "2026", "2026-11", "2026-11-31", "2026-13-01", "2026-11-23T", "2026-11-23T18:00",
        "2026-11-23T18:00:00", "2026-11-23T24:00:00Z", "2026-11-23T18:60:00Z", "2026-11-23T18:00:60Z",
        "2026-11-23T18:00:00.Z", "2026-11-23T18:00:00+8", "2026-11-23T18:00:00+24:00",
        "2026-11-23T18:00:00Z ", " 2026-11-23"})
    EXPECT_FALSE(parse_time(text, 0)) << text;
}

}  // namespace
}  // namespace jobmap::data
