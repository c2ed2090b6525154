#pragma once
// `cell` with crs=gcj02 or bd09: the jobs of one cell of a tile in that system. Its rows are no range, since
// the curve goes by WGS84.
//
//   RowFilters filters{std::make_shared<ShiftedCellFilter>(*query.shifted_cell, *snapshot.jobs)};
#include <bit>

#include "server/query/filter/row_filter.hpp"

namespace jobmap::query {

class ShiftedCellFilter : public RowFilter {
 public:
  ShiftedCellFilter(const geo::ShiftedSquare& square, const data::JobTable& table)
      : square_(square), table_(table) {}
  std::uint64_t word(std::size_t w, std::uint64_t candidates) const override {
    std::uint64_t kept = 0;
    for (auto m = candidates; m; m &= m - 1) {
      const auto bit = static_cast<unsigned>(std::countr_zero(m));
      const auto row = static_cast<data::Row>(w * 64 + bit);
      if (row >= table_.located) break;
      const auto at = table_.tree.point(row);
      if (square_.reach().contains(at) && square_.contains(geo::shift(square_.crs(), at)))
        kept |= 1ull << bit;
    }
    return kept;
  }
  bool is_place() const override { return true; }

 private:
  geo::ShiftedSquare square_;
  const data::JobTable& table_;
};

}  // namespace jobmap::query
