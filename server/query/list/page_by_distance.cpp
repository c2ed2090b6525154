// A page in the order of distance, nearest first.
#include <algorithm>
#include <bit>
#include <limits>
#include <queue>

#include "geo/deadline.hpp"
#include "server/query/filter/lane_masks.hpp"
#include "server/query/list/evaluation.hpp"

namespace jobmap::query {

using data::Row;
using data::RowRange;

// Squared distance below which a row certainly precedes the cursor.
float Evaluation::before_cursor2() const {
  if (!q_.after) return -1;
  const double low = q_.after->key - place_.anchors().slack_m();
  return low > 0 ? static_cast<float>(low * low) * 0.999999f : -1;
}

// From all candidates within `within2`: the first of the order, by the distance itself. All that is left out
// lies beyond `sure`, so what lies before it comes first. Nothing where they don't reach twice the slack
// beyond the `wanted`th.
std::optional<std::vector<Evaluation::Key>> Evaluation::settle(std::vector<Candidate>& candidates,
                                                               std::size_t wanted, float within2) const {
  const double slack = place_.anchors().slack_m();
  double sure = std::numeric_limits<double>::infinity(), reach2 = sure;
  if (candidates.size() > wanted) {
    std::nth_element(candidates.begin(), candidates.begin() + static_cast<std::ptrdiff_t>(wanted) - 1,
                     candidates.end(),
                     [](const Candidate& x, const Candidate& y) { return x.metres2 < y.metres2; });
    sure = std::sqrt(static_cast<double>(candidates[wanted - 1].metres2)) + slack;
    reach2 = (sure + slack) * (sure + slack);
  }
  if (reach2 > within2) return std::nullopt;
  for (const Candidate& c : candidates)
    if (c.metres2 <= reach2) __builtin_prefetch(&t_.id_rank[c.row]);
  std::vector<Key> keys;
  keys.reserve(std::min(candidates.size(), wanted + 8));
  for (const Candidate& c : candidates)
    if (c.metres2 <= reach2) {
      geo::check_deadline();
      if (const Key k = key(c.row); k.value <= sure && later(k)) keys.push_back(k);
    }
  return keys;
}

// All that match at squared estimates from low2 to near2. Of what lies inside the place only leaves as near
// as that are looked at, and their positions called for ahead, as at its edge.
std::vector<Candidate> Evaluation::gather_within(float low2, float near2) {
  constexpr auto fanout = geo::RTree::fanout;
  const Circles& anchors = place_.anchors();
  std::vector<Candidate> candidates;
  for (const Candidate& c : found_.edge)
    if (c.metres2 >= low2 && c.metres2 <= near2) candidates.push_back(c);

  struct Leaf {
    Row begin, end;
    std::uint32_t rows;
  };
  std::vector<Leaf> leaves;
  const auto boxes = t_.tree.nodes(0);
  const float until = Circles::order_until(std::sqrt(static_cast<double>(near2)) + 2 * anchors.slack_m());
  for (const RowRange& range : found_.inside)
    for (Row first = range.begin / fanout, last = (range.end - 1) / fanout; first <= last; first += fanout) {
      geo::check_deadline();
      const auto n = std::min<Row>(fanout, last - first + 1);
      float keys[fanout];
      anchors.order(boxes.data() + first, n, keys);
      visits_.nodes += n;
      for (auto near = at_most(keys, n, until); near; near &= near - 1) {
        const Row leaf = first + static_cast<Row>(std::countr_zero(near));
        const Row begin = std::max(leaf * fanout, range.begin),
                  end = std::min((leaf + 1) * fanout, range.end);
        const auto rows = filter_.leaf(begin, end);
        if (!rows) continue;
        __builtin_prefetch(t_.tree.lon() + begin);
        __builtin_prefetch(t_.tree.lat() + begin);
        leaves.push_back({begin, end, rows});
      }
    }
  for (const auto& [begin, end, rows] : leaves) {
    geo::check_deadline();
    float metres2[fanout];
    anchors.estimate(t_.tree, begin, end, metres2);
    visits_.rows += end - begin;
    const auto n = end - begin;
    for (auto left = rows & at_most(metres2, n, near2) & ~below(metres2, n, low2); left; left &= left - 1) {
      const auto i = static_cast<Row>(std::countr_zero(left));
      candidates.push_back({metres2[i], begin + i});
    }
  }
  return candidates;
}

// Sifts by the estimate, then settles the few that are left by the distance itself. Were the jobs spread
// evenly, four times as many as are wanted would lie within `near2`; where they aren't, all are looked at.
std::vector<Evaluation::Key> Evaluation::nearest_of_few(std::uint64_t matching) {
  constexpr float everywhere = std::numeric_limits<float>::infinity();
  const float low2 = before_cursor2();
  const double from2 = std::max(low2, 0.0f), radius2 = std::pow(place_.anchors().radius_m(), 2.0);
  // Rows within the slack of the cursor may turn out to lie before it, so a few more than the page are kept.
  for (std::size_t wanted = q_.limit + 1;; wanted *= 2) {
    const double part = 4.0 * static_cast<double>(wanted) / static_cast<double>(matching);
    std::optional<std::vector<Key>> keys;
    if (part < 0.5) {
      const auto near2 = static_cast<float>(from2 + (radius2 - from2) * part);
      auto candidates = gather_within(low2, near2);
      keys = settle(candidates, wanted, near2);
    }
    bool all = false;
    if (!keys) {
      auto candidates = gather_within(low2, everywhere);
      all = candidates.size() <= wanted;
      keys = settle(candidates, wanted, everywhere);
    }
    if (keys->size() > q_.limit || all) return choose(*keys);
  }
}

// The nearest leaves first, by the estimate, until the next one lies beyond all that can matter. False where
// that was the whole circle.
bool Evaluation::gather_nearest(std::size_t wanted, std::vector<Candidate>& candidates) {
  struct QueuedNode {
    float key;
    unsigned level;
    std::uint32_t number;
    bool operator<(const QueuedNode& o) const { return key > o.key; }
  };
  constexpr std::size_t some_more = 24;  // candidates, before the bound is drawn closer again
  const Circles& anchors = place_.anchors();
  const double slack = anchors.slack_m();
  const float low2 = before_cursor2();
  float until = Circles::order_until(anchors.radius_m());
  auto near2 = std::numeric_limits<float>::infinity();
  std::size_t again = wanted;
  std::priority_queue<QueuedNode> queue;
  const auto enter = [&](unsigned level, std::size_t first) {
    const auto nodes = t_.tree.nodes(level);
    const auto n = static_cast<unsigned>(std::min<std::size_t>(geo::RTree::fanout, nodes.size() - first));
    float keys[geo::RTree::fanout];
    anchors.order(nodes.data() + first, n, keys);
    visits_.nodes += n;
    for (unsigned i = 0; i < n; ++i)
      if (keys[i] <= until) queue.push({keys[i], level, static_cast<std::uint32_t>(first + i)});
  };
  enter(t_.tree.levels() - 1, 0);
  for (; !queue.empty() && queue.top().key <= until;) {
    geo::check_deadline();
    const QueuedNode node = queue.top();
    queue.pop();
    if (node.level > 0) {
      enter(node.level - 1, std::size_t{node.number} * geo::RTree::fanout);
      continue;
    }
    const Row begin = std::max(node.number * geo::RTree::fanout, scope_.begin),
              end = std::min((node.number + 1) * geo::RTree::fanout, scope_.end);
    auto rows = begin < end ? filter_.leaf(begin, end) : 0;
    visits_.rows += geo::RTree::fanout;
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

std::vector<Evaluation::Key> Evaluation::nearest_of_many() {
  for (std::size_t wanted = q_.limit + 1;; wanted *= 2) {
    std::vector<Candidate> candidates;
    candidates.reserve(2 * wanted);
    const bool more = gather_nearest(wanted, candidates);
    auto keys = *settle(candidates, wanted, std::numeric_limits<float>::infinity());
    if (keys.size() > q_.limit || !more) return choose(keys);
  }
}

std::vector<Evaluation::Key> Evaluation::nearest(std::uint64_t matching) {
  if (matching == 0) return {};
  return found_.edge.size() + found_.inside_rows <= few_rows ? nearest_of_few(matching) : nearest_of_many();
}

}  // namespace jobmap::query
