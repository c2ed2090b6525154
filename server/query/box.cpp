#include "query/box.hpp"

#include "query/parse/parsing.hpp"

namespace jobmap::query {

std::string to_text(const geo::Box& box) {
  return plain(box.min_x) + "," + plain(box.min_y) + "," + plain(box.max_x) + "," + plain(box.max_y);
}

std::optional<geo::Box> check_box(Reader& reader, geo::Crs crs, const geo::Box& box) {
  std::string_view why, allowed = "minx,miny,maxx,maxy";
  if (geo::is_geographic(crs) &&
      !(geo::is_valid({box.min_x, box.min_y}) && geo::is_valid({box.max_x, box.max_y}))) {
    why = "the box leaves the earth";
    allowed = "minx,miny,maxx,maxy with longitudes -180 to 180 and latitudes -90 to 90";
  } else if (box.min_y > box.max_y) {
    why = "miny is greater than maxy";
  } else if (box.min_x > box.max_x && !geo::is_wgs84(crs)) {
    why = "minx is greater than maxx, which only crosses the antimeridian in degrees of WGS84";
  }
  if (why.empty()) return box;
  reader.fail("bbox", to_text(box), std::string(why), std::string(allowed));
  return std::nullopt;
}

}  // namespace jobmap::query
