#pragma once
// A bitmap of rows that won't change any more: it knows how many rows it has, and which of its words have
// any, so that a few rows among millions are walked without a look at the rest.
//
//   RowSet gigs(std::move(bitmap));
//   gigs.count() == 7;
//   const RowSet* const sets[] = {&gigs, &full_time};
//   each_word_of(sets, 0, words, [&](std::size_t w) { use(w); });   // words where either has a row
#include <algorithm>
#include <span>

#include "data/index/bitmap.hpp"

namespace jobmap::data {

class RowSet : public Bitmap {
 public:
  RowSet() = default;
  explicit RowSet(Bitmap&& bitmap)
      : Bitmap(std::move(bitmap)), count_(Bitmap::count()), some_((words().size() + 63) / 64) {
    for (std::size_t w = 0; w < words().size(); ++w)
      some_[w / 64] |= std::uint64_t{words()[w] != 0} << (w % 64);
  }
  std::size_t count() const { return count_; }
  // Bit i is set if word 64 group + i has a row.
  std::uint64_t words_with_some(std::size_t group) const { return some_[group]; }
  std::size_t memory_bytes() const { return (words().size() + some_.size()) * sizeof(std::uint64_t); }

 private:
  std::size_t count_ = 0;
  std::vector<std::uint64_t> some_;
};

// The words of [begin, end) in which any of some sets of equal size has a row, ascending.
template <typename Use>
void each_word_of(std::span<const RowSet* const> sets, std::size_t begin, std::size_t end, Use&& use) {
  for (std::size_t group = begin / 64; group * 64 < end; ++group) {
    std::uint64_t some = 0;
    for (const RowSet* set : sets) some |= set->words_with_some(group);
    for (some &= word_mask(group, begin, end); some; some &= some - 1)
      use(group * 64 + static_cast<std::size_t>(std::countr_zero(some)));
  }
}

}  // namespace jobmap::data
