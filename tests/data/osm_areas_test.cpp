#include "data/ingest/osm/areas.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "data/ingest/osm/import_osm.hpp"
#include "data/store/load.hpp"
#include "data/store/store.hpp"
#include "geo/polygon.hpp"
#include "tests/data/osm_file.hpp"
#include "tests/data/scratch.hpp"

namespace jobmap::data {
namespace {

using Nodes = std::vector<std::int64_t>;

TEST(CloseRings, ways_in_any_order_and_direction_make_their_rings) {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    // Three rings of 9, 12 and 15 nodes, the first two meeting in node 0; each cut into ways.
    std::vector<Nodes> rings(3), ways;
    std::int64_t next = 1;
    for (std::size_t r = 0; r < 3; ++r) {
      rings[r].push_back(r < 2 ? 0 : next++);
      while (rings[r].size() < 9 + 3 * r) rings[r].push_back(next++);
      rings[r].push_back(rings[r].front());
      for (std::size_t begin = 0; begin + 1 < rings[r].size();) {
        const auto end = std::min(begin + 1 + random() % 5, rings[r].size() - 1);
        Nodes way(rings[r].begin() + static_cast<std::ptrdiff_t>(begin),
                  rings[r].begin() + static_cast<std::ptrdiff_t>(end) + 1);
        if (random() % 2) std::reverse(way.begin(), way.end());
        ways.push_back(std::move(way));
        begin = end;
      }
    }
    std::shuffle(ways.begin(), ways.end(), random);
    const auto found = osm::close_rings(ways);
    ASSERT_TRUE(found) << "seed 7, round " << round;
    const auto edges = [](const std::vector<Nodes>& all) {
      std::vector<std::pair<std::int64_t, std::int64_t>> out;
      for (const auto& ring : all) {
        EXPECT_EQ(ring.front(), ring.back());
        for (std::size_t i = 0; i + 1 < ring.size(); ++i) out.push_back(std::minmax(ring[i], ring[i + 1]));
      }
      std::sort(out.begin(), out.end());
      return out;
    };
    EXPECT_EQ(edges(*found), edges(rings));
    EXPECT_EQ(found->size(), 3u) << "rings that meet in a node are two";
    if (ways.front().front() != ways.front().back()) {
      ways.erase(ways.begin());
      EXPECT_FALSE(osm::close_rings(ways)) << "round " << round;
    }
  }
}

// A street; a lake of two outer ways with an island of one way, with a pond in it; a district of two ways.
OsmFile lake_and_district(const std::string& code) {
  OsmFile osm;
  const auto square = [&](std::int64_t first, double lon, double lat, double side) {
    osm.node(first, lon, lat).node(first + 1, lon + side, lat);
    osm.node(first + 2, lon + side, lat + side).node(first + 3, lon, lat + side);
  };
  square(1, 120.00, 30.00, 0.10), square(11, 120.02, 30.02, 0.04), square(21, 120.03, 30.03, 0.01);
  square(31, 120.04, 30.04, 0.005), square(41, 120.08, 30.08, 0.01);
  osm.way(1, {1, 2, 3}, {{"highway", "residential"}}).way(2, {3, 4, 1}, {});
  osm.way(11, {11, 12, 13}, {}).way(12, {11, 14, 13}, {}).way(21, {21, 22, 23, 24, 21}, {});
  osm.way(31, {31, 32, 33, 34, 31}, {{"natural", "water"}, {"water", "pond"}});
  osm.way(41, {41, 42, 43, 44}, {{"natural", "water"}});  // not closed
  OsmFile::Tags tags{
      {"type", "boundary"}, {"boundary", "administrative"}, {"admin_level", "6"}, {"name", "West"}};
  if (!code.empty()) tags.emplace_back("ref", code);
  osm.area(1, {{1, "outer"}, {2, "outer"}}, tags);
  osm.area(2, {{12, "outer"}, {21, "inner"}, {11, ""}},
           {{"type", "multipolygon"}, {"natural", "water"}, {"name", "Lake"}});
  osm.area(3, {{11, "outer"}, {999, "outer"}},
           {{"type", "multipolygon"}, {"landuse", "reservoir"}});  // cut off
  return osm;
}

class OsmAreas : public testing::Test {
 protected:
  Scratch dir_;
  std::string db_ = dir_ / "a.sqlite";
  OsmSummary run(const std::string& bytes, bool districts = false, const std::string& name = "town.osm.pbf") {
    OsmOptions o;
    o.database = db_, o.file = dir_.write(name, bytes), o.now = 1'800'000'000, o.districts = districts;
    return import_osm(o);
  }
  void put_district(const std::string& code, const std::string& name) {
    create_database(db_);
    Store store(db_);
    store.begin();
    const geo::Ring ring{{119.9, 29.9}, {120.2, 29.9}, {120.2, 30.2}, {119.9, 30.2}, {119.9, 29.9}};
    store.put(District{code, name, {{ring}}});
    store.commit();
  }
};

TEST_F(OsmAreas, pbf_and_xml_give_a_lake_with_its_island_and_a_district) {
  for (const char* name : {"town.osm.pbf", "town.osm"}) {
    db_ = dir_ / (std::string(name) + ".sqlite");
    const auto osm = lake_and_district("330199");
    const auto s = run(std::string(name).ends_with("pbf") ? osm.pbf() : osm.xml(), false, name);
    EXPECT_EQ(s.water, 2u);
    EXPECT_EQ(s.districts, 1u);
    EXPECT_EQ(s.taken, 1u);
    EXPECT_EQ(s.replaced, 0u);
    EXPECT_EQ(s.areas_left_out, 1u);
    const auto city = load_snapshot(db_, 1'800'000'000)->city;
    ASSERT_EQ(city->districts.size(), 1u);
    EXPECT_EQ(city->districts[0].adcode, "330199");
    EXPECT_EQ(city->districts[0].name, "West");
    EXPECT_EQ(city->districts[0].geometry[0][0].size(), 5u);
    ASSERT_EQ(city->water.size(), 2u);
    EXPECT_EQ(city->water[0].kind, "pond");
    EXPECT_EQ(city->water[0].osm, "way/31");
    EXPECT_EQ(city->water[1].name, "Lake");
    ASSERT_EQ(city->water[1].geometry.size(), 1u);
    EXPECT_EQ(city->water[1].geometry[0].size(), 2u) << "the island is a hole";
    EXPECT_FALSE(geo::invalid_reason(city->water[1].geometry));
    Store store(db_);
    for (const char* layer : {"water", "districts"})
      EXPECT_NE(store.meta(layer, "licence").find("ODbL"), std::string::npos) << layer;
  }
}

TEST_F(OsmAreas, districts_that_are_there_are_replaced_only_where_it_is_asked_for) {
  put_district("330106", "West");
  const auto corners = [&] {
    return load_snapshot(db_, 1'800'000'000)->city->districts.at(0).geometry[0][0][0].lon;
  };
  const auto kept = run(lake_and_district("").pbf());
  EXPECT_EQ(kept.districts, 1u);
  EXPECT_EQ(kept.taken, 0u);
  EXPECT_DOUBLE_EQ(corners(), 119.9);
  EXPECT_EQ(Store(db_).meta("districts", "licence"), "") << "what isn't OpenStreetMap's isn't said to be";
  const auto taken = run(lake_and_district("").pbf(), true);
  EXPECT_EQ(taken.taken, 1u);
  EXPECT_EQ(taken.replaced, 1u);
  EXPECT_DOUBLE_EQ(corners(), 120.0) << "of the same name";
}

TEST_F(OsmAreas, a_code_may_have_any_form) {
  const auto s = run(lake_and_district("FR-06").pbf());
  EXPECT_EQ(s.taken, 1u);
  EXPECT_EQ(load_snapshot(db_, 1'800'000'000)->city->districts.at(0).adcode, "FR-06");
}

TEST_F(OsmAreas, a_code_of_another_form_gives_way_to_that_of_the_same_name) {
  put_district("330106", "West");
  EXPECT_EQ(run(lake_and_district("FR-06").pbf(), true).replaced, 1u);
  EXPECT_EQ(load_snapshot(db_, 1'800'000'000)->city->districts.at(0).adcode, "330106");
}

TEST_F(OsmAreas, a_district_without_a_code_is_named_and_left_out) {
  const auto s = run(lake_and_district("").pbf());
  EXPECT_EQ(s.taken, 0u);
  EXPECT_EQ(s.without_code, std::vector<std::string>{"West"});
  EXPECT_TRUE(load_snapshot(db_, 1'800'000'000)->city->districts.empty());
}

TEST_F(OsmAreas, a_second_extract_replaces_the_water) {
  run(lake_and_district("").pbf());
  OsmFile dry;
  dry.node(1, 120.0, 30.0).node(2, 120.1, 30.0).node(3, 120.1, 30.1);
  dry.way(1, {1, 2, 3}, {{"highway", "path"}});
  EXPECT_EQ(run(dry.pbf()).water, 0u);
  EXPECT_TRUE(load_snapshot(db_, 1'800'000'000)->city->water.empty());
}

// A ring that crosses itself is nothing that can be drawn or measured.
TEST_F(OsmAreas, areas_that_are_not_valid_are_counted) {
  auto osm = lake_and_district("330199");
  osm.node(51, 120.0, 30.0).node(52, 120.01, 30.01).node(53, 120.01, 30.0).node(54, 120.0, 30.01);
  osm.way(51, {51, 52, 53, 54, 51}, {{"natural", "water"}});
  EXPECT_EQ(run(osm.pbf()).areas_left_out, 2u);
}

}  // namespace
}  // namespace jobmap::data
