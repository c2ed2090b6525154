// Jobs by minutes along the streets: against Bellman and Ford over the postings, and what must hold of any
// reach; maps drawn in text for what a river, a ferry and a house off the street do.
#include "server/query/filter/street_reach.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "server/query/list/evaluate.hpp"
#include "server/query/service/coverage.hpp"
#include "tests/geo/street_map.hpp"
#include "tests/query/street_city.hpp"

namespace jobmap::query {
namespace {

using test::StreetCity;
using test::Ways;

constexpr double foot_kmh = 4.68, bike_kmh = 15;

JobQuery parse(const std::string& text, const data::Snapshot& s) {
  const auto params = Params::parse(text);
  EXPECT_TRUE(params.has_value()) << text;
  Reader r(*params);
  auto q = parse_filter(r, s);
  parse_listing(r, q, s);
  r.finish();
  if (r.failed()) ADD_FAILURE() << text << ": " << r.error().parameter << " " << r.error().message;
  return q;
}

std::string place(geo::LonLat p) {
  char text[80];
  return {text, static_cast<std::size_t>(std::snprintf(text, sizeof text, "%.7f,%.7f", p.lon, p.lat))};
}

using Minutes = std::map<std::string, double>;  // of jobs in time, by "source:id"

// All pages of three, against what must be on them.
void expect_list(const std::string& text, const data::Snapshot& s, const Minutes& expected, double last = 0) {
  SCOPED_TRACE(text);
  auto q = parse(text + "&limit=170", s);
  ASSERT_EQ(matching_rows(q, s, s.located_rows()).size(), expected.size());
  std::set<data::Row> seen;
  for (;;) {
    const auto page = evaluate(q, s);
    ASSERT_EQ(page.totals.ads, expected.size());
    for (const Hit& hit : page.hits) {
      ASSERT_TRUE(seen.insert(hit.row).second);
      const auto it = expected.find(s.jobs->public_id(hit.row));
      ASSERT_NE(it, expected.end()) << s.jobs->public_id(hit.row);
      if (!q.has_minutes()) continue;
      ASSERT_NEAR(hit.minutes, it->second, 1e-5);
      ASSERT_GE(hit.minutes, last);
      last = hit.minutes;
      if (q.mode != TravelMode::metro) continue;
      double sum = 0;
      for (const Leg& leg : hit.legs) sum += leg.minutes;
      ASSERT_NEAR(sum, hit.minutes, 1e-5);
    }
    if (page.next_cursor.empty()) break;
    q.after = read_cursor(page.next_cursor);
  }
  ASSERT_EQ(seen.size(), expected.size());
}

struct World : StreetCity {
  using StreetCity::StreetCity;

  geo::Snap snap(geo::LonLat p, geo::TravelMode mode = geo::TravelMode::walk) const {
    return streets->snap(geo::to_e7(p), mode, walks().snap_limit_m);
  }
  std::vector<geo::Seed> doors(std::size_t station, double minutes, double kmh) const {
    std::vector<geo::Seed> seeds;
    const auto& of = city->stations[station];
    std::vector<geo::PointE7> places;
    for (const auto& exit : of.exits) places.push_back(exit.at);
    if (places.empty()) places.push_back(of.at);
    for (const auto p : places) seeds.push_back({snap(geo::to_lonlat(p)), geo::millimetres(minutes, kmh)});
    return seeds;
  }
  // The jobs alive that the ways reach in time.
  Minutes in_time(const Ways& ways, geo::TravelMode mode, double limit, double kmh) const {
    Minutes found;
    for (const auto& p : postings) {
      if (!p.point || !test::is_shown(p)) continue;
      if (const auto mm = ways.to(snap(*p.point, mode)); mm && *mm <= geo::millimetres(limit, kmh))
        found[p.source + ':' + p.id] = static_cast<double>(*mm) * 0.00006 / kmh;
    }
    return found;
  }
  Minutes reach(geo::LonLat from, double limit, TravelMode mode) const {
    const auto on = mode == TravelMode::bike ? geo::TravelMode::bike : geo::TravelMode::walk;
    const double kmh = mode == TravelMode::bike ? bike_kmh : foot_kmh;
    std::vector<geo::Seed> seeds{{snap(from, on), 0}};
    if (mode != TravelMode::metro) return in_time(Ways(*streets, on, seeds), on, limit, kmh);
    const Ways walk(*streets, on, seeds);
    geo::MetroGraph::Search search{{}, StraightLine{}.minutes(1), limit, {}};
    for (std::uint16_t s = 0; s < city->stations.size(); ++s) {
      std::optional<std::uint64_t> best;
      for (const auto& door : doors(s, 0, kmh))
        if (const auto mm = walk.to(door.at); mm && (!best || *mm < *best)) best = mm;
      if (best && *best <= geo::millimetres(limit, kmh))
        search.seeds.push_back({s, static_cast<double>(*best) * 0.00006 / kmh});
    }
    const auto times = city->metro.search(search);
    for (std::uint16_t s = 0; s < city->stations.size(); ++s)
      if (times.minutes(s) <= limit)
        for (const auto& door : doors(s, times.minutes(s), kmh)) seeds.push_back(door);
    return in_time(Ways(*streets, on, seeds), on, limit, kmh);
  }
  // A place that lies by a street.
  geo::LonLat anchor() {
    for (;;)
      if (const auto p = place(); snap(p) && snap(p, geo::TravelMode::bike)) return p;
  }
};

TEST(StreetReach, AgreesWithBellmanAndFordOverThePostings) {
  constexpr unsigned seed = 4000;
  std::size_t found = 0, off = 0;
  for (unsigned round = 0; round < 3; ++round) {
    World world(seed + round, 2500);
    world.city->stations[2].exits = {{"A", geo::to_e7({120.128, 30.203})},
                                     {"B", geo::to_e7({120.133, 30.198})}};
    world.rebuild();
    const auto& s = *world.snapshot;
    for (const auto& p : world.postings) off += p.point && !world.snap(*p.point);
    for (int i = 0; i < 9; ++i) {
      SCOPED_TRACE("seed " + std::to_string(seed + round));
      const auto mode = static_cast<TravelMode>(i % 3);
      const auto a = world.anchor(), b = world.anchor();
      const int m = 5 + world.pick(70), n = 5 + world.pick(110);
      const std::string by = "&mode=" + std::string(travel_mode_names[static_cast<unsigned>(mode)]);
      const auto one = world.reach(a, m, mode), other = world.reach(b, n, mode);
      expect_list("reach=" + place(a) + "&minutes=" + std::to_string(m) + by, s, one);
      Minutes both;
      for (const auto& [id, minutes] : one)
        if (const auto it = other.find(id); it != other.end()) both[id] = std::max(minutes, it->second);
      expect_list("reach=" + place(a) + ";" + place(b) + "&minutes=" + std::to_string(m) + ";" +
                      std::to_string(n) + by,
                  s, both);
      found += one.size() + both.size();
    }
  }
  EXPECT_GT(found, 3000u);
  EXPECT_GT(off, 100u) << "no job off the streets to test";
}

TEST(StreetReach, StationsAndServicePointsAreTheirDoors) {
  constexpr unsigned seed = 4100;
  World world(seed, 3000);
  const auto& s = *world.snapshot;
  const auto walk = geo::TravelMode::walk;
  const auto from = [&](const std::vector<geo::Seed>& seeds, double minutes) {
    return world.in_time(Ways(*world.streets, walk, seeds), walk, minutes, foot_kmh);
  };
  for (const double minutes : {4.0, 11.0, 29.5, 60.0}) {
    auto seeds = world.doors(1, 0, foot_kmh);
    for (const auto& door : world.doors(4, 0, foot_kmh)) seeds.push_back(door);
    expect_list("station=s1,s4&sort=minutes&minutes=" + std::to_string(minutes), s, from(seeds, minutes));
    std::vector<geo::Seed> all, some;
    for (const auto& site : world.city->service_points)
      all.push_back({world.snap(geo::to_lonlat(site.at)), 0});
    some = {all[0], all[3]};
    const auto circle = "&circle_minutes=" + std::to_string(minutes);
    const auto served = from(all, minutes);
    EXPECT_GT(served.size(), 10u);
    expect_list("circle=service" + circle, s, served);
    expect_list("circle=p0,p3" + circle, s, from(some, minutes));
    CoverageQuery q;
    q.circle_minutes = minutes;
    EXPECT_EQ(measure_coverage(q, s).rows.front().of[ads].covered, double(served.size()));
  }
}

std::set<data::Row> rows(const std::string& text, const data::Snapshot& s) {
  const auto found = matching_rows(parse(text, s), s, s.located_rows());
  return {found.begin(), found.end()};
}

TEST(StreetReach, WhatMustHoldOfAnyReach) {
  constexpr unsigned seed = 4200;
  World world(seed, 3000);
  const auto& s = *world.snapshot;
  const auto holds = [](const auto& more, const auto& less) {
    return std::includes(more.begin(), more.end(), less.begin(), less.end());
  };
  std::size_t gained = 0;
  for (int i = 0; i < 30; ++i) {
    const auto at = place(world.anchor());
    const int m = 3 + world.pick(80);
    SCOPED_TRACE("seed " + std::to_string(seed) + ": " + at + " " + std::to_string(m));
    const auto one = [&](int minutes, const std::string& more) {
      return rows("reach=" + at + "&minutes=" + std::to_string(minutes) + more, s);
    };
    const auto walk = one(m, ""), metro = one(m, "&mode=metro");
    EXPECT_TRUE(holds(metro, walk)) << "walking is part of going by metro";
    EXPECT_TRUE(holds(one(m + 1, ""), walk)) << "a longer cutoff loses no job";
    EXPECT_TRUE(holds(one(m + 1, "&mode=metro"), metro));
    EXPECT_TRUE(holds(one(m, "&speed_kmh=6"), walk)) << "nor does walking faster";
    EXPECT_EQ(one(m, "&mode=metro&depart=2026-11-23T02:00:00Z"), walk) << "two at night";
    for (const auto row : walk)
      EXPECT_TRUE(world.walks().on_foot[world.walks().spot[row]]) << "off the street";
    gained += metro.size() - walk.size();
  }
  EXPECT_GT(gained, 100u);
}

// Jobs at the letters of a map: which of them are in time.
std::string in_time(const geo::StreetMap& map, const std::string& letters, double minutes,
                    geo::PointE7 off = {}) {
  StreetCity city(1, 0, map.graph());
  for (const char c : letters) {
    data::Posting p;
    p.source = "a", p.id = c, p.title = p.employer = "x", p.openings = 1;
    p.precision = data::Precision::exact, p.district = "990001";
    p.point = geo::to_lonlat(c == '*' ? off : map.at(c));
    p.expires_at = test::now + 86'400;
    city.postings.push_back(p);
  }
  city.rebuild(30);
  const auto& s = *city.snapshot;
  std::string found;
  const auto page = evaluate(
      parse("reach=" + place(geo::to_lonlat(map.at('A'))) + "&minutes=" + std::to_string(minutes), s), s);
  for (const Hit& hit : page.hits) found += s.jobs->public_id(hit.row).back();
  return found;
}

constexpr double lon = 120.1, lat = 30.2;

TEST(StreetReach, ARiverIsCrossedWhereThereIsABridge) {
  // 78 m a minute. B lies 40 m across the water from A.
  const geo::StreetMap apart(R"(
A--------------C

 
 
B--------------D)",
                             lon, lat);
  EXPECT_EQ(in_time(apart, "ABCD", 60), "AC");
  const geo::StreetMap bridged(R"(
A--------------C
               |
               |
               |
B--------------D)",
                               lon, lat);
  EXPECT_EQ(in_time(bridged, "ABCD", 60), "ACDB") << "the nearest first";
  EXPECT_EQ(in_time(bridged, "ABCD", 190 / 78.0 + 0.01), "ACD");
  EXPECT_EQ(in_time(bridged, "ABCD", 340 / 78.0 - 0.01), "ACD");
  EXPECT_EQ(in_time(bridged, "ABCD", 340 / 78.0 + 0.01), "ACDB");
}

TEST(StreetReach, ARideByFerryIsNotCutOffByTheStraightLine) {
  // 1.5 km of water as long as 100 m on foot: the far bank is as near in time as the next corner.
  geo::StreetNetwork n;
  const auto scale = geo::local_scale(lat);
  const auto east = [&](double m) {
    const auto p = geo::to_e7({lon, lat});
    return geo::PointE7{static_cast<std::int32_t>(p.lon + m / scale.x), p.lat};
  };
  n.nodes = {east(-300), east(0), east(1500), east(1600)};
  const std::uint8_t walk = geo::StreetEdge::walk;
  n.edges = {{0, 1, 300'000, walk},
             {1, 2, 100'000, static_cast<std::uint8_t>(walk | geo::StreetEdge::afloat)},
             {2, 3, 100'000, walk}};
  StreetCity city(1, 0, geo::StreetGraph(geo::hilbert_ordered(n)));
  Minutes expected;
  for (int i = 0; i < 800; ++i) {
    const bool near = i % 2;
    const double m = near ? -100 - i / 4.0 : 1510 + i / 9.0;
    data::Posting p;
    p.source = "a", p.id = std::to_string(i), p.title = p.employer = "x", p.openings = 1;
    p.precision = data::Precision::exact, p.district = "990001", p.point = geo::to_lonlat(east(m));
    p.expires_at = test::now + 86'400;
    city.postings.push_back(p);
    expected["a:" + p.id] = (near ? -m : 100 + m - 1500) / 78;
  }
  city.rebuild(30);
  const auto& s = *city.snapshot;
  auto q = parse("reach=" + place(geo::to_lonlat(east(0))) + "&minutes=4&limit=90", s);
  double last = 0;
  std::size_t seen = 0;
  for (;;) {
    const auto page = evaluate(q, s);
    ASSERT_EQ(page.totals.ads, expected.size());
    for (const Hit& hit : page.hits) {
      ASSERT_NEAR(hit.minutes, expected.at(s.jobs->public_id(hit.row)), 1e-3);
      ASSERT_GE(hit.minutes, last);
      last = hit.minutes, ++seen;
    }
    if (page.next_cursor.empty()) break;
    q.after = read_cursor(page.next_cursor);
  }
  EXPECT_EQ(seen, expected.size());
}

TEST(StreetReach, AJobOffTheStreetHasNoMinutes) {
  const geo::StreetMap map("A----------B", lon, lat);
  EXPECT_EQ(in_time(map, "AB*", 60, map.beside('A', 50, 29)), "A*B");
  EXPECT_EQ(in_time(map, "AB*", 60, map.beside('A', 50, 31)), "AB") << "31 m off, of 30 that are allowed";
}

}  // namespace
}  // namespace jobmap::query
