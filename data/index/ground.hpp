#pragma once
// The ground of the districts in square cells: what area is counted by where no formula gives it, along the
// streets and for siting.
//
//   const Ground ground = lay_ground(city);
//   for (const auto& sheet : ground.sheets)                    // one a district
//     for (auto i = sheet.begin; i < sheet.end(); ++i) use(sheet.centre(i), ground.m2[i]);
//
// A cell belongs to the district that its middle lies in; its m2 are such that a district's cells sum to its
// area on the ellipsoid, and 0 in the rest of the sheet. A district has some 40,000 cells, none smaller than
// 25 m. A count of cells is off by what its edge cuts through: for an edge of n cells about 0.3 sqrt(n)
// cells.
#include <cstdint>
#include <utility>
#include <vector>

#include "data/model/city.hpp"

namespace jobmap::data {

struct Ground {
  struct Sheet {
    std::size_t district = 0;
    geo::LonLat first;                  // middle of the south-west cell
    double dx = 0, dy = 0, cell_m = 0;  // degrees, metres
    std::uint32_t columns = 0, rows = 0;
    std::uint32_t begin = 0;  // its cells in Ground::m2, row by row to the north

    std::uint32_t end() const { return begin + columns * rows; }
    geo::LonLat centre(std::uint32_t cell) const {
      return {first.lon + dx * ((cell - begin) % columns), first.lat + dy * ((cell - begin) / columns)};
    }
  };
  std::vector<Sheet> sheets;
  std::vector<float> m2;

  // Calls visit(cell) for those of a district whose middle may lie in the box.
  template <typename Visit>
  void visit(const geo::BoxE7& box, Visit&& visit) const {
    visit_rows(box, [&](std::uint32_t begin, std::uint32_t end, const Sheet& sheet) {
      for (auto cell = begin; cell < end; ++cell)
        if (m2[cell] > 0) visit(cell, sheet);
    });
  }
  // Calls visit(begin, end) for the cells of each row, from west to east, whose middles may lie in the box;
  // also those that belong to no district.
  template <typename Visit>
  void visit_rows(const geo::BoxE7& box, Visit&& visit) const {
    for (const Sheet& s : sheets) {
      const auto range = [](double low, double high, double first, double step, std::uint32_t n) {
        const auto clamped = [&](double v) { return static_cast<std::uint32_t>(v < 0 ? 0 : v > n ? n : v); };
        return std::pair(clamped((low - first) / step), clamped((high - first) / step + 2));
      };
      const auto [left, right] = range(box.min_lon / 1e7, box.max_lon / 1e7, s.first.lon, s.dx, s.columns);
      const auto [bottom, top] = range(box.min_lat / 1e7, box.max_lat / 1e7, s.first.lat, s.dy, s.rows);
      for (auto y = bottom; y < top && left < right; ++y)
        visit(s.begin + y * s.columns + left, s.begin + y * s.columns + right, s);
    }
  }
};

Ground lay_ground(const City& city);

}  // namespace jobmap::data
