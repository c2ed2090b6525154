#include "server/api/ogc/box_filter.hpp"

#include <algorithm>

#include "geo/box_meets.hpp"
#include "server/query/syntax/box.hpp"

namespace jobmap::api::ogc {

BoxFilter::BoxFilter(geo::Crs crs, const geo::Box& box) : crs_(crs) {
  if (box.min_x <= box.max_x) {
    boxes_ = {box};
  } else {
    const double half = query::half_turn(crs).value();
    boxes_ = {{box.min_x, box.min_y, half, box.max_y}, {-half, box.min_y, box.max_x, box.max_y}};
  }
}

template <typename Test>
bool BoxFilter::any_box(Test test) const {
  return std::any_of(boxes_.begin(), boxes_.end(), test);
}

std::vector<geo::Xy> BoxFilter::bring(const std::vector<geo::LonLat>& points) const {
  std::vector<geo::Xy> brought;
  brought.reserve(points.size());
  for (const auto p : points) brought.push_back(geo::from_wgs84(crs_, p));
  return brought;
}

bool BoxFilter::meets(geo::PointE7 p) const {
  const geo::Xy at = geo::from_wgs84(crs_, geo::to_lonlat(p));
  return any_box([&](const geo::Box& box) { return geo::line_meets(box, {&at, 1}); });
}

bool BoxFilter::meets(const geo::MultiLineString& lines) const {
  return std::any_of(lines.begin(), lines.end(), [&](const auto& line) {
    const auto points = bring(line);
    return any_box([&](const geo::Box& box) { return geo::line_meets(box, points); });
  });
}

bool BoxFilter::meets(const geo::MultiPolygon& areas) const {
  return std::any_of(areas.begin(), areas.end(), [&](const auto& polygon) {
    std::vector<std::vector<geo::Xy>> rings;
    for (const auto& ring : polygon) rings.push_back(bring(ring));
    return any_box([&](const geo::Box& box) { return geo::area_meets(box, rings); });
  });
}

bool BoxFilter::meets(const data::City& city, encode::CityLayer layer, std::size_t i) const {
  using encode::CityLayer;
  switch (layer) {
    case CityLayer::stations:
      return meets(city.stations[i].at);
    case CityLayer::lines:
      return meets(city.lines[i].geometry);
    case CityLayer::districts:
      return meets(city.districts[i].geometry);
    case CityLayer::service_points:
      return meets(city.service_points[i].at);
    case CityLayer::venture_sites:
      return meets(city.venture_sites[i].at);
  }
  return false;
}

}  // namespace jobmap::api::ogc
