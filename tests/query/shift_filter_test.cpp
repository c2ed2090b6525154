// Shifts in windows, against a clock that is walked minute by minute.
#include "server/query/filter/shift_filter.hpp"

#include <gtest/gtest.h>

#include <random>

#include "data/index/job_table_builder.hpp"

namespace jobmap::query {
namespace {

std::string clock(int minute) {
  char text[32];
  std::snprintf(text, sizeof text, "%02d:%02d", minute / 60 % 24, minute % 60);
  return text;
}

TEST(ShiftFilter, LiesInsideWhereEveryMinuteDoes) {
  constexpr unsigned seed = 8;
  std::mt19937 random(seed);
  int inside = 0;
  for (int i = 0; i < 20'000; ++i) {
    const auto minute = [&] {
      return static_cast<int>(random() % 24) * 60 + static_cast<int>(random() % 2) * 30;
    };
    const int window_begin = minute(), window_end = minute(), begin = minute(), end = minute();
    if (window_begin == window_end || begin == end) continue;
    // As if walked: from the window's beginning to its end, and whether the shift's minutes all come by in
    // order.
    const int window_size = (window_end - window_begin + 1440) % 1440, size = (end - begin + 1440) % 1440;
    const int offset = (begin - window_begin + 1440) % 1440;
    const bool expected = offset + size <= window_size;
    const auto window = data::parse_window(clock(window_begin) + '-' + clock(window_end));
    ASSERT_TRUE(window);
    const std::string shift = clock(begin) + '-' + clock(end);
    ASSERT_EQ(has_shift_inside(shift, *window), expected)
        << "seed " << seed << ": " << shift << " in " << clock(window_begin) << '-' << clock(window_end);
    ASSERT_EQ(has_shift_inside("garbage;" + shift, *window), expected);
    inside += expected;
  }
  EXPECT_GT(inside, 1000);
}

TEST(ShiftFilter, OnlyGigsHaveShifts) {
  data::JobTableBuilder builder;
  for (const auto category : {data::Category::gig, data::Category::full_time, data::Category::gig}) {
    data::RawJob job;
    job.source = "s";
    const std::string id = std::to_string(static_cast<int>(category));
    job.text[data::JobText::id] = id;
    job.text[data::JobText::shifts] = "09:00-12:00;18:00-02:00";
    job.category = category;
    job.expires = 4'000'000'000;
    builder.add(job);
  }
  data::City city;
  city.finish();
  const auto table = std::move(builder).build(city);
  EXPECT_EQ(ShiftFilter(*data::parse_window("17:00-03:00"), *table).word(0, 7), 5u);
  EXPECT_EQ(ShiftFilter(*data::parse_window("17:00-03:00"), *table).word(0, 3), 1u);
  EXPECT_EQ(ShiftFilter(*data::parse_window("19:00-03:00"), *table).word(0, 7), 0u);
}

}  // namespace
}  // namespace jobmap::query
