// A page takes memory for what is on it, and not for each job that matches.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <random>

#include "server/query/list/evaluate.hpp"
#include "server/query/list/first_of.hpp"
#include "server/query/parse/job_query.hpp"
#include "server/query/syntax/query_string.hpp"
#include "server/query/syntax/reader.hpp"
#include "tests/counted_memory.hpp"
#include "tests/sample_snapshot.hpp"

namespace jobmap::query {
namespace {

TEST(FirstOf, IsTheHeadOfTheSortedValues) {
  std::mt19937 random(5);
  for (const std::size_t wanted : {1u, 2u, 7u, 50u})
    for (const std::size_t size : {0u, 1u, 7u, 13u, 14u, 15u, 1000u}) {
      std::vector<int> values(size);
      for (auto& v : values) v = static_cast<int>(random() % 500);
      const auto first_of = [&] {
        FirstOf<int> first(wanted);
        for (const int v : values) first.put(v);
        return std::move(first).in_order();
      };
      auto sorted = values;
      std::sort(sorted.begin(), sorted.end());
      sorted.resize(std::min(wanted, size));
      EXPECT_EQ(first_of(), sorted) << wanted << " of " << size;
      std::sort(values.begin(), values.end(), std::greater<>());
      EXPECT_EQ(first_of(), sorted) << wanted << " of " << size << ", descending";
    }
}

TEST(PageMemory, IsThatOfAPageInEveryOrder) {
  constexpr std::uint32_t jobs = 60'000;  // more than are looked at in a smaller search
  const auto snapshot = sample_snapshot({.seed = 3, .jobs = jobs, .now = 1767225600});
  for (const std::string sort :
       {"newest", "-newest", "pay&pay_unit=month", "-pay&pay_unit=month",
        "distance&near=120.15,30.27&radius=50000", "-distance&near=120.15,30.27&radius=50000",
        "minutes&reach=120.15,30.27&minutes=120", "-minutes&reach=120.15,30.27&minutes=120"}) {
    auto params = Params::parse("limit=10&sort=" + sort);
    ASSERT_TRUE(params);
    Reader reader(*params);
    auto q = parse_filter(reader, *snapshot);
    parse_listing(reader, q, *snapshot);
    reader.finish();
    ASSERT_FALSE(reader.failed()) << sort << ": " << reader.error().message;
    test::taken = {};
    const auto page = evaluate(q, *snapshot);
    EXPECT_EQ(page.hits.size(), 10u) << sort;
    EXPECT_GT(page.totals.ads, 16'384u) << sort;
    EXPECT_LT(test::taken.largest, std::size_t{jobs} * 2) << sort;
  }
}

}  // namespace
}  // namespace jobmap::query
