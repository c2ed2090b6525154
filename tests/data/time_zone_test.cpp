// Zones against the system's own reading of the same database, hour by hour, and days where clocks change.
#include "data/model/time_zone.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <string>

#include "data/model/time.hpp"

namespace jobmap::data {
namespace {

constexpr std::int64_t hour = 3600;

std::int64_t at(const char* utc) { return parse_time(utc, 0)->seconds; }

// glibc's localtime by the zone that TZ names, where its files are installed.
class SystemZone {
 public:
  explicit SystemZone(const std::string& name)
      : known_(std::filesystem::exists("/usr/share/zoneinfo/" + name)) {
    setenv("TZ", name.c_str(), 1);
    tzset();
  }
  ~SystemZone() { unsetenv("TZ"), tzset(); }
  bool known() const { return known_; }
  std::int64_t offset_at(std::time_t utc) const {
    std::tm local{};
    localtime_r(&utc, &local);
    return local.tm_gmtoff;
  }

 private:
  bool known_;
};

TEST(TimeZone, OffsetsAreThoseOfTheSystem) {
  int compared = 0;
  for (const std::string name :
       {"Asia/Shanghai", "Europe/Berlin", "America/New_York", "America/Santiago", "Australia/Lord_Howe",
        "Pacific/Apia", "Africa/Casablanca", "Asia/Kathmandu", "America/St_Johns", "Pacific/Fiji"}) {
    const auto zone = TimeZone::named(name);
    ASSERT_TRUE(zone) << name;
    const SystemZone system(name);
    if (!system.known()) continue;
    // Up to where both tell the future alike: rules that are in force now.
    for (std::time_t utc = 0; utc < at("2026-11-01T00:00:00Z"); utc += 5 * hour + 1234)
      ASSERT_EQ(zone->offset_at(utc), system.offset_at(utc)) << name << " at " << utc;
    ++compared;
  }
  ASSERT_GT(compared, 0) << "no files of zones in /usr/share/zoneinfo: install tzdata";
}

TEST(TimeZone, LocalTimesComeBack) {
  for (const std::string name :
       {"Europe/Berlin", "America/Santiago", "Australia/Lord_Howe", "+05:45", "-09:30"}) {
    const auto zone = *TimeZone::named(name);
    std::int64_t last = -1;
    for (std::int64_t local = 86'400; local < 0xF0000000; local += 7 * hour + 61) {
      const auto utc = zone.utc(local), shown = utc + zone.offset_at(utc);
      // A time that clocks skip is the instant at which they skip it.
      ASSERT_TRUE(shown == local || (shown > local && shown - local <= hour)) << name << ' ' << local;
      ASSERT_GT(utc, last) << "local times come in order";
      // The first is meant where a time comes twice.
      ASSERT_NE(zone.utc(local), zone.utc(local) + hour);
      const auto before = utc - hour;
      ASSERT_FALSE(before + zone.offset_at(before) == local) << name << ' ' << local;
      last = utc;
    }
  }
}

TEST(TimeZone, DaysHave23Or25HoursWhereClocksChange) {
  const auto berlin = *TimeZone::named("Europe/Berlin");
  const auto spring = *parse_time("2026-03-29", berlin), autumn = *parse_time("2026-10-25", berlin),
             plain = *parse_time("2026-07-01", berlin);
  EXPECT_EQ(spring.seconds, at("2026-03-28T23:00:00Z"));
  EXPECT_EQ(spring.end - spring.seconds, 23 * hour);
  EXPECT_EQ(autumn.seconds, at("2026-10-24T22:00:00Z"));
  EXPECT_EQ(autumn.end - autumn.seconds, 25 * hour);
  EXPECT_EQ(plain.end - plain.seconds, 24 * hour);
  for (const auto utc : {spring.seconds, spring.end - 1, autumn.seconds, autumn.end - 1}) {
    const auto day = berlin.day_of(utc);
    EXPECT_GE(utc, berlin.begin_of_day(day));
    EXPECT_LT(utc, berlin.begin_of_day(day + 1));
  }
  // In Santiago clocks skip the first hour of a day.
  const auto santiago = *TimeZone::named("America/Santiago");
  const auto day = *parse_time("2024-09-08", santiago);
  EXPECT_EQ(day.seconds, at("2024-09-08T04:00:00Z"));
  EXPECT_EQ(day.end - day.seconds, 23 * hour);
}

TEST(TimeZone, AnOffsetIsThatOfAWholeSpanOrOfNone) {
  const auto berlin = *TimeZone::named("Europe/Berlin");
  EXPECT_EQ(berlin.offset_throughout(at("2026-06-01T00:00:00Z"), at("2026-09-01T00:00:00Z")), 2 * hour);
  EXPECT_EQ(berlin.offset_throughout(at("2026-06-01T00:00:00Z"), at("2026-12-01T00:00:00Z")), std::nullopt);
  EXPECT_EQ(berlin.offset_throughout(at("2026-12-01T00:00:00Z"), at("2027-12-01T00:00:00Z")), std::nullopt)
      << "the same at both ends";
  const auto change = at("2026-10-25T01:00:00Z");
  EXPECT_EQ(berlin.offset_throughout(change - 1, change), std::nullopt);
  EXPECT_EQ(berlin.offset_throughout(change, change), hour);
  EXPECT_EQ(TimeZone(8 * hour).offset_throughout(0, change), 8 * hour);
}

TEST(TimeZone, WhatIsNoZoneIsNone) {
  EXPECT_TRUE(TimeZone::named("UTC"));
  EXPECT_EQ(TimeZone::named("-03:30")->offset_at(0), -3 * hour - 1800);
  for (const char* name : {"", "Asia/Hangzhou", "Mars/Olympus", "GMT+8", "UTC+8", "asia/shanghai!", "8", "+8",
                           "Asia/Shanghai ", "\xFF\xFE"})
    EXPECT_FALSE(TimeZone::named(name)) << name;
}

}  // namespace
}  // namespace jobmap::data
