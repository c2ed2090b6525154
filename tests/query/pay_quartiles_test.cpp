#include "server/query/tile/pay_quartiles.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace jobmap::query {
namespace {

// Random pays, some missing, with or without the ranks by which many are counted.
data::JobTable table_of(std::mt19937& random, std::size_t rows, std::size_t range, bool ranked) {
  data::JobTable t;
  t.size = static_cast<data::Row>(rows);
  for (std::size_t i = 0; i < rows; ++i)
    t.pay_reach.push_back(random() % 5 ? static_cast<std::int32_t>(random() % range) : data::no_value);
  if (!ranked) return t;
  t.pays = t.pay_reach;
  t.pays.push_back(data::no_value);
  std::sort(t.pays.begin(), t.pays.end());
  t.pays.erase(std::unique(t.pays.begin(), t.pays.end()), t.pays.end());
  for (const auto pay : t.pay_reach)
    t.pay_rank.push_back(
        static_cast<std::uint16_t>(std::lower_bound(t.pays.begin(), t.pays.end(), pay) - t.pays.begin()));
  return t;
}

TEST(PayGroups, AreThoseOfASortedListCountedOrGathered) {
  std::mt19937 random(9);
  for (unsigned round = 0; round < 300; ++round) {
    const auto rows = round % 3 ? 1 + random() % 50 : 2000 + random() % 3000;
    const auto range = round % 2 ? 1u + random() % 40 : 1u + random() % 2'000'000'000u;
    const auto t = table_of(random, rows, range, round % 4 < 2);
    constexpr std::size_t groups = 3;
    PayGroups pays(t, groups, rows);
    std::array<std::vector<std::int32_t>, groups> sorted;
    for (std::size_t w = 0; w * 64 < rows; ++w)
      for (std::size_t g = 0; g < groups; ++g) {
        std::uint64_t some = 0;
        for (std::size_t row = w * 64; row < std::min<std::size_t>(rows, w * 64 + 64); ++row)
          if (row % groups == g) {
            some |= 1ull << (row % 64);
            if (t.pay_reach[row] >= 0) sorted[g].push_back(t.pay_reach[row]);
          }
        pays.add(g, w, some);
      }
    for (std::size_t g = 0; g < groups; ++g) {
      std::sort(sorted[g].begin(), sorted[g].end());
      const auto n = sorted[g].size();
      const auto q = pays.quartiles(g);
      ASSERT_EQ(q.has_value(), n >= 5) << "seed 9, round " << round;
      if (!q) continue;
      EXPECT_EQ(q->lower, sorted[g][(n - 1) / 4]) << round;
      EXPECT_EQ(q->median, sorted[g][(n - 1) / 2]) << round;
      EXPECT_EQ(q->upper, sorted[g][(n - 1) * 3 / 4]) << round;
    }
  }
}

}  // namespace
}  // namespace jobmap::query
