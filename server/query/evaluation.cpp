#include "query/evaluation.hpp"

#include <bit>

namespace jobmap::query {

using data::Row;
using data::RowRange;

Evaluation::Evaluation(const JobQuery& query, const data::Snapshot& snapshot)
    : q_(query),
      s_(snapshot),
      t_(*snapshot.jobs),
      more_(row_filters(query, snapshot)),
      filter_(query, snapshot, more_, AttributeFilter::with_place),
      place_(query, snapshot),
      scope_(query.cell.value_or(snapshot.located_rows())),
      text_(query.sort == Sort::relevance ? t_.texts->find(query.terms) : nullptr) {}

Totals Evaluation::find(Keep keep) {
  if (place_.everywhere())
    take_inside(scope_);
  else
    walk(keep);
  return totals();
}

void Evaluation::walk(Keep keep) {
  const auto take = [&](Row begin, Row end, bool inside) {
    if (inside)
      take_inside({begin, end});
    else
      note_leaf(begin, end);
  };
  // One by one boxes are told apart by their first side or two, which is faster than all at once.
  if (place_.one_circle())
    walk_children(
        t_.tree, scope_.begin, scope_.end,
        [&](const geo::BoxE7* nodes, unsigned n) { return place_.anchors().relate(nodes, n); }, take);
  else
    t_.tree.walk_rows(
        scope_.begin, scope_.end, [&](const geo::BoxE7& box) { return place_.relate(box); }, take);
  for (const RowRange& leaf : found_.leaves) take_leaf(leaf, keep);
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
  auto matching = filter_.leaf(leaf.begin, leaf.end);
  if (!matching) return;
  float metres2[PlaceFilter::leaf_size];
  for (matching &= place_.leaf(leaf.begin, leaf.end, metres2); matching; matching &= matching - 1) {
    const auto i = static_cast<Row>(std::countr_zero(matching));
    ++found_.edge_sums.ads,
        found_.edge_sums.openings += static_cast<std::uint64_t>(t_.openings[leaf.begin + i]);
    if (keep == keep_rows) found_.edge.push_back({metres2[i], leaf.begin + i});
  }
}

Totals Evaluation::totals() const {
  Totals totals;
  totals.ads = found_.edge_sums.ads, totals.openings = found_.edge_sums.openings;
  for (const RowRange& range : found_.inside) {
    const auto sums = filter_.sums(range);
    totals.ads += sums.ads, totals.openings += sums.openings;
  }
  totals.located = totals.ads;
  const RowRange without_point{t_.located, t_.size};
  if (q_.names_place()) {
    const AttributeFilter rest(q_, s_, more_, AttributeFilter::without_place);
    totals.unlocated = rest.sums(without_point).ads;
  } else {
    const auto sums = filter_.sums(without_point);
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
