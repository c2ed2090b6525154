#pragma once
// One square of the grid in which crowded jobs are counted together: cell (i, j) of a tile that is cut into
// 8 x 8, i from the west and j from the north.
//
//   CellId c{{11, 1707, 843}, 3, 5};    c.name() == "11/1707/843/3/5";
//   jobs.rows_in_tile(c.square());      // an aligned square too, three zooms deeper
//
// Half-open like the tiles, so that each point lies in exactly one cell of a zoom.
#include <string>

#include "geo/tile_id.hpp"

namespace jobmap::geo {

struct CellId {
  static constexpr unsigned levels = 3;
  static constexpr std::uint32_t per_side = 1u << levels;

  TileId tile;
  std::uint32_t i = 0, j = 0;
  bool operator==(const CellId&) const = default;

  bool is_valid() const { return tile.is_valid() && i < per_side && j < per_side; }
  // Its zoom may be deeper than max_zoom.
  TileId square() const { return {tile.z + levels, tile.x << levels | i, tile.y << levels | j}; }
  std::string name() const {
    std::string text;
    for (const auto n : {tile.z, tile.x, tile.y, i, j}) text += (text.empty() ? "" : "/") + std::to_string(n);
    return text;
  }
};

}  // namespace jobmap::geo
