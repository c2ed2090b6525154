#include "server/query/filter/attribute_filter.hpp"

#include <algorithm>
#include <bit>
#include <limits>

#include "geo/deadline.hpp"
#include "server/query/filter/lane_masks.hpp"
#include "server/query/filter/service_circle.hpp"

namespace jobmap::query {
namespace {

constexpr std::size_t words_a_check = 32;

constexpr int few_rows_of_word = 8;

}  // namespace

AttributeFilter::AttributeFilter(const JobQuery& q, const data::Snapshot& snapshot, const RowFilters& more,
                                 Place place)
    : query_(q), snapshot_(snapshot), table_(*snapshot.jobs) {
  all_of_.push_back(snapshot.alive.words().data());
  const auto require = [&](const data::Bitmap& b) {
    all_of_.push_back(b.words().data()), only_categories_ = false;
  };
  std::vector<Words> some;
  for (unsigned c = 0; c < 3; ++c)
    if (q.categories >> c & 1) some.push_back(table_.is_category[c].words().data());
  if (some.size() < 3) add_any_of(some);

  some.clear();
  for (const auto d : q.districts) some.push_back(table_.in_district[d].words().data());
  if (!some.empty()) add_any_of(some), only_categories_ = false;
  some.clear();
  for (unsigned i = 0; i < 20; ++i)
    if (q.industries >> i & 1) some.push_back(table_.in_industry[i].words().data());
  if (!some.empty()) add_any_of(some), only_categories_ = false;

  if (q.pay_unit != data::PayUnit::none) require(table_.is_pay_unit[static_cast<unsigned>(q.pay_unit)]);
  if (q.education) require(table_.education_at_most[static_cast<unsigned>(*q.education)]);
  if (q.precision) require(table_.precision_at_least[static_cast<unsigned>(*q.precision)]);
  pay_ = q.pay_min.has_value();
  experience_ = q.experience_max.has_value();
  if (experience_) experience_max_ = static_cast<std::int8_t>(std::min(*q.experience_max, 127));
  if (q.posted_since) {
    posted_ = true;
    posted_since_ = static_cast<std::uint32_t>(
        std::clamp<std::int64_t>(*q.posted_since, 0, std::numeric_limits<std::uint32_t>::max()));
  }
  if (!q.occupation_prefix.empty()) {
    // Codes that begin with a prefix are neighbours in the sorted dictionary.
    occupation_ = true;
    const auto& codes = table_.occupations;
    const auto below = [&](const std::string& code) {
      return code.compare(0, q.occupation_prefix.size(), q.occupation_prefix) < 0;
    };
    const auto begin = std::partition_point(codes.begin(), codes.end(), below);
    const auto end = std::partition_point(
        begin, codes.end(), [&](const std::string& code) { return code.starts_with(q.occupation_prefix); });
    occupation_begin_ = static_cast<std::int32_t>(begin - codes.begin());
    occupation_end_ = static_cast<std::int32_t>(end - codes.begin());
  }
  if (place == with_place && q.circle_service)
    if (const auto* circle = ServiceCircle(snapshot, q.method, q.circle_minutes).bitmap()) {
      all_of_.push_back(circle);
      only_circle_ = only_categories_ && circle == table_.in_default_circle.words().data();
      only_categories_ = false;
    }
  numeric_ = pay_ || experience_ || posted_ || occupation_;
  for (const auto& filter : more)
    if (place == with_place || !filter->is_place()) {
      if (const auto* rows = filter->rows())
        require(*rows), searched_.push_back(filter), only_circle_ = false;
      else
        more_.push_back(filter);
    }
  costly_ = numeric_ || !more_.empty();
  only_categories_ = only_categories_ && !costly_, only_circle_ = only_circle_ && !costly_;
}

void AttributeFilter::add_any_of(const std::vector<Words>& bitmaps) {
  if (bitmaps.size() == 1)
    all_of_.push_back(bitmaps[0]);
  else if (!bitmaps.empty())
    any_of_.push_back(bitmaps);
}

std::uint64_t AttributeFilter::word(std::size_t w) const {
  std::uint64_t m = ~0ull;
  for (const Words words : all_of_) m &= words[w];
  for (const auto& group : any_of_) {
    if (!m) return 0;
    std::uint64_t any = 0;
    for (const Words words : group) any |= words[w];
    m &= any;
  }
  return costly_ && m ? costly(m, w) : m;
}

std::uint64_t AttributeFilter::word_of_row(data::Row row) const {
  std::uint64_t m = 1ull << (row % 64);
  const std::size_t w = row / 64;
  for (const Words words : all_of_) m &= words[w];
  for (const auto& group : any_of_) {
    std::uint64_t any = 0;
    for (const Words words : group) any |= words[w];
    m &= any;
  }
  return costly_ && m ? costly(m, w) : m;
}

std::uint64_t AttributeFilter::costly(std::uint64_t candidates, std::size_t w) const {
  std::uint64_t kept = numeric_ ? numeric(candidates, w) : candidates;
  for (const auto& filter : more_) {
    if (!kept) break;
    kept = filter->word(w, kept);
  }
  return kept;
}

std::uint64_t AttributeFilter::numeric(std::uint64_t candidates, std::size_t w) const {
  std::uint64_t kept = candidates;
  // Whole words pay where enough rows are left.
  if (std::popcount(kept) > few_rows_of_word) {
    const std::size_t row = w * 64, n = std::min<std::size_t>(64, table_.size - row);
    if (pay_) kept &= at_least(table_.pay_reach.data() + row, n, *query_.pay_min);
    if (occupation_)
      kept &= at_least(table_.occupation.data() + row, n, occupation_begin_) &
              ~at_least(table_.occupation.data() + row, n, occupation_end_);
    if (experience_) kept &= at_most(table_.experience.data() + row, n, experience_max_);
    if (posted_) kept &= at_least(table_.published.data() + row, n, posted_since_);
    return kept;
  }
  return numeric_one_by_one(kept, w);
}

std::uint64_t AttributeFilter::numeric_one_by_one(std::uint64_t candidates, std::size_t w) const {
  std::uint64_t kept = 0;
  for (auto m = candidates; m; m &= m - 1) {
    const auto bit = static_cast<unsigned>(std::countr_zero(m));
    if (passes(static_cast<data::Row>(w * 64 + bit))) kept |= 1ull << bit;
  }
  return kept;
}

bool AttributeFilter::passes(data::Row row) const {
  if (pay_ && table_.pay_reach[row] < *query_.pay_min) return false;
  if (experience_ && table_.experience[row] > experience_max_) return false;
  if (posted_ && table_.published[row] < posted_since_) return false;
  return !occupation_ ||
         (table_.occupation[row] >= occupation_begin_ && table_.occupation[row] < occupation_end_);
}

std::uint32_t AttributeFilter::leaf(data::Row begin, data::Row end) const {
  // Leaves are 16 rows and never straddle a word.
  const std::uint64_t m = word(begin / 64) >> (begin % 64);
  return static_cast<std::uint32_t>(m & ((1ull << (end - begin)) - 1));
}

data::Sums AttributeFilter::sums(data::RowRange range) const {
  data::Sums sums;
  if (range.empty()) return sums;
  if (by_prefix_sums()) {
    using Where = data::Snapshot::Where;
    const auto where = only_circle_ ? Where::in_default_circle : Where::anywhere;
    if (query_.categories == 0) return snapshot_.sums(range, std::nullopt, where);
    for (unsigned c = 0; c < 3; ++c)
      if (query_.categories >> c & 1) {
        const auto s = snapshot_.sums(range, static_cast<data::Category>(c), where);
        sums.ads += s.ads, sums.openings += s.openings;
      }
    return sums;
  }
  for (std::size_t w = range.begin / 64; w * 64 < range.end; ++w) {
    if (w % words_a_check == 0) geo::check_deadline();
    const auto m = word(w) & data::word_mask(w, range.begin, range.end);
    if (!m) continue;
    sums.ads += static_cast<unsigned>(std::popcount(m));
    sums.openings += table_.openings_sums.sum(w, m);
  }
  return sums;
}

}  // namespace jobmap::query
