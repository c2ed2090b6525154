#include "server/encode/tile_jobs.hpp"

#include <cmath>
#include <set>

#include "data/model/posting.hpp"
#include "server/query/list/evaluate.hpp"
#include "tests/encode/mvt_reader.hpp"
#include "tests/sample_snapshot.hpp"

namespace jobmap::encode {
namespace {

constexpr std::int64_t now = 1'767'225'600;

const data::Snapshot& sample() {
  static const auto s = sample_snapshot({.seed = 7, .jobs = 25'000, .now = now});
  return *s;
}

std::map<std::string, std::vector<TileFeature>> tile_of(const data::Snapshot& s, geo::TileId tile,
                                                        const query::JobQuery& q = {}) {
  const auto body = encode_jobs_tile(*s.jobs, tile, query::tile_content(q, s, tile));
  EXPECT_LE(body.size(), 500'000u);
  return read_tile(body);
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
  for (unsigned z : {16u, 18u, 22u}) {
    std::set<std::string> seen;
    for (const auto& [x, y] : tiles_at(s, z)) {
      const auto corner = geo::TileId{z, x, y}.north_west();
      const auto layers = tile_of(s, {z, x, y});
      EXPECT_FALSE(layers.contains("clusters"));
      if (!layers.contains("jobs")) continue;
      for (const auto& f : layers.at("jobs")) {
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

std::uint64_t number(const TileFeature& f, const std::string& name) {
  return std::stoull(f.properties.at(name));
}

// The tile writes the clusters that the query found; query/clusters_test shows that it found the right ones.
TEST(TileJobs, ACrowdedTileHasClusters) {
  const auto& s = sample();
  query::JobQuery by_month;
  by_month.pay_unit = data::PayUnit::month;
  for (const auto& q : {query::JobQuery{}, by_month})
    for (unsigned z : {0u, 8u, 10u, 12u}) {
      std::uint64_t ads = 0, openings = 0;
      for (const auto& [x, y] : tiles_at(s, z)) {
        const geo::TileId tile{z, x, y};
        const auto content = query::tile_content(q, s, tile);
        const auto layers = tile_of(s, tile, q);
        for (const auto& [name, features] : layers)
          for (const auto& f : features) ads += number(f, "ads"), openings += number(f, "openings");
        EXPECT_EQ(layers.contains("clusters"), !content.clusters.empty());
        if (content.clusters.empty()) continue;
        const auto& features = layers.at("clusters");
        ASSERT_EQ(features.size(), content.clusters.size());
        for (std::size_t i = 0; i < features.size(); ++i) {
          const auto& c = content.clusters[i];
          std::map<std::string, std::string> expected{{"ads", std::to_string(c.tally.ads())},
                                                      {"openings", std::to_string(c.tally.openings())},
                                                      {"full_time", std::to_string(c.tally.category[0].ads)},
                                                      {"gig", std::to_string(c.tally.category[1].ads)},
                                                      {"internship", std::to_string(c.tally.category[2].ads)},
                                                      {"expansion_zoom", std::to_string(c.expansion_zoom)},
                                                      {"cell", c.cell.name()}};
          if (c.pay) {
            expected["pay_lower"] = std::to_string(c.pay->lower / 100.0);
            expected["pay_median"] = std::to_string(c.pay->median / 100.0);
            expected["pay_upper"] = std::to_string(c.pay->upper / 100.0);
          }
          EXPECT_EQ(features[i].properties, expected);
          // In its own cell, as drawn.
          const auto at = features[i].parts[0].points[0];
          EXPECT_GE(at.x, static_cast<int>(c.cell.i) * 512);
          EXPECT_LE(at.x, static_cast<int>(c.cell.i + 1) * 512);
          EXPECT_GE(at.y, static_cast<int>(c.cell.j) * 512);
          EXPECT_LE(at.y, static_cast<int>(c.cell.j + 1) * 512);
        }
      }
      const auto totals = query::count(q, s);
      EXPECT_EQ(ads, totals.located) << z;
      EXPECT_GT(openings, ads);
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

// Titles of 60,000 bytes: what would not fit is counted and not shown, and nothing is left out.
TEST(TileJobs, NoTextsMakeATileTooLarge) {
  for (const std::size_t length : {60'000u, 5'000u, 400u}) {
    std::vector<data::Posting> postings;
    for (int i = 0; i < 900; ++i) {
      auto p = posting(i, {120 + i % 30 * 1e-3, 30 + i / 30 * 1e-3});
      p.title = std::string(i % 3 ? length : 9, 'x');
      postings.push_back(std::move(p));
    }
    const auto s = snapshot_of(postings);
    for (unsigned z = 0; z <= 22; ++z) {
      std::uint64_t ads = 0;
      for (const auto& [x, y] : tiles_at(*s, z))
        for (const auto& [name, features] : tile_of(*s, {z, x, y}))
          for (const auto& f : features) ads += number(f, "ads");
      EXPECT_EQ(ads, 900u) << length << " at zoom " << z;
    }
  }
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
      const auto layers = tile_of(*s, {z, x, y});
      for (const auto& f : layers.at("jobs")) {
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
