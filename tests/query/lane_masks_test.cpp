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

}  // namespace
}  // namespace jobmap::query
