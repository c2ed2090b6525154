#include "server/query/syntax/box.hpp"

#include <cmath>

#include "geo/mercator.hpp"
#include "server/query/syntax/number_text.hpp"

namespace jobmap::query {
namespace {

constexpr double most_copies = 10;

// A shifted box differs from the one meant by the last bits of its numbers; positions are kept to 1e-7
// degree.
double without_noise(double x) { return std::round(x * 1e10) / 1e10; }

}  // namespace

std::string to_text(const geo::Box& box) {
  return shortest_decimal(box.min_x) + "," + shortest_decimal(box.min_y) + "," + shortest_decimal(box.max_x) +
         "," + shortest_decimal(box.max_y);
}

std::optional<double> half_turn(geo::Crs crs) {
  if (geo::is_geographic(crs)) return 180;
  if (crs == geo::Crs::epsg3857) return geo::mercator_extent_m;
  return std::nullopt;
}

geo::Box on_one_world(geo::Crs crs, const geo::Box& box) {
  const auto found = half_turn(crs);
  if (!found) return box;
  const double half = *found, turn = 2 * half;
  const auto is_near = [&](double x) { return std::abs(x) <= half; };
  if ((is_near(box.min_x) && is_near(box.max_x)) || !(std::abs(box.min_x) <= most_copies * turn) ||
      !(std::abs(box.max_x) <= most_copies * turn))
    return box;
  if (box.min_x > box.max_x) return box;
  if (box.max_x - box.min_x >= turn) return {-half, box.min_y, half, box.max_y};
  // West in (-half, half], east in [-half, half): a box that ends at the antimeridian takes in what lies on
  // it, whichever of its two numbers that bears.
  const auto west = [&](double x) { return without_noise(x - turn * std::ceil((x - half) / turn)); };
  const auto east = [&](double x) { return without_noise(x - turn * std::floor((x + half) / turn)); };
  geo::Box one{west(box.min_x), box.min_y, east(box.max_x), box.max_y};
  if (one.min_x > one.max_x && !geo::is_wgs84(crs) && crs != geo::Crs::epsg3857) return box;
  return one;
}

std::optional<geo::Box> check_box(Reader& reader, geo::Crs crs, const geo::Box& given) {
  const geo::Box box = on_one_world(crs, given);
  std::string_view why, allowed = "minx,miny,maxx,maxy";
  if (geo::is_geographic(crs) &&
      !(geo::is_valid({box.min_x, box.min_y}) && geo::is_valid({box.max_x, box.max_y}))) {
    why = "the box leaves the earth";
    allowed =
        "minx,miny,maxx,maxy with longitudes -180 to 180, or those of a copy of the world up to ten turns "
        "away, "
        "and latitudes -90 to 90";
  } else if (box.min_y > box.max_y) {
    why = "miny is greater than maxy";
  } else if (box.min_x > box.max_x && !geo::is_wgs84(crs) && crs != geo::Crs::epsg3857) {
    why =
        "minx is greater than maxx, which only crosses the antimeridian in degrees of WGS84 and in EPSG:3857";
  }
  if (why.empty()) return box;
  reader.fail("bbox", to_text(given), std::string(why), std::string(allowed));
  return std::nullopt;
}

}  // namespace jobmap::query
