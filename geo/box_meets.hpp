#pragma once
// Whether a line or an area has a point in common with a box, in any plane.
//
//   if (line_meets(box, points)) use(points);
//   if (area_meets(box, rings)) use(rings);     // the first ring is the outside, by even-odd
//
// Boxes are closed: a touch counts. A segment is cut by Liang and Barsky's method (1984).
#include <span>
#include <vector>

#include "geo/crs.hpp"

namespace jobmap::geo {

bool line_meets(const Box& box, std::span<const Xy> line);
bool area_meets(const Box& box, std::span<const std::vector<Xy>> rings);

}  // namespace jobmap::geo
