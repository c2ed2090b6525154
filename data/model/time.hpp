#pragma once
// Times as RFC 3339 writes them, to and from seconds since 1970 UTC. A bare date is a day of local time.
//
//   auto t = parse_time("2026-11-23T18:00:00+08:00", zone);         // t->seconds, t->is_date == false
//   auto d = parse_time("2026-11-23", zone);               // the first second of that day, and its end
//   char text[20];
//   format_time(seconds, text);                            // "2026-11-23T10:00:00Z"
//
// Years 1970 to 2105, and no second before 1970 UTC: the first hours of 1970 don't exist in a city east of
// Greenwich. A leap second (":60") and anything but the profile's form are refused. Calendar
// arithmetic is std::chrono's.
#include <cstdint>
#include <optional>
#include <string_view>

#include "data/model/time_zone.hpp"

namespace jobmap::data {

struct ParsedTime {
  std::int64_t seconds = 0;
  bool is_date = false;
  std::int64_t end =
      0;  // of a date the first second of the next day: 23 or 25 hours later where clocks change
};

inline constexpr std::int64_t day_seconds = 86400;

std::optional<ParsedTime> parse_time(std::string_view text, const TimeZone& zone);
// "+08:00" in seconds; nothing where it has another form.
std::optional<std::int64_t> parse_utc_offset(std::string_view text);
inline constexpr std::size_t time_size = 20;
void format_time(std::int64_t seconds, char* out);  // time_size characters, no terminator

}  // namespace jobmap::data
