#pragma once
// A coordinate reference system by its name: crs=, bbox-crs=, filter-crs=.
//
//   read_crs(reader, "crs", query.crs);        // left as it is where the parameter is absent or refused
#include <string_view>

#include "geo/crs.hpp"
#include "server/query/syntax/reader.hpp"

namespace jobmap::query {

void read_crs(Reader& reader, std::string_view parameter, geo::Crs& crs);

}  // namespace jobmap::query
