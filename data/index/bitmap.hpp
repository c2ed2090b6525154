#pragma once
// A set of rows, one bit a row, in words of 64. Bits past size() are zero.
//
//   Bitmap b(1000); b.set(7); b.test(7); b.words()[0] == 128; b.count() == 1;
#include <bit>
#include <cstdint>
#include <utility>
#include <vector>

namespace jobmap::data {

class Bitmap {
 public:
  Bitmap() = default;
  explicit Bitmap(std::size_t size, bool value = false)
      : size_(size), words_((size + 63) / 64, value ? ~0ull : 0) {
    if (value && size % 64) words_.back() = (1ull << (size % 64)) - 1;
  }
  // Takes words, and cuts them or fills them up to the size.
  Bitmap(std::size_t size, std::vector<std::uint64_t> words) : size_(size), words_(std::move(words)) {
    words_.resize((size + 63) / 64);
    if (size % 64) words_.back() &= (1ull << (size % 64)) - 1;
  }
  std::size_t size() const { return size_; }
  bool test(std::size_t i) const { return words_[i / 64] >> (i % 64) & 1; }
  void set(std::size_t i) { words_[i / 64] |= 1ull << (i % 64); }
  void reset(std::size_t i) { words_[i / 64] &= ~(1ull << (i % 64)); }
  const std::vector<std::uint64_t>& words() const { return words_; }
  std::uint64_t word(std::size_t w) const { return words_[w]; }
  std::size_t memory_bytes() const { return words_.size() * sizeof(std::uint64_t); }
  std::size_t count() const {
    std::size_t n = 0;
    for (auto w : words_) n += static_cast<std::size_t>(std::popcount(w));
    return n;
  }

 private:
  std::size_t size_ = 0;
  std::vector<std::uint64_t> words_;
};

// The bits of word w that lie in rows [begin, end).
inline std::uint64_t word_mask(std::size_t w, std::size_t begin, std::size_t end) {
  std::uint64_t mask = ~0ull;
  if (begin > w * 64) mask &= ~0ull << (begin - w * 64);
  if (end < (w + 1) * 64) mask &= end > w * 64 ? ~0ull >> (64 - (end - w * 64)) : 0;
  return mask;
}

}  // namespace jobmap::data
