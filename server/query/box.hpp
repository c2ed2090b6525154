#pragma once
// A box that a caller gave: read where it is right, else refused by name.
//
//   if (const auto v = reader.numbers("bbox", 4))
//     box = check_box(reader, crs, {(*v)[0], (*v)[1], (*v)[2], (*v)[3]});
//
// min_x > max_x crosses the antimeridian, in degrees of WGS84 alone.
#include <optional>

#include "geo/crs.hpp"
#include "query/parse/params.hpp"

namespace jobmap::query {

std::optional<geo::Box> check_box(Reader& reader, geo::Crs crs, const geo::Box& box);
std::string to_text(const geo::Box& box);  // reads back as the same box

}  // namespace jobmap::query
