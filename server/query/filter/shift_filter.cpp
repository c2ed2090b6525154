#include "query/filter/shift_filter.hpp"

#include <algorithm>
#include <bit>

#include "data/text.hpp"
#include "geo/deadline.hpp"

namespace jobmap::query {
namespace {

constexpr int day = 24 * 60;

// "HH:MM" in minutes, "24:00" included; negative where it is none.
int clock(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return -1;
  for (const std::size_t i : {0, 1, 3, 4})
    if (text[i] < '0' || text[i] > '9') return -1;
  const int hours = (text[0] - '0') * 10 + (text[1] - '0'), minutes = (text[3] - '0') * 10 + (text[4] - '0');
  const int time = hours * 60 + minutes;
  return minutes < 60 && time <= day ? time : -1;
}

}  // namespace

std::optional<ClockWindow> parse_window(std::string_view text) {
  if (text.size() != 11 || text[5] != '-') return std::nullopt;
  ClockWindow window{clock(text.substr(0, 5)), clock(text.substr(6))};
  if (window.begin < 0 || window.begin == day || window.end < 0 || window.begin == window.end)
    return std::nullopt;
  if (window.end < window.begin) window.end += day;
  return window;
}

bool has_shift_inside(std::string_view shifts, ClockWindow window) {
  const auto parts = data::split(shifts, ';');
  return std::any_of(parts.begin(), parts.end(), [&](std::string_view part) {
    const auto shift = parse_window(part);
    if (!shift) return false;
    // A window across midnight reaches into the next day, where a morning's shift lies too.
    return (shift->begin >= window.begin && shift->end <= window.end) ||
           (shift->begin + day >= window.begin && shift->end + day <= window.end);
  });
}

std::uint64_t ShiftFilter::word(std::size_t w, std::uint64_t candidates) const {
  constexpr auto gig = static_cast<std::size_t>(data::Category::gig);
  std::uint64_t kept = 0;
  for (auto m = candidates & table_.is_category[gig].word(w); m; m &= m - 1) {
    geo::check_deadline();
    const auto bit = static_cast<unsigned>(std::countr_zero(m));
    const auto text = table_.text(static_cast<data::Row>(w * 64 + bit));
    if (has_shift_inside(text.field[data::JobText::shifts], window_)) kept |= 1ull << bit;
  }
  return kept;
}

}  // namespace jobmap::query
