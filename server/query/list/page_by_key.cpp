// A page in the order of a key: of time, pay, minutes or relevance.
#include <algorithm>
#include <limits>

#include "geo/deadline.hpp"
#include "server/query/list/evaluation.hpp"
#include "server/query/list/first_of.hpp"

namespace jobmap::query {

using data::Row;
using data::RowRange;

Evaluation::Key Evaluation::key(Row row) const {
  double value = 0;
  switch (q_.sort) {
    case Sort::distance:
      value = place_.anchors().metres(t_.tree.point(row));
      break;
    case Sort::minutes:
      value = place_.minutes(row);
      break;
    case Sort::newest:
      value = -static_cast<double>(t_.published[row]);
      break;
    case Sort::pay:
      value = -static_cast<double>(t_.pay_reach[row]);
      break;
    case Sort::relevance:
      // One number for the score and, among equals, the time of publication.
      value = -(t_.texts->score(*text_, row) * 4294967296.0 + t_.published[row]);
      break;
    case Sort::properties:  // by first_by_properties
      break;
  }
  return {q_.reverse ? -value : value, t_.id_rank[row], row};
}

void Evaluation::set_cursor() {
  if (!q_.after) return;
  // A job that is gone since sits between its neighbours: before the first id that is not less.
  const auto rank = t_.rank_of(q_.after->id);
  const bool there = rank < t_.size && t_.public_id(t_.by_id[rank]) == q_.after->id;
  cursor_ = {q_.after->key, there || rank == 0 ? rank : rank - 1, 0};
  before_all_ids_ = !there && rank == 0;
}

// The first `limit + 1` of the order, from rows that are looked at one by one.
std::vector<Evaluation::Key> Evaluation::choose(const std::vector<Key>& keys) const {
  FirstOf<Key> first(q_.limit + 1);
  for (const Key& k : keys) first.put(k);
  return std::move(first).in_order();
}

// Puts a row into a heap of the first `limit + 1`, its last on top; false where it comes after them.
bool Evaluation::keep_best(std::vector<Key>& best, Row row) const {
  const Key k = key(row);
  if (!later(k)) return false;
  if (best.size() > q_.limit) {
    if (!(k < best.front())) return false;
    std::pop_heap(best.begin(), best.end());
    best.pop_back();
  }
  best.push_back(k);
  std::push_heap(best.begin(), best.end());
  return true;
}

// Every match is looked at, and no more than two pages of them are kept: the keys of all the jobs of a city are
// megabytes of new memory, which takes a thread longer than the search.
std::vector<Evaluation::Key> Evaluation::first_of_all() {
  FirstOf<Key> first(q_.limit + 1);
  visits_.rows += found_.inside_rows;
  each_match([&](Row row) {
    geo::check_deadline();
    if (const Key k = key(row); later(k)) first.put(k);
  });
  return std::move(first).in_order();
}

// Best first over the tree, until the next node's key exceeds the page's last.
std::vector<Evaluation::Key> Evaluation::soonest_of_many() {
  std::vector<Key> best;  // a heap, the last of the page on top
  double bound = std::numeric_limits<double>::max();
  t_.tree.nearest(
      [&](const geo::BoxE7& box) {
        geo::check_deadline();
        ++visits_.nodes;
        return place_.at_least_minutes(box);
      },
      [&] { return bound; },
      [&](Row begin, Row end) {
        begin = std::max(begin, scope_.begin), end = std::min(end, scope_.end);
        if (begin >= end) return;
        visits_.rows += end - begin;
        auto rows = filter_.leaf(begin, end);
        float unused[PlaceFilter::leaf_size];
        if (rows) rows &= place_.leaf(begin, end, unused);
        for (; rows; rows &= rows - 1)
          if (keep_best(best, begin + static_cast<Row>(std::countr_zero(rows))) && best.size() > q_.limit)
            bound = best.front().value;
      });
  std::sort(best.begin(), best.end());
  return best;
}

// Down the rows by time of publication, until the page is full.
std::vector<Evaluation::Key> Evaluation::newest_of_many() {
  std::vector<Key> keys;
  auto start = t_.by_published.begin();
  if (q_.after)
    start = std::partition_point(start, t_.by_published.end(),
                                 [&](Row row) { return key(row).value < cursor_.value; });
  for (auto it = start; it != t_.by_published.end() && keys.size() <= q_.limit; ++it) {
    if (++visits_.rows % 16 == 0) geo::check_deadline();
    if (matches(*it))
      if (const Key k = key(*it); later(k)) keys.push_back(k);
  }
  return keys;
}

}  // namespace jobmap::query
