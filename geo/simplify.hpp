#pragma once
// Fewer points for the same picture: the algorithm of Douglas and Peucker (1973) with an explicit stack, so
// that no input overflows it.
//
//   Path coarse = simplify_line(line, 0.25 * pixel);
//   Path outline = simplify_ring(ring, 0.25 * pixel);   // closed in, closed out
//
// Keeps a subset of the points in their order, first and last among them, such that every point left out lies
// within `tolerance` (in units of the path) of the segment drawn in its stead. A ring keeps also its point
// farthest from the first; one that falls flat comes back with fewer than four points, for the caller to
// drop. n log n in time for natural lines, n * n at worst.
#include "geo/clip.hpp"

namespace jobmap::geo {

Path simplify_line(std::span<const Mercator> line, double tolerance);
Path simplify_ring(std::span<const Mercator> ring, double tolerance);

}  // namespace jobmap::geo
