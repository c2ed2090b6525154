#include "server/query/parse/time_span.hpp"

#include "data/model/time.hpp"

namespace jobmap::query {
namespace {

// Seconds of 1969-12-31T23:59:59Z and 2106-01-01T00:00:00Z: no posting has a time as early or as late.
constexpr std::int64_t before_all = -1, after_all = 4'291'747'200;

bool is_open(std::string_view text) { return text.empty() || text == ".."; }

enum class Beyond { no, before, after };

// Whether a time lies before or after all that a posting can have. Clients that know no open end send such
// times: "0000-01-01T00:00:00Z/2026-11-01T00:00:00Z".
Beyond beyond_all(std::string_view text, const data::TimeZone& zone) {
  constexpr std::size_t year_size = 4;
  const auto year = text.substr(0, year_size);
  if (year.size() < year_size || year.find_first_not_of("0123456789") != year.npos) return Beyond::no;
  // Local hours of the first and the last day lie outside in UTC.
  const bool is_edge =
      (text.starts_with("1970-01-01") || text.starts_with("2105-12-31")) && !data::parse_time(text, zone);
  if (year >= "1970" && year <= "2105" && !is_edge) return Beyond::no;
  // The rest is read as of a year that has every day.
  if (!data::parse_time("2000" + std::string(text.substr(year_size)), zone)) return Beyond::no;
  return year <= "1970" ? Beyond::before : Beyond::after;
}

struct Ends {
  std::int64_t seconds, end;  // the first second of a day, and its last
};

// Nothing where the text is no time.
std::optional<Ends> end_time(std::string_view text, const data::TimeZone& zone) {
  if (is_open(text)) return Ends{};
  switch (beyond_all(text, zone)) {
    case Beyond::before:
      return Ends{-TimeSpan::always, before_all};
    case Beyond::after:
      return Ends{after_all, TimeSpan::always};
    case Beyond::no:
      break;
  }
  const auto time = data::parse_time(text, zone);
  if (!time) return std::nullopt;
  return Ends{time->seconds, time->is_date ? time->end - 1 : time->seconds};
}

std::string end_of(std::int64_t seconds) {
  if (seconds == TimeSpan::always || seconds == -TimeSpan::always) return "..";
  if (seconds == before_all) return "1969-12-31T23:59:59Z";
  if (seconds == after_all) return "2106-01-01T00:00:00Z";
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
  const auto from = end_time(first, zone), until = end_time(second, zone);
  if (!from || !until) return std::nullopt;
  const TimeSpan span{is_open(first) ? -TimeSpan::always : from->seconds,
                      is_open(second) ? TimeSpan::always : until->end};
  if (span.from > span.until) return std::nullopt;
  return span;
}

std::string to_text(const TimeSpan& span) { return end_of(span.from) + "/" + end_of(span.until); }

}  // namespace jobmap::query
