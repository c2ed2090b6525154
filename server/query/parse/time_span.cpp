#include "query/parse/time_span.hpp"

#include "data/time.hpp"

namespace jobmap::query {
namespace {

bool is_open(std::string_view text) { return text.empty() || text == ".."; }

enum class Beyond { no, before, after };

// Whether a time lies before or after all that a posting can have. Clients that know no open end send such
// times: "0000-01-01T00:00:00Z/2026-11-01T00:00:00Z".
Beyond beyond_all(std::string_view text, const data::TimeZone& zone) {
  constexpr std::size_t year_size = 4;
  const auto year = text.substr(0, year_size);
  if (year.size() < year_size || year.find_first_not_of("0123456789") != year.npos) return Beyond::no;
  if (year >= "1970" && year <= "2105") return Beyond::no;
  // The rest is read as of a year that has every day.
  if (!data::parse_time("2000" + std::string(text.substr(year_size)), zone)) return Beyond::no;
  return year < "1970" ? Beyond::before : Beyond::after;
}

std::string end_of(std::int64_t seconds) {
  if (seconds == TimeSpan::always || seconds == -TimeSpan::always) return "..";
  std::string text(data::time_size, '\0');
  data::format_time(seconds, text.data());
  return text;
}

}  // namespace

std::optional<TimeSpan> parse_time_span(std::string_view text, const data::TimeZone& zone) {
  const auto slash = text.find('/');
  const bool is_instant = slash == std::string_view::npos;
  const auto first = text.substr(0, slash), second = is_instant ? first : text.substr(slash + 1);
  if (is_instant && is_open(first)) return std::nullopt;
  TimeSpan span;
  if (!is_open(first) && (is_instant || beyond_all(first, zone) != Beyond::before)) {
    const auto time = data::parse_time(first, zone);
    if (!time) return std::nullopt;
    span.from = time->seconds;
  }
  if (!is_open(second) && (is_instant || beyond_all(second, zone) != Beyond::after)) {
    const auto time = data::parse_time(second, zone);
    if (!time) return std::nullopt;
    span.until = time->is_date ? time->end - 1 : time->seconds;
  }
  if (span.from > span.until) return std::nullopt;
  return span;
}

std::string to_text(const TimeSpan& span) { return end_of(span.from) + "/" + end_of(span.until); }

}  // namespace jobmap::query
