#include "data/index/bit_slices.hpp"

#include <gtest/gtest.h>

#include <random>

namespace jobmap::data {
namespace {

TEST(BitSlices, SumAnyRowsOfAWord) {
  std::mt19937_64 random(5);
  for (const std::size_t n : {0u, 1u, 63u, 64u, 65u, 1000u}) {
    std::vector<std::int32_t> values;
    for (std::size_t i = 0; i < n; ++i)
      values.push_back(static_cast<std::int32_t>(random() % (1u << n % 31)));
    const auto slices = BitSlices::of(values);
    for (std::size_t w = 0; w * 64 < n; ++w) {
      const auto rows = random() & random();
      std::uint64_t sum = 0;
      for (std::size_t i = 0; i < 64 && w * 64 + i < n; ++i)
        if (rows >> i & 1) sum += static_cast<std::uint64_t>(values[w * 64 + i]);
      EXPECT_EQ(slices.sum(w, rows), sum) << "seed 5, " << n << " values, word " << w;
    }
  }
}

TEST(BitSlices, OfTheLargestNumber) {
  const std::vector<std::int32_t> values(64, 2'147'483'647);
  EXPECT_EQ(BitSlices::of(values).sum(0, ~0ull), 64 * 2'147'483'647ull);
}

}  // namespace
}  // namespace jobmap::data
