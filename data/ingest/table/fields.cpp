#include "data/ingest/table/fields.hpp"

#include <charconv>
#include <cmath>

#include "data/ingest/table/text_fault.hpp"
#include "data/model/time.hpp"

namespace jobmap::data {
namespace {

// Shortens a text for a message, and takes out what could garble a terminal.
std::string quoted(std::string_view text) {
  if (text_fault(text, Lines::one)) return "";
  constexpr std::size_t most = 60;
  if (text.size() <= most) return " '" + std::string(text) + "'";
  std::size_t cut = most;
  while ((static_cast<unsigned char>(text[cut]) & 0xC0) == 0x80) --cut;
  return " '" + std::string(text.substr(0, cut)) + "…'";
}

// Digits with at most two places behind a point, in hundredths; nothing where it is anything else or too
// large.
std::optional<std::int32_t> parse_hundredths(std::string_view text) {
  const auto point = text.find('.');
  std::string digits(text.substr(0, point));
  const auto places = point == std::string_view::npos ? std::string_view() : text.substr(point + 1);
  if (digits.empty() || places.size() > 2 || (point != std::string_view::npos && places.empty()))
    return std::nullopt;
  digits += places;
  digits.append(2 - places.size(), '0');
  std::int32_t value = 0;
  if (digits.find_first_not_of("0123456789") != std::string::npos) return std::nullopt;
  if (std::from_chars(digits.data(), digits.data() + digits.size(), value).ec != std::errc())
    return std::nullopt;
  return value;
}

}  // namespace

Fields::Fields(const SourceRow& row, const LayerColumns& columns)
    : row_(row), columns_(columns), reason_(row.fault) {}

void Fields::fail(std::string reason) {
  if (!failed()) reason_ = std::move(reason);
}
void Fields::fail(std::size_t column, const std::string& what) {
  fail(std::string(columns_.names[column]) + quoted(row_.values[column]) + " " + what);
}

void Fields::require(std::size_t column) {
  if (!has(column)) fail(std::string(columns_.names[column]) + " is missing");
}

std::string_view Fields::text(std::size_t column, std::size_t limit, Lines lines) {
  const std::string_view text = row_.values[column];
  if (failed() || text.empty()) return {};
  if (const char* fault = text_fault(text, lines))
    fail(column, fault);
  else if (text.size() > max_text_bytes)
    fail(column,
         "has " + std::to_string(text.size()) + " bytes, " + std::to_string(max_text_bytes) + " are allowed");
  else if (text.size() > limit && count_characters(text) > limit)
    fail(column, "has " + std::to_string(count_characters(text)) + " characters, " + std::to_string(limit) +
                     " are allowed");
  else if (text.find_first_not_of(" \t\r\n") == std::string_view::npos)
    fail(column, "is blank");
  return failed() ? std::string_view() : text;
}

std::optional<std::int32_t> Fields::integer(std::size_t column, std::int32_t min, std::int32_t max) {
  if (failed() || !has(column)) return std::nullopt;
  const std::string_view text = row_.values[column];
  std::int32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc() && end == text.data() + text.size() && value >= min && value <= max) return value;
  fail(column, "must be a whole number from " + std::to_string(min) + " to " + std::to_string(max));
  return std::nullopt;
}

std::optional<std::int32_t> Fields::fen(std::size_t column) {
  return one_of(column, parse_hundredths, "yuan up to 21474836.47, with at most two decimals");
}

std::optional<double> Fields::number(std::size_t column) {
  if (failed() || !has(column)) return std::nullopt;
  const std::string_view text = row_.values[column];
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc() && end == text.data() + text.size() && std::isfinite(value)) return value;
  fail(column, "must be a finite number");
  return std::nullopt;
}

std::optional<std::int64_t> Fields::time(std::size_t column, const TimeZone& zone, Day day) {
  const auto parsed = one_of(
      column, [&](std::string_view text) { return parse_time(text, zone); },
      "a date (2026-11-23) or an RFC 3339 time (2026-11-23T18:00:00+08:00) from 1970 to 2105");
  if (!parsed) return std::nullopt;
  return day == Day::end ? parsed->end : parsed->seconds;
}

}  // namespace jobmap::data
