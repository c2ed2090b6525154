#include "server/query/filter/shift_filter.hpp"

#include <algorithm>
#include <bit>

#include "data/model/split.hpp"
#include "geo/deadline.hpp"

namespace jobmap::query {
namespace {

constexpr int day = 24 * 60;

}  // namespace

bool has_shift_inside(std::string_view shifts, data::ClockWindow window) {
  const auto parts = data::split(shifts, ';');
  return std::any_of(parts.begin(), parts.end(), [&](std::string_view part) {
    const auto shift = data::parse_window(part);
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
