#include "server/query/syntax/cql2/region.hpp"

#include <algorithm>
#include <cstdlib>

#include "geo/antimeridian.hpp"

namespace jobmap::query::cql2 {
namespace {

using geo::BoxE7;
using geo::PointE7;
using geo::Relation;

bool is_on(PointE7 a, PointE7 b, PointE7 p) {
  const auto [west, east] = std::minmax(a.lon, b.lon);
  const auto [south, north] = std::minmax(a.lat, b.lat);
  if (p.lon < west || p.lon > east || p.lat < south || p.lat > north) return false;
  return (std::int64_t{b.lat} - a.lat) * (std::int64_t{p.lon} - a.lon) ==
         (std::int64_t{b.lon} - a.lon) * (std::int64_t{p.lat} - a.lat);
}

geo::Shape shape_of(const std::vector<geo::Box>& boxes) {
  geo::MultiPolygon areas;
  geo::MultiLineString lines;
  geo::MultiPoint points;
  for (const auto& b : boxes) {
    const geo::LonLat low{b.min_x, b.min_y}, high{b.max_x, b.max_y};
    if (b.min_x < b.max_x && b.min_y < b.max_y)
      areas.push_back({{low, {b.max_x, b.min_y}, high, {b.min_x, b.max_y}, low}});
    else if (low == high)
      points.points.push_back(low);
    else
      lines.push_back({low, high});
  }
  if (!areas.empty()) return areas;
  if (!lines.empty()) return lines;
  return points;
}

}  // namespace

Region Region::area(const geo::MultiPolygon& area) {
  Region region;
  region.area_ = geo::PolygonIndex(area), region.shape_ = area;
  return region;
}

Region Region::box(const geo::Box& box) {
  Region region;
  std::vector<geo::Box> boxes;
  const auto add = [&](double west, double east, bool west_is_edge, bool east_is_edge) {
    const BoxE7 closed = geo::grid_inside({west, box.min_y, east, box.max_y});
    BoxE7 open = closed;
    if (west_is_edge && closed.min_lon / 1e7 == west) ++open.min_lon;
    if (east_is_edge && closed.max_lon / 1e7 == east) --open.max_lon;
    if (closed.min_lat / 1e7 == box.min_y) ++open.min_lat;
    if (closed.max_lat / 1e7 == box.max_y) --open.max_lat;
    region.closed_.push_back(closed), region.open_.push_back(open);
    boxes.push_back({west, box.min_y, east, box.max_y});
  };
  if (box.min_x <= box.max_x) {
    add(box.min_x, box.max_x, true, true);
  } else {
    add(box.min_x, 180, true, false);
    add(-180, box.max_x, false, true);
  }
  region.shape_ = shape_of(boxes);
  return region;
}

Region Region::line(const geo::LineString& line) {
  Region region;
  region.shape_ = geo::MultiLineString{line};
  for (std::size_t i = 1; i < line.size(); ++i)
    region.segments_.push_back({geo::to_e7(line[i - 1]), geo::to_e7(line[i])});
  if (line.front() != line.back()) region.ends_ = {geo::to_e7(line.front()), geo::to_e7(line.back())};
  return region;
}

Region Region::points(const geo::LineString& points) {
  Region region;
  region.shape_ = geo::MultiPoint{points};
  for (const auto p : points) region.points_.push_back(geo::to_e7(p));
  return region;
}

Place Region::locate(PointE7 p) const {
  const Place place = locate_as_written(p);
  if (place != Place::outside || std::abs(p.lon) != geo::half_turn_e7) return place;
  return locate_as_written({-p.lon, p.lat});  // the antimeridian has two names
}

Place Region::locate_as_written(PointE7 p) const {
  if (!area_.empty()) return area_.locate(p);
  for (std::size_t i = 0; i < closed_.size(); ++i)
    if (closed_[i].contains(p)) return open_[i].contains(p) ? Place::inside : Place::edge;
  if (std::find(points_.begin(), points_.end(), p) != points_.end()) return Place::inside;
  if (std::any_of(segments_.begin(), segments_.end(), [&](const Segment& s) { return is_on(s.a, s.b, p); }))
    return std::find(ends_.begin(), ends_.end(), p) != ends_.end() ? Place::edge : Place::inside;
  return Place::outside;
}

Relation Region::relate(const BoxE7& box) const {
  const Relation relation = relate_as_written(box);
  const bool touches = box.min_lon == -geo::half_turn_e7 || box.max_lon == geo::half_turn_e7;
  return relation == Relation::outside && touches ? Relation::partly : relation;
}

Relation Region::relate_as_written(const BoxE7& box) const {
  if (!area_.empty()) return area_.relate(box);
  for (std::size_t i = 0; i < closed_.size(); ++i) {
    if (open_[i].contains(box)) return Relation::inside;
    if (closed_[i].intersects(box)) return Relation::partly;
  }
  const auto meets = [&](PointE7 a, PointE7 b) {
    const auto [west, east] = std::minmax(a.lon, b.lon);
    const auto [south, north] = std::minmax(a.lat, b.lat);
    return box.intersects({west, south, east, north});
  };
  for (const auto p : points_)
    if (box.contains(p)) return Relation::partly;
  for (const Segment& s : segments_)
    if (meets(s.a, s.b)) return Relation::partly;
  return Relation::outside;
}

}  // namespace jobmap::query::cql2
