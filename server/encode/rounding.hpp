#pragma once
// How exactly an answer gives a number, once for GeoJSON and protobuf: both writers take the decimals from
// here and round by scaled(), so a value is the same double in either answer.
//
//   scaled(959.016, decimals::metres);     // 95902, which JSON writes as 959.02
//   rounded(959.016, decimals::metres);    // 959.02, the double that is nearest to that text
#include <cstdint>

namespace jobmap::encode {

namespace decimals {
inline constexpr int square_metres = 0;   // of a gap, and of what a count by cells may be off by
inline constexpr int cell_metres = 1;     // the side of a cell
inline constexpr int listed_minutes = 1;  // beside a job's stations and service point
inline constexpr int minutes = 2;
inline constexpr int metres = 2;
inline constexpr int yuan = 2;
inline constexpr int amount = 2;   // covered square metres, ads, openings, residents
inline constexpr int setting = 3;  // speeds, detours, and minutes that were asked for
inline constexpr int microseconds = 3;
inline constexpr int share = 6;
inline constexpr int degrees = 7;
inline constexpr int projected = 3;  // coordinates in metres
}  // namespace decimals

// 10^decimals: exact, as is its double.
constexpr std::int64_t power_of_ten(int decimals) {
  constexpr std::int64_t powers[] = {1, 10, 100, 1000, 10'000, 100'000, 1'000'000, 10'000'000};
  return powers[decimals];
}

// value * 10^decimals as a whole number, the nearest; half away from zero.
inline std::int64_t scaled(double value, int decimals) {
  const double v = value * static_cast<double>(power_of_ten(decimals));
  return static_cast<std::int64_t>(v + (v < 0 ? -0.5 : 0.5));
}

// The double nearest to the decimal number value / 10^decimals. A division of two exact doubles is rounded
// once, so this is what a parser makes of the number's text (below 2^53).
inline double from_scaled(std::int64_t value, int decimals) {
  return static_cast<double>(value) / static_cast<double>(power_of_ten(decimals));
}
inline double rounded(double value, int decimals) { return from_scaled(scaled(value, decimals), decimals); }

}  // namespace jobmap::encode
