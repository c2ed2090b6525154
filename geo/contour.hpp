#pragma once
// Contours of a grid by marching squares: the area where a value is at most a limit, as polygons.
//
//   Grid grid{.columns = 3, .rows = 3, .value = {9, 9, 9, 9, 1, 9, 9, 9, 9}};
//   MultiPolygon area = contour(grid, 5);         // a diamond round the middle, in units of cells
//
// Values stand at grid points; a ring runs between them, by linear interpolation where both sides have a
// value and half way where one has none (infinite). The outermost points must be above every limit. Rings are
// closed, don't touch, run counter-clockwise with y upwards where they are outer and clockwise where they are
// holes; of two corners that meet across a cell, those inside are apart.
#include <cstddef>
#include <vector>

#include "geo/geometry.hpp"

namespace jobmap::geo {

struct Grid {
  std::size_t columns = 0, rows = 0;
  std::vector<float> value;  // row by row from y = 0
  float at(std::size_t x, std::size_t y) const { return value[y * columns + x]; }
};

// In units of cells: x from 0 to columns - 1.
MultiPolygon contour(const Grid& grid, float limit);

}  // namespace jobmap::geo
