#pragma once
// RTree::walk_rows for those who can relate the children of a node all at once.
//
//   walk_children(tree, 0, tree.size(),
//                 [&](const BoxE7* boxes, unsigned n) { return Children{touched, inside}; },
//                 [&](std::uint32_t begin, std::uint32_t end, bool inside) { use(begin, end); });
//
// Bit i of either is boxes[i]; n is at most RTree::fanout; `inside` need not repeat in `touched`. Children to be entered are called for
// before the first of them is, so that their memory is on its way.
#include <bit>

#include "geo/rtree.hpp"

namespace jobmap::geo {

struct Children {
  std::uint32_t touched = 0, inside = 0;
};

namespace detail {

template <typename Relate, typename Take>
void walk_children_of(const RTree& tree, unsigned level, std::uint32_t first, std::uint32_t begin,
                      std::uint32_t end, Relate& relate, Take& take) {
  const auto nodes = tree.nodes(level);
  const unsigned shift = 4 * (level + 1);  // rows_per_node, as a shift
  const auto from = std::max(first, static_cast<std::uint32_t>(std::uint64_t{begin} >> shift));
  const auto to = static_cast<std::uint32_t>(
      std::min<std::uint64_t>({first + RTree::fanout, nodes.size(), ((end - 1ull) >> shift) + 1}));
  if (from >= to) return;
  const Children found = relate(nodes.data() + from, to - from);
  if (level > 0)
    for (auto m = found.touched & ~found.inside; m; m &= m - 1) {
      const BoxE7* below =
          tree.nodes(level - 1).data() +
          std::size_t{from + static_cast<std::uint32_t>(std::countr_zero(m))} * RTree::fanout;
      for (unsigned box = 0; box < RTree::fanout; box += 64 / sizeof(BoxE7)) __builtin_prefetch(below + box);
    }
  for (auto m = found.touched | found.inside; m; m &= m - 1) {
    const auto bit = static_cast<std::uint32_t>(std::countr_zero(m)), node = from + bit;
    const auto low = std::max(begin, static_cast<std::uint32_t>(std::uint64_t{node} << shift));
    const auto high = static_cast<std::uint32_t>(std::min<std::uint64_t>((node + 1ull) << shift, end));
    const bool inside = found.inside >> bit & 1;
    if (inside || level == 0)
      take(low, high, inside);
    else
      walk_children_of(tree, level - 1, node * RTree::fanout, begin, end, relate, take);
  }
}

}  // namespace detail

// Rows [begin, end) of the tree; no node beyond them is looked at.
template <typename Relate, typename Take>
void walk_children(const RTree& tree, std::uint32_t begin, std::uint32_t end, Relate&& relate, Take&& take) {
  if (begin < end) detail::walk_children_of(tree, tree.levels() - 1, 0, begin, end, relate, take);
}

}  // namespace jobmap::geo
