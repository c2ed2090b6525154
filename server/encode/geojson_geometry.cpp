#include "server/encode/geojson_geometry.hpp"

#include <cmath>
#include "geo/deadline.hpp"

namespace jobmap::encode {
namespace {

// "[" each item by write "]"; false as soon as one can't be written.
template <typename Items, typename Write>
bool array(JsonWriter& out, const Items& items, Write write) {
  out.raw("[");
  for (bool first = true; const auto& item : items) {
    if (!first) out.raw(",");
    first = false;
    if (!write(item)) return false;
  }
  out.raw("]");
  return true;
}

}  // namespace

bool GeometryWriter::position(geo::PointE7 p) {
  geo::check_deadline();
  const bool degrees = geo::is_geographic(crs_);
  geo::PointE7 e7 = p;
  geo::Xy xy;
  if (!geo::is_wgs84(crs_)) {
    xy = geo::from_wgs84(crs_, geo::to_lonlat(p));
    if (!std::isfinite(xy.x) || !std::isfinite(xy.y)) return false;
    if (degrees) e7 = geo::to_e7({xy.x, xy.y});
  }
  const auto x = [&] { degrees ? out_.degrees(e7.lon) : out_.real(xy.x, decimals::projected); };
  const auto y = [&] { degrees ? out_.degrees(e7.lat) : out_.real(xy.y, decimals::projected); };
  out_.raw("[");
  y_first_ ? y() : x();
  out_.raw(",");
  y_first_ ? x() : y();
  out_.raw("]");
  return true;
}

template <typename Points>
bool GeometryWriter::positions(const Points& points) {
  return array(out_, points, [&](geo::LonLat p) { return position(geo::to_e7(p)); });
}

template <typename Write>
void GeometryWriter::geometry(std::string_view type, Write write) {
  const std::size_t start = out_.size();
  out_.raw(R"({"type":")");
  out_.raw(type);
  out_.raw(R"(","coordinates":)");
  if (write()) return out_.raw("}");
  out_.cut(start);
  out_.raw("null");
}

void GeometryWriter::point(geo::PointE7 p) {
  geometry("Point", [&] { return position(p); });
}

void GeometryWriter::multi_line_string(const geo::MultiLineString& lines) {
  geometry("MultiLineString",
           [&] { return array(out_, lines, [&](const auto& line) { return positions(line); }); });
}

void GeometryWriter::multi_polygon(const geo::MultiPolygon& area) {
  geometry("MultiPolygon", [&] {
    return array(out_, area, [&](const auto& polygon) {
      return array(out_, polygon, [&](const auto& ring) { return positions(ring); });
    });
  });
}

}  // namespace jobmap::encode
