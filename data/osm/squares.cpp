#include "data/osm/squares.hpp"

#include <algorithm>
#include <cstdlib>

namespace jobmap::data::osm {
namespace {

constexpr std::size_t most_ring_corners = 4000;
constexpr std::int64_t widest = 2'000'000;  // 0.2 degree, some 20 km

std::optional<geo::BoxE7> box_of(const OpenArea& area) {
  geo::BoxE7 box{INT32_MAX, INT32_MAX, INT32_MIN, INT32_MIN};
  std::size_t corners = 0;
  for (const auto& ring : area.rings)
    for (const auto p : ring) {
      box = {std::min(box.min_lon, p.lon), std::min(box.min_lat, p.lat), std::max(box.max_lon, p.lon),
             std::max(box.max_lat, p.lat)};
      ++corners;
    }
  if (corners < 3 || corners > most_ring_corners) return std::nullopt;
  if (std::int64_t{box.max_lon} - box.min_lon > widest || std::int64_t{box.max_lat} - box.min_lat > widest)
    return std::nullopt;
  return box;
}

// Where a wall ends free inside the area, one walks round its end.
bool is_free_end(geo::PointE7 p, const OpenArea& area) {
  const auto times = std::count_if(area.walls.begin(), area.walls.end(),
                                   [&](const OpenArea::Wall& w) { return w.a == p || w.b == p; });
  return times == 1 && holds(area, p);
}

}  // namespace

Squares::Squares(std::vector<End> ends, std::vector<Wall> walls)
    : ends_(std::move(ends)), walls_(std::move(walls)) {
  std::sort(ends_.begin(), ends_.end(), [](const End& a, const End& b) { return a.at.lat < b.at.lat; });
  std::sort(walls_.begin(), walls_.end(), [](const Wall& a, const Wall& b) { return a.a.lat < b.a.lat; });
  for (const Wall& w : walls_) tallest_ = std::max(tallest_, std::abs(w.a.lat - w.b.lat));
}

std::vector<Line> Squares::across(const Square& square, const IsDoor& is_door,
                                  const PlaceAt& place_at) const {
  OpenArea area;
  std::vector<std::uint32_t> places;  // of each corner
  for (const auto& ring : square.rings) {
    auto& points = area.rings.emplace_back();
    for (const auto place : ring) {
      points.push_back(place_at(place));
      places.push_back(place);
      area.doors.push_back(is_door(place));
    }
  }
  const auto box = box_of(area);
  if (!box) return {};
  const auto is_corner = [&, corners = places.size()](std::uint32_t place) {
    const auto end = places.begin() + static_cast<std::ptrdiff_t>(corners);
    return std::find(places.begin(), end, place) != end;
  };

  auto wall = std::lower_bound(walls_.begin(), walls_.end(), std::int64_t{box->min_lat} - tallest_,
                               [](const Wall& w, std::int64_t lat) { return w.a.lat < lat; });
  std::vector<Wall> near;
  for (; wall != walls_.end() && wall->a.lat <= std::int64_t{box->max_lat} + tallest_; ++wall) {
    if (wall->level != square.level || std::max(wall->a.lon, wall->b.lon) < box->min_lon ||
        std::min(wall->a.lon, wall->b.lon) > box->max_lon)
      continue;
    near.push_back(*wall);
    area.walls.push_back({wall->a, wall->b});
  }
  for (const Wall& w : near)
    for (const auto& [at, place] : {std::pair(w.a, w.place_a), std::pair(w.b, w.place_b)})
      if (!is_corner(place) && is_free_end(at, area)) {
        area.inside.push_back(at);
        places.push_back(place);
      }

  auto end = std::lower_bound(ends_.begin(), ends_.end(), box->min_lat,
                              [](const End& e, std::int32_t lat) { return e.at.lat < lat; });
  for (; end != ends_.end() && end->at.lat <= box->max_lat; ++end)
    if (end->level == square.level && end->at.lon >= box->min_lon && end->at.lon <= box->max_lon &&
        !is_corner(end->place) && holds(area, end->at)) {
      area.inside.push_back(end->at);
      places.push_back(end->place);
    }

  std::vector<Line> lines;
  for (const Line& l : lines_across(area)) lines.push_back({places[l.from], places[l.to]});
  return lines;
}

}  // namespace jobmap::data::osm
