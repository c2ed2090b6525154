#include "query/parse/time_span.hpp"

#include "data/time.hpp"

namespace jobmap::query {
namespace {

bool is_open(std::string_view text) { return text.empty() || text == ".."; }

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
  if (!is_open(first)) {
    const auto time = data::parse_time(first, zone);
    if (!time) return std::nullopt;
    span.from = time->seconds;
  }
  if (!is_open(second)) {
    const auto time = data::parse_time(second, zone);
    if (!time) return std::nullopt;
    span.until = time->is_date ? time->end - 1 : time->seconds;
  }
  if (span.from > span.until) return std::nullopt;
  return span;
}

std::string to_text(const TimeSpan& span) { return end_of(span.from) + "/" + end_of(span.until); }

}  // namespace jobmap::query
