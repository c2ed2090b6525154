#include "server/query/filter/service_circle.hpp"

#include <bit>
#include <cmath>

#include "data/index/walks.hpp"
#include "geo/distance.hpp"
#include "server/query/filter/lane_masks.hpp"

namespace jobmap::query {
namespace {

// service_point_m is single precision of a figure right to 5 mm; closer to the limit than this, the geodesic
// decides.
constexpr double doubtful_m = 0.05;

}  // namespace

ServiceCircle::ServiceCircle(const data::Snapshot& snapshot, const StraightLine& method, double minutes)
    : snapshot_(snapshot), table_(*snapshot.jobs), metres_(method.metres(minutes)), streets_(snapshot.walks) {
  if (streets_)
    mm_ = geo::millimetres(minutes, method.speed_kmh);
  else if (std::abs(metres_ - data::default_circle_m) < 1e-6)
    bitmap_ = table_.in_default_circle.words().data();
}

bool ServiceCircle::contains(data::Row row) const {
  if (row >= table_.located) return false;
  if (bitmap_) return bitmap_[row / 64] >> (row % 64) & 1;
  if (streets_) return snapshot_.walks->service_point_mm[snapshot_.walks->spot[row]] <= mm_;
  if (table_.service_point[row] < 0) return false;
  const double d = table_.service_point_m[row];
  if (std::abs(d - metres_) > doubtful_m) return d <= metres_;
  const auto& site = snapshot_.city->service_points[static_cast<std::size_t>(table_.service_point[row])];
  return geo::DistanceFrom(geo::to_lonlat(site.at)).within(table_.tree.point(row), metres_);
}

namespace {

class ServiceCircleFilter final : public RowFilter {
 public:
  explicit ServiceCircleFilter(const ServiceCircle& circle) : circle_(circle) {}
  std::uint64_t word(std::size_t w, std::uint64_t candidates) const override {
    constexpr int few = 8;
    if (std::popcount(candidates) > few) return candidates & circle_.word(w);
    for (auto m = candidates; m; m &= m - 1) {
      const auto bit = static_cast<unsigned>(std::countr_zero(m));
      if (!circle_.contains(static_cast<data::Row>(w * 64 + bit))) candidates &= ~(1ull << bit);
    }
    return candidates;
  }
  bool is_place() const override { return true; }

 private:
  ServiceCircle circle_;
};

}  // namespace

std::shared_ptr<const RowFilter> service_circle_filter(const JobQuery& q, const data::Snapshot& snapshot) {
  if (!q.circle_service) return nullptr;
  const ServiceCircle circle(snapshot, q.method, q.circle_minutes);
  return circle.bitmap() ? nullptr : std::make_shared<const ServiceCircleFilter>(circle);
}

std::uint64_t ServiceCircle::word(std::size_t w) const {
  if (bitmap_) return bitmap_[w];
  const std::size_t first = w * 64;
  if (first >= table_.located) return 0;
  const auto n = std::min<std::size_t>(64, table_.located - first);
  if (streets_) return along_streets(first, n);
  const float* metres = table_.service_point_m.data() + first;
  std::uint64_t inside = at_most(metres, n, static_cast<float>(metres_ - doubtful_m));
  auto doubtful = at_most(metres, n, static_cast<float>(metres_ + doubtful_m)) & ~inside;
  for (; doubtful; doubtful &= doubtful - 1) {
    const auto bit = static_cast<unsigned>(std::countr_zero(doubtful));
    if (contains(static_cast<data::Row>(first + bit))) inside |= 1ull << bit;
  }
  return inside;
}

// A spot is a run of rows, mostly of one.
std::uint64_t ServiceCircle::along_streets(std::size_t first, std::size_t n) const {
  const auto& walks = *snapshot_.walks;
  const auto begin = walks.spot[first], end = walks.spot[first + n - 1] + 1;
  if (end - begin == n)
    return ~at_least(walks.service_point_mm.data() + begin, n, mm_ + 1) & ~0ull >> (64 - n);
  std::uint64_t inside = 0;
  for (auto spot = begin; spot < end; ++spot)
    if (walks.service_point_mm[spot] <= mm_)
      inside |= data::word_mask(first / 64, walks.spot_begin[spot], walks.spot_begin[spot + 1]);
  return inside;
}

}  // namespace jobmap::query
