// A jump of the wall clock is told from its course: by a made-up pair of clocks.
#include "server/clock_watch.hpp"

#include <gtest/gtest.h>

#include <random>

namespace jobmap {
namespace {

using namespace std::chrono_literals;
constexpr double start = 1'800'000'000;

// Two clocks, of which the wall clock is read in whole seconds.
class Clocks : public testing::Test {
 protected:
  std::optional<std::int64_t> pass(double steady_s, double wall_s) {
    wall_ += wall_s, steady_ += steady_s;
    return watch_.look(static_cast<std::time_t>(std::floor(wall_)),
                       ClockWatch::Steady(std::chrono::duration_cast<std::chrono::steady_clock::duration>(
                           std::chrono::duration<double>(steady_))));
  }
  double wall_ = start, steady_ = 5000;
  ClockWatch watch_;
};

TEST_F(Clocks, AFirstLookIsNoJump) { EXPECT_FALSE(pass(0, 0)); }

TEST_F(Clocks, JumpsAreSeenBothWays) {
  pass(0, 0);
  EXPECT_EQ(pass(1, 1 + 400 * 86400.0), 400 * 86400);
  EXPECT_FALSE(pass(1, 1));
  EXPECT_EQ(pass(1, 1 - 400 * 86400.0), -400 * 86400);
  EXPECT_EQ(pass(1, 6), 5);
  EXPECT_EQ(pass(1, -4), -5);
  EXPECT_FALSE(pass(1, 1));
  EXPECT_EQ(pass(0.25, 10), 10) << "10 - 0.25, rounded";
}

TEST_F(Clocks, ALeapSecondIsNone) {
  pass(0, 0);
  std::mt19937 random(1);
  for (int i = 0; i < 1000; ++i) {
    pass(0.001, 0.001 * static_cast<double>(random() % 1000));  // anywhere in a second
    EXPECT_FALSE(pass(1, 0)) << "23:59:59 twice";
    EXPECT_FALSE(pass(1, 1));
    EXPECT_FALSE(pass(1, 2)) << "a second left out";
    EXPECT_FALSE(pass(1, 1));
  }
}

TEST_F(Clocks, DriftDoesNotAddUp) {
  pass(0, 0);
  for (int i = 0; i < 100'000; ++i) ASSERT_FALSE(pass(1, 1.0005)) << i;    // 50 s in all
  for (int i = 0; i < 100'000; ++i) ASSERT_FALSE(pass(0.3, 0.27)) << i;    // a tenth slow: 3000 s in all
  for (int i = 0; i < 100; ++i) ASSERT_FALSE(pass(3600, 3600.0005)) << i;  // looks far apart
}

}  // namespace
}  // namespace jobmap
