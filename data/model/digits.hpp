#pragma once
// Decimal digits: which characters are one, and how they are written two at a time, for what is written by the
// thousand (numbers of answers, and times).
//
//   put_pair(at, 7);                 // "07"; below 100
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace jobmap::data {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

inline constexpr auto digit_pairs = [] {
  std::array<char, 200> pairs{};
  for (std::size_t i = 0; i < 100; ++i)
    pairs[2 * i] = static_cast<char>('0' + i / 10), pairs[2 * i + 1] = static_cast<char>('0' + i % 10);
  return pairs;
}();
inline void put_pair(char* at, std::uint32_t v) { std::memcpy(at, &digit_pairs[std::size_t{v} * 2], 2); }

}  // namespace jobmap::data
