#pragma once
// Everything of a query that a job's columns decide, as words of 64 rows: bitmaps are ANDed, and only rows
// that are left meet the numeric columns.
//
//   const auto more = row_filters(query, snapshot);
//   AttributeFilter filter(query, snapshot, more, AttributeFilter::with_place);
//   std::uint64_t rows = filter.word(w);          // of rows [64 w, 64 w + 64): bit set where the job matches
//   data::Sums s = filter.sums({begin, end});           // ads and openings, by prefix sums where they suffice
//
// with_place: the usual service circle is a bitmap too, so it belongs here, and so do the row filters that
// name a place; without them, for counting what a place leaves out.
#include <vector>

#include "server/query/filter/row_filter.hpp"

namespace jobmap::query {

class AttributeFilter {
 public:
  enum Place { with_place, without_place };
  AttributeFilter(const JobQuery& query, const data::Snapshot& snapshot, const RowFilters& more, Place place);

  std::uint64_t word(std::size_t w) const;
  bool by_category_alone() const { return only_categories_; }
  bool by_prefix_sums() const { return only_categories_ || only_circle_; }  // so sums() looks at no row
  bool test(data::Row row) const { return word_of_row(row) >> (row % 64) & 1; }
  // The rows of one leaf of the tree, 16 bits.
  std::uint32_t leaf(data::Row begin, data::Row end) const;
  data::Sums sums(data::RowRange range) const;
  // Calls use(row) for each matching row of the range, ascending.
  template <typename Use>
  void each(data::RowRange range, Use&& use) const {
    for (std::size_t w = range.begin / 64; w * 64 < range.end; ++w)
      for (auto m = word(w) & data::word_mask(w, range.begin, range.end); m; m &= m - 1)
        use(static_cast<data::Row>(w * 64 + static_cast<unsigned>(std::countr_zero(m))));
  }

 private:
  using Words = const std::uint64_t*;
  std::uint64_t word_of_row(data::Row row) const;
  // The candidates that are left once the numeric columns and the row filters are asked.
  std::uint64_t costly(std::uint64_t candidates, std::size_t w) const;
  std::uint64_t numeric(std::uint64_t candidates, std::size_t w) const;
  std::uint64_t numeric_one_by_one(std::uint64_t candidates, std::size_t w) const;
  bool passes(data::Row row) const;
  void add_any_of(const std::vector<Words>& bitmaps);

  const JobQuery& query_;
  const data::Snapshot& snapshot_;
  const data::JobTable& table_;
  std::vector<Words> all_of_;
  std::vector<std::vector<Words>> any_of_;
  // Where the categories alone decide, or they and the usual service circle, prefix sums answer.
  bool only_categories_ = true, only_circle_ = false;
  bool numeric_ = false;
  bool costly_ = false;  // numeric, or asked of a row filter
  RowFilters more_;
  RowFilters searched_;  // whose rows are among all_of_
  bool pay_ = false, experience_ = false, occupation_ = false, posted_ = false;
  std::int32_t occupation_begin_ = 0, occupation_end_ = 0;
  std::uint32_t posted_since_ = 0;
  std::int8_t experience_max_ = 0;
};

}  // namespace jobmap::query
