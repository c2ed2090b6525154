#include "encode/tile_jobs.hpp"

#include <cmath>
#include <set>

#include "data/posting.hpp"
#include "query/evaluate.hpp"
#include "tests/encode/mvt_reader.hpp"
#include "tests/sample_snapshot.hpp"

namespace jobmap::encode {
namespace {

constexpr std::int64_t now = 1'767'225'600;

const data::Snapshot& sample() {
  static const auto s = sample_snapshot({.seed = 7, .jobs = 25'000, .now = now});
  return *s;
}

std::vector<TileFeature> tile_of(const data::Snapshot& s, geo::TileId tile, const query::JobQuery& q = {}) {
  return read_layer(encode_jobs_tile(*s.jobs, tile, query::matching_rows(q, s, s.jobs->rows_in_tile(tile))),
                    "jobs");
}

// The tiles of a zoom that hold jobs.
std::set<std::pair<std::uint32_t, std::uint32_t>> tiles_at(const data::Snapshot& s, unsigned z) {
  std::set<std::pair<std::uint32_t, std::uint32_t>> tiles;
  for (data::Row row = 0; row < s.jobs->located; ++row) {
    const auto cell = geo::to_grid(s.jobs->tree.point(row));
    tiles.insert({cell.x >> (geo::grid_bits - z), cell.y >> (geo::grid_bits - z)});
  }
  return tiles;
}

TEST(TileJobs, EveryJobWithAPointIsInOneTileOfAZoomWhereItBelongs) {
  const auto& s = sample();
  const auto& jobs = *s.jobs;
  std::size_t alive = 0;
  for (data::Row row = 0; row < jobs.located; ++row) alive += s.alive.test(row);
  for (unsigned z : {12u, 14u, 18u, 22u}) {
    std::set<std::string> seen;
    for (const auto& [x, y] : tiles_at(s, z)) {
      const auto corner = geo::TileId{z, x, y}.north_west();
      for (const auto& f : tile_of(s, {z, x, y})) {
        const std::string& id = f.properties.at("id");
        EXPECT_TRUE(seen.insert(id).second) << id;
        const auto row = jobs.find(id);
        ASSERT_TRUE(row);
        const auto text = jobs.text(*row);
        EXPECT_EQ(f.properties, (std::map<std::string, std::string>{
                                    {"id", id},
                                    {"title", std::string(text.field[data::JobText::title])},
                                    {"category", std::string(data::category_names[jobs.category[*row]])},
                                    {"ads", "1"},
                                    {"openings", std::to_string(jobs.openings[*row])}}));
        const auto m = geo::to_mercator(geo::to_lonlat(jobs.tree.point(*row)));
        const double n = std::exp2(z) * tile_extent;
        ASSERT_EQ(f.type, vector_tile::Tile::POINT);
        EXPECT_NEAR(f.parts[0].points[0].x, (m.x - corner.x) * n, 0.51);
        EXPECT_NEAR(f.parts[0].points[0].y, (m.y - corner.y) * n, 0.51);
      }
    }
    EXPECT_EQ(seen.size(), alive) << z;
  }
}

std::set<std::string> ids_of(const std::vector<TileFeature>& features) {
  std::set<std::string> ids;
  for (const auto& f : features) ids.insert(f.properties.at("id"));
  return ids;
}

TEST(TileJobs, ACrowdedTileIsThinnedAndSaysSo) {
  const auto& s = sample();
  const auto world = tile_of(s, {0, 0, 0});
  EXPECT_EQ(world.size(), max_tile_jobs);
  for (const auto& f : world) EXPECT_EQ(f.properties.at("thinned"), "true");
  query::JobQuery internships;
  internships.categories = 1u << static_cast<unsigned>(data::Category::internship);
  const auto few = tile_of(s, {0, 0, 0}, internships);
  EXPECT_GT(few.size(), 100u);
  EXPECT_LT(few.size(), max_tile_jobs);
  for (const auto& f : few) EXPECT_FALSE(f.properties.contains("thinned"));
}

TEST(TileJobs, ZoomingInOnlyEverAddsJobs) {
  const auto& s = sample();
  for (unsigned z = 0; z < 12; ++z) {
    std::set<std::string> above, below;
    for (const auto& [x, y] : tiles_at(s, z)) above.merge(ids_of(tile_of(s, {z, x, y})));
    for (const auto& [x, y] : tiles_at(s, z + 1)) below.merge(ids_of(tile_of(s, {z + 1, x, y})));
    EXPECT_TRUE(std::includes(below.begin(), below.end(), above.begin(), above.end())) << z;
  }
}

data::Posting posting(int i, geo::LonLat at) {
  data::Posting p;
  p.source = "test";
  p.id = std::to_string(i);
  p.title = "same";
  p.employer = "e";
  p.district = "990001";
  p.precision = data::Precision::exact;
  p.point = at;
  p.expires_at = now + 86400;
  return p;
}

std::shared_ptr<const data::Snapshot> snapshot_of(const std::vector<data::Posting>& postings) {
  auto city = std::make_shared<data::City>();
  data::JobTableBuilder builder;
  for (const auto& p : postings) builder.add(p);
  return data::make_snapshot(std::move(builder).build(*city), city, "test", 1, now);
}

TEST(TileJobs, PostingsThatAreAllAlikeAreThinnedToo) {
  std::vector<data::Posting> postings;
  for (int i = 0; i < 12'000; ++i) postings.push_back(posting(i, {120.1, 30.2}));
  const auto s = snapshot_of(postings);
  EXPECT_EQ(tile_of(*s, {0, 0, 0}).size(), max_tile_jobs);
  EXPECT_EQ(ids_of(tile_of(*s, {0, 0, 0})), ids_of(tile_of(*s, {1, 1, 0})));
}

TEST(TileJobs, ExactlyTheLimitIsNotThinned) {
  std::vector<data::Posting> postings;
  for (int i = 0; i < static_cast<int>(max_tile_jobs); ++i)
    postings.push_back(posting(i, {120 + i * 1e-5, 30.2}));
  const auto features = tile_of(*snapshot_of(postings), {0, 0, 0});
  EXPECT_EQ(features.size(), max_tile_jobs);
  EXPECT_FALSE(features[0].properties.contains("thinned"));
}

// Corners, poles and both sides of the antimeridian: each in one tile, inside its square.
TEST(TileJobs, TheEdgesOfTheWorld) {
  std::vector<data::Posting> postings;
  const std::vector<geo::LonLat> places{{-180, 0},     {180, 0},      {0, 90}, {0, -90},
                                        {-180, 85.06}, {180, -85.06}, {0, 0},  {179.9999999, 60}};
  for (std::size_t i = 0; i < places.size(); ++i) postings.push_back(posting(static_cast<int>(i), places[i]));
  const auto s = snapshot_of(postings);
  for (unsigned z : {0u, 1u, 2u, 5u, 6u, 7u, 14u, 22u}) {
    std::size_t seen = 0;
    for (const auto& [x, y] : tiles_at(*s, z)) {
      for (const auto& f : tile_of(*s, {z, x, y})) {
        ++seen;
        EXPECT_GE(f.parts[0].points[0].x, 0);
        EXPECT_LE(f.parts[0].points[0].x, tile_extent);
        EXPECT_GE(f.parts[0].points[0].y, 0);
        EXPECT_LE(f.parts[0].points[0].y, tile_extent);
      }
    }
    EXPECT_EQ(seen, places.size()) << z;
  }
}

}  // namespace
}  // namespace jobmap::encode
