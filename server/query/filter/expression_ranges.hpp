#pragma once
// A condition that compares one column of integers with literals, as ranges of that integer.
//
//   auto r = ranges_of(node, 100);      // pay_min > 80 in fen: {8001, …}
//   if (!r) return {};                  // it compares texts, or asks for null
//
// unit: how many of the column's integers make one of the property. Null is for whoever asks to tell apart.
#include <algorithm>
#include <cstdint>
#include <iterator>
#include <limits>
#include <optional>
#include <vector>

#include "server/query/syntax/cql2/syntax.hpp"

namespace jobmap::query {

struct RangeSet {
  std::vector<cql2::Span> ranges;  // closed; may be empty
  bool complement = false;         // what is not null and in none of them
};

// The ranges of a column's own type, ascending and apart, for a look-up by bisection. Values below least are
// null and in none.
template <typename T>
class SortedRanges {
 public:
  struct Range {
    T low = 0, high = 0;
  };
  SortedRanges(const RangeSet& set, T least) {
    for (const auto& r : set.ranges) {
      const auto low = std::max<std::int64_t>(r.begin, least);
      const auto high = std::min<std::int64_t>(r.end, std::numeric_limits<T>::max());
      if (low <= high) ranges_.push_back({static_cast<T>(low), static_cast<T>(high)});
    }
    std::sort(ranges_.begin(), ranges_.end(), [](const Range& a, const Range& b) { return a.low < b.low; });
    std::size_t kept = 0;
    for (const Range& r : ranges_) {
      if (kept && r.low <= ranges_[kept - 1].high)
        ranges_[kept - 1].high = std::max(ranges_[kept - 1].high, r.high);
      else
        ranges_[kept++] = r;
    }
    ranges_.resize(kept);
  }
  bool holds(T v) const {
    const auto behind = std::upper_bound(ranges_.begin(), ranges_.end(), v,
                                         [](T value, const Range& r) { return value < r.low; });
    return behind != ranges_.begin() && v <= std::prev(behind)->high;
  }
  std::size_t size() const { return ranges_.size(); }
  auto begin() const { return ranges_.begin(); }
  auto end() const { return ranges_.end(); }

 private:
  std::vector<Range> ranges_;
};

std::optional<RangeSet> ranges_of(const cql2::Node& node, double unit);

}  // namespace jobmap::query
