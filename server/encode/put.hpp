#pragma once
// Bytes and decimal numbers written by pointer: the innermost steps of the encoders, where a list of fifty
// jobs takes some thousands of them.
//
//   char* at = writer.room(64);                 // the room must be there: nothing here looks
//   at = put(at, R"("pay":)");                  // a literal: a few moves, no call
//   at = put_decimal<2>(at, 2250);              // 22.5
//   at = put_bytes(at, title);
//
// Each returns the end of what it wrote. Reads nothing beyond its source, writes nothing beyond its end.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "data/model/digits.hpp"
#include "server/encode/rounding.hpp"

namespace jobmap::encode {

template <std::size_t n>
inline char* put(char* at, const char (&literal)[n]) {
  std::memcpy(at, literal, n - 1);
  return at + n - 1;
}

// Texts are mostly of a few dozen bytes: whole words, of which the last may overlap the one before it.
inline char* put_bytes(char* at, std::string_view bytes) {
  const char* from = bytes.data();
  const std::size_t n = bytes.size();
  const auto word = [&]<typename Word>(Word, std::size_t i) {
    Word w;
    std::memcpy(&w, from + i, sizeof w);
    std::memcpy(at + i, &w, sizeof w);
  };
  const auto ends = [&]<typename Word>(Word w) { word(w, 0), word(w, n - sizeof w); };
  using Sixteen = std::array<std::uint64_t, 2>;
  if (n > 256) {
    std::memcpy(at, from, n);
  } else if (n >= 16) {
    for (std::size_t i = 0; i + 16 < n; i += 16) word(Sixteen{}, i);
    word(Sixteen{}, n - 16);
  } else if (n >= 8) {
    ends(std::uint64_t{});
  } else if (n >= 4) {
    ends(std::uint32_t{});
  } else {
    for (std::size_t i = 0; i < n; ++i) at[i] = from[i];
  }
  return at + n;
}

namespace detail {
using data::put_pair;
// The last `digits` digits of v, zeros in front.
template <int digits>
inline void put_digits(char* at, std::uint32_t v) {
  if constexpr (digits == 1) {
    at[0] = static_cast<char>('0' + v % 10);
  } else {
    if constexpr (digits > 2) put_digits<digits - 2>(at, v / 100);
    put_pair(at + digits - 2, v % 100);
  }
}
inline char* put_below_100(char* at, std::uint32_t v) {
  if (v < 10) return *at = static_cast<char>('0' + v), at + 1;
  return put_pair(at, v), at + 2;
}
}  // namespace detail

// Most are below 10,000: degrees, metres, openings, pay in yuan.
inline char* put_number(char* at, std::uint64_t v) {
  const auto low = static_cast<std::uint32_t>(v);
  if (v < 100) return detail::put_below_100(at, low);
  if (v < 10'000) {
    at = detail::put_below_100(at, low / 100);
    return detail::put_pair(at, low % 100), at + 2;
  }
  char digits[20];
  char* begin = digits + sizeof digits;
  for (; v >= 100; v /= 100) detail::put_pair(begin -= 2, static_cast<std::uint32_t>(v % 100));
  at = detail::put_below_100(at, static_cast<std::uint32_t>(v));
  return put_bytes(at, {begin, static_cast<std::size_t>(digits + sizeof digits - begin)});
}

// value / 10^decimals, without trailing zeros.
template <int decimals>
inline char* put_decimal(char* at, std::int64_t value) {
  static_assert(decimals >= 1 && decimals <= 7);
  constexpr auto power = static_cast<std::uint64_t>(power_of_ten(decimals));
  auto v = static_cast<std::uint64_t>(value);
  if (value < 0) *at++ = '-', v = 0 - v;
  at = put_number(at, v / power);
  const auto rest = static_cast<std::uint32_t>(v % power);
  if (rest == 0) return at;
  *at = '.';
  detail::put_digits<decimals>(at + 1, rest);
  at += 1 + decimals;
  while (at[-1] == '0') --at;
  return at;
}

// The same of a number that isn't decimal yet.
template <int decimals>
inline char* put_rounded(char* at, double value) {
  return put_decimal<decimals>(at, scaled(value, decimals));
}

}  // namespace jobmap::encode
