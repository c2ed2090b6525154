// Tiles of every layer, zoom and system about the sample's jobs and stations, each held against the whole of
// the specification (mvt_reader.hpp), and within the tile and its buffer.
#include <random>

#include "geo/shifted_square.hpp"
#include "server/encode/tile_city.hpp"
#include "server/encode/tile_jobs.hpp"
#include "tests/encode/mvt_reader.hpp"
#include "tests/sample_snapshot.hpp"

namespace jobmap::encode {
namespace {

const data::Snapshot& sample() {
  static const auto s = sample_snapshot({.seed = 3, .jobs = 6000, .now = 1'767'225'600});
  return *s;
}

// The tiles of some jobs and stations, and their neighbours.
std::set<std::pair<std::uint32_t, std::uint32_t>> tiles_at(unsigned z, geo::Crs crs) {
  constexpr unsigned seed = 5;
  std::mt19937 random(seed);
  std::set<std::pair<std::uint32_t, std::uint32_t>> tiles;
  const auto& s = sample();
  const std::uint32_t side = 1u << z;
  for (int i = 0; i < 8; ++i) {
    const auto& stations = s.city->stations;
    const auto p = i % 2 ? s.jobs->tree.point(static_cast<data::Row>(random() % s.jobs->located))
                         : stations[random() % stations.size()].at;
    const auto cell = geo::to_grid(geo::shift(crs, p));
    const auto x = cell.x >> (geo::grid_bits - z), y = cell.y >> (geo::grid_bits - z);
    for (std::uint32_t dx = 0; dx < 3; ++dx)
      for (std::uint32_t dy = 0; dy < 3; ++dy)
        if (x + dx >= 1 && x + dx <= side && y + dy >= 1 && y + dy <= side)
          tiles.insert({x + dx - 1, y + dy - 1});
  }
  return tiles;
}

// How many features there were.
std::size_t check(const std::string& body) {
  EXPECT_LE(body.size(), 500'000u);
  std::size_t count = 0;
  for (const auto& [layer, features] : read_tile(body))
    for (const auto& f : features) {
      ++count;
      const int beyond = f.type == vector_tile::Tile::POINT ? 0 : 64;
      for (const auto& part : f.parts)
        for (const auto p : part.points) {
          EXPECT_GE(std::min(p.x, p.y), -beyond) << layer;
          EXPECT_LE(std::max(p.x, p.y), 4096 + beyond) << layer;
        }
    }
  return count;
}

class TileSweep : public testing::TestWithParam<geo::Crs> {};

TEST_P(TileSweep, EveryTileIsWhatTheSpecificationSays) {
  const auto& s = sample();
  query::JobQuery all, paid;
  paid.pay_unit = data::PayUnit::month;
  all.crs = paid.crs = GetParam();
  for (unsigned z = 0; z <= geo::max_zoom; ++z) {
    std::size_t features = 0;
    for (const auto& [x, y] : tiles_at(z, GetParam())) {
      const geo::TileId tile{z, x, y};
      SCOPED_TRACE(std::to_string(z) + '/' + std::to_string(x) + '/' + std::to_string(y));
      for (const auto* q : {&all, &paid})
        features += check(encode_jobs_tile(*s.jobs, tile, query::tile_content(*q, s, tile), q->crs));
      for (const auto layer : {CityLayer::stations, CityLayer::lines, CityLayer::districts,
                               CityLayer::service_points, CityLayer::venture_sites})
        features += check(encode_city_tile(*s.city, layer, tile, GetParam()));
      features += check(encode_circles_tile(*s.city, 1000, tile, GetParam()));
      if (HasFailure()) return;
    }
    EXPECT_GT(features, 0u) << "zoom " << z;
  }
}

INSTANTIATE_TEST_SUITE_P(Systems, TileSweep,
                         testing::Values(geo::Crs::wgs84, geo::Crs::gcj02, geo::Crs::bd09),
                         [](const auto& info) { return std::string(geo::name_of(info.param)); });

}  // namespace
}  // namespace jobmap::encode
