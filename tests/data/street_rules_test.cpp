#include "data/osm/street_rules.hpp"

#include <gtest/gtest.h>

#include "geo/street_graph.hpp"
#include "scratch.hpp"

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

TEST(StreetRules, a_file_that_cannot_be_right) {
  EXPECT_NE(error_of([] { StreetRules::parse("[walk"); }).find("line 1"), std::string::npos);
  EXPECT_NE(error_of([] { StreetRules::parse(""); }).find("walk"), std::string::npos);
}

}  // namespace
}  // namespace jobmap::data::osm
