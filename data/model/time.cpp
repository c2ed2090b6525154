#include "data/model/time.hpp"

#include <chrono>
#include <limits>

#include "data/model/digits.hpp"

namespace jobmap::data {
namespace {

// The next `digits` digits, then the separator unless it is NUL. Nothing where the text is otherwise.
struct TimeCursor {
  std::string_view rest;
  bool ok = true;

  int number(int digits, char separator) {
    int value = 0;
    for (int i = 0; i < digits; ++i) {
      if (rest.empty() || rest[0] < '0' || rest[0] > '9') return ok = false, 0;
      value = value * 10 + (rest[0] - '0');
      rest.remove_prefix(1);
    }
    if (separator != '\0') skip(separator);
    return value;
  }
  void skip(char c) {
    if (rest.empty() || rest[0] != c)
      ok = false;
    else
      rest.remove_prefix(1);
  }
};

}  // namespace

std::optional<std::int64_t> parse_utc_offset(std::string_view text) {
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  TimeCursor c{text.substr(1)};
  const int hours = c.number(2, ':'), minutes = c.number(2, '\0');
  if (!c.ok || hours > 23 || minutes > 59) return std::nullopt;
  return (text[0] == '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
}

namespace {

// The times that a snapshot has room for: an offset can lead out of them at either end.
std::optional<ParsedTime> in_range(ParsedTime time) {
  if (time.seconds < 0 || time.seconds > std::numeric_limits<std::uint32_t>::max()) return std::nullopt;
  return time;
}

}  // namespace

std::optional<ParsedTime> parse_time(std::string_view text, const TimeZone& zone) {
  using namespace std::chrono;
  TimeCursor c{text};
  const int y = c.number(4, '-'), m = c.number(2, '-'), d = c.number(2, '\0');
  const year_month_day date{year(y), month(static_cast<unsigned>(m)), day(static_cast<unsigned>(d))};
  if (!c.ok || !date.ok() || y < 1970 || y > 2105) return std::nullopt;
  const std::int64_t midnight = sys_days(date).time_since_epoch().count() * day_seconds;
  if (c.rest.empty()) return in_range({zone.utc(midnight), true, zone.utc(midnight + day_seconds)});

  if (c.rest[0] != 'T' && c.rest[0] != 't' && c.rest[0] != ' ') return std::nullopt;
  c.rest.remove_prefix(1);
  const int hour = c.number(2, ':'), minute = c.number(2, ':'), second = c.number(2, '\0');
  if (!c.ok || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  if (!c.rest.empty() && c.rest[0] == '.') {  // fractions are read and dropped
    c.rest.remove_prefix(1);
    c.number(1, '\0');
    while (!c.rest.empty() && c.rest[0] >= '0' && c.rest[0] <= '9') c.rest.remove_prefix(1);
  }
  std::int64_t offset = 0;
  if (c.rest != "Z" && c.rest != "z") {
    const auto parsed = parse_utc_offset(c.rest);
    if (!parsed) return std::nullopt;
    offset = *parsed;
  }
  if (!c.ok) return std::nullopt;
  const std::int64_t seconds = midnight + hour * 3600 + minute * 60 + second - offset;
  return in_range({seconds, false, seconds});
}

void format_time(std::int64_t seconds, char* out) {
  using namespace std::chrono;
  const auto days = floor<std::chrono::days>(std::chrono::seconds(seconds));
  const year_month_day date{sys_days(days)};
  const auto of_day = static_cast<unsigned>(seconds - days.count() * day_seconds);
  const auto two = [&](int at, unsigned v) { put_pair(out + at, v); };
  const auto y = static_cast<unsigned>(static_cast<int>(date.year()));
  two(0, y / 100), two(2, y % 100), two(5, static_cast<unsigned>(date.month())),
      two(8, static_cast<unsigned>(date.day()));
  two(11, of_day / 3600), two(14, of_day / 60 % 60), two(17, of_day % 60);
  out[4] = out[7] = '-', out[10] = 'T', out[13] = out[16] = ':', out[19] = 'Z';
}

}  // namespace jobmap::data
