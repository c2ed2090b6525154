#pragma once
// Mapbox Vector Tile 2.1, written by hand: one layer at a time, appended to the caller's string.
//
//   MvtLayer layer(body, "stations");
//   const std::uint32_t tags[] = {layer.key("name"), layer.text("龙翔桥"), layer.key("capacity"), layer.number(3)};
//   layer.point({2048, 17}, tags);
//   layer.finish();         // a layer without features leaves no trace: an empty body is an empty tile
//
// Tags are pairs of key and value numbers in the layer's tables; equal values share a number. Coordinates are
// tile units, 4096 a side, x east and y south; they may lie in the buffer outside [0, 4096]. What is written
// is valid: no repeated points, lines of two points at least, rings of three and an area, the outer ring
// clockwise as seen and the holes against it, whatever the winding given. Rings that cross themselves are the
// caller's to mend (geo/grid_rings.hpp). A feature of which nothing is left is not written. Texts must be
// valid UTF-8. Format: the specification at github.com/mapbox/vector-tile-spec, version 2.1.
#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "geo/grid_rings.hpp"
#include "server/encode/wire.hpp"

namespace jobmap::encode {

inline constexpr std::int32_t tile_extent = 4096;

using TilePoint = geo::GridPoint;
// The nearest unit of a tile that the point lies in: rounding must not push it out.
inline std::int32_t tile_unit(double v) {
  return static_cast<std::int32_t>(std::clamp(v, 0.0, 1.0 * tile_extent) + 0.5);
}
using TilePath = std::vector<TilePoint>;
using Tags = std::span<const std::uint32_t>;

class MvtLayer {
 public:
  // Where the number of features is known, saying so saves growing on the way.
  MvtLayer(std::string& out, std::string_view name, std::size_t expected_features = 16);
  ~MvtLayer() { finish(); }

  // Numbers of keys and values in the layer's tables.
  std::uint32_t key(std::string_view name);
  std::uint32_t text(std::string_view value);
  std::uint32_t number(std::uint64_t value);
  std::uint32_t real(double value);
  std::uint32_t flag(bool value);
  // A text, given in two parts, that the caller knows to be in no other feature: not looked up.
  std::uint32_t unique_text(std::string_view head, std::string_view tail);

  // At most 11 pairs a point.
  void point(TilePoint at, Tags tags);
  void lines(std::span<const TilePath> lines, Tags tags);
  // Rings as in GeoJSON, closed or not, the outer one first. Where the outer ring vanishes, so do its holes.
  void polygons(std::span<const std::vector<TilePath>> polygons, Tags tags);

  void finish();

 private:
  struct Slot {
    std::uint32_t hash = 0, number_plus_1 = 0;
    std::uint32_t at = 0, size_and_type = 0;  // of the payload in the table of values
  };
  std::uint32_t intern(char tag, std::string_view payload);
  std::uint32_t add_value(char tag, std::string_view head, std::string_view tail);
  void enlarge_table();
  void add_feature(std::uint32_t type, std::span<const std::uint32_t> geometry, Tags tags);

  WireWriter out_;
  WireWriter::Nested layer_;
  std::vector<std::string> keys_;
  std::string value_bytes_;  // the encoded values, in the order of their numbers
  WireWriter values_;
  std::uint32_t value_count_ = 0;
  std::vector<Slot> table_;  // open addressing over the values that may repeat; a power of two
  std::size_t table_used_ = 0;
  bool has_features_ = false, finished_ = false;
};

}  // namespace jobmap::encode
