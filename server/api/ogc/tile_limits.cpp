#include "server/api/ogc/tile_limits.hpp"

#include <boost/json/object.hpp>
#include <string>

namespace jobmap::api::ogc {

// The grid rises with longitude and falls with latitude, so the corners decide.
TileRange tiles_of(const geo::BoxE7& box, unsigned zoom) {
  const auto north_west = geo::to_grid({box.min_lon, box.max_lat}),
             south_east = geo::to_grid({box.max_lon, box.min_lat});
  const auto shift = static_cast<unsigned>(geo::grid_bits) - zoom;
  return {north_west.y >> shift, south_east.y >> shift, north_west.x >> shift, south_east.x >> shift};
}

boost::json::array tile_limits(const std::optional<geo::BoxE7>& box) {
  boost::json::array limits;
  if (!box) return limits;
  for (unsigned zoom = 0; zoom <= geo::max_zoom; ++zoom) {
    const auto range = tiles_of(*box, zoom);
    limits.push_back(boost::json::object{{"tileMatrix", std::to_string(zoom)},
                                         {"minTileRow", range.min_row},
                                         {"maxTileRow", range.max_row},
                                         {"minTileCol", range.min_col},
                                         {"maxTileCol", range.max_col}});
  }
  return limits;
}

}  // namespace jobmap::api::ogc
