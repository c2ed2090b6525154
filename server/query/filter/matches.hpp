#pragma once
// The rows that match a query, in row order, 64 at a time: what facets and clusters count from, so that they
// can't disagree with the list.
//
//   const Matches matches(query, snapshot, snapshot.jobs->rows_in_tile(tile));
//   matches.each_word(range, [&](std::size_t w, std::uint64_t rows) { use(w, rows); });   // bit i: row 64 w + i
//   matches.each_row(matches.rows(), [&](data::Row row) { use(row); });
//
// `among` is where they will be looked for: by it the plan is chosen (server/query/filter/plan.hpp), and what is
// walked first makes no other answer. A range of located rows is cut to the query's cell. Rows without a
// point match only a query that names no place but a district; rows() is then the whole table. The query and
// the snapshot must outlive it; of one thread.
#include <utility>

#include "geo/deadline.hpp"
#include "server/query/filter/attribute_filter.hpp"
#include "server/query/filter/place_filter.hpp"
#include "server/query/filter/plan.hpp"
#include "server/query/filter/rows_in_place.hpp"

namespace jobmap::query {

class Matches {
 public:
  Matches(const JobQuery& query, const data::Snapshot& snapshot, data::RowRange among,
          std::optional<First> forced = {});

  // All rows that may match.
  data::RowRange rows() const { return rows_; }
  // Whether nothing but the category decides, so that prefix sums answer for any run of rows.
  bool by_category_alone() const { return place_.everywhere() && filter_.by_category_alone(); }
  // The matches among rows [64 w, 64 w + 64) where by_category_alone().
  std::uint64_t word(std::size_t w) const { return filter_.word(w); }
  // The words that have a match, ascending.
  template <typename Use>
  void each_word(data::RowRange range, Use&& use) const {
    range = {std::max(range.begin, rows_.begin), std::min(range.end, rows_.end)};
    if (range.empty()) return;
    if (!sets_.empty())
      words_of_sets(range, use);
    else if (place_.everywhere())
      all_words(range, use);
    else
      words_of_place(range, use);
  }
  template <typename Use>
  void each_row(data::RowRange range, Use&& use) const {
    each_word(range, [&](std::size_t w, std::uint64_t rows) {
      for (; rows; rows &= rows - 1)
        use(static_cast<data::Row>(w * 64 + static_cast<unsigned>(std::countr_zero(rows))));
    });
  }
  First first() const { return first_; }
  const Visits& visits() const { return visits_; }  // so far

 private:
  static constexpr std::size_t words_a_check = 16;

  // The leaves of one word come one by one, and are given on together.
  struct PendingWord {
    std::size_t w = ~std::size_t{0}, filtered_w = ~std::size_t{0};
    std::uint64_t rows = 0, filtered = 0;

    template <typename Use>
    void add(std::size_t at, std::uint64_t more, Use& use) {
      if (at != w) {
        if (rows) use(w, rows);
        w = at, rows = 0;
      }
      rows |= more;
    }
  };
  std::uint64_t filter(PendingWord& pending, std::size_t w) const {
    if (pending.filtered_w != w) pending.filtered_w = w, pending.filtered = filter_.word(w);
    return pending.filtered;
  }
  template <typename Use>
  void words_of_place(data::RowRange range, Use& use) const {
    PendingWord pending;
    Visits visits;
    float metres2[PlaceFilter::leaf_size];
    tree_.walk_rows(
        range.begin, range.end,
        [&](const geo::BoxE7& box) {
          if (++visits.nodes % words_a_check == 0) geo::check_deadline();
          return place_.relate(box);
        },
        [&](data::Row begin, data::Row end, bool inside) {
          visits.rows += end - begin;
          if (inside) {
            for (std::size_t w = begin / 64; w * 64 < end; ++w)
              pending.add(w, filter(pending, w) & data::word_mask(w, begin, end), use);
          } else {
            const std::size_t w = begin / 64;
            const auto leaf = static_cast<std::uint32_t>(
                (filter(pending, w) & data::word_mask(w, begin, end)) >> (begin % 64));
            if (leaf)
              pending.add(w, std::uint64_t{leaf & place_.leaf(begin, end, metres2)} << (begin % 64), use);
          }
        });
    pending.add(~std::size_t{0}, 0, use);
    visits_.nodes += visits.nodes, visits_.rows += visits.rows;
  }
  template <typename Use>
  void all_words(data::RowRange range, Use& use) const {
    visits_.rows += range.end - range.begin;
    for (std::size_t w = range.begin / 64; w * 64 < range.end; ++w) {
      if (w % words_a_check == 0) geo::check_deadline();
      if (const auto rows = filter_.word(w) & data::word_mask(w, range.begin, range.end)) use(w, rows);
    }
  }
  template <typename Use>
  void words_of_sets(data::RowRange range, Use& use) const {
    data::each_word_of(sets_, range.begin / 64, (range.end + 63) / 64, [&](std::size_t w) {
      if (w % words_a_check == 0) geo::check_deadline();
      const auto mask = data::word_mask(w, range.begin, range.end);
      visits_.rows += static_cast<unsigned>(std::popcount(mask));
      auto rows = filter_.word(w) & mask;
      if (rows && !place_.everywhere()) {
        const auto candidates = std::exchange(rows, 0);
        each_in_place(place_, w, candidates, [&](data::Row begin, std::uint32_t inside, const float*) {
          rows |= std::uint64_t{inside} << (begin % 64);
        });
      }
      if (rows) use(w, rows);
    });
  }

  const geo::RTree& tree_;
  data::RowRange rows_;
  RowFilters more_;
  AttributeFilter filter_;
  PlaceFilter place_;
  First first_ = First::place;
  std::vector<const data::RowSet*> sets_;  // of what is walked first, unless that is the place
  mutable Visits visits_;
};

}  // namespace jobmap::query
