// A page in the order of distance, nearest first.
#include <algorithm>
#include <limits>
#include <queue>

#include "query/list/evaluation.hpp"

namespace jobmap::query {

using data::Row;
using data::RowRange;

namespace {

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

}  // namespace

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
  visits_.rows += found_.inside_rows;
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
bool Evaluation::gather_nearest(std::size_t wanted, std::vector<Candidate>& candidates) {
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
    visits_.nodes += n;
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
    auto keys = settle(candidates, wanted);
    if (keys.size() > q_.limit || !more) return keys.empty() ? keys : choose(std::move(keys));
  }
}

std::vector<Evaluation::Key> Evaluation::nearest() {
  return found_.edge.size() + found_.inside_rows <= few_rows ? nearest_of_few() : nearest_of_many();
}

}  // namespace jobmap::query
