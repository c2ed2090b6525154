#include "server/query/tile/pay_quartiles.hpp"

#include <algorithm>
#include <numeric>

namespace jobmap::query {
namespace {

constexpr std::size_t few_pays = 5;  // fewer would tell what one posting pays

std::array<std::uint64_t, 3> ranks(std::uint64_t n) { return {(n - 1) / 4, (n - 1) / 2, (n - 1) * 3 / 4}; }

PayQuartiles of_values(std::vector<std::int32_t>& values) {
  std::array<std::int32_t, 3> found{};
  auto from = values.begin();
  for (std::size_t k = 0; k < found.size(); ++k) {
    const auto nth = values.begin() + static_cast<std::ptrdiff_t>(ranks(values.size())[k]);
    if (nth >= from) std::nth_element(from, nth, values.end());
    found[k] = *nth, from = nth + 1;
  }
  return {found[0], found[1], found[2]};
}

}  // namespace

PayGroups::PayGroups(const data::JobTable& jobs, std::size_t groups, std::size_t rows) : jobs_(jobs) {
  // To go through all counts must cost no more than to look at the rows.
  if (!jobs.pays.empty() && groups * jobs.pays.size() <= rows)
    counts_.resize(groups * jobs.pays.size());
  else
    values_.resize(groups);
}

std::optional<PayQuartiles> PayGroups::quartiles(std::size_t group) {
  if (counts_.empty()) {
    auto& values = values_[group];
    return values.size() < few_pays ? std::nullopt : std::optional(of_values(values));
  }
  const auto* counts = counts_.data() + group * jobs_.pays.size();
  const auto n = std::accumulate(counts + 1, counts + jobs_.pays.size(), std::uint64_t{0});
  return n < few_pays ? std::nullopt : std::optional(counted(counts, n));
}

// The first pay stands for none.
PayQuartiles PayGroups::counted(const std::uint32_t* counts, std::uint64_t n) const {
  std::array<std::int32_t, 3> found{};
  std::uint64_t before = 0;
  std::size_t pay = 1;
  for (std::size_t k = 0; k < found.size(); ++k) {
    while (before + counts[pay] <= ranks(n)[k]) before += counts[pay++];
    found[k] = jobs_.pays[pay];
  }
  return {found[0], found[1], found[2]};
}

}  // namespace jobmap::query
