#include "geo/street_graph.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "tests/geo/street_map.hpp"

namespace jobmap::geo {
namespace {

constexpr unsigned seed = 330106;

std::uint32_t below(std::size_t n, std::mt19937& random) { return static_cast<std::uint32_t>(random() % n); }

// Short streets with bends all over a town, some for one mode alone, some afloat.
StreetNetwork random_network(std::uint32_t nodes, std::uint32_t edges, std::mt19937& random) {
  StreetNetwork n;
  std::uniform_int_distribution<std::int32_t> lon(1201000000, 1201400000), lat(302000000, 302300000),
      bend(-3000, 3000);
  for (std::uint32_t i = 0; i < nodes; ++i) n.nodes.push_back({lon(random), lat(random)});
  n.shape_begin.push_back(0);
  for (std::uint32_t i = 0; i < edges; ++i) {
    const std::uint32_t from = below(nodes, random), to = below(nodes, random);
    n.edges.push_back({from, to, 1 + below(100'000, random),
                       static_cast<std::uint8_t>(random() % 20 ? random() % 16 : 31)});
    for (auto bends = random() % 3; bends > 0; --bends)
      n.shape.push_back({n.nodes[from].lon + bend(random), n.nodes[from].lat + bend(random)});
    n.shape_begin.push_back(static_cast<std::uint32_t>(n.shape.size()));
  }
  return n;
}

double to_segment_m(PointE7 p, PointE7 a, PointE7 b) {
  const auto s = local_scale(p.lat / 1e7);
  const double ax = s.x * (double(a.lon) - p.lon), ay = s.y * (double(a.lat) - p.lat);
  const double dx = s.x * (double(b.lon) - a.lon), dy = s.y * (double(b.lat) - a.lat);
  const double l2 = dx * dx + dy * dy;
  const double t = l2 > 0 ? std::min(1.0, std::max(0.0, -(ax * dx + ay * dy) / l2)) : 0;
  return std::hypot(ax + t * dx, ay + t * dy);
}

TEST(StreetGraph, snaps_to_the_same_street_as_looking_at_all) {
  std::mt19937 random(seed);
  const StreetGraph g(hilbert_ordered(random_network(3000, 5000, random)));
  std::uniform_int_distribution<std::int32_t> lon(1200900000, 1201500000), lat(301900000, 302400000);
  for (int i = 0; i < 500; ++i) {
    const PointE7 p{lon(random), lat(random)};
    const auto mode = random() % 2 ? TravelMode::walk : TravelMode::bike;
    const double limit = static_cast<double>(random() % 300);
    double best = limit;
    for (std::uint32_t e = 0; e < g.edges(); ++e) {
      if (!g.edge(e).open_forward(mode) && !g.edge(e).open_backward(mode)) continue;
      if (g.edge(e).access & StreetEdge::afloat) continue;
      PointE7 a = g.node(g.edge(e).from);
      for (const auto b : g.shape(e)) best = std::min(best, to_segment_m(p, a, b)), a = b;
      best = std::min(best, to_segment_m(p, a, g.node(g.edge(e).to)));
    }
    const auto snap = g.snap(p, mode, limit);
    ASSERT_EQ(static_cast<bool>(snap), best < limit) << "seed " << seed << " point " << i;
    if (snap) {
      EXPECT_NEAR(snap.offset_mm, best * 1000, 1);
      EXPECT_LE(snap.along_mm, g.edge(snap.edge).length_mm);
    }
    EXPECT_EQ(snap, g.snap(p, mode, limit, below(g.edges(), random))) << "a hint changed the answer";
  }
}

TEST(StreetGraph, says_where_along_a_street_with_bends) {
  StreetNetwork n;
  n.nodes = {{0, 0}, {2000, 1000}};
  n.edges = {{0, 1, 30'000, StreetEdge::walk}};
  n.shape_begin = {0, 2};
  n.shape = {{1000, 0}, {1000, 1000}};  // three strokes of about 11 m
  const StreetGraph g(n);
  EXPECT_NEAR(g.snap({500, 100}, TravelMode::walk, 50).along_mm, 5'000, 100);
  EXPECT_NEAR(g.snap({900, 500}, TravelMode::walk, 50).along_mm, 15'000, 100);
  EXPECT_NEAR(g.snap({1500, 1100}, TravelMode::walk, 50).along_mm, 25'000, 100);
  EXPECT_NEAR(g.snap({500, 100}, TravelMode::walk, 50).offset_mm, 1'106, 2);
  EXPECT_EQ(g.snap({5000, 1000}, TravelMode::walk, 50).along_mm, 30'000u);
}

TEST(StreetGraph, nothing_snaps_beyond_the_limit_to_a_ferry_or_to_a_street_of_another_mode) {
  const StreetMap map(R"(
A------B~~~~~~~~~~~~~~~~~~~~~C------D
.
.
E.......F
)");
  const auto& g = map.graph();
  EXPECT_FALSE(g.snap(map.beside('B', 100, 0), TravelMode::walk, 50)) << "afloat";
  EXPECT_TRUE(g.snap(map.beside('E', 40, 5), TravelMode::walk, 10));
  EXPECT_FALSE(g.snap(map.beside('E', 40, 5), TravelMode::bike, 10));
  EXPECT_FALSE(g.snap(map.beside('E', 40, 11), TravelMode::walk, 10));
  EXPECT_FALSE(StreetGraph().snap({0, 0}, TravelMode::walk, 1000));
}

TEST(StreetGraph, refuses_what_does_not_fit_together) {
  StreetNetwork n;
  n.nodes = {{0, 0}, {1000, 0}};
  n.edges = {{0, 2, 10, StreetEdge::walk}};
  EXPECT_THROW(StreetGraph{n}, std::runtime_error);
  n.edges[0].to = 1;
  EXPECT_NO_THROW(StreetGraph{n});
  n.shape_begin = {0, 1};
  EXPECT_THROW(StreetGraph{n}, std::runtime_error);
}

TEST(StreetGraph, order_changes_numbers_and_nothing_else) {
  std::mt19937 random(seed);
  const auto n = random_network(500, 900, random), h = hilbert_ordered(n);
  const auto described = [](const StreetNetwork& net) {
    std::vector<std::vector<std::int64_t>> all;
    for (std::size_t e = 0; e < net.edges.size(); ++e) {
      const auto a = net.nodes[net.edges[e].from], b = net.nodes[net.edges[e].to];
      all.push_back({a.lon, a.lat, b.lon, b.lat, net.edges[e].length_mm, net.edges[e].access});
      for (auto i = net.shape_begin[e]; i < net.shape_begin[e + 1]; ++i)
        all.back().insert(all.back().end(), {net.shape[i].lon, net.shape[i].lat});
    }
    std::sort(all.begin(), all.end());
    return all;
  };
  EXPECT_EQ(described(n), described(h));
  EXPECT_TRUE(std::is_sorted(h.edges.begin(), h.edges.end(),
                             [](const auto& a, const auto& b) { return a.from < b.from; }));
}

TEST(StreetGraph, counts_the_pieces_of_each_mode) {
  const StreetMap map(R"(
A---B...C---D

E---F
)");
  const auto walk = connected(map.graph().network(), TravelMode::walk);
  EXPECT_EQ(walk.largest, 4u);
  EXPECT_EQ(walk.all, 6u);
  EXPECT_EQ(walk.pieces, 2u);
  EXPECT_EQ(connected(map.graph().network(), TravelMode::bike).pieces, 3u);
}

TEST(StreetGraph, finds_every_edge_of_a_box) {
  std::mt19937 random(seed);
  const StreetGraph g(hilbert_ordered(random_network(2000, 3000, random)));
  for (int i = 0; i < 50; ++i) {
    const PointE7 p = g.node(below(g.nodes(), random));
    const BoxE7 box{p.lon - 5000, p.lat - 5000, p.lon + 5000, p.lat + 5000};
    std::vector<int> seen(g.edges());
    g.edges_near(box, [&](std::uint32_t e) { ++seen[e]; });
    for (std::uint32_t e = 0; e < g.edges(); ++e) {
      ASSERT_LE(seen[e], 1);
      EXPECT_TRUE(seen[e] || !box.contains(g.node(g.edge(e).from)));
    }
  }
}

}  // namespace
}  // namespace jobmap::geo
