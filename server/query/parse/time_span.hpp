#pragma once
// An instant or an interval of time, as OGC API asks for it.
//
//   auto span = parse_time_span("2026-11-01T00:00:00Z/..", zone);     // from then on
//   span->meets(published_at, expires_at);
//
// Seconds since 1970 UTC, closed at both ends. An end that is ".." or nothing is open. A bare date is a day
// of local time, so that an instant may be a whole day.
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "data/model/time_zone.hpp"

namespace jobmap::query {

struct TimeSpan {
  static constexpr std::int64_t always = std::numeric_limits<std::int64_t>::max();
  std::int64_t from = -always, until = always;
  bool meets(std::int64_t begin, std::int64_t end) const { return begin <= until && from <= end; }
};

// Nothing where it is neither, or begins after its end.
std::optional<TimeSpan> parse_time_span(std::string_view text, const data::TimeZone& zone);
// In one spelling, which gives the same span again: "2026-11-01T00:00:00Z/..".
std::string to_text(const TimeSpan& span);
inline constexpr std::string_view time_span_forms =
    "an RFC 3339 time, or two with / between them, either of which may be ..";

}  // namespace jobmap::query
