#include "server/api/coarse_numbers.hpp"

#include <array>
#include <charconv>
#include <cmath>

#include "data/model/digits.hpp"

namespace jobmap::api {
namespace {

constexpr double most_degrees = 360;
constexpr double most_metres = 1e9;
constexpr std::size_t decimals_kept = 2, planar_digits = 6;

using data::is_digit;

std::size_t digits_at(std::string_view text, std::size_t i) {
  std::size_t end = i;
  while (end < text.size() && is_digit(text[end])) ++end;
  return end - i;
}

struct Number {
  std::size_t size = 0;
  bool precise = false, planar = false;
};

// The number that begins a text with a digit or a dot before one; its sign isn't part of it.
Number number_at(std::string_view text) {
  const std::size_t whole = digits_at(text, 0);
  std::size_t end = whole, decimals = 0;
  if (end < text.size() && text[end] == '.') {
    decimals = digits_at(text, end + 1);
    if (decimals) end += 1 + decimals;
  }
  if (end == 0) return {};
  bool exponent = false;
  if (end < text.size() && (text[end] == 'e' || text[end] == 'E')) {
    const bool is_signed = end + 1 < text.size() && (text[end + 1] == '-' || text[end + 1] == '+');
    const auto digits = digits_at(text, end + 1 + is_signed);
    if (digits) exponent = true, end += 1 + is_signed + digits;
  }
  const bool precise = exponent || decimals > decimals_kept;
  return {end, precise, precise || whole >= planar_digits};
}

std::string coarse_text(std::string_view number) {
  double value = 0;
  const auto error = std::from_chars(number.data(), number.data() + number.size(), value).ec;
  return error == std::errc() ? coarse_number(value) : "-";
}

}  // namespace

std::string coarse_number(double value) {
  if (!(std::abs(value) <= most_metres)) return "-";
  const bool degrees = std::abs(value) <= most_degrees;
  const double coarse = degrees ? std::round(value * 100) / 100 : std::round(value / 1000) * 1000;
  std::array<char, 40> text;
  auto* end = text.data() + text.size();
  end = std::to_chars(text.data(), end, coarse + 0.0, std::chars_format::fixed, degrees ? 2 : 0).ptr;
  return {text.data(), end};
}

std::string coarse_numbers(std::string_view text, Which which) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto number = number_at(text);
    const std::size_t size = number.size ? number.size : 1;
    const auto part = text.substr(0, size);
    const bool chosen = which == Which::all || (which == Which::planar ? number.planar : number.precise);
    if (number.size && chosen)
      out += coarse_text(part);
    else
      out += part;
    text.remove_prefix(size);
  }
  return out;
}

}  // namespace jobmap::api
