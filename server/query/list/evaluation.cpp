#include "server/query/list/evaluation.hpp"

#include <algorithm>
#include <bit>

#include "geo/deadline.hpp"
#include "server/query/filter/estimate.hpp"
#include "server/query/filter/rows_in_place.hpp"

namespace jobmap::query {

using data::Row;
using data::RowRange;

namespace {
constexpr std::size_t leaves_a_check = 16;
}

Evaluation::Evaluation(const JobQuery& query, const data::Snapshot& snapshot, std::optional<First> forced)
    : q_(query),
      s_(snapshot),
      t_(*snapshot.jobs),
      more_(row_filters(query, snapshot)),
      filter_(query, snapshot, more_, AttributeFilter::with_place),
      place_(query, snapshot),
      scope_(query.cell.value_or(snapshot.located_rows())),
      text_(query.sort == Sort::relevance ? t_.texts->find(query.terms) : nullptr) {
  const auto how = query.explain || forced ? all_there_is : what_decides;
  plan_ = choose_plan(estimate(query, snapshot, place_, scope_, rows_of_words(more_), how));
  if (forced && plan_.estimates.of[*forced]) plan_.first = *forced;
}

Totals Evaluation::find(Keep keep) {
  if (plan_.first != First::place) {
    walk_sets(keep);
  } else {
    found_.without_point.push_back({t_.located, t_.size});
    if (place_.everywhere())
      take_inside(scope_);
    else
      walk_place(keep);
  }
  return totals();
}

void Evaluation::walk_place(Keep keep) {
  const auto take = [&](Row begin, Row end, bool inside) {
    if (inside)
      take_inside({begin, end});
    else
      note_leaf(begin, end);
  };
  // Room for a kilometre round a place in a city, so that these needn't grow step by step.
  found_.leaves.reserve(128), found_.inside.reserve(64), found_.edge.reserve(keep == keep_rows ? 1024 : 0);
  // One by one boxes are told apart by their first side or two, which is faster than all at once.
  if (place_.one_circle())
    walk_children(
        t_.tree, scope_.begin, scope_.end,
        [&](const geo::BoxE7* nodes, unsigned n) {
          geo::check_deadline();
          visits_.nodes += n;
          return place_.anchors().relate(nodes, n);
        },
        take);
  else
    t_.tree.walk_rows(
        scope_.begin, scope_.end,
        [&](const geo::BoxE7& box) {
          if (++visits_.nodes % leaves_a_check == 0) geo::check_deadline();
          return place_.relate(box);
        },
        take);
  for (std::size_t i = 0; i < found_.leaves.size(); ++i) {
    if (i % leaves_a_check == 0) geo::check_deadline();
    take_leaf(found_.leaves[i], keep);
  }
}

// The words where the plan's first predicate has rows: whole where every place will do, else row by row.
void Evaluation::walk_sets(Keep keep) {
  const auto sets = sets_of(plan_.first, q_, s_, rows_of_words(more_));
  const auto words = [&sets](RowRange range, auto&& use) {
    each_word_of(sets, range.begin / 64, (range.end + 63) / 64, [&](std::size_t w) {
      const auto first = static_cast<Row>(w * 64);
      use(w, RowRange{std::max(first, range.begin), std::min(first + 64, range.end)});
    });
  };
  words(scope_, [&](std::size_t w, RowRange range) {
    if (place_.everywhere()) return take_inside(range);
    if (w % leaves_a_check == 0) geo::check_deadline();
    visits_.rows += range.end - range.begin;
    each_in_place(
        place_, w, filter_.word(w) & data::word_mask(w, range.begin, range.end),
        [&](Row begin, std::uint32_t rows, const float* metres2) { take_rows(begin, rows, metres2, keep); });
  });
  words({t_.located, t_.size}, [&](std::size_t, RowRange range) { found_.without_point.push_back(range); });
}

void Evaluation::take_inside(RowRange range) {
  if (range.empty()) return;
  found_.inside_rows += range.end - range.begin;
  if (!found_.inside.empty() && found_.inside.back().end == range.begin)
    found_.inside.back().end = range.end;
  else
    found_.inside.push_back(range);
}

// A leaf at the edge is only noted on the walk, and its positions called for: by the time the walk is over
// they are there, where a leaf looked at at once would wait for memory at each step.
void Evaluation::note_leaf(Row begin, Row end) {
  __builtin_prefetch(t_.tree.lon() + begin);
  __builtin_prefetch(t_.tree.lat() + begin);
  found_.leaves.push_back({begin, end});
}

void Evaluation::take_leaf(RowRange leaf, Keep keep) {
  const auto matching = filter_.leaf(leaf.begin, leaf.end);
  if (!matching) return;
  float metres2[PlaceFilter::leaf_size];
  take_rows(leaf.begin, matching & place_.leaf(leaf.begin, leaf.end, metres2), metres2, keep);
}

void Evaluation::take_rows(Row begin, std::uint32_t rows, const float* metres2, Keep keep) {
  found_.edge_sums.ads += static_cast<unsigned>(std::popcount(rows));
  found_.edge_sums.openings += t_.openings_sums.sum(begin / 64, std::uint64_t{rows} << (begin % 64));
  if (keep == only_totals) return;
  for (; rows; rows &= rows - 1) {
    const auto i = static_cast<Row>(std::countr_zero(rows));
    found_.edge.push_back({metres2[i], begin + i});
  }
}

Totals Evaluation::totals() {
  Totals totals;
  totals.ads = found_.edge_sums.ads, totals.openings = found_.edge_sums.openings;
  for (const RowRange& leaf : found_.leaves) visits_.rows += leaf.end - leaf.begin;
  const auto add = [&](const AttributeFilter& filter, const std::vector<RowRange>& ranges) {
    data::Sums all;
    for (const RowRange& range : ranges) {
      const auto sums = filter.sums(range);
      all.ads += sums.ads, all.openings += sums.openings;
      if (!filter.by_prefix_sums()) visits_.rows += range.end - range.begin;
    }
    return all;
  };
  const auto inside = add(filter_, found_.inside);
  totals.ads += inside.ads, totals.openings += inside.openings;
  totals.located = totals.ads;
  if (q_.names_place()) {
    const AttributeFilter rest(q_, s_, more_, AttributeFilter::without_place);
    totals.unlocated = add(rest, found_.without_point).ads;
  } else {
    const auto sums = add(filter_, found_.without_point);
    totals.unlocated = sums.ads;
    totals.ads += sums.ads, totals.openings += sums.openings;
  }
  return totals;
}

bool Evaluation::matches(Row row) const {
  if (!filter_.test(row)) return false;
  if (row >= t_.located) return !q_.names_place();
  return row >= scope_.begin && row < scope_.end && (place_.everywhere() || place_.contains(row));
}

}  // namespace jobmap::query
