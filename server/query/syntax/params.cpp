#include "server/query/syntax/params.hpp"

#include <algorithm>

namespace jobmap::query {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

Error bad(std::string_view parameter, std::string_view value, std::string message, std::string allowed) {
  return {Code::bad_request, std::move(message), std::string(parameter), std::string(value),
          std::move(allowed)};
}

}  // namespace

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = hex_digit(text[i + 1]), low = hex_digit(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      c = static_cast<char>(high * 16 + low);
      i += 2;
    } else if (c == '+' && plus_is_space) {
      c = ' ';
    }
    if (c == '\0') return std::nullopt;
    out.push_back(c);
  }
  if (!is_valid_utf8(out)) return std::nullopt;
  return out;
}

std::string percent_encode(std::string_view text, std::string_view keep) {
  static constexpr char digits[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto u = static_cast<unsigned char>(c);
    const bool unreserved = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                            c == '-' || c == '.' || c == '_' || c == '~';
    if (unreserved || keep.find(c) != std::string_view::npos) {
      out.push_back(c);
    } else {
      out += {'%', digits[u >> 4], digits[u & 15]};
    }
  }
  return out;
}

Result<Params> Params::parse(std::string_view query, Repeats repeats) {
  Params params;
  while (!query.empty()) {
    const auto end = std::min(query.find('&'), query.size());
    const auto item = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    if (item.empty()) continue;
    if (params.items_.size() == most_params)
      return bad("", "", "the query string has too many parameters",
                 "at most " + std::to_string(most_params));
    const auto equals = item.find('=');
    auto name = percent_decode(item.substr(0, equals), true);
    auto value =
        equals == std::string_view::npos ? std::string() : percent_decode(item.substr(equals + 1), true);
    if (!name)
      return bad("", "", "a parameter name in the query string is malformed",
                 "percent-encoded UTF-8 without NUL");
    if (!value) return bad(*name, "", "the value is malformed", "percent-encoded UTF-8 without NUL");
    if (repeats == Repeats::last_wins)
      std::erase_if(params.items_, [&](const auto& earlier) { return earlier.first == *name; });
    if (params.find(*name))
      return bad(*name, *value, "the parameter is given twice",
                 "each parameter once; several values are comma-separated");
    params.items_.emplace_back(std::move(*name), std::move(*value));
  }
  return params;
}

const std::string* Params::find(std::string_view name) const {
  for (const auto& [key, value] : items_)
    if (key == name) return &value;
  return nullptr;
}

void Reader::fail(std::string_view parameter, std::string_view value, std::string message,
                  std::string allowed) {
  if (!error_) error_ = bad(parameter, value, std::move(message), std::move(allowed));
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
  for (const auto part : split(*value, ',')) {
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
  const auto parts = split(*value, ',');
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
