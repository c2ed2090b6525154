#include "server/encode/tile_city.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "geo/circle_union.hpp"
#include "geo/clip.hpp"
#include "geo/deadline.hpp"
#include "geo/distance.hpp"
#include "geo/polygon.hpp"
#include "geo/shifted_square.hpp"
#include "geo/simplify.hpp"
#include "server/encode/mvt.hpp"

namespace jobmap::encode {
namespace {

constexpr std::array<std::string_view, 5> names{"stations", "lines", "districts", "service_points",
                                                "venture_sites"};
constexpr int buffer = 64;       // tile units
constexpr double tolerance = 2;  // tile units
constexpr unsigned disc_sides = 64;

// One tile on the Mercator square.
class Sheet {
 public:
  explicit Sheet(geo::TileId tile, geo::Crs crs)
      : crs_(crs), tile_(tile), corner_(tile.north_west()), scale_(double(1u << tile.z) * tile_extent) {
    const double margin = buffer / scale_;
    const auto end = tile.south_east();
    box_ = {corner_.x - margin, corner_.y - margin, end.x + margin, end.y + margin};
  }
  const geo::Box& box() const { return box_; }
  double unit() const { return 1 / scale_; }

  TilePoint to_units(geo::Mercator m) const {
    return {static_cast<std::int32_t>(std::lround((m.x - corner_.x) * scale_)),
            static_cast<std::int32_t>(std::lround((m.y - corner_.y) * scale_))};
  }
  geo::Path project(const std::vector<geo::LonLat>& points) const {
    geo::Path path;
    path.reserve(points.size());
    // A point beyond the edge of the Mercator square is drawn on the edge.
    for (auto p : points) {
      const auto [lon, lat] = geo::shift(crs_, p);
      path.push_back(geo::to_mercator({lon, std::clamp(lat, -geo::max_mercator_lat, geo::max_mercator_lat)}));
    }
    return path;
  }
  // Whether anything of a ring can be seen: it touches the box and isn't smaller than what is simplified
  // away.
  bool shows(const geo::Path& ring) const {
    const auto b = geo::bounds_of(ring);
    return std::max(b.max_x - b.min_x, b.max_y - b.min_y) >= tolerance * unit() && b.min_x <= box_.max_x &&
           b.max_x >= box_.min_x && b.min_y <= box_.max_y && b.max_y >= box_.min_y;
  }
  TilePath to_units(const geo::Path& path) const {
    TilePath out;
    out.reserve(path.size());
    for (auto m : path) out.push_back(to_units(m));
    return out;
  }
  // A point of this tile, by the same grid that decides for jobs.
  std::optional<TilePoint> place(geo::PointE7 p) const {
    const auto cell = geo::to_grid(geo::shift(crs_, p));
    const unsigned shift = geo::grid_bits - tile_.z;
    if (cell.x >> shift != tile_.x || cell.y >> shift != tile_.y) return std::nullopt;
    const double n = std::exp2(-geo::grid_bits);
    return to_units({(cell.x + 0.5) * n, (cell.y + 0.5) * n});
  }

 private:
  geo::Crs crs_;
  geo::TileId tile_;
  geo::Mercator corner_;
  double scale_;
  geo::Box box_;
};

std::string join_lines(const data::City& city, const data::Station& station) {
  std::string ids;
  for (auto line : station.lines) ids += (ids.empty() ? "" : ",") + city.lines[line].id;
  return ids;
}

void add_stations(MvtLayer& layer, const data::City& city, const Sheet& sheet) {
  for (const auto& s : city.stations) {
    const auto at = sheet.place(s.at);
    if (!at) continue;
    std::vector<std::uint32_t> tags{
        layer.key("id"),      layer.text(s.id),      layer.key("name"),  layer.text(s.name),
        layer.key("name_en"), layer.text(s.name_en), layer.key("lines"), layer.text(join_lines(city, s))};
    if (!s.lines.empty())
      tags.insert(tags.end(), {layer.key("color"), layer.text(city.lines[s.lines[0]].color)});
    layer.point(*at, tags);
  }
}

void add_lines(MvtLayer& layer, const data::City& city, const Sheet& sheet) {
  for (const auto& line : city.lines) {
    std::vector<TilePath> pieces;
    for (const auto& branch : line.geometry)
      for (const auto& piece :
           geo::clip_line(geo::simplify_line(sheet.project(branch), tolerance * sheet.unit()), sheet.box()))
        pieces.push_back(sheet.to_units(piece));
    if (pieces.empty()) continue;
    const std::uint32_t tags[] = {layer.key("id"),       layer.text(line.id), layer.key("name"),
                                  layer.text(line.name), layer.key("color"),  layer.text(line.color)};
    layer.lines(pieces, tags);
  }
}

std::vector<std::vector<TilePath>> drawn(const geo::MultiPolygon& area, const Sheet& sheet) {
  std::vector<std::vector<TilePath>> polygons;
  const auto add = [&](const std::vector<TilePath>& rings) {
    for (auto& valid : geo::valid_polygons(rings)) polygons.push_back(std::move(valid));
  };
  for (const auto& polygon : area) {
    std::vector<geo::Path> rings;
    for (const auto& ring : polygon) {
      geo::check_deadline(1 + static_cast<unsigned>(ring.size() / 8));
      const auto path = sheet.project(ring);
      if (sheet.shows(path))
        rings.push_back(geo::simplify_ring(path, tolerance * sheet.unit()));
      else if (rings.empty())
        break;  // the outer ring is elsewhere, and its holes with it
    }
    const bool has_holes = rings.size() > 1;
    std::vector<TilePath> parts;
    for (const auto& part : geo::clip_area(std::move(rings), sheet.box())) {
      parts.push_back(sheet.to_units(part));
      if (!has_holes) add({std::exchange(parts, {})});
    }
    add(parts);
  }
  return polygons;
}

void add_districts(MvtLayer& layer, const data::City& city, const Sheet& sheet) {
  for (const auto& district : city.districts) {
    const auto polygons = drawn(district.geometry, sheet);
    if (polygons.empty()) continue;
    const std::uint32_t tags[] = {layer.key("adcode"), layer.text(district.adcode), layer.key("name"),
                                  layer.text(district.name)};
    layer.polygons(polygons, tags);
  }
}

void add_sites(MvtLayer& layer, const std::vector<data::Site>& sites, const Sheet& sheet) {
  for (const auto& site : sites) {
    const auto at = sheet.place(site.at);
    if (!at) continue;
    std::vector<std::uint32_t> tags{layer.key("id"),       layer.text(site.id), layer.key("name"),
                                    layer.text(site.name), layer.key("kind"),   layer.text(site.kind)};
    if (site.capacity)
      tags.insert(tags.end(),
                  {layer.key("capacity"), layer.number(static_cast<std::uint64_t>(*site.capacity))});
    layer.point(*at, tags);
  }
}

}  // namespace

std::optional<CityLayer> parse_city_layer(std::string_view name) {
  const auto it = std::find(names.begin(), names.end(), name);
  if (it == names.end()) return std::nullopt;
  return static_cast<CityLayer>(it - names.begin());
}

std::string_view name_of(CityLayer layer) { return names[static_cast<std::size_t>(layer)]; }

std::string encode_city_tile(const data::City& city, CityLayer which, geo::TileId tile, geo::Crs crs) {
  std::string body;
  const Sheet sheet(tile, crs);
  MvtLayer layer(body, name_of(which));
  switch (which) {
    case CityLayer::stations:
      add_stations(layer, city, sheet);
      break;
    case CityLayer::lines:
      add_lines(layer, city, sheet);
      break;
    case CityLayer::districts:
      add_districts(layer, city, sheet);
      break;
    case CityLayer::service_points:
      add_sites(layer, city.service_points, sheet);
      break;
    case CityLayer::venture_sites:
      add_sites(layer, city.venture_sites, sheet);
      break;
  }
  layer.finish();
  return body;
}

std::string encode_water_tile(const data::City& city, geo::TileId tile, geo::Crs crs) {
  std::string body;
  const Sheet sheet(tile, crs);
  MvtLayer layer(body, "water");
  for (const auto& water : city.water) {
    const auto polygons = drawn(water.geometry, sheet);
    if (polygons.empty()) continue;
    std::vector<std::uint32_t> tags{layer.key("kind"), layer.text(water.kind)};
    if (!water.name.empty()) tags.insert(tags.end(), {layer.key("name"), layer.text(water.name)});
    layer.polygons(polygons, tags);
  }
  layer.finish();
  return body;
}

std::string encode_circles_tile(const data::City& city, double circle_m, geo::TileId tile, geo::Crs crs) {
  std::string body;
  const Sheet sheet(tile, crs);
  MvtLayer layer(body, "circles");
  const auto north_west = geo::from_mercator({sheet.box().min_x, sheet.box().min_y}),
             south_east = geo::from_mercator({sheet.box().max_x, sheet.box().max_y});
  geo::BoxE7 seen{geo::to_e7(north_west).lon, geo::to_e7(south_east).lat, geo::to_e7(south_east).lon,
                  geo::to_e7(north_west).lat};
  if (geo::is_shifted(crs)) seen = geo::widened_by_shift(seen);
  geo::MultiPolygon discs;
  for (const auto& site : city.service_points) {
    const auto at = geo::to_lonlat(site.at);
    if (!geo::enclosing_box(at, circle_m).intersects(seen)) continue;
    for (const auto centre : geo::seen_from_both_edges(at, circle_m))
      discs.push_back({geo::disc_ring(centre, circle_m, disc_sides)});
  }
  if (const auto polygons = drawn(geo::unite(discs), sheet); !polygons.empty()) {
    const std::uint32_t tags[] = {layer.key("circle_m"),
                                  layer.number(static_cast<std::uint64_t>(std::lround(circle_m)))};
    layer.polygons(polygons, tags);
  }
  layer.finish();
  return body;
}

}  // namespace jobmap::encode
