#include "data/model/time_zone.hpp"

#include <date/tz.h>

#include <algorithm>
#include <stdexcept>
#include <string>

#include "data/model/time.hpp"

namespace jobmap::data {

std::optional<TimeZone> TimeZone::named(std::string_view name) {
  if (name.empty()) return std::nullopt;
  if (const auto offset = parse_utc_offset(name)) return TimeZone(*offset);
  try {
    date::get_tzdb();
  } catch (const std::runtime_error&) {
    throw std::runtime_error("the system has no time zones: install tzdata");
  }
  const date::time_zone* zone = nullptr;
  try {
    zone = date::locate_zone(name);
  } catch (const std::runtime_error&) {
    return std::nullopt;
  }
  const date::sys_seconds last(std::chrono::seconds(4'294'967'296));  // 2106, where our times end
  auto now = zone->get_info(date::sys_seconds());
  TimeZone out(now.offset.count());
  while (now.end < last) {
    now = zone->get_info(now.end);
    if (now.offset.count() != out.spans_.back().offset)
      out.spans_.push_back({now.begin.time_since_epoch().count(), now.offset.count()});
  }
  return out;
}

std::size_t TimeZone::span_at(std::int64_t utc) const {
  if (spans_.size() == 1) return 0;
  const auto next = std::upper_bound(spans_.begin() + 1, spans_.end(), utc,
                                     [](std::int64_t at, const Span& span) { return at < span.from; });
  return static_cast<std::size_t>(next - spans_.begin()) - 1;
}

std::int64_t TimeZone::offset_at(std::int64_t utc) const { return spans_[span_at(utc)].offset; }

std::optional<std::int64_t> TimeZone::offset_throughout(std::int64_t from, std::int64_t until) const {
  const auto span = span_at(from);
  if (span != span_at(until)) return std::nullopt;
  return spans_[span].offset;
}

std::int64_t TimeZone::utc(std::int64_t local) const {
  // No offset is a day or more, so the span sought is this one or one that begins within two days.
  for (auto i = span_at(local - 86'400);; ++i) {
    const std::int64_t at = local - spans_[i].offset;
    if (i + 1 == spans_.size() || at < spans_[i + 1].from) return std::max(at, spans_[i].from);
  }
}

std::int64_t TimeZone::day_of(std::int64_t utc) const {
  const std::int64_t local = utc + offset_at(utc);
  return local / 86'400 - (local % 86'400 < 0);
}

}  // namespace jobmap::data
