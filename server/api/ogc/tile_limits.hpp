#pragma once
// The tiles that a box lies in, zoom by zoom: `tileMatrixSetLimits` of OGC 17-083r4 (TileMatrixSet 2.0).
//
//   const TileRange range = tiles_of(box, 12);       // range.min_row, range.max_row, ...; closed
//   json::array limits = tile_limits(box);           // one object for each zoom from 0 to geo::max_zoom
//
// Rows and columns are those of the grid that decides which tile a point is in, so a range is exact: its
// first and last row and column each hold a place with the box's least or greatest latitude or longitude.
#include <boost/json/array.hpp>
#include <optional>

#include "geo/tile_id.hpp"

namespace jobmap::api::ogc {

struct TileRange {
  std::uint32_t min_row = 0, max_row = 0, min_col = 0, max_col = 0;
  bool operator==(const TileRange&) const = default;
};

TileRange tiles_of(const geo::BoxE7& box, unsigned zoom);

// Empty where there is no box: then no tile holds anything.
boost::json::array tile_limits(const std::optional<geo::BoxE7>& box);

}  // namespace jobmap::api::ogc
