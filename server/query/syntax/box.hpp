#pragma once
// A box that a caller gave: read where it is right, else refused by name.
//
//   if (const auto v = reader.numbers("bbox", 4))
//     box = check_box(reader, crs, {(*v)[0], (*v)[1], (*v)[2], (*v)[3]});
//
// min_x > max_x crosses the antimeridian, in systems that go round the earth: degrees of WGS84, and
// EPSG:3857. A map that repeats the world asks for a copy of it, as 480 to 481 degrees: such a box is brought
// back, whole turns of the earth away, and one that is a turn wide or wider is the whole earth. The shifted
// systems have no antimeridian of their own, so there a box is brought back only where it needs no cut.
#include <optional>

#include "geo/crs.hpp"
#include "server/query/syntax/reader.hpp"

namespace jobmap::query {

std::optional<geo::Box> check_box(Reader& reader, geo::Crs crs, const geo::Box& box);
std::string to_text(const geo::Box& box);  // reads back as the same box

// The box on the one world; as it was where it isn't a copy, or where the system has none. At most ten copies
// away.
geo::Box on_one_world(geo::Crs crs, const geo::Box& box);
// The x of the antimeridian; nothing in a system that doesn't go round the earth.
std::optional<double> half_turn(geo::Crs crs);

}  // namespace jobmap::query
