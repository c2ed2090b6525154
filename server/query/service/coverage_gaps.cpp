#include <algorithm>
#include <bit>
#include <limits>
#include <tuple>

#include "data/index/walks.hpp"
#include "geo/circle_union.hpp"
#include "geo/contour.hpp"
#include "geo/deadline.hpp"
#include "geo/distance.hpp"
#include "geo/polygon.hpp"
#include "geo/polygon_index.hpp"
#include "server/query/service/coverage.hpp"
#include "server/query/service/site_circle.hpp"

namespace jobmap::query {
namespace {

constexpr unsigned disc_sides = 64;

geo::BoxE7 bounds_of_area(const geo::MultiPolygon& area) { return geo::PolygonIndex(area).bounds(); }

void fill(Gap& gap, const data::Snapshot& s) {
  const geo::PolygonIndex index(gap.area);
  const auto& t = *s.jobs;
  const auto take = [&](data::Row row) {
    if (!s.alive.test(row)) return;
    ++gap.ads, gap.openings += static_cast<std::uint64_t>(t.openings[row]);
  };
  t.tree.walk(
      [&](const geo::BoxE7& box) {
        geo::check_deadline(4);
        return index.relate(box);
      },
      [&](data::Row begin, data::Row end, bool inside) {
        geo::check_deadline();
        for (auto row = begin; row < end; ++row)
          if (inside || index.contains(t.tree.point(row))) take(row);
      });
  for (const auto& cell : s.city->population)
    if (index.bounds().contains(cell.at) && index.contains(cell.at)) gap.residents += cell.residents;
}

// The part of a sheet's ground that is within the time along the streets, drawn between middles of cells.
geo::MultiPolygon reached(const CoverageQuery& q, const data::Walks& walks,
                          const data::Ground::Sheet& sheet) {
  constexpr float never = std::numeric_limits<float>::infinity();
  geo::Grid grid{sheet.columns + 2u, sheet.rows + 2u, {}};  // a rim of nothing round it
  grid.value.assign(grid.columns * grid.rows, never);
  for (auto cell = sheet.begin; cell < sheet.end(); ++cell) {
    if (cell % 256 == 0) geo::check_deadline();
    const auto x = (cell - sheet.begin) % sheet.columns + 1, y = (cell - sheet.begin) / sheet.columns + 1;
    if (const auto mm = walks.ground_mm[cell]; mm != data::Walks::unreached)
      grid.value[y * grid.columns + x] = static_cast<float>(mm);
  }
  auto area = geo::contour(grid, static_cast<float>(geo::millimetres(q.circle_minutes, q.method.speed_kmh)));
  for (auto& polygon : area)
    for (auto& ring : polygon)
      for (auto& p : ring)
        p = {sheet.first.lon + sheet.dx * (p.lon - 1), sheet.first.lat + sheet.dy * (p.lat - 1)};
  return area;
}

geo::MultiPolygon circles_over(const CoverageQuery& q, const data::City& city,
                               const geo::MultiPolygon& district) {
  const auto bounds = bounds_of_area(district);
  geo::MultiPolygon discs;
  for (const auto& site : city.service_points) {
    const auto at = geo::to_lonlat(site.at);
    if (!geo::enclosing_box(at, q.metres()).intersects(bounds)) continue;
    for (const auto centre : geo::seen_from_both_edges(at, q.metres()))
      discs.push_back({geo::disc_ring(centre, q.metres(), disc_sides)});
  }
  return discs;
}

}  // namespace

std::vector<Gap> find_gaps(const CoverageQuery& q, const data::Snapshot& s) {
  std::vector<Gap> gaps;
  const auto& city = *s.city;
  for (std::size_t d = 0; d < city.districts.size(); ++d) {
    const auto& district = city.districts[d].geometry;
    const auto covered =
        s.walks ? reached(q, *s.walks, s.walks->ground.sheets[d]) : circles_over(q, city, district);
    for (auto& piece : geo::subtract(district, covered)) {
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
    for (const auto& [w, rows] : circles.at(geo::to_lonlat(s.city->service_points[i].at)).jobs()) {
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
