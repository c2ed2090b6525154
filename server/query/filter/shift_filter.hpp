#pragma once
// `shift`: gigs with a shift that lies wholly inside a window of the day. Either may cross midnight.
//
//   auto window = data::parse_window("18:00-02:00");
//   has_shift_inside("09:00-12:00;22:00-01:00", *window) == true;
//
// Minutes of the day; the window 00:00-24:00 is any time at all that doesn't cross midnight. A posting whose
// shifts can't be read has none.
#include <string_view>

#include "data/model/shifts.hpp"
#include "server/query/filter/row_filter.hpp"

namespace jobmap::query {

bool has_shift_inside(std::string_view shifts, data::ClockWindow window);

class ShiftFilter final : public RowFilter {
 public:
  ShiftFilter(data::ClockWindow window, const data::JobTable& table) : window_(window), table_(table) {}
  std::uint64_t word(std::size_t w, std::uint64_t candidates) const override;

 private:
  data::ClockWindow window_;
  const data::JobTable& table_;
};

}  // namespace jobmap::query
