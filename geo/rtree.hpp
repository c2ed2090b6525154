#pragma once
// A packed Hilbert R-tree over points: built once, flat, never changed. The points are sorted by their place
// on the Hilbert curve over the Web Mercator square; sixteen neighbours make a leaf, sixteen leaves a node,
// and so on (Kamel and Faloutsos 1993, "On packing R-trees"; the flat layout is that of flatbush). A node
// therefore is one contiguous range of rows, which needs no pointers, and whose count needs no visit.
//
//   RTree tree = RTree::build(points);             // tree.order()[row] is the index into points
//   tree.walk([&](const BoxE7& b) { return relate(b); },          // outside, partly or inside
//             [&](std::uint32_t begin, std::uint32_t end, bool inside) { use(begin, end, inside); });
//
// Boxes and points are in 1e-7 degree. All searches are const and safe to share between threads.
#include <algorithm>
#include <cstdint>
#include <queue>
#include <span>
#include <vector>

#include "geo/coords.hpp"

namespace jobmap::geo {

enum class Relation : std::uint8_t { outside, partly, inside };

class RTree {
 public:
  static constexpr std::uint32_t fanout = 16;

  RTree() = default;
  // Sorts the points (by radix, stable: equal points keep their order) and packs them. 13 bytes a point kept.
  static RTree build(std::span<const PointE7> points);
  // order() is 4 bytes a point that a caller who has reordered its own columns can give back.
  void drop_order() { order_ = {}; }

  std::uint32_t size() const { return static_cast<std::uint32_t>(lon_.size()); }
  PointE7 point(std::uint32_t row) const { return {lon_[row], lat_[row]}; }
  const std::int32_t* lon() const { return lon_.data(); }
  const std::int32_t* lat() const { return lat_.data(); }
  const std::vector<std::uint32_t>& order() const { return order_; }
  BoxE7 bounds() const;  // of a tree that isn't empty
  std::size_t memory_bytes() const;

  unsigned levels() const { return static_cast<unsigned>(levels_.size()); }
  // Nodes of a level (0: leaves), and the rows of one.
  std::span<const BoxE7> nodes(unsigned level) const { return levels_[level]; }
  static std::uint64_t rows_per_node(unsigned level) { return 1ull << (4 * (level + 1)); }

  // Visits the tree from the root. relate(box) says how a node lies to what is sought; take(begin, end,
  // inside) gets the row ranges, ascending: inside, every row of the range is sought; else it is one leaf
  // whose rows the caller must look at.
  template <typename Relate, typename Take>
  void walk(Relate&& relate, Take&& take) const {
    walk_rows(0, size(), relate, take);
  }
  // The same of rows [begin, end) alone; no node beyond them is looked at.
  template <typename Relate, typename Take>
  void walk_rows(std::uint32_t begin, std::uint32_t end, Relate&& relate, Take&& take) const {
    if (begin < end) walk_node(levels() - 1, 0, begin, end, relate, take);
  }

  // Best first: visits leaves in the order of lower_bound(box) and stops when the next one's exceeds bound(),
  // which the caller lowers as it finds what it seeks (Hjaltason and Samet 1999, "Distance browsing").
  // take(begin, end) gets the rows of one leaf.
  template <typename LowerBound, typename Bound, typename Take>
  void nearest(LowerBound&& lower_bound, Bound&& bound, Take&& take) const {
    struct Entry {
      double key;
      unsigned level;
      std::uint32_t node;
      bool operator<(const Entry& o) const { return key > o.key; }
    };
    std::priority_queue<Entry> queue;
    auto push = [&](unsigned level, std::size_t first, std::size_t last) {
      for (auto i = first; i < std::min(last, levels_[level].size()); ++i)
        if (const double key = lower_bound(levels_[level][i]); key <= bound())
          queue.push({key, level, static_cast<std::uint32_t>(i)});
    };
    if (!levels_.empty()) push(levels() - 1, 0, levels_.back().size());
    while (!queue.empty() && queue.top().key <= bound()) {
      const Entry e = queue.top();
      queue.pop();
      if (e.level == 0)
        take(e.node * fanout, std::min((e.node + 1) * fanout, size()));
      else
        push(e.level - 1, std::size_t{e.node} * fanout, (std::size_t{e.node} + 1) * fanout);
    }
  }

 private:
  template <typename Relate, typename Take>
  void walk_node(unsigned level, std::uint32_t first, std::uint32_t begin, std::uint32_t end, Relate& relate,
                 Take& take) const {
    const auto& nodes = levels_[level];
    const unsigned shift = 4 * (level + 1);  // rows_per_node, as a shift
    const auto children = level + 1 == levels() ? nodes.size() : fanout;
    const auto last =
        static_cast<std::uint32_t>(std::min<std::size_t>(first + children, ((end - 1ull) >> shift) + 1));
    for (auto i = std::max(first, static_cast<std::uint32_t>(std::uint64_t{begin} >> shift)); i < last; ++i) {
      const Relation r = relate(nodes[i]);
      if (r == Relation::outside) continue;
      const auto from = std::max(begin, static_cast<std::uint32_t>(std::uint64_t{i} << shift));
      const auto to = static_cast<std::uint32_t>(std::min<std::uint64_t>((i + 1ull) << shift, end));
      if (r == Relation::inside)
        take(from, to, true);
      else if (level == 0)
        take(from, to, false);
      else
        walk_node(level - 1, i * fanout, begin, end, relate, take);
    }
  }

  std::vector<std::int32_t> lon_, lat_;
  std::vector<std::uint32_t> order_;
  std::vector<std::vector<BoxE7>> levels_;  // leaves first; the last holds at most `fanout` nodes
};

}  // namespace jobmap::geo
