#include <algorithm>
#include <bit>
#include <tuple>

#include "geo/circle_union.hpp"
#include "geo/distance.hpp"
#include "geo/polygon.hpp"
#include "geo/polygon_index.hpp"
#include "query/coverage.hpp"
#include "query/site_circle.hpp"

namespace jobmap::query {
namespace {

constexpr unsigned disc_sides = 64;

geo::BoxE7 bounds_of(const geo::MultiPolygon& area) { return geo::PolygonIndex(area).bounds(); }

void fill(Gap& gap, const data::Snapshot& s) {
  const geo::PolygonIndex index(gap.area);
  const auto& t = *s.jobs;
  const auto take = [&](data::Row row) {
    if (!s.alive.test(row)) return;
    ++gap.ads, gap.openings += static_cast<std::uint64_t>(t.openings[row]);
  };
  t.tree.walk([&](const geo::BoxE7& box) { return index.relate(box); },
              [&](data::Row begin, data::Row end, bool inside) {
                for (auto row = begin; row < end; ++row)
                  if (inside || index.contains(t.tree.point(row))) take(row);
              });
  for (const auto& cell : s.city->population)
    if (index.bounds().contains(cell.at) && index.contains(cell.at)) gap.residents += cell.residents;
}

}  // namespace

std::vector<Gap> find_gaps(const CoverageQuery& q, const data::Snapshot& s) {
  std::vector<Gap> gaps;
  const auto& city = *s.city;
  for (std::size_t d = 0; d < city.districts.size(); ++d) {
    const auto bounds = bounds_of(city.districts[d].geometry);
    geo::MultiPolygon discs;
    for (const auto& site : city.service_points) {
      const auto at = geo::to_lonlat(site.at);
      if (geo::enclosing_box(at, q.metres()).intersects(bounds))
        discs.push_back({geo::disc_ring(at, q.metres(), disc_sides)});
    }
    for (auto& piece : geo::subtract(city.districts[d].geometry, discs)) {
      Gap gap{d, {std::move(piece)}, 0, 0, 0, 0};
      gap.area_m2 = geo::area_m2(gap.area);
      if (gap.area_m2 < least_gap_m2) continue;
      fill(gap, s);
      gaps.push_back(std::move(gap));
    }
  }
  std::stable_sort(gaps.begin(), gaps.end(), [](const Gap& a, const Gap& b) {
    return std::tie(a.openings, a.residents, a.area_m2) > std::tie(b.openings, b.residents, b.area_m2);
  });
  return gaps;
}

std::vector<PointCircle> reach_of_points(const CoverageQuery& q, const data::Snapshot& s) {
  const SiteCircles circles(s, q.method, q.circle_minutes);
  const auto& t = *s.jobs;
  std::vector<PointCircle> points;
  for (std::size_t i = 0; i < s.city->service_points.size(); ++i) {
    PointCircle point{i, 0, 0};
    for (const auto& [w, rows] : circles.jobs(geo::to_lonlat(s.city->service_points[i].at))) {
      const auto alive = rows & s.alive.word(w);
      point.ads += static_cast<unsigned>(std::popcount(alive));
      point.openings += t.openings_sums.sum(w, alive);
    }
    points.push_back(point);
  }
  std::stable_sort(points.begin(), points.end(), [](const PointCircle& a, const PointCircle& b) {
    return std::tie(a.openings, a.ads) < std::tie(b.openings, b.ads);
  });
  return points;
}

}  // namespace jobmap::query
