#include "geo/antimeridian.hpp"

#include <algorithm>
#include <utility>

#include "geo/polygon.hpp"

namespace jobmap::geo {
namespace {

Polygon strip(double west, double east) {
  return {{{west, -91}, {east, -91}, {east, 91}, {west, 91}, {west, -91}}};
}

// The part of an area that lies between 180 degrees west and east once it is moved by so many.
void add_part(const MultiPolygon& area, double by, MultiPolygon& out) {
  MultiPolygon moved = area;
  bool any = false;
  for (auto& polygon : moved)
    for (auto& ring : polygon)
      for (auto& p : ring) p.lon += by, any |= p.lon > -180 && p.lon < 180;
  if (!any) return;
  for (auto& polygon : subtract(moved, {strip(-541, -180), strip(180, 541)}))
    out.push_back(std::move(polygon));
}

}  // namespace

MultiPolygon cut_at_antimeridian(const MultiPolygon& area) {
  const auto is_inside = [](const Polygon& polygon) {
    return std::all_of(polygon.front().begin(), polygon.front().end(),
                       [](LonLat p) { return p.lon >= -180 && p.lon <= 180; });
  };
  if (std::all_of(area.begin(), area.end(), is_inside)) return area;
  MultiPolygon out;
  for (const double by : {0.0, -360.0, 360.0}) add_part(area, by, out);
  return out;
}

double longitude_seen_from(double from, double lon) {
  return lon - from > 180 ? lon - 360 : lon - from < -180 ? lon + 360 : lon;
}

}  // namespace jobmap::geo
