#pragma once
// Keeps the n smallest values of a stream, in memory for 2n.
//
//   FirstOf<int> first(51);
//   for (int k : keys) first.put(k);
//   std::vector<int> page = std::move(first).in_order();
//
// A value takes the same time on average whatever the order: unlike in a heap, where each of a descending
// sequence would sink through all levels.
#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace jobmap::query {

template <typename T>
class FirstOf {
 public:
  explicit FirstOf(std::size_t wanted) : wanted_(wanted) {}  // at least one

  void put(const T& value) {
    if (is_cut_ && !(value < last_)) return;
    values_.push_back(value);
    if (values_.size() == 2 * wanted_) cut();
  }

  std::vector<T> in_order() && {
    if (values_.size() > wanted_) cut();
    std::sort(values_.begin(), values_.end());
    return std::move(values_);
  }

 private:
  void cut() {
    const auto last = values_.begin() + static_cast<std::ptrdiff_t>(wanted_) - 1;
    std::nth_element(values_.begin(), last, values_.end());
    last_ = *last;
    is_cut_ = true;
    values_.erase(last + 1, values_.end());
  }

  std::size_t wanted_;
  std::vector<T> values_;
  T last_{};  // the largest value that a cut has left
  bool is_cut_ = false;
};

}  // namespace jobmap::query
