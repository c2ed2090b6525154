#pragma once
// One evaluation of a query: the walk over the place, what it found, its totals and a page of it. A part of
// server/query/list/evaluate.cpp, in a file for each idea.
//
//   Evaluation e(query, snapshot);
//   Totals totals = e.find(Evaluation::only_totals);   // evaluation.cpp: the walk and the counting; once
//   Page page = e.page();                              // instead: the totals, and the rows of one page
//
// A page is chosen nearest first over the tree (page_by_distance.cpp) or by the key of its order
// (page_by_key.cpp). Both look at few rows one by one, and search many in order.
#include <cmath>

#include "server/query/filter/attribute_filter.hpp"
#include "server/query/filter/matches.hpp"
#include "server/query/list/evaluate.hpp"

namespace jobmap::query {

// A matching row with its squared distance to the nearest anchor, estimated in single precision.
struct Candidate {
  float metres2;
  data::Row row;
};

// The result of a walk: single rows at the edge of the place, and whole runs of rows inside it, of which only
// the filter's rows match.
struct Found {
  std::vector<data::RowRange> leaves;  // at the edge of the place
  std::vector<Candidate> edge;         // their rows that match
  data::Sums edge_sums;
  std::vector<data::RowRange> inside;
  std::uint64_t inside_rows = 0;
  std::vector<data::RowRange> without_point;  // where those that match lie
};

class Evaluation {
 public:
  Evaluation(const JobQuery& query, const data::Snapshot& snapshot, std::optional<First> forced = {});

  enum Keep { keep_rows, only_totals };
  Totals find(Keep keep);
  Page page();
  const Visits& visits() const { return visits_; }

 private:
  using Row = data::Row;
  using RowRange = data::RowRange;
  // Where a page is chosen from: few enough rows are looked at one by one, more are searched in order.
  static constexpr std::uint64_t few_rows = 16384;

  struct Key {
    double value;        // ascending is the order of the list, whatever the sort
    std::uint32_t rank;  // of the id; ties
    Row row;
    bool operator<(const Key& o) const { return value != o.value ? value < o.value : rank < o.rank; }
  };

  void walk_place(Keep keep);
  void walk_sets(Keep keep);
  void take_inside(RowRange range);
  void note_leaf(Row begin, Row end);
  void take_leaf(RowRange leaf, Keep keep);
  void take_rows(Row begin, std::uint32_t rows, const float* metres2, Keep keep);
  Totals totals();

  template <typename Use>
  void each_match(Use&& use) const {
    for (const Candidate& c : found_.edge) use(c.row);
    for (const RowRange& range : found_.inside) filter_.each(range, use);
    if (!q_.names_place())
      for (const RowRange& range : found_.without_point) filter_.each(range, use);
  }

  bool matches(Row row) const;

  Key key(Row row) const;
  void set_cursor();
  bool later(const Key& k) const {
    if (!q_.after) return true;
    return before_all_ids_ ? k.value >= cursor_.value : cursor_ < k;
  }

  std::vector<Key> choose_keys(const Totals& totals);
  std::vector<Key> choose(const std::vector<Key>& keys) const;
  bool keep_best(std::vector<Key>& best, Row row) const;
  std::vector<Key> first_of_all();
  std::vector<Key> soonest_of_many();
  std::vector<Key> newest_of_many();
  std::vector<Key> first_by_properties() const;

  std::vector<Key> nearest(std::uint64_t matching);
  float before_cursor2() const;
  std::optional<std::vector<Key>> settle(std::vector<Candidate>& candidates, std::size_t wanted,
                                         float within2) const;
  std::vector<Candidate> gather_within(float low2, float near2);
  std::vector<Key> nearest_of_few(std::uint64_t matching);
  bool gather_nearest(std::size_t wanted, std::vector<Candidate>& candidates);
  std::vector<Key> nearest_of_many();

  const JobQuery& q_;
  const data::Snapshot& s_;
  const data::JobTable& t_;
  RowFilters more_;
  AttributeFilter filter_;
  PlaceFilter place_;
  RowRange scope_;  // of the rows with a point: all, or those of the query's cell
  std::shared_ptr<const data::TextMatch> text_;  // of an order by relevance
  Plan plan_;
  Visits visits_;
  Found found_;
  Key cursor_{};
  bool before_all_ids_ = false;
};

}  // namespace jobmap::query
