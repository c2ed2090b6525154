#include "geo/deadline.hpp"

#include <gtest/gtest.h>

namespace jobmap::geo {
namespace {

using namespace std::chrono_literals;

// Enough for a look at the clock, whatever was counted before.
void look() { check_deadline(detail::steps_a_look); }

TEST(Deadline, OutsideOfAScopeNothingIsThrown) {
  for (int i = 0; i < 1000; ++i) check_deadline();
  look();
}

TEST(Deadline, PassesWithinSoManySteps) {
  const DeadlineScope scope(Deadline(-1ns));
  unsigned steps = 0;
  EXPECT_THROW(
      for (;;) {
        ++steps;
        check_deadline();
      },
      DeadlinePassed);
  EXPECT_LE(steps, detail::steps_a_look);
}

TEST(Deadline, EndsWhereNobodyWaits) {
  std::atomic<bool> cancelled{false};
  const DeadlineScope scope(Deadline(1h, &cancelled));
  look();
  cancelled = true;
  EXPECT_THROW(look(), Cancelled);
}

TEST(Deadline, TheInnerScopeCountsWhileItLives) {
  const DeadlineScope outer(Deadline(1h));
  {
    const DeadlineScope inner(Deadline(1h).no_later_than(Deadline::Clock::now()));
    EXPECT_THROW(look(), DeadlinePassed);
  }
  look();
}

}  // namespace
}  // namespace jobmap::geo
