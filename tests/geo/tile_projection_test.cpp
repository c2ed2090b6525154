#include "geo/tile_projection.hpp"

#include <gtest/gtest.h>

#include <random>

namespace jobmap::geo {
namespace {

TEST(TileProjection, IsTheClosedFormToAHundredthOfAUnit) {
  const unsigned seed = 61;
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  for (unsigned z = 0; z <= max_zoom; ++z) {
    const std::uint32_t n = 1u << z;
    std::uniform_int_distribution<std::uint32_t> any(0, n - 1);
    for (int round = 0; round < 200; ++round) {
      // The first rounds take the northernmost and southernmost rows, where Mercator bends most.
      const TileId tile{z, any(random), round == 0 ? 0 : round == 1 ? n - 1 : any(random)};
      const TileProjection project(tile, 4096);
      const Mercator corner = tile.north_west();
      std::uniform_real_distribution<double> inside(0, 1);
      for (int i = 0; i < 50; ++i) {
        const Mercator m{corner.x + inside(random) / n, corner.y + inside(random) / n};
        const PointE7 p = to_e7(from_mercator(m));
        const Mercator exact = to_mercator(to_lonlat(p));
        const auto [x, y] = project(p);
        EXPECT_NEAR(x, (exact.x - corner.x) * n * 4096, 0.01) << z;
        EXPECT_NEAR(y, (exact.y - corner.y) * n * 4096, 0.01) << z << ' ' << tile.y;
      }
    }
  }
}

}  // namespace
}  // namespace jobmap::geo
