// Every spelling of a window is the one that is stored, by the times of a whole day.
#include "data/model/shifts.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <random>
#include <vector>

namespace jobmap::data {
namespace {

std::string format(const char* form, int a, int b) {
  char text[64];
  return {text, static_cast<std::size_t>(std::snprintf(text, sizeof text, form, a, b))};
}

std::string full_width(const std::string& text) {
  std::string out;
  for (const char c : text) {
    out += '\xEF', out += '\xBC';
    out += static_cast<char>(0x80 | (static_cast<unsigned char>(c) - 0x20));
  }
  return out;
}

// The ways to write a time; the first is the one that is stored.
std::vector<std::string> spellings(int minutes) {
  const int h = minutes / 60, m = minutes % 60;
  std::vector<std::string> all{format("%02d:%02d", h, m),    format("%d:%02d", h, m),
                               format("%02d:%02d:00", h, m), full_width(format("%02d:%02d", h, m)),
                               format("%d：%02d", h, m),     format("%d点%02d分", h, m),
                               format("%d时%d", h, m),       format(" %d : %02d ", h, m)};
  const auto hour = std::to_string(h);
  if (m == 0) all.push_back(hour + "点"), all.push_back(hour + "点整");
  if (m == 30) all.push_back(hour + "點半");
  return all;
}

TEST(Shifts, EverySpellingIsTheOneThatIsStored) {
  constexpr unsigned seed = 21;
  std::mt19937 random(seed);
  const std::vector<std::string> dashes{"-", "–", "—", "——", "~", "～", "〜", "－", "至", "到", " - "};
  const std::vector<std::string> divided{";", "；", "，", ",", "、", " ; "};
  const auto pick = [&](const auto& of) { return of[random() % of.size()]; };
  for (int i = 0; i < 20'000; ++i) {
    std::string stored, written;
    for (auto shifts = 1 + random() % 3; shifts > 0; --shifts) {
      const int begin = static_cast<int>(random() % 288) * 5, end = static_cast<int>(random() % 289) * 5;
      if (begin == end) continue;
      const auto one = pick(spellings(begin)) + pick(dashes) + (end < begin && random() % 2 ? "次日" : "") +
                       pick(spellings(end));
      // Midnight has two names; the end of a day is the one that is stored.
      const auto canonical = spellings(begin)[0] + '-' + spellings(end == 0 ? 1440 : end)[0];
      const auto window = parse_window(one);
      ASSERT_TRUE(window) << "seed " << seed << ": " << one;
      ASSERT_EQ(*window, (ClockWindow{begin, end < begin ? end + 1440 : end})) << one;
      ASSERT_EQ(to_text(*window), canonical) << one;
      ASSERT_EQ(parse_window(canonical), window) << "what is stored is read again";
      written += (written.empty() ? "" : pick(divided)) + one;
      stored += (stored.empty() ? "" : ";") + canonical;
    }
    if (stored.empty()) continue;
    ASSERT_EQ(read_shifts(written), stored) << "seed " << seed << ": " << written;
  }
}

TEST(Shifts, AWindowIsTwoTimesOfTheDay) {
  EXPECT_TRUE(parse_window("00:00-24:00"));
  EXPECT_EQ(parse_window("18:00-24:00"), parse_window("18:00-00:00"));
  for (const char* text : {"",
                           "18:00",
                           "18:00-18:00",
                           "24:00-06:00",
                           "18:60-19:00",
                           "25:00-26:00",
                           "18:00-24:01",
                           "1800-2100",
                           "18:00-21:00;",
                           "18.00-21.00",
                           "-1:00-02:00",
                           "18:00 21:00",
                           "9-12",
                           "18:0-21:00",
                           "18:00:30-21:00",
                           "08:00-次日09:00",
                           "次日08:00-09:00",
                           "上午9:00-12:00",
                           "18:00-21:00x",
                           "018:00-21:00",
                           "18:00-21:00-22:00",
                           "18：-21：00",
                           "1 8:00-21:00",
                           "\xEF\xBC",
                           "\xEF",
                           "点-点"})
    EXPECT_FALSE(parse_window(text)) << text;
}

TEST(Shifts, OneThatIsWrongSpoilsAll) {
  for (const char* text : {"", ";", "09:00-12:00;", ";09:00-12:00", "09:00-12:00;;13:00-14:00",
                           "09:00-12:00;noon", "09:00-12:00 13:00-14:00"})
    EXPECT_FALSE(read_shifts(text)) << text;
}

}  // namespace
}  // namespace jobmap::data
