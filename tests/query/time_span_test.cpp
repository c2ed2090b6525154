#include "server/query/parse/time_span.hpp"

#include <gtest/gtest.h>

namespace jobmap::query {
namespace {

constexpr std::int64_t east = 8 * 3600, midnight = 1'784'764'800 - east;  // 2026-07-23 in local time

TEST(TimeSpan, ReadsInstantsAndIntervals) {
  struct Row {
    std::string_view text;
    std::int64_t from, until;
  };
  constexpr auto always = TimeSpan::always;
  for (const Row& row : {Row{"2026-07-22T16:00:00Z", midnight, midnight},
                         {"2026-07-23T00:00:00+08:00", midnight, midnight},
                         {"2026-07-23", midnight, midnight + 86399},
                         {"2026-07-23/2026-07-24", midnight, midnight + 2 * 86400 - 1},
                         {"2026-07-22T16:00:00Z/..", midnight, always},
                         {"2026-07-22T16:00:00Z/", midnight, always},
                         {"../2026-07-22T16:00:00Z", -always, midnight},
                         {"/2026-07-22T16:00:00Z", -always, midnight},
                         {"0000-01-01T00:00:00Z/2026-07-22T16:00:00Z", -always, midnight},
                         {"2026-07-22T16:00:00Z/9999-12-31T23:59:59.999Z", midnight, always},
                         {"1969-12-31/2106-01-01", -always, always},
                         {"1900-01-01/1950-01-01", -always, -1},
                         {"../1969-12-31T23:59:59Z", -always, -1},
                         {"1970-01-01/..", -always, always},
                         {"1970-01-01/2026-07-22T16:00:00Z", -always, midnight},
                         {"1970-01-01T00:00:00+08:00", -always, -1},
                         {"9999-01-01/..", 4'291'747'200, always},
                         {"2200-01-01/2300-01-01", 4'291'747'200, always},
                         {"9999-01-01", 4'291'747'200, always},
                         {"0000-01-01", -always, -1},
                         {"../..", -always, always}}) {
    const auto span = parse_time_span(row.text, east);
    ASSERT_TRUE(span) << row.text;
    EXPECT_EQ(span->from, row.from) << row.text;
    EXPECT_EQ(span->until, row.until) << row.text;
    const auto again = parse_time_span(to_text(*span), 0);
    ASSERT_TRUE(again) << to_text(*span);
    EXPECT_EQ(again->from, span->from);
    EXPECT_EQ(again->until, span->until);
  }
}

TEST(TimeSpan, RefusesWhatIsNeither) {
  for (const std::string_view text : {"", "..", "2026", "yesterday", "2026-07-23/2026-07-22",
                                      "2026-07-23/2026-07-24/..", "2026-07-23T00:00:00", "2026-02-30",
                                      " ../..", "9999-01-01/0000-01-01", "0000-13-01/..", "0000-01-01T/.."})
    EXPECT_FALSE(parse_time_span(text, east)) << text;
}

TEST(TimeSpan, MeetsAtBothEnds) {
  const TimeSpan span{10, 20};
  EXPECT_TRUE(span.meets(20, 30));
  EXPECT_TRUE(span.meets(0, 10));
  EXPECT_TRUE(span.meets(0, 30));
  EXPECT_FALSE(span.meets(21, 30));
  EXPECT_FALSE(span.meets(0, 9));
}

}  // namespace
}  // namespace jobmap::query
