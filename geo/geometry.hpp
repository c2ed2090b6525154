#pragma once
// Lines and areas in degrees (WGS84, longitude first), with the ring rules of GeoJSON (RFC 7946): a ring is
// closed (first == last), the first ring of a polygon is its outside, the others are holes.
//
//   const Ring outside{{120, 30}, {121, 30}, {121, 31}, {120, 30}};
//   const Polygon area{outside};
//   const Shape shape = MultiPolygon{area};
#include <variant>
#include <vector>

#include "geo/coords.hpp"

namespace jobmap::geo {

using LineString = std::vector<LonLat>;
using Ring = std::vector<LonLat>;
using Polygon = std::vector<Ring>;
using MultiPolygon = std::vector<Polygon>;
using MultiLineString = std::vector<LineString>;
struct MultiPoint {
  LineString points;
};
using Shape = std::variant<MultiPoint, MultiLineString, MultiPolygon>;

}  // namespace jobmap::geo
