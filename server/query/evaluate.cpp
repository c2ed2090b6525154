#include "query/evaluate.hpp"

#include <algorithm>
#include <limits>
#include <queue>

#include "query/matches.hpp"

namespace jobmap::query {
namespace {

using data::Row;
using data::RowRange;

// A matching row with its squared distance to the nearest anchor, estimated in single precision.
struct Candidate {
  float metres2;
  Row row;
};

// What a walk found: single rows at the edge of the place, and whole runs of rows inside it, of which only
// the filter's rows match.
struct Found {
  std::vector<RowRange> leaves;  // at the edge of the place
  std::vector<Candidate> edge;   // their rows that match
  data::Sums edge_sums;
  std::vector<RowRange> inside;
  std::uint64_t inside_rows = 0;
};

// Where a page is chosen from: few enough rows are looked at one by one, more are searched in order.
constexpr std::uint64_t few_rows = 16384;

class Evaluation {
 public:
  Evaluation(const JobQuery& query, const data::Snapshot& snapshot)
      : q_(query),
        s_(snapshot),
        t_(*snapshot.jobs),
        more_(row_filters(query, snapshot)),
        filter_(query, snapshot, more_, AttributeFilter::with_place),
        place_(query, snapshot),
        scope_(query.cell.value_or(snapshot.located_rows())),
        text_(query.sort == Sort::relevance ? t_.texts->find(query.terms) : nullptr) {}

  enum Keep { keep_rows, only_totals };
  Totals find(Keep keep) {
    if (place_.everywhere()) {
      take_inside(scope_);
    } else {
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
    return totals();
  }

  Page page();

 private:
  struct Key {
    double value;        // ascending is the order of the list, whatever the sort
    std::uint32_t rank;  // of the id; ties
    Row row;
    bool operator<(const Key& o) const { return value != o.value ? value < o.value : rank < o.rank; }
  };

  void take_inside(RowRange range) {
    if (range.empty()) return;
    found_.inside_rows += range.end - range.begin;
    if (!found_.inside.empty() && found_.inside.back().end == range.begin)
      found_.inside.back().end = range.end;
    else
      found_.inside.push_back(range);
  }

  // A leaf at the edge is only noted on the walk, and its positions called for: by the time the walk is over
  // they are there, where a leaf looked at at once would wait for memory at each step.
  void note_leaf(Row begin, Row end) {
    __builtin_prefetch(t_.tree.lon() + begin);
    __builtin_prefetch(t_.tree.lat() + begin);
    found_.leaves.push_back({begin, end});
  }

  void take_leaf(RowRange leaf, Keep keep) {
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

  Totals totals() const {
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

  template <typename Use>
  void each_match(Use&& use) const {
    for (const Candidate& c : found_.edge) use(c.row);
    for (const RowRange& range : found_.inside) filter_.each(range, use);
    if (!q_.names_place()) filter_.each({t_.located, t_.size}, use);
  }

  bool matches(Row row) const {
    if (!filter_.test(row)) return false;
    if (row >= t_.located) return !q_.names_place();
    return row >= scope_.begin && row < scope_.end && (place_.everywhere() || place_.contains(row));
  }

  Key key(Row row) const {
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
    }
    return {q_.reverse ? -value : value, t_.id_rank[row], row};
  }

  void set_cursor() {
    if (!q_.after) return;
    // A job that is gone since sits between its neighbours: before the first id that is not less.
    const auto rank = t_.rank_of(q_.after->id);
    const bool there = rank < t_.size && t_.public_id(t_.by_id[rank]) == q_.after->id;
    cursor_ = {q_.after->key, there || rank == 0 ? rank : rank - 1, 0};
    before_all_ids_ = !there && rank == 0;
  }
  bool later(const Key& k) const {
    if (!q_.after) return true;
    return before_all_ids_ ? k.value >= cursor_.value : cursor_ < k;
  }

  // The first `limit + 1` of the order, from rows that are looked at one by one.
  std::vector<Key> choose(std::vector<Key>&& keys) const {
    const std::size_t wanted = std::min<std::size_t>(keys.size(), q_.limit + 1);
    std::nth_element(keys.begin(),
                     keys.begin() + static_cast<std::ptrdiff_t>(wanted) - (wanted == keys.size() ? 1 : 0),
                     keys.end());
    keys.resize(wanted);
    std::sort(keys.begin(), keys.end());
    return std::move(keys);
  }

  // Puts a row into a heap of the first `limit + 1`, its last on top; false where it comes after them.
  bool keep_best(std::vector<Key>& best, Row row) const {
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

  std::vector<Key> all_keys() const {
    std::vector<Key> keys;
    each_match([&](Row row) {
      if (const Key k = key(row); later(k)) keys.push_back(k);
    });
    return keys.empty() ? keys : choose(std::move(keys));
  }

  float before_cursor2() const;
  std::vector<Key> settle(std::vector<Candidate>& candidates, std::size_t wanted) const;
  std::vector<Key> nearest_of_few();
  bool gather_nearest(std::size_t wanted, std::vector<Candidate>& candidates) const;
  std::vector<Key> nearest_of_many() const;
  std::vector<Key> soonest_of_many() const;
  std::vector<Key> newest_of_many() const;
  std::vector<Key> best_of_all() const;

  const JobQuery& q_;
  const data::Snapshot& s_;
  const data::JobTable& t_;
  RowFilters more_;
  AttributeFilter filter_;
  PlaceFilter place_;
  RowRange scope_;  // of the rows with a point: all, or those of the query's cell
  std::shared_ptr<const data::TextMatch> text_;  // of an order by relevance
  Found found_;
  Key cursor_{};
  bool before_all_ids_ = false;
};

// The `wanted` nearest come first, the last of them at [wanted - 1]. Were the jobs spread evenly, four times
// as many would lie within `near2`; where that many do, only they are sorted out.
void bring_nearest_forward(std::vector<Candidate>& candidates, std::size_t wanted, float low2,
                           double radius_m) {
  auto end = candidates.end();
  if (candidates.size() > 8 * wanted) {
    const double part = 4.0 * static_cast<double>(wanted) / static_cast<double>(candidates.size());
    const auto near2 = static_cast<float>(low2 + (radius_m * radius_m - low2) * part);
    const auto middle =
        std::partition(candidates.begin(), end, [&](const Candidate& c) { return c.metres2 <= near2; });
    if (static_cast<std::size_t>(middle - candidates.begin()) >= wanted) end = middle;
  }
  std::nth_element(candidates.begin(), candidates.begin() + static_cast<std::ptrdiff_t>(wanted) - 1, end,
                   [](const Candidate& a, const Candidate& b) { return a.metres2 < b.metres2; });
}

// Of rows that may lie before the cursor, those that surely do.
float Evaluation::before_cursor2() const {
  if (!q_.after) return -1;
  const double low = q_.after->key - place_.anchors().slack_m();
  return low > 0 ? static_cast<float>(low * low) * 0.999999f : -1;
}

// From candidates among which are all up to the `wanted`th nearest and twice the slack beyond it: the first
// of the order, by the distance itself. All that is left out lies beyond `sure`, so what lies before it comes
// first.
std::vector<Evaluation::Key> Evaluation::settle(std::vector<Candidate>& candidates,
                                                std::size_t wanted) const {
  const double slack = place_.anchors().slack_m();
  double sure = std::numeric_limits<double>::infinity(), reach2 = sure;
  if (candidates.size() > wanted) {
    bring_nearest_forward(candidates, wanted, std::max(before_cursor2(), 0.0f), place_.anchors().radius_m());
    sure = std::sqrt(static_cast<double>(candidates[wanted - 1].metres2)) + slack;
    reach2 = (sure + slack) * (sure + slack);
  }
  for (const Candidate& c : candidates)
    if (c.metres2 <= reach2) __builtin_prefetch(&t_.id_rank[c.row]);
  std::vector<Key> keys;
  for (const Candidate& c : candidates)
    if (c.metres2 <= reach2)
      if (const Key k = key(c.row); k.value <= sure && later(k)) keys.push_back(k);
  return keys;
}

// Sifts by the estimate, then settles the few that are left by the distance itself.
std::vector<Evaluation::Key> Evaluation::nearest_of_few() {
  auto& candidates = found_.edge;
  for (const RowRange& range : found_.inside)
    for (std::size_t w = range.begin / 64; w * 64 < range.end; ++w) {
      auto rows = filter_.word(w) & data::word_mask(w, range.begin, range.end);
      if (!rows) continue;
      const auto first = static_cast<Row>(w * 64);
      float metres2[64];
      place_.anchors().estimate(t_.tree, first, std::min<Row>(first + 64, t_.located), metres2);
      for (; rows; rows &= rows - 1) {
        const auto i = static_cast<Row>(std::countr_zero(rows));
        candidates.push_back({metres2[i], first + i});
      }
    }
  const float low2 = before_cursor2();
  std::erase_if(candidates, [&](const Candidate& c) { return c.metres2 < low2; });
  // Rows within the slack of the cursor may turn out to lie before it, so a few more than the page are kept.
  for (std::size_t wanted = q_.limit + 1;; wanted *= 2) {
    auto keys = settle(candidates, wanted);
    if (keys.size() > q_.limit || wanted >= candidates.size())
      return keys.empty() ? keys : choose(std::move(keys));
  }
}

// The nearest leaves first, by the estimate, until the next one lies beyond all that can matter. False where
// that was the whole circle.
bool Evaluation::gather_nearest(std::size_t wanted, std::vector<Candidate>& candidates) const {
  struct Node {
    float key;
    unsigned level;
    std::uint32_t number;
    bool operator<(const Node& o) const { return key > o.key; }
  };
  constexpr std::size_t some_more = 24;  // candidates, before the bound is drawn closer again
  const Circles& anchors = place_.anchors();
  const double slack = anchors.slack_m();
  const float low2 = before_cursor2();
  float until = Circles::order_until(anchors.radius_m());
  auto near2 = std::numeric_limits<float>::infinity();
  std::size_t again = wanted;
  std::priority_queue<Node> queue;
  const auto enter = [&](unsigned level, std::size_t first) {
    const auto nodes = t_.tree.nodes(level);
    const auto n = static_cast<unsigned>(std::min<std::size_t>(geo::RTree::fanout, nodes.size() - first));
    float keys[geo::RTree::fanout];
    anchors.order(nodes.data() + first, n, keys);
    for (unsigned i = 0; i < n; ++i)
      if (keys[i] <= until) queue.push({keys[i], level, static_cast<std::uint32_t>(first + i)});
  };
  enter(t_.tree.levels() - 1, 0);
  for (; !queue.empty() && queue.top().key <= until;) {
    const Node node = queue.top();
    queue.pop();
    if (node.level > 0) {
      enter(node.level - 1, std::size_t{node.number} * geo::RTree::fanout);
      continue;
    }
    const Row begin = std::max(node.number * geo::RTree::fanout, scope_.begin),
              end = std::min((node.number + 1) * geo::RTree::fanout, scope_.end);
    auto rows = begin < end ? filter_.leaf(begin, end) : 0;
    float metres2[PlaceFilter::leaf_size];
    if (rows) rows &= place_.leaf(begin, end, metres2);
    for (; rows; rows &= rows - 1)
      if (const auto i = static_cast<Row>(std::countr_zero(rows)); metres2[i] >= low2 && metres2[i] <= near2)
        candidates.push_back({metres2[i], begin + i});
    if (candidates.size() < again) continue;
    std::nth_element(candidates.begin(), candidates.begin() + static_cast<std::ptrdiff_t>(wanted) - 1,
                     candidates.end(), [](const auto& a, const auto& b) { return a.metres2 < b.metres2; });
    const double reach = std::sqrt(static_cast<double>(candidates[wanted - 1].metres2)) + 2 * slack;
    near2 = static_cast<float>(reach * reach * 1.000001);
    until = std::min(until, Circles::order_until(reach + slack));
    std::erase_if(candidates, [&](const Candidate& c) { return c.metres2 > near2; });
    again = std::max(candidates.size(), wanted) + some_more;
  }
  return near2 < std::numeric_limits<float>::infinity();
}

std::vector<Evaluation::Key> Evaluation::nearest_of_many() const {
  for (std::size_t wanted = q_.limit + 1;; wanted *= 2) {
    std::vector<Candidate> candidates;
    candidates.reserve(2 * wanted);
    const bool more = gather_nearest(wanted, candidates);
    auto keys = settle(candidates, wanted);
    if (keys.size() > q_.limit || !more) return keys.empty() ? keys : choose(std::move(keys));
  }
}

// Best first over the tree, until the next node's key exceeds the page's last.
std::vector<Evaluation::Key> Evaluation::soonest_of_many() const {
  std::vector<Key> best;  // a heap, the last of the page on top
  double bound = std::numeric_limits<double>::max();
  t_.tree.nearest(
      [&](const geo::BoxE7& box) { return place_.at_least_minutes(box); }, [&] { return bound; },
      [&](Row begin, Row end) {
        begin = std::max(begin, scope_.begin), end = std::min(end, scope_.end);
        if (begin >= end) return;
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
std::vector<Evaluation::Key> Evaluation::newest_of_many() const {
  std::vector<Key> keys;
  auto start = t_.by_published.begin();
  if (q_.after)
    start = std::partition_point(start, t_.by_published.end(),
                                 [&](Row row) { return key(row).value < cursor_.value; });
  for (auto it = start; it != t_.by_published.end() && keys.size() <= q_.limit; ++it)
    if (matches(*it))
      if (const Key k = key(*it); later(k)) keys.push_back(k);
  return keys;
}

// Every match is scored, and only a page of them kept.
std::vector<Evaluation::Key> Evaluation::best_of_all() const {
  std::vector<Key> best;  // a heap, the last of the page on top
  each_match([&](Row row) { keep_best(best, row); });
  std::sort(best.begin(), best.end());
  return best;
}

Page Evaluation::page() {
  Page page;
  page.totals = find(keep_rows);
  set_cursor();
  std::vector<Key> keys;
  const std::uint64_t candidates = found_.edge.size() + found_.inside_rows;
  if (q_.sort == Sort::distance && !q_.reverse)
    keys = candidates <= few_rows ? nearest_of_few() : nearest_of_many();
  else if (q_.sort == Sort::minutes && !q_.reverse && page.totals.ads > few_rows)
    keys = soonest_of_many();
  else if (q_.sort == Sort::newest && !q_.reverse && page.totals.ads > few_rows)
    keys = newest_of_many();
  else if (q_.sort == Sort::relevance && page.totals.ads > few_rows)
    keys = best_of_all();
  else
    keys = all_keys();

  const bool more = keys.size() > q_.limit;
  if (more) keys.resize(q_.limit);
  page.hits.reserve(keys.size());
  for (const Key& k : keys)
    __builtin_prefetch(&t_.numbers[k.row]);  // whoever encodes the page reads it first
  for (const Key& k : keys) {
    Hit hit{k.row, -1, -1, {}};
    if (q_.sort == Sort::distance)
      hit.distance_m = std::abs(k.value);
    else if (q_.has_distance())
      hit.distance_m = place_.anchors().metres(t_.tree.point(k.row));
    if (q_.has_minutes()) hit.minutes = place_.minutes(k.row);
    if (q_.mode == TravelMode::metro) hit.legs = place_.legs(k.row);
    page.hits.push_back(std::move(hit));
  }
  if (more)
    page.next_cursor = write_cursor({q_.order_hash(), keys.back().value, t_.public_id(keys.back().row)});
  return page;
}

}  // namespace

Page evaluate(const JobQuery& query, const data::Snapshot& snapshot) {
  return Evaluation(query, snapshot).page();
}

Totals count(const JobQuery& query, const data::Snapshot& snapshot) {
  return Evaluation(query, snapshot).find(Evaluation::only_totals);
}

std::vector<Row> matching_rows(const JobQuery& query, const data::Snapshot& snapshot, RowRange range) {
  std::vector<Row> rows;
  Matches(query, snapshot).each_row(range, [&](Row row) { rows.push_back(row); });
  return rows;
}

}  // namespace jobmap::query
