#include "data/ingest/osm/street_rules.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "geo/street_graph.hpp"
#include "tests/data/scratch.hpp"

namespace jobmap::embedded {
extern const std::string_view street_rules_toml;
}

namespace jobmap::data::osm {
namespace {

using geo::StreetEdge;
using List = std::vector<Tag>;

const StreetRules& rules() {
  static const StreetRules shipped = StreetRules::shipped();
  return shipped;
}

// "w" and "b" for both directions, "w>" or "b<" for one; "" where neither may pass.
std::string open(const List& tags) {
  const auto a = rules().way(tags).access;
  std::string out;
  const auto mode = [&](char name, unsigned bits) {
    if (bits) out += name;
    if (bits == 1) out += '>';
    if (bits == 2) out += '<';
  };
  mode('w', a & 3), mode('b', a >> 2 & 3);
  return out;
}

TEST(StreetRules, classes) {
  for (const auto* both :
       {"trunk", "primary", "secondary_link", "residential", "service", "track", "path", "cycleway"})
    EXPECT_EQ(open({{"highway", both}}), "wb") << both;
  for (const auto* walk : {"footway", "steps", "pedestrian", "platform", "corridor"})
    EXPECT_EQ(open({{"highway", walk}}), "w") << walk;
  for (const auto* closed : {"motorway", "motorway_link", "construction", "proposed", "raceway", "razed"})
    EXPECT_EQ(open({{"highway", closed}}), "") << closed;
  EXPECT_EQ(open({{"building", "yes"}}), "");
  EXPECT_EQ(open({{"railway", "platform"}}), "w");
}

TEST(StreetRules, the_most_exact_key_decides) {
  EXPECT_EQ(open({{"highway", "residential"}, {"access", "private"}}), "");
  EXPECT_EQ(open({{"highway", "residential"}, {"access", "private"}, {"foot", "yes"}}), "w");
  EXPECT_EQ(open({{"highway", "service"}, {"access", "no"}, {"bicycle", "designated"}}), "b");
  EXPECT_EQ(open({{"highway", "track"}, {"vehicle", "no"}}), "w");
  EXPECT_EQ(open({{"highway", "primary"}, {"bicycle", "use_sidepath"}}), "w");
  EXPECT_EQ(open({{"highway", "footway"}, {"bicycle", "yes"}}), "wb");
  EXPECT_EQ(open({{"highway", "footway"}, {"bicycle", "dismount"}}), "w");
  EXPECT_EQ(open({{"highway", "motorway"}, {"foot", "yes"}}), "w");
  EXPECT_EQ(open({{"highway", "trunk"}, {"sidewalk", "no"}}), "b");
  EXPECT_EQ(open({{"highway", "residential"}, {"sidewalk", "no"}}), "wb");
  EXPECT_EQ(open({{"highway", "primary"}, {"motorroad", "yes"}}), "");
  EXPECT_EQ(open({{"highway", "residential"}, {"access", "destination"}}), "wb");
}

TEST(StreetRules, one_way_is_for_wheels) {
  EXPECT_EQ(open({{"highway", "primary"}, {"oneway", "yes"}}), "wb>");
  EXPECT_EQ(open({{"highway", "primary"}, {"oneway", "-1"}}), "wb<");
  EXPECT_EQ(open({{"highway", "primary"}, {"oneway", "yes"}, {"oneway:bicycle", "no"}}), "wb");
  EXPECT_EQ(open({{"highway", "primary"}, {"oneway", "yes"}, {"cycleway", "opposite_lane"}}), "wb");
  EXPECT_EQ(open({{"highway", "primary"}, {"oneway", "yes"}, {"cycleway:left", "opposite"}}), "wb");
  EXPECT_EQ(open({{"highway", "primary"}, {"junction", "roundabout"}}), "wb>");
  EXPECT_EQ(open({{"highway", "steps"}, {"conveying", "backward"}}), "w<");
  EXPECT_EQ(open({{"highway", "footway"}, {"oneway:foot", "yes"}}), "w>");
}

TEST(StreetRules, ferries_and_their_times) {
  const auto minutes = [](const char* duration) {
    return rules().way(List{{"route", "ferry"}, {"duration", duration}}).minutes;
  };
  EXPECT_EQ(rules().way(List{{"route", "ferry"}}).access,
            StreetEdge::walk | StreetEdge::bike | StreetEdge::afloat);
  EXPECT_EQ(rules().way(List{{"route", "ferry"}, {"foot", "no"}, {"bicycle", "no"}}).access, 0);
  EXPECT_EQ(minutes("20"), 20);
  EXPECT_EQ(minutes("01:30"), 90);
  EXPECT_EQ(minutes("00:20:30"), 20.5);
  EXPECT_EQ(minutes("PT1H5M"), 65);
  for (const auto* nonsense : {"", "soon", "-5", "inf", "1:2:3:4", "PT", "20 min", "0"})
    EXPECT_EQ(minutes(nonsense), std::nullopt) << nonsense;
}

TEST(StreetRules, gates_that_are_locked) {
  EXPECT_EQ(rules().closed_to(List{{"barrier", "gate"}}), 0);
  EXPECT_EQ(rules().closed_to(List{{"barrier", "gate"}, {"access", "private"}}),
            StreetEdge::walk | StreetEdge::bike);
  EXPECT_EQ(rules().closed_to(List{{"barrier", "bollard"}, {"bicycle", "no"}}), StreetEdge::bike);
  EXPECT_EQ(rules().closed_to(List{{"access", "private"}}), 0) << "no barrier stands there";
}

TEST(StreetRules, gates_with_a_lock_and_walls) {
  constexpr std::uint8_t both = StreetEdge::walk | StreetEdge::bike;
  const auto closed = [](const List& tags) { return rules().closed_to(tags); };
  EXPECT_EQ(closed({{"barrier", "gate"}, {"locked", "yes"}}), both);
  EXPECT_EQ(closed({{"barrier", "gate"}, {"locked", "yes"}, {"foot", "yes"}}), StreetEdge::bike);
  EXPECT_EQ(closed({{"barrier", "gate"}, {"locked", "no"}}), 0);
  EXPECT_EQ(closed({{"barrier", "wall"}}), both);
  EXPECT_EQ(closed({{"barrier", "wall"}, {"bicycle", "no"}, {"foot", "permissive"}}), StreetEdge::bike);
  EXPECT_TRUE(rules().is_wall(List{{"barrier", "fence"}}));
  EXPECT_FALSE(rules().is_wall(List{{"barrier", "fence"}, {"highway", "path"}}));
  EXPECT_FALSE(rules().is_wall(List{{"barrier", "kerb"}}));
}

TEST(StreetRules, open_areas_and_levels) {
  EXPECT_TRUE(rules().is_area(List{{"highway", "pedestrian"}, {"area", "yes"}}));
  EXPECT_FALSE(rules().is_area(List{{"highway", "pedestrian"}}));
  EXPECT_TRUE(rules().is_area(List{{"railway", "platform"}}));
  EXPECT_TRUE(rules().is_area(List{{"man_made", "pier"}}));
  EXPECT_FALSE(rules().is_area(List{{"man_made", "pier"}, {"area", "no"}}));
  EXPECT_EQ(open({{"man_made", "pier"}}), "w");
  EXPECT_EQ(open({{"man_made", "pier"}, {"access", "private"}}), "");
  EXPECT_EQ(open({{"man_made", "breakwater"}}), "");
  const auto level = [](const List& tags) { return StreetRules::level(tags); };
  EXPECT_EQ(level({{"layer", "-2"}, {"bridge", "yes"}}), -2);
  EXPECT_EQ(level({{"tunnel", "building_passage"}}), -1);
  EXPECT_EQ(level({{"bridge", "yes"}}), 1);
  EXPECT_EQ(level({{"layer", "999999999999"}}), 0);
  EXPECT_EQ(level({{"bridge", "no"}}), 0);
}

TEST(StreetRules, entrances_of_stations) {
  const auto entrance = [](const List& tags) { return rules().is_entrance(tags); };
  EXPECT_TRUE(entrance({{"railway", "subway_entrance"}}));
  EXPECT_TRUE(entrance({{"railway", "elevator;subway_entrance"}}));
  EXPECT_TRUE(entrance({{"railway", "train_station_entrance"}, {"access", "customers"}}));
  EXPECT_FALSE(entrance({{"railway", "subway_entrance"}, {"access", "private"}}));
  EXPECT_FALSE(entrance({{"railway", "subway_entrance"}, {"abandoned", "yes"}}));
  EXPECT_FALSE(entrance({{"disused:railway", "subway_entrance"}}));
  EXPECT_FALSE(entrance({{"entrance", "main"}}));
  EXPECT_TRUE(rules().may_be_entrance(List{{"entrance", "main"}}));
  EXPECT_FALSE(rules().may_be_entrance(List{{"entrance", "emergency"}}));
}

TEST(StreetRules, hours_are_noticed) {
  EXPECT_TRUE(StreetRules::has_hours(List{{"opening_hours", "06:00-22:00"}}));
  EXPECT_TRUE(StreetRules::has_hours(List{{"access:conditional", "no @ (22:00-06:00)"}}));
  EXPECT_FALSE(StreetRules::has_hours(List{{"opening_hours", "24/7"}}));
  EXPECT_FALSE(StreetRules::has_hours(List{{"maxspeed:conditional", "30 @ (22:00-06:00)"}}));
}

// A file that was written for an older program lacks the settings that came since: it means the shipped ones.
TEST(StreetRules, an_older_file_is_read) {
  std::istringstream lines{std::string(embedded::street_rules_toml)};
  std::string old;
  bool skips = false;
  for (std::string line; std::getline(lines, line);) {
    for (const auto* key : {"also = ", "areas = ", "entrance = ", "[barrier]"})
      skips |= line.starts_with(key);
    if (!skips) old += line + '\n';
    if (line.ends_with("]") && !line.starts_with("[")) skips = false;
  }
  EXPECT_EQ(old.find("barrier]"), old.npos);
  EXPECT_EQ(old.find("pier\"]\n"), old.rfind("pier\"]\n")) << "left in walk.highway alone";
  const auto read = StreetRules::parse(old);
  EXPECT_NE(read.closed_to(List{{"barrier", "wall"}}), 0);
  EXPECT_TRUE(read.is_area(List{{"man_made", "pier"}}));
  EXPECT_TRUE(read.is_entrance(List{{"railway", "subway_entrance"}}));
}

TEST(StreetRules, a_file_that_cannot_be_right) {
  auto wrong = std::string(embedded::street_rules_toml);
  wrong.replace(wrong.find("man_made=pier"), 13, "man_made pier");
  EXPECT_NE(error_of([&] { StreetRules::parse(wrong); }).find("'man_made pier' is not key=value"),
            std::string::npos);
  EXPECT_NE(error_of([] { StreetRules::parse("[walk"); }).find("line 1"), std::string::npos);
  EXPECT_NE(error_of([] { StreetRules::parse(""); }).find("walk"), std::string::npos);
}

}  // namespace
}  // namespace jobmap::data::osm
