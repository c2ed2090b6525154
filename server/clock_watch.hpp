#pragma once
// Tells a jump of the wall clock (somebody set it, the machine slept) from its course.
//
//   ClockWatch watch;
//   if (auto seconds = watch.look(wall, steady)) log(*seconds);   // negative: the wall clock went back
//
// Between two looks both clocks should have moved alike. The wall clock is read in whole seconds, so two that
// do may seem to differ by up to one, and with a leap second by less than two: that is no jump. NTP's slewing
// moves both, and what little remains is compared from one look to the next, so it never adds up.
#include <chrono>
#include <cmath>
#include <cstdint>
#include <ctime>
#include <optional>
#include <utility>

namespace jobmap {

class ClockWatch {
 public:
  using Steady = std::chrono::steady_clock::time_point;
  static constexpr double tolerated_s = 2;

  // How many seconds more the wall clock has moved than the steady one since the last look.
  std::optional<std::int64_t> look(std::time_t wall, Steady steady) {
    const auto last = std::exchange(last_, Look{wall, steady});
    if (!last) return std::nullopt;
    const double jump =
        static_cast<double>(wall - last->wall) - std::chrono::duration<double>(steady - last->steady).count();
    if (std::abs(jump) <= tolerated_s) return std::nullopt;
    return std::llround(jump);
  }

 private:
  struct Look {
    std::time_t wall;
    Steady steady;
  };
  std::optional<Look> last_;
};

}  // namespace jobmap
