#pragma once
// Coordinate reference systems and geodesics: the only home of PROJ. Everything is x (east, longitude) first.
//
//   auto crs = parse_crs("EPSG:4549");                       // nothing where it is not on the list
//   if (auto p = to_wgs84(Crs::epsg4549, 520000.0, 3348000.0)) use(p->lon);    // nothing where it has no inverse
//   double d = geodesic_distance_m(a, b);                    // Karney 2013, by PROJ's geod_inverse
//
// cgcs2000 and EPSG:4490 are WGS84 to the metre and are served as the same numbers. gcj02 and bd09:
// geo/datum.hpp. EPSG:3857 in closed form (geo/mercator.hpp). EPSG:4549 (CGCS2000, 3-degree Gauss-Krueger,
// 120 E) by PROJ, one context a thread; warm_up() pays its 20 ms before the first request does.
#include <optional>
#include <string_view>

#include "geo/coords.hpp"

namespace jobmap::geo {

enum class Crs : unsigned char { wgs84, cgcs2000, gcj02, bd09, epsg4326, epsg4490, epsg3857, epsg4549 };

struct Xy {
  double x = 0, y = 0;
};

std::optional<Crs> parse_crs(std::string_view name);  // ASCII case-insensitive
std::string_view name_of(Crs crs);
std::string_view crs_names();  // all of them, comma-separated, for error messages
bool is_geographic(Crs crs);   // degrees, not metres
// Same numbers as WGS84: nothing to convert.
bool is_wgs84(Crs crs);

// Gives nothing for a place that isn't finite or is out of the system's domain. The domain of EPSG:3857 is its square, that of
// EPSG:4549 here 2,000 km to either side of 120 E.
std::optional<LonLat> to_wgs84(Crs crs, double x, double y);
// Infinite where the system has no such place: a pole in EPSG:3857, the far side of the earth in EPSG:4549.
Xy from_wgs84(Crs crs, LonLat p);
void warm_up();

// Metres on the WGS84 ellipsoid.
double geodesic_distance_m(LonLat a, LonLat b);

}  // namespace jobmap::geo
