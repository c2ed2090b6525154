#pragma once
// The one reader of shifts: of postings that are imported, of stored postings and of what a query asks for.
//
//   auto window = parse_window("18:00-02:00");           // {1080, 1560}; nothing where it isn't one
//   auto stored = read_shifts("9:00-12:00、18：00～24：00"); // "09:00-12:00;18:00-24:00"
//
// A time is HH:MM from 00:00 to 24:00; the hour may have one digit, seconds of :00 are passed over. Written
// in Chinese it may be 18点, 18点半, 18时30分, and the end 次日2:00. Full-width forms are those of ASCII, and
// a range may be written with any dash, a tilde, 至 or 到. Shifts are divided by a semicolon, a comma or 、.
// A window that ends before it begins crosses midnight; one without a length is none.
#include <optional>
#include <string>
#include <string_view>

namespace jobmap::data {

// Minutes of the day, begin < 1440 and end at most a day later: beyond 1440 where it crosses midnight.
struct ClockWindow {
  int begin = 0, end = 0;
  bool operator==(const ClockWindow&) const = default;
};

inline constexpr std::string_view window_form =
    "HH:MM-HH:MM from 00:00 to 24:00; it may cross midnight: 18:00-02:00";
inline constexpr std::string_view shifts_form =
    "HH:MM-HH:MM from 00:00 to 24:00, several divided by ';'; it may cross midnight: 18:00-02:00";

std::optional<ClockWindow> parse_window(std::string_view text);
// In the form that is stored; a window up to midnight ends at 24:00.
std::string to_text(ClockWindow window);
// Several windows, each in that form; nothing where one of them isn't a window.
std::optional<std::string> read_shifts(std::string_view text);

}  // namespace jobmap::data
