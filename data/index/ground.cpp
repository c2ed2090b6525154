#include "data/index/ground.hpp"

#include <algorithm>
#include <cmath>

#include "geo/circle_union.hpp"
#include "geo/deadline.hpp"
#include "geo/polygon_index.hpp"
#include "geo/street_graph.hpp"

namespace jobmap::data {
namespace {

constexpr double cells_a_district = 40'000, finest_m = 25;
constexpr std::uint32_t cells_at_once = 8;  // cells a side that are asked about at once

Ground::Sheet sheet_over(const geo::BoxE7& bounds, double area_m2) {
  Ground::Sheet s;
  const auto low = geo::to_lonlat({bounds.min_lon, bounds.min_lat}),
             high = geo::to_lonlat({bounds.max_lon, bounds.max_lat});
  const auto scale = geo::local_scale((low.lat + high.lat) / 2);
  s.cell_m = std::max(finest_m, std::sqrt(area_m2 / cells_a_district));
  s.dx = s.cell_m / scale.x / 1e7, s.dy = s.cell_m / scale.y / 1e7;
  s.columns = static_cast<std::uint32_t>((high.lon - low.lon) / s.dx) + 1;
  s.rows = static_cast<std::uint32_t>((high.lat - low.lat) / s.dy) + 1;
  s.first = {low.lon + s.dx / 2, low.lat + s.dy / 2};
  return s;
}

// Blocks of cells first: most lie on one side of the border.
void mark_inside(const geo::PolygonIndex& area, const Ground::Sheet& s, std::vector<float>& m2) {
  const auto cell = [&](std::uint32_t x, std::uint32_t y) { return s.begin + y * s.columns + x; };
  for (std::uint32_t by = 0; by < s.rows; by += cells_at_once)
    for (std::uint32_t bx = 0; bx < s.columns; bx += cells_at_once) {
      geo::check_deadline(8);
      const auto right = std::min(bx + cells_at_once, s.columns), top = std::min(by + cells_at_once, s.rows);
      const auto low = geo::to_e7(s.centre(cell(bx, by))),
                 high = geo::to_e7(s.centre(cell(right - 1, top - 1)));
      const auto relation = area.relate({low.lon, low.lat, high.lon, high.lat});
      if (relation == geo::Relation::outside) continue;
      for (auto y = by; y < top; ++y)
        for (auto x = bx; x < right; ++x)
          if (relation == geo::Relation::inside || area.contains(geo::to_e7(s.centre(cell(x, y)))))
            m2[cell(x, y)] = 1;
    }
}

}  // namespace

Ground lay_ground(const City& city) {
  Ground ground;
  for (std::size_t d = 0; d < city.districts.size(); ++d) {
    const geo::PolygonIndex area(city.districts[d].geometry);
    const double m2 = geo::area_m2(city.districts[d].geometry);
    auto sheet = sheet_over(area.bounds(), m2);
    sheet.district = d, sheet.begin = static_cast<std::uint32_t>(ground.m2.size());
    ground.m2.resize(sheet.end(), 0);
    mark_inside(area, sheet, ground.m2);
    const auto begin = ground.m2.begin() + sheet.begin;
    const auto cells = std::count(begin, ground.m2.end(), 1.0f);
    if (cells > 0)
      for (auto it = begin; it != ground.m2.end(); ++it)
        *it *= static_cast<float>(m2 / static_cast<double>(cells));
    ground.sheets.push_back(sheet);
  }
  return ground;
}

}  // namespace jobmap::data
