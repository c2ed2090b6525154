#include "server/query/filter/validity_filter.hpp"

#include <bit>

namespace jobmap::query {

std::uint64_t ValidityFilter::word(std::size_t w, std::uint64_t candidates) const {
  std::uint64_t kept = 0;
  for (auto m = candidates; m; m &= m - 1) {
    const auto bit = static_cast<unsigned>(std::countr_zero(m));
    const std::size_t row = w * 64 + bit;
    const auto published = table_.published[row];  // 0, long ago, where it isn't said
    if (span_.meets(published ? std::int64_t{published} : -TimeSpan::always, table_.expires[row]))
      kept |= 1ull << bit;
  }
  return kept;
}

}  // namespace jobmap::query
