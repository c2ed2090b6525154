#pragma once
// A column of small numbers as bit slices, those of 64 rows side by side, so that the sum over any of the
// rows is a popcount a slice and one wait for memory (O'Neil and Quass 1997, "Improved query performance with
// variant indexes").
//
//   const auto slices = BitSlices::of(openings);
//   slices.sum(w, rows);               // of rows 64 w + i where bit i of `rows` is set
//
// Values are not negative.
#include <algorithm>
#include <bit>
#include <cstdint>
#include <span>
#include <vector>

namespace jobmap::data {

class BitSlices {
 public:
  BitSlices() = default;
  static BitSlices of(std::span<const std::int32_t> values) {
    BitSlices slices;
    const auto most = values.empty() ? 0 : *std::max_element(values.begin(), values.end());
    slices.count_ = static_cast<unsigned>(std::bit_width(static_cast<std::uint32_t>(most)));
    slices.words_.resize((values.size() + 63) / 64 * slices.count_);
    for (std::size_t row = 0; row < values.size(); ++row)
      for (unsigned b = 0; b < slices.count_; ++b)
        slices.words_[row / 64 * slices.count_ + b] |= static_cast<std::uint64_t>(values[row] >> b & 1)
                                                       << row % 64;
    return slices;
  }

  std::uint64_t sum(std::size_t w, std::uint64_t rows) const {
    const std::uint64_t* slice = words_.data() + w * count_;
    std::uint64_t sum = 0;
    for (unsigned b = 0; b < count_; ++b)
      sum += static_cast<std::uint64_t>(std::popcount(rows & slice[b])) << b;
    return sum;
  }
  const std::vector<std::uint64_t>& words() const { return words_; }

 private:
  unsigned count_ = 0;
  std::vector<std::uint64_t> words_;
};

}  // namespace jobmap::data
