// A page in the order of properties: every match is compared with the last of the page so far.
#include <algorithm>

#include "geo/deadline.hpp"
#include "server/query/list/evaluation.hpp"
#include "server/query/list/property_order.hpp"

namespace jobmap::query {
namespace {

struct Sorted {
  SortValues values;
  std::uint32_t rank = 0;
  data::Row row = 0;
};

}  // namespace

std::vector<Evaluation::Key> Evaluation::first_by_properties() const {
  const auto before = [&](const Sorted& a, const Sorted& b) {
    const int order = compare(a.values, b.values, q_.order);
    return order ? order < 0 : a.rank < b.rank;
  };
  Sorted cursor;
  if (q_.after) {
    if (auto values = read_values(q_.after->values, q_.order.size())) cursor.values = *std::move(values);
    cursor.rank = cursor_.rank;
  }
  const auto is_later = [&](const Sorted& s) {
    if (!q_.after) return true;
    const int order = compare(s.values, cursor.values, q_.order);
    return order ? order > 0 : before_all_ids_ || s.rank > cursor.rank;
  };
  std::vector<Sorted> best;  // a heap, the last of the page on top
  Sorted next;
  each_match([&](Row row) {
    geo::check_deadline();
    fill_values(s_, q_.order, row, next.values);
    next.rank = t_.id_rank[row];
    next.row = row;
    if (!is_later(next)) return;
    if (best.size() > q_.limit) {
      if (!before(next, best.front())) return;
      std::pop_heap(best.begin(), best.end(), before);
      best.back() = next;
    } else {
      best.push_back(next);
    }
    std::push_heap(best.begin(), best.end(), before);
  });
  std::sort_heap(best.begin(), best.end(), before);
  std::vector<Key> keys;
  for (const auto& s : best) keys.push_back({0, s.rank, s.row});
  return keys;
}

}  // namespace jobmap::query
