#pragma once
// A box of a request, in any system that is served, against the geometries of the city.
//
//   BoxFilter filter(geo::Crs::epsg3857, box);
//   if (filter.meets(city, CityLayer::lines, i)) use(i);
//
// The corners of a geometry are brought into the system of the box, and straight lines drawn between them
// there. Where min_x > max_x the box crosses the antimeridian.
#include "geo/crs.hpp"
#include "server/encode/tile_city.hpp"

namespace jobmap::api::ogc {

class BoxFilter {
 public:
  BoxFilter(geo::Crs crs, const geo::Box& box);
  bool meets(const data::City& city, encode::CityLayer layer, std::size_t i) const;

 private:
  template <typename Test>
  bool any_box(Test test) const;
  bool meets(geo::PointE7 p) const;
  bool meets(const geo::MultiLineString& lines) const;
  bool meets(const geo::MultiPolygon& areas) const;
  std::vector<geo::Xy> bring(const std::vector<geo::LonLat>& points) const;

  geo::Crs crs_;
  std::vector<geo::Box> boxes_;  // one, or the two sides of the antimeridian
};

}  // namespace jobmap::api::ogc
