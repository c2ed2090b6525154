// The streets made of an extract: what closes them, what is walked across, how long it takes, what is
// missing.
#include <gtest/gtest.h>

#include <optional>

#include "data/ingest/osm/extract.hpp"
#include "data/ingest/osm/lost.hpp"
#include "data/ingest/osm/source.hpp"
#include "geo/distance.hpp"
#include "geo/street_search.hpp"
#include "tests/data/osm_file.hpp"
#include "tests/data/scratch.hpp"

namespace jobmap::data::osm {
namespace {

using geo::StreetEdge;

constexpr auto walk = geo::TravelMode::walk;
constexpr geo::LonLat west{120.1, 30.2}, east{120.104, 30.2};
const OsmFile::Tags street{{"highway", "residential"}}, footway{{"highway", "footway"}};

// Reads an extract twice, as the import does.
class Town {
 public:
  explicit Town(const OsmFile& osm) : rules_(StreetRules::shipped()), extract(rules_) {
    const auto pbf = osm.pbf();
    read(*source_of(pbf), extract);
    if (extract.wants_ways()) read(*source_of(pbf), extract.second_reading());
    graph_ = geo::StreetGraph(extract.streets());
  }
  // Metres on foot, or nothing.
  std::optional<double> way(geo::LonLat from, geo::LonLat to, geo::TravelMode mode = walk) const {
    geo::StreetSearch search;
    const geo::Seed seed{graph_.snap(geo::to_e7(from), mode, 20), 0};
    search.run(graph_, mode, {&seed, 1}, geo::StreetSearch::no_limit);
    const auto found = search.to(graph_.snap(geo::to_e7(to), mode, 20));
    return found ? std::optional(found->mm / 1000.0) : std::nullopt;
  }
  const geo::StreetGraph& graph() const { return graph_; }

 private:
  StreetRules rules_;

 public:
  Extract extract;

 private:
  geo::StreetGraph graph_;
};

// A straight street of five nodes from west to east, whose middle is node 3.
OsmFile straight(OsmFile::Tags middle = {}) {
  OsmFile osm;
  for (int i = 0; i < 5; ++i)
    osm.node(1 + i, west.lon + 0.001 * i, west.lat, i == 2 ? middle : OsmFile::Tags{});
  return osm.way(1, {1, 2, 3, 4, 5}, street);
}
bool passes(const OsmFile& osm, geo::TravelMode mode = walk) {
  return Town(osm).way(west, east, mode).has_value();
}

TEST(OsmNetwork, barriers_in_a_street) {
  for (const auto* kind : {"wall", "fence", "city_wall", "hedge", "retaining_wall"}) {
    EXPECT_FALSE(passes(straight({{"barrier", kind}}))) << kind;
    EXPECT_FALSE(passes(straight({{"barrier", kind}}), geo::TravelMode::bike)) << kind;
    EXPECT_TRUE(passes(straight({{"barrier", kind}, {"foot", "yes"}}))) << kind;
    EXPECT_TRUE(passes(straight({{"barrier", kind}, {"access", "yes"}}))) << kind;
  }
  for (const auto* kind : {"gate", "bollard", "lift_gate", "kerb", "stile", "entrance", "cycle_barrier"})
    EXPECT_TRUE(passes(straight({{"barrier", kind}}))) << kind;
  EXPECT_FALSE(passes(straight({{"barrier", "gate"}, {"locked", "yes"}})));
  EXPECT_FALSE(passes(straight({{"barrier", "gate"}, {"locked", "yes"}, {"access", "yes"}})));
  EXPECT_FALSE(passes(straight({{"highway", "gate"}, {"locked", "yes"}})));
  EXPECT_TRUE(passes(straight({{"barrier", "gate"}, {"locked", "no"}})));
  EXPECT_TRUE(passes(straight({{"barrier", "gate"}, {"locked", "yes"}, {"foot", "designated"}})));
  EXPECT_FALSE(passes(straight({{"barrier", "gate"}, {"access", "private"}})));
}

TEST(OsmNetwork, one_gets_as_far_as_the_barrier) {
  const Town town(straight({{"barrier", "wall"}}));
  EXPECT_EQ(town.graph().edges(), 2u);
  EXPECT_EQ(town.graph().nodes(), 4u) << "two ends at one place";
  EXPECT_TRUE(town.way(west, {west.lon + 0.0019, west.lat}));
  EXPECT_FALSE(town.way(west, {west.lon + 0.0021, west.lat}));
}

// A wall that is drawn from north to south through the middle of the street.
OsmFile with_wall(std::vector<std::int64_t> nodes, OsmFile::Tags tags, OsmFile::Tags middle = {}) {
  auto osm = straight(std::move(middle));
  osm.node(20, west.lon + 0.002, west.lat + 0.001).node(21, west.lon + 0.002, west.lat - 0.001);
  osm.node(22, west.lon + 0.001, west.lat + 0.001);
  return osm.way(2, std::move(nodes), std::move(tags));
}

TEST(OsmNetwork, walls_across_a_street) {
  for (const auto* kind : {"wall", "fence", "city_wall", "hedge"})
    EXPECT_FALSE(passes(with_wall({20, 3, 21}, {{"barrier", kind}}))) << kind;
  EXPECT_FALSE(passes(with_wall({20, 3, 21, 22, 20}, {{"barrier", "fence"}}))) << "a fence all round";
  EXPECT_TRUE(passes(with_wall({20, 3}, {{"barrier", "wall"}}))) << "it ends at the street";
  EXPECT_TRUE(passes(with_wall({20, 3, 22}, {{"barrier", "wall"}}))) << "it only touches it";
  EXPECT_TRUE(passes(with_wall({20, 3, 21}, {{"barrier", "kerb"}})));
  EXPECT_TRUE(passes(with_wall({20, 3, 21}, {{"barrier", "wall"}, {"layer", "-1"}}))) << "below the street";
  EXPECT_TRUE(passes(with_wall({20, 3, 21}, {{"barrier", "wall"}}, {{"barrier", "gate"}})));
  EXPECT_TRUE(passes(with_wall({20, 3, 21}, {{"barrier", "wall"}}, {{"entrance", "yes"}})));
  EXPECT_FALSE(
      passes(with_wall({20, 3, 21}, {{"barrier", "wall"}}, {{"barrier", "gate"}, {"locked", "yes"}})));
  EXPECT_FALSE(passes(with_wall({20, 3, 21}, {{"barrier", "gate"}, {"locked", "yes"}})));
  EXPECT_EQ(Town(with_wall({20, 3, 21}, {{"barrier", "wall"}})).extract.closed_by_walls(), 1u);
  // One below the street and one across it.
  EXPECT_FALSE(passes(with_wall({20, 3, 22}, {{"barrier", "wall"}, {"layer", "-1"}})
                          .way(3, {20, 3, 21}, {{"barrier", "wall"}})));
  // The wall in two ways, and the street too.
  auto split = straight();
  split.node(20, west.lon + 0.002, west.lat + 0.001).node(21, west.lon + 0.002, west.lat - 0.001);
  split.way(2, {20, 3}, {{"barrier", "wall"}}).way(3, {3, 21}, {{"barrier", "wall"}});
  EXPECT_FALSE(passes(split));
}

TEST(OsmNetwork, steps_are_slower_by_the_factor_of_the_rules) {
  const auto steps = [](OsmFile::Tags tags) {
    OsmFile osm;
    osm.node(1, west.lon, west.lat).node(2, east.lon, east.lat);
    return *Town(osm.way(1, {1, 2}, std::move(tags))).way(west, east);
  };
  const double level = steps(footway);
  EXPECT_NEAR(level, geo::distance_m(west, east), 0.01);
  EXPECT_NEAR(steps({{"highway", "steps"}}), 2 * level, 0.01);
  EXPECT_NEAR(steps({{"highway", "steps"}, {"conveying", "yes"}}), level, 0.01) << "an escalator";
}

// A square of 400 m, entered in the middle of its west and its east side.
OsmFile corners() {
  OsmFile osm;
  const double w = 120.1479, e = 120.1521, s = 30.2582, n = 30.2618, m = 30.26;
  osm.node(1, w, s).node(2, w, m).node(3, w, n).node(4, e, n).node(5, e, m).node(6, e, s);
  osm.node(10, w - 0.002, m).node(11, e + 0.002, m);
  osm.way(11, {10, 2}, street).way(12, {5, 11}, street);
  return osm;
}
const geo::LonLat before{120.1459, 30.26}, behind{120.1541, 30.26};
const std::vector<std::int64_t> outline{1, 2, 3, 4, 5, 6, 1};
double across() { return geo::distance_m(before, behind); }
double round() { return across() + 2 * geo::distance_m({120.1479, 30.26}, {120.1479, 30.2618}); }

TEST(OsmNetwork, open_areas_are_walked_across) {
  const auto way = [](const OsmFile& osm) { return Town(osm).way(before, behind).value_or(0); };
  const auto closed = [&](OsmFile::Tags tags) { return way(corners().way(10, outline, std::move(tags))); };
  const auto multipolygon = [&](OsmFile::Tags tags, OsmFile::Tags of_the_way = {}) {
    tags.emplace_back("type", "multipolygon");
    return way(corners().way(10, outline, std::move(of_the_way)).area(99, {{10, "outer"}}, std::move(tags)));
  };
  EXPECT_NEAR(closed({{"highway", "pedestrian"}, {"area", "yes"}}), across(), 1);
  EXPECT_NEAR(closed({{"highway", "footway"}, {"area", "yes"}}), across(), 1);
  EXPECT_NEAR(closed({{"man_made", "pier"}}), across(), 1);
  EXPECT_NEAR(closed({{"railway", "platform"}}), across(), 1);
  EXPECT_NEAR(closed({{"public_transport", "platform"}}), across(), 1);
  EXPECT_NEAR(closed({{"highway", "pedestrian"}}), round(), 1) << "a street that is a loop";
  EXPECT_NEAR(closed({{"man_made", "pier"}, {"area", "no"}}), round(), 1);
  EXPECT_EQ(closed({{"highway", "pedestrian"}, {"area", "yes"}, {"access", "private"}}), 0);
  EXPECT_NEAR(multipolygon({{"highway", "pedestrian"}, {"area", "yes"}}), across(), 1);
  EXPECT_NEAR(multipolygon({{"highway", "pedestrian"}}), across(), 1);
  EXPECT_NEAR(multipolygon({{"man_made", "pier"}}), across(), 1);
  EXPECT_NEAR(multipolygon({{"highway", "pedestrian"}}, street), across(), 1);
  EXPECT_EQ(multipolygon({{"natural", "water"}}), 0);
  // Its outline in three ways.
  auto parts = corners();
  parts.way(20, {1, 2, 3}, {}).way(21, {4, 3}, {}).way(22, {4, 5, 6, 1}, {});
  parts.area(99, {{20, "outer"}, {21, "outer"}, {22, ""}},
             {{"type", "multipolygon"}, {"highway", "pedestrian"}});
  const Town whole(parts);
  EXPECT_NEAR(whole.way(before, behind).value_or(0), across(), 1);
  EXPECT_EQ(whole.extract.squares_crossed(), 1u);
  // Cut off by the extract.
  auto cut = corners();
  cut.way(20, {1, 2, 3}, {})
      .area(99, {{20, "outer"}, {21, "outer"}}, {{"type", "multipolygon"}, {"highway", "pedestrian"}});
  const Town part(cut);
  EXPECT_FALSE(part.way(before, behind));
  EXPECT_EQ(part.extract.squares_cut_off(), 1u);
}

TEST(OsmNetwork, piers_are_walked_along) {
  OsmFile osm;
  osm.node(1, west.lon, west.lat).node(2, east.lon, east.lat).way(1, {1, 2}, {{"man_made", "pier"}});
  EXPECT_NEAR(Town(osm).way(west, east).value_or(0), geo::distance_m(west, east), 0.01);
}

TEST(OsmNetwork, holes_walls_and_stairs_of_an_open_area) {
  const OsmFile::Tags open{{"type", "multipolygon"}, {"highway", "pedestrian"}};
  const auto box = [](OsmFile osm, std::int64_t first, double south, double north) {
    osm.node(first, 120.1495, south).node(first + 1, 120.1505, south);
    osm.node(first + 2, 120.1505, north).node(first + 3, 120.1495, north);
    return osm;
  };
  const std::vector<std::int64_t> hole{30, 31, 32, 33, 30};
  auto pond = box(corners(), 30, 30.2598, 30.2603);
  pond.way(10, outline, {})
      .way(13, hole, {{"natural", "water"}})
      .area(99, {{10, "outer"}, {13, "inner"}}, open);
  const double round_it =
      geo::distance_m(before, {120.1479, 30.26}) + geo::distance_m({120.1479, 30.26}, {120.1495, 30.2598}) +
      geo::distance_m({120.1495, 30.2598}, {120.1505, 30.2598}) +
      geo::distance_m({120.1505, 30.2598}, {120.1521, 30.26}) + geo::distance_m({120.1521, 30.26}, behind);
  EXPECT_NEAR(Town(pond).way(before, behind).value_or(0), round_it, 1);

  auto fenced = corners();
  fenced.node(40, 120.15, 30.258).node(41, 120.15, 30.2605);
  fenced.way(10, outline, {{"highway", "pedestrian"}, {"area", "yes"}})
      .way(14, {40, 41}, {{"barrier", "fence"}});
  const double round_end = geo::distance_m(before, {120.1479, 30.26}) +
                           2 * geo::distance_m({120.1479, 30.26}, {120.15, 30.2605}) +
                           geo::distance_m({120.1521, 30.26}, behind);
  EXPECT_NEAR(Town(fenced).way(before, behind).value_or(0), round_end, 1);
  auto below = corners();
  below.node(40, 120.15, 30.258).node(41, 120.15, 30.2605);
  below.way(10, outline, {{"highway", "pedestrian"}, {"area", "yes"}});
  below.way(14, {40, 41}, {{"barrier", "fence"}, {"layer", "-1"}});
  EXPECT_NEAR(Town(below).way(before, behind).value_or(0), across(), 1);

  // Stairs that come up in the middle of the square; a tunnel below it ends there without a way up.
  auto stairs = corners();
  stairs.node(50, 120.15, 30.26)
      .node(51, 120.15, 30.2609)
      .way(10, outline, {{"highway", "pedestrian"}, {"area", "yes"}});
  stairs.way(15, {50, 51}, footway);
  EXPECT_NEAR(Town(stairs).way(before, {120.15, 30.26}).value_or(0), across() / 2, 1);
  auto tunnel = corners();
  tunnel.node(50, 120.15, 30.26)
      .node(51, 120.15, 30.2609)
      .way(10, outline, {{"highway", "pedestrian"}, {"area", "yes"}});
  tunnel.way(15, {50, 51}, {{"highway", "footway"}, {"tunnel", "yes"}});
  const Town deep(tunnel);
  EXPECT_NEAR(deep.way(before, behind).value_or(0), across(), 1);
  EXPECT_FALSE(deep.way(before, {120.15, 30.2605}).has_value());
}

TEST(OsmNetwork, missing_nodes_are_counted) {
  auto osm = straight();
  osm.way(2, {3, 90, 91}, street).way(3, {92, 93}, {{"building", "yes"}});
  const Town town(osm);
  EXPECT_EQ(town.extract.missing().nodes, 2u);
  EXPECT_EQ(town.extract.missing().of, 8u);
}

TEST(OsmNetwork, hours_are_counted) {
  auto osm = straight({{"barrier", "gate"}, {"opening_hours", "06:00-22:00"}});
  osm.node(20, 120.2, 30.2, {{"amenity", "cafe"}, {"opening_hours", "08:00-20:00"}});
  osm.node(21, 120.2, 30.2, {{"barrier", "gate"}, {"opening_hours", "24/7"}});
  osm.way(2, {1, 5},
          {{"highway", "footway"}, {"access", "no"}, {"access:conditional", "yes @ (08:00-18:00)"}});
  osm.way(3, {1, 5}, {{"building", "yes"}, {"opening_hours", "08:00-20:00"}});
  osm.way(4, {1, 5}, {{"highway", "footway"}, {"foot:conditional", "no @ (22:00-06:00)"}});
  const Town town(osm);
  EXPECT_EQ(town.extract.with_hours(), 3u)
      << "the gate, the street that is closed by day too, and the open one";
}

TEST(LostShare, of_a_part_of_another_city_and_of_the_same) {
  const auto grid = [](double lon, double lat, int side) {
    OsmFile osm;
    for (int y = 0; y < side; ++y)
      for (int x = 0; x < side; ++x) osm.node(1 + y * side + x, lon + 0.002 * x, lat + 0.002 * y);
    for (int i = 0; i < side; ++i) {
      std::vector<std::int64_t> row;
      for (int x = 0; x < side; ++x) row.push_back(1 + i * side + x);
      osm.way(1 + i, row, street);
    }
    return Town(osm).graph().network();
  };
  const auto all = grid(120.1, 30.2, 40), part = grid(120.1, 30.2, 20), other = grid(120.3, 30.2, 40);
  EXPECT_EQ(lost_share(all, all), 0);
  EXPECT_NEAR(lost_share(all, part), 0.75, 0.03);
  EXPECT_EQ(lost_share(part, all), 0);
  EXPECT_EQ(lost_share(all, other), 1);
  EXPECT_EQ(lost_share({}, all), 0);
}

}  // namespace
}  // namespace jobmap::data::osm
