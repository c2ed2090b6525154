#include "geo/hilbert.hpp"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace jobmap::geo {
namespace {

TEST(Hilbert, VisitsEveryCellOfASmallSquareOnceAndStepsToANeighbour) {
  // The corner of 64 x 64 cells at the origin is one run of 4,096 keys.
  std::vector<GridCell> cells(4096);
  std::set<std::uint64_t> seen;
  for (std::uint32_t x = 0; x < 64; ++x)
    for (std::uint32_t y = 0; y < 64; ++y) {
      const auto key = hilbert_key({x, y});
      ASSERT_LT(key, 4096u);
      ASSERT_TRUE(seen.insert(key).second);
      cells[key] = {x, y};
    }
  for (std::size_t i = 1; i < cells.size(); ++i) {
    const int dx = static_cast<int>(cells[i].x) - static_cast<int>(cells[i - 1].x);
    const int dy = static_cast<int>(cells[i].y) - static_cast<int>(cells[i - 1].y);
    ASSERT_EQ(std::abs(dx) + std::abs(dy), 1) << i;
  }
}

TEST(Hilbert, ATileIsOneRunOfKeys) {
  std::mt19937_64 random(20260722);
  for (int i = 0; i < 100'000; ++i) {
    const GridCell cell{static_cast<std::uint32_t>(random() >> 33),
                        static_cast<std::uint32_t>(random() >> 33)};
    const auto key = hilbert_key(cell);
    const unsigned z = static_cast<unsigned>(random() % (max_zoom + 1));
    const TileId tile{z, cell.x >> (grid_bits - z), cell.y >> (grid_bits - z)};
    const auto [begin, end] = hilbert_range(tile);
    ASSERT_LE(begin, key);
    ASSERT_LT(key, end);
    ASSERT_EQ(end - begin, 1ull << (2 * (grid_bits - z)));
    if (z == 0) continue;
    // A neighbour tile of the same zoom has another run.
    const auto [other, other_end] = hilbert_range({z, tile.x ^ 1, tile.y});
    ASSERT_TRUE(other_end <= begin || other >= end);
  }
}

TEST(Mercator, GridCellAgreesWithTheTileOfThePoint) {
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> lon(-180, 179.9999), lat(-85, 85);
  for (int i = 0; i < 100'000; ++i) {
    const auto p = to_e7({lon(random), lat(random)});
    const auto m = to_mercator(to_lonlat(p));
    const auto cell = to_grid(p);
    ASSERT_EQ(cell.x >> (grid_bits - 14), static_cast<std::uint32_t>(m.x * 16384));
    ASSERT_EQ(cell.y >> (grid_bits - 14), static_cast<std::uint32_t>(m.y * 16384));
  }
}

}  // namespace
}  // namespace jobmap::geo
