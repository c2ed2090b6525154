#include "geo/street_search.hpp"

#include <gtest/gtest.h>

#include <random>
#include <thread>

#include "tests/geo/street_map.hpp"

namespace jobmap::geo {
namespace {

constexpr unsigned seed = 330106;
constexpr auto walk = TravelMode::walk, bike = TravelMode::bike;

struct Asked {
  const StreetGraph& graph;
  StreetSearch search;
  Asked(const StreetGraph& g, TravelMode mode, std::vector<Seed> seeds,
        std::uint32_t limit = StreetSearch::no_limit)
      : graph(g) {
    search.run(g, mode, seeds, limit);
  }
  double metres(const Snap& to) {
    const auto way = search.to(to);
    return way ? way->mm / 1000.0 : -1;
  }
};

TEST(StreetSearch, walks_round_a_block) {
  const StreetMap map(R"(
A----B----C
|         |
D         E
)");
  const auto& g = map.graph();
  const auto from = [&](PointE7 p) { return g.snap(p, walk, 50); };
  Asked a(g, walk, {{from(map.beside('D', 0, 0))}});
  EXPECT_NEAR(a.metres(from(map.at('D'))), 0, 0.1);
  EXPECT_NEAR(a.metres(from(map.at('A'))), 20, 0.1);
  EXPECT_NEAR(a.metres(from(map.at('E'))), 140, 0.1);
  EXPECT_NEAR(a.metres(from(map.beside('B', 10, -7))), 87, 0.1) << "the way off the street counts";
  EXPECT_EQ(a.metres(Snap{}), -1);
}

TEST(StreetSearch, stays_on_the_edge_where_both_lie_on_it) {
  const StreetMap map(R"(
A--->---B
)");
  const auto& g = map.graph();
  const auto at = [&](double east, TravelMode m) { return g.snap(map.beside('A', east, 3), m, 50); };
  Asked on_foot(g, walk, {{at(50, walk)}});
  EXPECT_NEAR(on_foot.metres(at(20, walk)), 30 + 6, 0.1);
  EXPECT_NEAR(on_foot.metres(at(70, walk)), 20 + 6, 0.1);
  Asked by_bike(g, bike, {{at(50, bike)}});
  EXPECT_NEAR(by_bike.metres(at(70, bike)), 20 + 6, 0.1);
  EXPECT_EQ(by_bike.metres(at(20, bike)), -1) << "against the one-way";
}

TEST(StreetSearch, leaves_a_bowed_edge_when_the_way_round_is_shorter) {
  StreetNetwork n;  // a bow of 300 m between two junctions 40 m apart
  n.nodes = {{0, 0}, {3600, 0}};
  n.edges = {{0, 1, 300'000, StreetEdge::walk}, {0, 1, 40'000, StreetEdge::walk}};
  const StreetGraph g(n);
  StreetSearch s;
  const Seed from{{0, 10'000, 0}};
  s.run(g, walk, {&from, 1}, StreetSearch::no_limit);
  EXPECT_EQ(s.to({0, 290'000, 0})->mm, 60'000u) << "back to the junction, across, and in again";
  EXPECT_EQ(s.to({0, 150'000, 0})->mm, 140'000u);
}

TEST(StreetSearch, a_cyclist_obeys_the_arrow_and_leaves_the_footway) {
  const StreetMap map(R"(
A-->--B
|     .
|     .
C-----D
)");
  const auto& g = map.graph();
  const auto on = [&](char c, double east, double south) {
    return g.snap(map.beside(c, east, south), bike, 50);
  };
  Asked from_a(g, bike, {{on('A', 5, 0)}}), from_b(g, bike, {{on('D', -5, 0)}});
  EXPECT_NEAR(from_a.metres(on('A', 40, 0)), 35, 0.1);
  EXPECT_EQ(from_a.metres(on('C', 40, 0)), -1)
      << "cannot turn back on a one-way street, nor ride the footway";
  EXPECT_NEAR(from_b.metres(on('A', 30, 0)), 55 + 30 + 30, 0.1);
}

TEST(StreetSearch, the_limit_is_part_of_the_reach) {
  const StreetMap map(R"(
A----B----C----D
)");
  const auto& g = map.graph();
  Asked a(g, walk, {{g.snap(map.at('A'), walk, 50)}}, 100'000);
  EXPECT_TRUE(a.search.to_node(map.node('C')));
  EXPECT_FALSE(a.search.to_node(map.node('D')));
  EXPECT_EQ(a.search.nodes().size(), 3u);
  EXPECT_EQ(a.metres(g.snap(map.beside('C', 10, 0), walk, 50)), -1);
}

TEST(StreetSearch, of_equally_near_sources_the_first_counts) {
  const StreetMap map(R"(
A----B----C
)");
  const auto& g = map.graph();
  const Snap a = g.snap(map.at('A'), walk, 50), c = g.snap(map.at('C'), walk, 50);
  StreetSearch s;
  for (const auto& seeds : {std::vector<Seed>{{a}, {c}}, {{c}, {a}}}) {
    s.run(g, walk, seeds, StreetSearch::no_limit);
    EXPECT_EQ(s.to_node(map.node('B'))->seed, 0u);
  }
  const std::vector<Seed> late{{a, 1}, {c, 0}};
  s.run(g, walk, late, StreetSearch::no_limit);
  EXPECT_EQ(s.to_node(map.node('B')), (Way{50'000, 1})) << "a cost already spent counts";
}

// Every edge again and again until nothing changes.
std::vector<std::uint64_t> bellman_ford(const StreetGraph& g, TravelMode mode, const std::vector<Seed>& seeds,
                                        std::uint64_t limit) {
  constexpr auto never = ~std::uint64_t{0};
  std::vector<std::uint64_t> best(g.nodes(), never);
  const auto reach = [&](std::uint32_t node, std::uint64_t mm, std::uint64_t s) {
    if (mm <= limit && (mm << 32 | s) < best[node]) return best[node] = mm << 32 | s, true;
    return false;
  };
  for (std::uint32_t i = 0; i < seeds.size(); ++i) {
    if (!seeds[i].at) continue;
    const auto& e = g.edge(seeds[i].at.edge);
    const std::uint64_t spent = std::uint64_t{seeds[i].cost_mm} + seeds[i].at.offset_mm;
    if (e.open_forward(mode)) reach(e.to, spent + e.length_mm - seeds[i].at.along_mm, i);
    if (e.open_backward(mode)) reach(e.from, spent + seeds[i].at.along_mm, i);
  }
  for (bool changed = true; changed;) {
    changed = false;
    for (const auto& e : g.network().edges) {
      if (e.open_forward(mode) && best[e.from] != never)
        changed |= reach(e.to, (best[e.from] >> 32) + e.length_mm, best[e.from] & 0xFFFFFFFF);
      if (e.open_backward(mode) && best[e.to] != never)
        changed |= reach(e.from, (best[e.to] >> 32) + e.length_mm, best[e.to] & 0xFFFFFFFF);
    }
  }
  return best;
}

TEST(StreetSearch, agrees_with_bellman_ford) {
  std::mt19937 random(seed);
  StreetSearch search;  // one for graphs of all sizes: what a run leaves must not show in the next
  for (int round = 0; round < 200; ++round) {
    const auto below = [&](std::size_t most) { return static_cast<std::uint32_t>(random() % most); };
    const auto nodes = 2 + below(200), edges = 1 + below(500);
    StreetNetwork n;
    for (std::uint32_t i = 0; i < nodes; ++i)
      n.nodes.push_back({static_cast<std::int32_t>(random() % 100'000), static_cast<std::int32_t>(i)});
    for (std::uint32_t i = 0; i < edges; ++i)
      n.edges.push_back({below(nodes), below(nodes),
                         static_cast<std::uint32_t>(random() % (random() % 2 ? 50'000 : 20)),
                         static_cast<std::uint8_t>(random() % 16)});
    const StreetGraph g(hilbert_ordered(n));
    std::vector<Seed> seeds(random() % 6);
    for (auto& s : seeds) {
      const auto e = below(g.edges());
      s = {{e, below((g.edge(e).length_mm + 1)), below(1000)},
           static_cast<std::uint32_t>(random() % 3 ? 0 : random() % 100'000)};
      if (random() % 10 == 0) s.at = {};
    }
    const std::uint32_t limit = random() % 3 ? below(300'000) : StreetSearch::no_limit;
    const auto mode = random() % 2 ? walk : bike;
    search.run(g, mode, seeds, limit);
    const auto expected = bellman_ford(g, mode, seeds, limit);
    std::size_t reached = 0;
    for (std::uint32_t i = 0; i < g.nodes(); ++i) {
      const auto way = search.to_node(i);
      ASSERT_EQ(way ? std::uint64_t{way->mm} << 32 | way->seed : ~std::uint64_t{0}, expected[i])
          << "seed " << seed << " round " << round << " node " << i;
      reached += way.has_value();
    }
    EXPECT_EQ(search.nodes().size(), reached);
  }
}

TEST(StreetSearch, minutes_and_millimetres_agree) {
  EXPECT_EQ(millimetres(15, 4.68), 1'170'000u);
  EXPECT_DOUBLE_EQ(minutes(1'170'000, 4.68), 15);
  EXPECT_EQ(millimetres(1e9, 30), StreetSearch::no_limit);
}

}  // namespace
}  // namespace jobmap::geo
