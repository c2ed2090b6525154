#pragma once
// A caller's area as GeoJSON (RFC 7946): a Polygon, a MultiPolygon, or a Feature of one.
//
//   auto area = read_area(body, geo::Crs::wgs84);      // Result<geo::MultiPolygon>, in WGS84
//
// Coordinates are x, y in the given system, whatever follows them is height and ignored; each must be finite
// and a place on the earth. Whether the rings are rings is for query::Areas to say. Errors name the member.
#include <string_view>

#include "geo/crs.hpp"
#include "geo/geometry.hpp"
#include "query/error.hpp"

namespace jobmap::api {

query::Result<geo::MultiPolygon> read_area(std::string_view geojson, geo::Crs crs);

}  // namespace jobmap::api
