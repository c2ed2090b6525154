// Minutes by metro against Bellman–Ford over edges that the test lists itself, and small networks by hand.
#include "geo/metro_graph.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <tuple>

#include "geo/distance.hpp"

namespace jobmap::geo {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

struct Network {
  std::vector<PointE7> stations;
  std::vector<MetroBranch> branches;
  MetroStationService service;

  double between(std::uint16_t a, std::uint16_t b) const {
    return distance_m(to_lonlat(stations[a]), to_lonlat(stations[b]));
  }
};

// Relaxes every edge until nothing changes. A state is a station's street (branch -1) or a branch's stop.
std::vector<double> bellman_ford(const Network& n, const MetroGraph::Search& search) {
  using State = std::pair<int, std::size_t>;  // branch, position; street: -1, station
  std::map<State, double> best;
  bool changed = true;
  const auto relax = [&](State s, double t) {
    auto [it, fresh] = best.try_emplace(s, infinity);
    if (t <= search.limit && t < it->second) it->second = t, changed = true;
  };
  const auto board = [&](std::size_t b, std::size_t i, double ready) {
    ready = std::max(ready, search.hours.first);
    if (ready <= search.hours.last) relax({int(b), i}, ready + n.branches[b].service.headway_minutes / 2);
  };
  for (const auto& seed : search.seeds) relax({-1, seed.station}, seed.minutes);
  while (changed) {
    changed = false;
    const auto now = best;
    for (const auto& [state, t] : now) {
      if (state.first < 0) {
        const auto s = static_cast<std::uint16_t>(state.second);
        for (std::size_t b = 0; b < n.branches.size(); ++b)
          for (std::size_t i = 0; i < n.branches[b].stations.size(); ++i)
            if (n.branches[b].stations[i] == s) board(b, i, t + n.service.access_minutes);
        for (std::uint16_t o = 0; o < n.stations.size(); ++o)
          if (o != s && n.between(s, o) <= n.service.walk_between_m)
            relax({-1, o}, t + n.between(s, o) * search.minutes_per_metre);
        continue;
      }
      const auto b = static_cast<std::size_t>(state.first), i = state.second;
      const auto& branch = n.branches[b];
      const auto s = branch.stations[i];
      relax({-1, s}, t + n.service.egress_minutes);
      for (const auto j : {i - 1, i + 1})
        if (j < branch.stations.size())
          relax({int(b), j}, t + n.between(s, branch.stations[j]) * branch.service.track_factor /
                                     (branch.service.speed_kmh / 3.6) / 60);
      for (std::size_t c = 0; c < n.branches.size(); ++c)
        for (std::size_t j = 0; j < n.branches[c].stations.size(); ++j)
          if (c != b && n.branches[c].stations[j] == s)
            board(c, j, t + (n.branches[c].line == branch.line ? 0 : n.service.transfer_minutes));
    }
  }
  std::vector<double> streets(n.stations.size(), infinity);
  for (const auto& [state, t] : best)
    if (state.first < 0) streets[state.second] = t;
  return streets;
}

Network random_network(std::mt19937_64& random) {
  Network n;
  std::uniform_real_distribution<double> lon(120.0, 120.3), lat(30.1, 30.3);
  const auto size = 3 + random() % 40;
  for (std::size_t i = 0; i < size; ++i) n.stations.push_back(to_e7({lon(random), lat(random)}));
  const auto branches = 1 + random() % 7;
  for (std::size_t b = 0; b < branches; ++b) {
    MetroBranch branch;
    branch.line = static_cast<std::uint16_t>(b / 2);
    branch.service = {20.0 + double(random() % 60), 2.0 + double(random() % 10),
                      1.0 + double(random() % 3) / 10};
    std::vector<std::uint16_t> all(size);
    for (std::size_t i = 0; i < size; ++i) all[i] = static_cast<std::uint16_t>(i);
    std::shuffle(all.begin(), all.end(), random);
    all.resize(2 + random() % (size - 1));
    branch.stations = all;
    n.branches.push_back(branch);
  }
  n.service.walk_between_m = double(random() % 3000);
  return n;
}

TEST(MetroGraph, AgreesWithBellmanFord) {
  const auto seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  for (int round = 0; round < 60; ++round) {
    const auto n = random_network(random);
    const MetroGraph graph(n.stations, n.branches, n.service);
    MetroGraph::Search search;
    for (std::size_t i = 0; i <= random() % 4; ++i)
      search.seeds.push_back(
          {static_cast<std::uint16_t>(random() % n.stations.size()), double(random() % 300) / 10});
    search.minutes_per_metre = 1.22 / 78;
    search.limit = double(random() % 120);
    if (random() % 3 == 0) search.hours = {double(random() % 40), double(random() % 80)};
    const auto expected = bellman_ford(n, search);
    const auto times = graph.search(search);
    for (std::uint16_t s = 0; s < n.stations.size(); ++s) {
      if (expected[s] == infinity) {
        ASSERT_EQ(times.minutes(s), infinity);
        EXPECT_TRUE(times.legs(s).empty());
        continue;
      }
      ASSERT_NEAR(times.minutes(s), expected[s], 1e-9);
      // The legs are the way there: end to end, and as long as it takes.
      double at = infinity;
      for (const auto& start : search.seeds)
        if (start.station == times.seed_of(s)) at = std::min(at, start.minutes);
      std::uint16_t where = times.seed_of(s);
      for (const auto& leg : times.legs(s)) {
        EXPECT_EQ(leg.from, where);
        where = leg.to, at += leg.minutes;
      }
      EXPECT_EQ(where, s);
      EXPECT_NEAR(at, expected[s], 1e-9);
    }
  }
}

// A line of three stations 1,000 m apart, and a second one that crosses it in the middle.
struct Crossing {
  static PointE7 east(double metres) { return to_e7({120.0 + metres / 96'486.28, 30.0}); }
  std::vector<PointE7> stations{east(0), east(1000), east(2000), to_e7({120.0 + 1000 / 96'486.28, 30.05})};
  std::vector<MetroBranch> branches{{0, {0, 1, 2}, {36, 4, 1}}, {1, {1, 3}, {36, 6, 1}}};
  MetroGraph graph{stations, branches, {2, 1, 2.5, 0}};
};

TEST(MetroGraph, AddsUpAccessWaitRideTransferAndEgress) {
  const Crossing c;
  const auto t = c.graph.search({{{0, 3}}, 1, 1000, {}});
  EXPECT_DOUBLE_EQ(t.minutes(0), 3);
  EXPECT_NEAR(t.minutes(1), 3 + 2 + 2 + 1000 / 600.0 + 1, 1e-3);
  EXPECT_NEAR(t.minutes(2), 3 + 2 + 2 + 2000 / 600.0 + 1, 1e-3);
  const auto legs = t.legs(3);
  ASSERT_EQ(legs.size(), 5u);
  EXPECT_EQ(legs[0].kind, MetroLegKind::board);
  EXPECT_EQ(legs[1].kind, MetroLegKind::ride);
  EXPECT_EQ(legs[2].kind, MetroLegKind::transfer);
  EXPECT_DOUBLE_EQ(legs[2].minutes, 2.5 + 3);
  EXPECT_EQ(legs[2].line, 1);
  EXPECT_EQ(legs[3].kind, MetroLegKind::ride);
  EXPECT_EQ(legs[4].kind, MetroLegKind::exit);
}

TEST(MetroGraph, NobodyBoardsBeforeTheFirstOrAfterTheLastTrain) {
  const Crossing c;
  const auto early = c.graph.search({{{0, 3}}, 1, 1000, {30, 900}});
  EXPECT_NEAR(early.minutes(1), 30 + 2 + 1000 / 600.0 + 1, 1e-3);
  const auto late = c.graph.search({{{0, 3}}, 1, 1000, {-500, 4.9}});
  EXPECT_EQ(late.minutes(1), infinity);
  EXPECT_DOUBLE_EQ(late.minutes(0), 3);
  // The last train of the first line is caught, the change is not.
  const auto change = c.graph.search({{{0, 3}}, 1, 1000, {-500, 6}});
  EXPECT_LT(change.minutes(1), 100);
  EXPECT_EQ(change.minutes(3), infinity);
}

TEST(MetroGraph, ALongerLimitLosesNothing) {
  const Crossing c;
  for (double limit = 0; limit < 30; limit += 0.5) {
    const auto less = c.graph.search({{{0, 1}, {3, 2}}, 0.02, limit, {}});
    const auto more = c.graph.search({{{0, 1}, {3, 2}}, 0.02, limit + 0.5, {}});
    for (std::uint16_t s = 0; s < 4; ++s) EXPECT_LE(more.minutes(s), less.minutes(s));
  }
}

TEST(MetroGraph, HoldsNoStationsAtAll) {
  const MetroGraph none({}, {}, {});
  EXPECT_EQ(none.stations(), 0u);
  EXPECT_NO_THROW(none.search({{}, 1, 10, {}}));
  EXPECT_NO_THROW(MetroGraph().search({{}, 1, 10, {}}));
}

}  // namespace
}  // namespace jobmap::geo
