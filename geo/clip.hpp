#pragma once
// Cutting lines and areas to a box on the map sheet: what a tile shows of them.
//
//   for (const Path& piece : clip_line(line, tile_box)) ...
//   Path ring = clip_ring(ring, tile_box);             // empty where nothing is left
//
// A Path is a run of points in the unit square of Web Mercator (any plane will do). The box is closed. Lines
// are cut segment by segment (Liang and Barsky 1984), and come apart where they leave the box. Rings, closed
// in and closed out, are cut by one edge of the box after the other (Sutherland and Hodgman 1974): of a ring
// that enters several times the parts stay joined by seams along the edge of the box. A seam encloses
// nothing, so area and even-odd interior are exact, and with the box a buffer larger than the tile a seam is
// never seen.
#include <span>
#include <vector>

#include "geo/mercator.hpp"

namespace jobmap::geo {

using Path = std::vector<Mercator>;

Box bounds_of(std::span<const Mercator> path);  // of a path that isn't empty

std::vector<Path> clip_line(std::span<const Mercator> line, const Box& box);
Path clip_ring(std::span<const Mercator> ring, const Box& box);

}  // namespace jobmap::geo
