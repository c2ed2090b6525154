#include "server/query/syntax/reader.hpp"

#include <algorithm>

#include "data/model/split.hpp"
#include "server/query/syntax/number_text.hpp"

namespace jobmap::query {

void Reader::fail(std::string_view parameter, std::string_view value, std::string message,
                  std::string allowed) {
  if (!error_) error_ = bad_request(parameter, value, std::move(message), std::move(allowed));
}

void Reader::fail(Error error) {
  if (!error_) error_ = std::move(error);
}

const std::string* Reader::take(std::string_view name) {
  read_.push_back(name);
  return error_ ? nullptr : params_.find(name);
}

bool Reader::has(std::string_view name) { return take(name) != nullptr; }

std::string_view Reader::raw(std::string_view name) const {
  const auto* value = params_.find(name);
  return value ? std::string_view(*value) : std::string_view();
}

std::optional<std::string> Reader::text(std::string_view name) {
  const auto* value = take(name);
  if (!value) return std::nullopt;
  if (value->empty()) fail(name, *value, "the value is empty", "a value, or the parameter left out");
  return *value;
}

std::optional<double> Reader::number(std::string_view name, double min, double max) {
  const auto* value = take(name);
  if (!value) return std::nullopt;
  const auto number = parse_number(*value);
  if (number && *number >= min && *number <= max) return number;
  fail(name, *value, number ? "the number is out of range" : "this is not a number",
       shortest_decimal(min) + " to " + shortest_decimal(max));
  return std::nullopt;
}

std::optional<long long> Reader::integer(std::string_view name, long long min, long long max) {
  const auto* value = take(name);
  if (!value) return std::nullopt;
  const auto number = parse_integer(*value);
  if (number && *number >= min && *number <= max) return number;
  fail(name, *value, number ? "the number is out of range" : "this is not a whole number",
       std::to_string(min) + " to " + std::to_string(max));
  return std::nullopt;
}

std::optional<bool> Reader::boolean(std::string_view name) {
  const auto* value = take(name);
  if (!value) return std::nullopt;
  if (*value == "true") return true;
  if (*value == "false") return false;
  fail(name, *value, "this is neither true nor false", "true, false");
  return std::nullopt;
}

std::optional<std::vector<std::string>> Reader::list(std::string_view name) {
  const auto* value = take(name);
  if (!value) return std::nullopt;
  constexpr std::size_t most_values = 1000, most_bytes = 1000;
  std::vector<std::string> items;
  for (const auto part : data::split(*value, ',')) {
    if (items.size() == most_values || part.size() > most_bytes) {
      fail(name, "",
           items.size() == most_values ? "the list has too many values" : "a value of the list is too long",
           "at most 1000 values of 1000 bytes");
      return std::nullopt;
    }
    if (part.empty()) {
      fail(name, *value, "a value of the list is empty", "values separated by single commas");
      return std::nullopt;
    }
    items.emplace_back(part);
  }
  return items;
}

std::optional<std::vector<double>> Reader::numbers(std::string_view name, std::size_t n) {
  const auto* value = take(name);
  if (!value) return std::nullopt;
  const auto parts = data::split(*value, ',');
  std::vector<double> numbers;
  for (const auto part : parts)
    if (const auto number = parse_number(part)) numbers.push_back(*number);
  if (parts.size() == n && numbers.size() == n) return numbers;
  fail(name, *value, "this is not " + std::to_string(n) + " numbers",
       std::to_string(n) + " finite decimal numbers, comma-separated");
  return std::nullopt;
}

void Reader::finish() {
  for (const auto& [name, value] : params_.all())
    if (std::find(read_.begin(), read_.end(), name) == read_.end()) {
      std::string known;
      for (auto r = read_.begin(); r != read_.end(); ++r)
        if (std::find(read_.begin(), r, *r) == r) known += (known.empty() ? "" : ", ") + std::string(*r);
      return fail(name, value, "this parameter is unknown here", known);
    }
}

}  // namespace jobmap::query
