#pragma once
// Geometries as GeoJSON in any of the served coordinate systems.
//
//   JsonWriter w(body);
//   w.raw(R"("geometry":)");
//   GeometryWriter(w, geo::Crs::gcj02).multi_polygon(district.geometry);
//
// x (east, longitude) first, unless told otherwise. Degrees with at most 7 decimals, metres with at most 3;
// no trailing zeros. A geometry that has a point the system can't express (a pole in EPSG:3857) is null.
#include "geo/crs.hpp"
#include "geo/geometry.hpp"
#include "server/encode/json_writer.hpp"

namespace jobmap::encode {

class GeometryWriter {
 public:
  GeometryWriter(JsonWriter& out, geo::Crs crs, bool y_first = false)
      : out_(out), crs_(crs), y_first_(y_first) {}

  void point(geo::PointE7 p);
  void multi_line_string(const geo::MultiLineString& lines);
  void multi_polygon(const geo::MultiPolygon& area);

 private:
  bool position(geo::PointE7 p);
  template <typename Points>
  bool positions(const Points& points);
  template <typename Write>
  void geometry(std::string_view type, Write write);

  JsonWriter& out_;
  geo::Crs crs_;
  bool y_first_;
};

}  // namespace jobmap::encode
