#pragma once
// Rows that something else than the tree has found, asked whether they are in the place: leaf by leaf, since
// the rows of one are measured together.
//
//   each_in_place(place, w, candidates, [&](data::Row begin, std::uint32_t rows, const float* metres2) {
//     use(begin, rows, metres2);
//   });
//
// Bit i of `rows` is row begin + i, metres2[i] the estimate of its squared distance. The candidates are rows
// with a point of [64 w, 64 w + 64).
#include <bit>

#include "server/query/filter/place_filter.hpp"

namespace jobmap::query {

template <typename Use>
void each_in_place(const PlaceFilter& place, std::size_t w, std::uint64_t candidates, Use&& use) {
  for (unsigned at = 0; candidates; at += geo::RTree::fanout, candidates >>= geo::RTree::fanout) {
    const auto leaf = static_cast<std::uint32_t>(candidates & 0xFFFF);
    if (!leaf) continue;
    const auto first = static_cast<unsigned>(std::countr_zero(leaf)),
               last = static_cast<unsigned>(std::bit_width(leaf));
    const auto begin = static_cast<data::Row>(w * 64 + at + first);
    float metres2[PlaceFilter::leaf_size];
    if (const auto rows = (leaf >> first) & place.leaf(begin, begin + last - first, metres2))
      use(begin, rows, metres2);
  }
}

}  // namespace jobmap::query
