#include "data/ingest/osm/squares.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

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

// A piece of wall as tall as this, some 2 km from south to north, is rare enough to be looked at for every
// area.
constexpr std::int32_t tall = 200'000;

std::int32_t height(const Squares::Wall& w) { return std::abs(w.a.lat - w.b.lat); }

// Where the pieces of an area's walls end. One that ends free inside is walked round.
class WallEnds {
 public:
  explicit WallEnds(const OpenArea& area) : area_(area) {
    for (const auto& w : area.walls) ends_.insert(ends_.end(), {w.a, w.b});
    std::sort(ends_.begin(), ends_.end(), before);
  }
  bool is_free(geo::PointE7 p) const {
    const auto [first, last] = std::equal_range(ends_.begin(), ends_.end(), p, before);
    return last - first == 1 && holds(area_, p);
  }

 private:
  static bool before(geo::PointE7 a, geo::PointE7 b) {
    return std::pair(a.lat, a.lon) < std::pair(b.lat, b.lon);
  }
  const OpenArea& area_;
  std::vector<geo::PointE7> ends_;
};

}  // namespace

Squares::Squares(std::vector<End> ends, std::vector<Wall> walls)
    : ends_(std::move(ends)), walls_(std::move(walls)) {
  std::sort(ends_.begin(), ends_.end(), [](const End& a, const End& b) { return a.at.lat < b.at.lat; });
  std::sort(walls_.begin(), walls_.end(), [](const Wall& a, const Wall& b) { return a.a.lat < b.a.lat; });
  const auto tall_ones =
      std::stable_partition(walls_.begin(), walls_.end(), [](const Wall& w) { return height(w) < tall; });
  tall_walls_.assign(tall_ones, walls_.end());
  walls_.erase(tall_ones, walls_.end());
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

  std::vector<Wall> near;
  const auto look_at = [&](const Wall& w) {
    if (w.level != square.level || std::max(w.a.lon, w.b.lon) < box->min_lon ||
        std::min(w.a.lon, w.b.lon) > box->max_lon || std::max(w.a.lat, w.b.lat) < box->min_lat ||
        std::min(w.a.lat, w.b.lat) > box->max_lat)
      return;
    near.push_back(w);
    area.walls.push_back({w.a, w.b});
  };
  for (auto wall = std::lower_bound(walls_.begin(), walls_.end(), std::int64_t{box->min_lat} - tall,
                                    [](const Wall&w, std::int64_t lat) { return w.a.lat < lat; });
       wall != walls_.end() && wall->a.lat <= std::int64_t{box->max_lat} + tall; ++wall)
    look_at(*wall);
  std::for_each(tall_walls_.begin(), tall_walls_.end(), look_at);
  const WallEnds wall_ends(area);
  for (const Wall& w : near)
    for (const auto& [at, place] : {std::pair(w.a, w.place_a), std::pair(w.b, w.place_b)})
      if (!is_corner(place) && wall_ends.is_free(at)) {
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
