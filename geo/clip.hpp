#pragma once
// Cutting lines and areas to a box on the map sheet: what a tile shows of them.
//
//   for (const Path& piece : clip_line(line, tile_box)) use(piece);
//   for (const Path& ring : clip_area({outline, hole}, tile_box)) use(ring);
//
// A Path is a run of points in the unit square of Web Mercator (any plane will do). The box is closed. Lines
// are cut segment by segment (Liang and Barsky 1984), and come apart where they leave the box. An area is
// its rings by the even-odd rule, closed in and closed out. They are cut by one edge of the box after the
// other, as Sutherland and Hodgman (1974) do, but the parts of a ring that enters several times come apart:
// along an edge of the box the inside lies between the first end of a part and the second, the third and the
// fourth, and so on, so these are joined. No ring runs along itself. Rings that were cut come first.
#include <span>
#include <vector>

#include "geo/mercator.hpp"

namespace jobmap::geo {

using Path = std::vector<Mercator>;

Box bounds_of(std::span<const Mercator> path);  // of a path that isn't empty

std::vector<Path> clip_line(std::span<const Mercator> line, const Box& box);
std::vector<Path> clip_area(std::vector<Path> rings, const Box& box);

}  // namespace jobmap::geo
