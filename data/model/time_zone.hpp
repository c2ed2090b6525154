#pragma once
// The local time of a city, all year: a named zone of the IANA database, or a fixed offset.
//
//   auto zone = TimeZone::named("Europe/Berlin");   // nothing where there is no such zone; "+08:00" is one
//   zone->offset_at(seconds);                       // 3600 in winter, 7200 in summer
//   zone->utc(local_midnight);                      // the first instant at which clocks show that time
//
// Seconds since 1970; a local time counts the same seconds from the local midnight that began 1970. Changes
// are read once from the system's tzdata, whose files know them up to 2037; later a zone keeps its offset. A
// local time that comes twice is the first of the two, one that clocks skip the instant at which they skip
// it, so a day begins where its first minute does. A system without tzdata is a
// std::runtime_error.
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace jobmap::data {

class TimeZone {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor): an offset is a zone.
  TimeZone(std::int64_t offset_seconds = 0) : spans_{{before_all, offset_seconds}} {}
  // "Asia/Shanghai", or "+08:00".
  static std::optional<TimeZone> named(std::string_view name);

  std::int64_t offset_at(std::int64_t utc) const;
  // The offset from one instant to another, where it is the same all the time.
  std::optional<std::int64_t> offset_throughout(std::int64_t from, std::int64_t until) const;
  std::int64_t utc(std::int64_t local) const;
  // Days since 1970 by the local calendar.
  std::int64_t day_of(std::int64_t utc) const;
  // The first instant of such a day.
  std::int64_t begin_of_day(std::int64_t day) const { return utc(day * 86'400); }

 private:
  static constexpr std::int64_t before_all = INT64_MIN / 2;
  struct Span {
    std::int64_t from, offset;  // from that instant on
  };
  std::size_t span_at(std::int64_t utc) const;

  std::vector<Span> spans_;  // by time; the first begins before all
};

}  // namespace jobmap::data
