#pragma once
// The quartiles of what groups of postings pay (the cells of a tile), of what pay_min compares: pay_max, or
// pay_min where that is alone.
//
//   PayGroups pays(jobs, 64, rows);              // 64 groups, of about as many rows together
//   pays.add(3, w, rows_of_word);                // bit i: row 64 w + i
//   pays.quartiles(3);                           // absent under five postings that say their pay
//
// Many rows are counted by the rank of their pay among all that occur (JobTable::pays), a few are gathered
// and put in order.
#include <optional>

#include "data/index/snapshot.hpp"

namespace jobmap::query {

struct PayQuartiles {
  std::int32_t lower = 0, median = 0, upper = 0;  // fen, by nearest rank
};

class PayGroups {
 public:
  PayGroups(const data::JobTable& jobs, std::size_t groups, std::size_t rows);

  void add(std::size_t group, data::Row row) {
    if (!counts_.empty())
      ++counts_[group * jobs_.pays.size() + jobs_.pay_rank[row]];
    else if (const auto pay = jobs_.pay_reach[row]; pay >= 0)
      values_[group].push_back(pay);
  }
  void add(std::size_t group, std::size_t w, std::uint64_t rows) {
    for (; rows; rows &= rows - 1)
      add(group, static_cast<data::Row>(w * 64 + static_cast<unsigned>(std::countr_zero(rows))));
  }
  std::optional<PayQuartiles> quartiles(std::size_t group);

 private:
  PayQuartiles counted(const std::uint32_t* counts, std::uint64_t n) const;

  const data::JobTable& jobs_;
  std::vector<std::uint32_t> counts_;  // of each group and pay; empty where values are gathered
  std::vector<std::vector<std::int32_t>> values_;
};

}  // namespace jobmap::query
