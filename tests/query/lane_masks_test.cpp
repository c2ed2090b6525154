#include "server/query/filter/lane_masks.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <vector>

namespace jobmap::query {
namespace {

// Every length up to a word and limits among the values and at the ends of their type, against a loop.
template <typename T, typename Mask, typename Passes>
void expect_as_one_by_one(Mask mask, Passes passes) {
  using Limits = std::numeric_limits<T>;
  std::mt19937 random(4);
  for (std::size_t n = 0; n <= 64; ++n) {
    std::vector<T> v;
    for (std::size_t i = 0; i < n; ++i) v.push_back(static_cast<T>(random()));
    if (n > 2) v[0] = Limits::min(), v[1] = Limits::max();
    std::vector<T> limits{Limits::min(), T{0}, Limits::max(), static_cast<T>(random())};
    if (n) limits.push_back(v[random() % n]);
    for (const T limit : limits) {
      std::uint64_t expected = 0;
      for (std::size_t i = 0; i < n; ++i) expected |= std::uint64_t{passes(v[i], limit)} << i;
      EXPECT_EQ(mask(v.data(), n, limit), expected) << n << " values, limit " << +limit;
    }
  }
}

TEST(LaneMasks, AreThoseOfALoop) {
  const auto least = [](auto v, auto limit) { return v >= limit; };
  const auto most = [](auto v, auto limit) { return v <= limit; };
  expect_as_one_by_one<std::int32_t>([](auto... a) { return at_least(a...); }, least);
  expect_as_one_by_one<std::uint32_t>([](auto... a) { return at_least(a...); }, least);
  expect_as_one_by_one<std::int8_t>([](auto... a) { return at_most(a...); }, most);
}

// Runs of a caller's own n, from a column that doesn't begin where a step of the processor would.
TEST(LaneMasks, OfRealNumbersAreThoseOfALoop) {
  constexpr float infinity = std::numeric_limits<float>::infinity(),
                  none = std::numeric_limits<float>::quiet_NaN();
  std::mt19937 random(5);
  std::uniform_real_distribution<float> real(-10, 10);
  for (std::size_t n = 0; n <= 64; ++n) {
    std::vector<float> column{0};
    for (std::size_t i = 0; i < n; ++i) column.push_back(real(random));
    for (std::size_t i = 3; i < column.size(); i += 7) column[i] = i % 2 ? none : infinity;
    const float* v = column.data() + 1;
    for (const float limit : {column[n], 0.0F, -0.0F, infinity, -infinity, none}) {
      std::uint64_t less = 0, most = 0;
      for (std::size_t i = 0; i < n; ++i) {
        less |= std::uint64_t{v[i] < limit} << i;
        most |= std::uint64_t{v[i] <= limit} << i;
      }
      EXPECT_EQ(below(v, n, limit), less) << n << " values, limit " << limit;
      EXPECT_EQ(at_most(v, n, limit), most) << n << " values, limit " << limit;
    }
  }
}

TEST(LaneMasks, OfABoxAreThoseOfALoop) {
  std::mt19937 random(6);
  std::uniform_int_distribution<std::int32_t> near(-3, 3);
  for (std::size_t n = 0; n <= 64; ++n) {
    std::vector<std::int32_t> lon, lat;
    for (std::size_t i = 0; i < n; ++i) lon.push_back(near(random)), lat.push_back(near(random));
    for (int k = 0; k < 50; ++k) {
      const geo::BoxE7 box{near(random), near(random), near(random), near(random)};
      std::uint64_t expected = 0;
      for (std::size_t i = 0; i < n; ++i)
        expected |= std::uint64_t{lon[i] >= box.min_lon && lon[i] <= box.max_lon && lat[i] >= box.min_lat &&
                                  lat[i] <= box.max_lat}
                    << i;
      EXPECT_EQ(in_box(lon.data(), lat.data(), n, box), expected) << n << " points";
    }
  }
}

}  // namespace
}  // namespace jobmap::query
