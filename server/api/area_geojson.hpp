#pragma once
// A caller's area as GeoJSON (RFC 7946): a Polygon, a MultiPolygon, a GeometryCollection of them, a Feature
// of one, or a FeatureCollection of such, whose area is the union.
//
//   auto parts = read_area(body, geo::Crs::wgs84);     // Result<std::vector<query::AreaPart>>, in WGS84
//   areas.keep(*parts);
//
// Coordinates are x, y in the given system, whatever follows them is height and ignored; each must be finite
// and a place on the earth. Whether the rings are rings is for query::Areas to say. Errors name the member by
// the way to it: "features[3].geometry.type". What is no area, such as a Point or a feature without a
// geometry, is refused and not passed over.
#include <string_view>

#include "geo/crs.hpp"
#include "geo/geometry.hpp"
#include "server/query/parse/areas.hpp"

namespace jobmap::api {

query::Result<std::vector<query::AreaPart>> read_area(std::string_view geojson, geo::Crs crs);

}  // namespace jobmap::api
