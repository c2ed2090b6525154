#pragma once
// The tiles of the city: stations, lines, districts, service points, venture sites. One layer a tile, of that
// name.
//
//   if (auto layer = parse_city_layer("lines")) body = encode_city_tile(*snapshot.city, *layer, tile);
//
// In GCJ-02 and BD-09 the positions are shifted; in any other system tiles are those of WGS84.
// Points are in the one tile that holds them. Lines and districts are simplified to half a device pixel (2 of
// the 4096 units) and cut to the tile and 64 units round it; what is smaller than that is left out. Every
// polygon is valid: rings that cutting or rounding made run over themselves are taken apart
// (geo/grid_rings.hpp).
#include <optional>
#include <string>
#include <string_view>

#include "data/model/city.hpp"
#include "geo/crs.hpp"
#include "geo/tile_id.hpp"

namespace jobmap::encode {

enum class CityLayer : std::uint8_t { stations, lines, districts, service_points, venture_sites };

std::optional<CityLayer> parse_city_layer(std::string_view name);
std::string_view name_of(CityLayer layer);

// The union of the circles round all service points: what the city's circle covers, one feature.
std::string encode_circles_tile(const data::City& city, double circle_m, geo::TileId tile,
                                geo::Crs crs = geo::Crs::wgs84);

// Water to draw, cut and simplified as districts are.
std::string encode_water_tile(const data::City& city, geo::TileId tile, geo::Crs crs = geo::Crs::wgs84);

std::string encode_city_tile(const data::City& city, CityLayer layer, geo::TileId tile,
                             geo::Crs crs = geo::Crs::wgs84);

}  // namespace jobmap::encode
