#pragma once
// The Hilbert curve over the Web Mercator square: the order in which everything with a place is stored.
//
//   std::uint64_t key = hilbert_key(to_grid(point));        // 62 bits, first step of the curve on top
//   auto [begin, end] = hilbert_range({12, 3414, 1687});    // the keys of one tile, half-open
//
// The curve enters and leaves every aligned square once, so a tile of any zoom is one run of keys. Four
// levels a step by a table, built at compile time from the curve's four orientations (Hilbert 1891; the table
// walk is the usual finite-state form, e.g. Lawder and King 2000).
#include <array>
#include <cstdint>
#include <utility>

#include "geo/mercator.hpp"
#include "geo/tile_id.hpp"

namespace jobmap::geo {

namespace detail {

// An orientation is two bits: swap x and y (1), invert both (2). A step reads one bit of each coordinate.
struct HilbertStep {
  std::uint8_t digits;  // 8 bits: four levels of two
  std::uint8_t next;    // orientation below
};

constexpr std::array<HilbertStep, 4 * 256> make_hilbert_table() {
  std::array<HilbertStep, 4 * 256> table{};
  for (unsigned state = 0; state < 4; ++state)
    for (unsigned xy = 0; xy < 256; ++xy) {
      unsigned s = state, digits = 0;
      for (int bit = 3; bit >= 0; --bit) {
        unsigned a = xy >> (4 + bit) & 1, b = xy >> bit & 1;
        if (s & 1) std::swap(a, b);
        if (s & 2) a ^= 1, b ^= 1;
        digits = digits << 2 | ((3 * a) ^ b);
        if (b == 0) s ^= a ? 3 : 1;
      }
      table[state * 256 + xy] = {static_cast<std::uint8_t>(digits), static_cast<std::uint8_t>(s)};
    }
  return table;
}
inline constexpr auto hilbert_table = make_hilbert_table();

}  // namespace detail

inline std::uint64_t hilbert_key(GridCell cell) {
  std::uint64_t key = 0;
  unsigned state = 0;
  for (int shift = 28; shift >= 0; shift -= 4) {
    const auto step =
        detail::hilbert_table[state * 256 + ((cell.x >> shift & 15) << 4 | (cell.y >> shift & 15))];
    key = key << 8 | step.digits;
    state = step.next;
  }
  return key;
}

inline std::pair<std::uint64_t, std::uint64_t> hilbert_range(TileId tile) {
  const unsigned below = grid_bits - tile.z;
  const std::uint64_t prefix = hilbert_key({tile.x << below, tile.y << below}) >> (2 * below);
  return {prefix << (2 * below), (prefix + 1) << (2 * below)};
}

}  // namespace jobmap::geo
