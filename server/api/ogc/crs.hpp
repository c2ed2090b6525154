#pragma once
// Coordinate reference systems as OGC API names them: by URI, each with the order of axes its authority gives
// it.
//
//   const CrsUri& crs = read_crs(reader, "crs");     // http://www.opengis.net/def/crs/OGC/1.3/CRS84 where absent
//   if (crs.y_first) use("y, x");                    // EPSG:4326 is latitude, longitude
//
// GCJ-02 and BD-09 have no such URI, so they are served by /v1 alone.
#include <span>
#include <string_view>

#include "geo/crs.hpp"
#include "server/query/syntax/reader.hpp"

namespace jobmap::api::ogc {

struct CrsUri {
  std::string_view uri;
  geo::Crs crs;
  bool y_first;
};

// The first is the default, and that of storage.
std::span<const CrsUri> crs_uris();
// An unknown one fails the reader.
const CrsUri& read_crs(query::Reader& reader, std::string_view parameter);

}  // namespace jobmap::api::ogc
