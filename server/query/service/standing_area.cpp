#include "server/query/service/standing_area.hpp"

#include <memory>
#include <mutex>

#include "data/index/walks.hpp"
#include "geo/circle_union.hpp"
#include "geo/deadline.hpp"

namespace jobmap::query {
namespace {

// Sums of cells are exact in any order: single precision numbers of square metres, some million of them.
StandingArea by_cells(const data::Walks& walks, std::uint32_t limit_mm) {
  StandingArea area;
  for (std::size_t i = 0; i < walks.ground_mm.size(); ++i) {
    if (i % 256 == 0) geo::check_deadline();
    const double m2 = walks.ground.m2[i];
    area.total += m2;
    if (walks.ground_mm[i] <= limit_mm) area.covered += m2;
  }
  return area;
}

StandingArea by_circles(const data::City& city, double metres) {
  std::vector<geo::LonLat> sites;
  for (const auto& site : city.service_points) sites.push_back(geo::to_lonlat(site.at));
  const geo::CircleUnion circles(sites, metres);
  StandingArea area;
  for (const auto& d : city.districts)
    area.total += geo::area_m2(d.geometry), area.covered += circles.area_m2(d.geometry);
  return area;
}

// A city in a snapshot never changes, nor do its walks; a weak pointer tells them from others at their
// address.
class Kept {
 public:
  template <typename Measure>
  StandingArea of(const std::weak_ptr<const void>& whose, double reach, Measure measure) {
    {
      const std::lock_guard lock(mutex_);
      for (const auto& k : kept_)
        if (k.reach == reach && !k.whose.owner_before(whose) && !whose.owner_before(k.whose)) return k.area;
    }
    const StandingArea area = measure();
    const std::lock_guard lock(mutex_);
    if (kept_.size() == most) kept_.erase(kept_.begin());
    kept_.push_back({whose, reach, area});
    return area;
  }

 private:
  static constexpr std::size_t most = 16;
  struct Of {
    std::weak_ptr<const void> whose;
    double reach;  // metres, or millimetres along the streets
    StandingArea area;
  };
  std::mutex mutex_;
  std::vector<Of> kept_;
};

}  // namespace

StandingArea standing_area(const CoverageQuery& q, const data::Snapshot& s) {
  static Kept kept;
  if (s.walks) {
    const auto limit_mm = geo::millimetres(q.circle_minutes, q.method.speed_kmh);
    return kept.of(s.walks, limit_mm, [&] { return by_cells(*s.walks, limit_mm); });
  }
  return kept.of(s.city, q.metres(), [&] { return by_circles(*s.city, q.metres()); });
}

}  // namespace jobmap::query
