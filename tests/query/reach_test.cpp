// Jobs by minutes: against a loop over the postings, and what must hold of any reach.
#include "server/query/filter/reach.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

#include "geo/crs.hpp"
#include "server/query/facet/facets.hpp"
#include "server/query/list/evaluate.hpp"
#include "tests/query/small_city.hpp"

namespace jobmap::query {
namespace {

using test::SmallCity;

constexpr double infinity = std::numeric_limits<double>::infinity();

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

std::string number(double v) {
  char text[40];
  return {text, static_cast<std::size_t>(std::snprintf(text, sizeof text, "%.7f", v))};
}
std::string place(geo::LonLat p) { return number(p.lon) + "," + number(p.lat); }

constexpr double walk_per_m = 1.22 / (1.3 * 60), bike_per_m = 1.22 / (15 / 3.6 * 60);

// Minutes from one place to another by the definition: all the way, or over every station reached in time.
struct Door {
  Door(const data::City& city, geo::LonLat from, double limit, bool metro, double per_m)
      : city_(city), from_(from), per_m_(per_m) {
    if (!metro) return;
    geo::MetroGraph::Search search{{}, per_m, limit, {}};
    for (std::uint16_t s = 0; s < city.stations.size(); ++s)
      if (const double m = per_m * geo::geodesic_distance_m(from, geo::to_lonlat(city.stations[s].at));
          m <= limit)
        search.seeds.push_back({s, m});
    times_ = city.metro.search(search);
  }
  double to(geo::LonLat p) const {
    double best = geo::geodesic_distance_m(from_, p) * per_m_;
    for (std::uint16_t s = 0; times_ && s < city_.stations.size(); ++s)
      best = std::min(best, times_->minutes(s) +
                                geo::geodesic_distance_m(geo::to_lonlat(city_.stations[s].at), p) * per_m_);
    return best;
  }
  const data::City& city_;
  geo::LonLat from_;
  double per_m_;
  std::optional<geo::MetroTimes> times_;
};

std::vector<Hit> all_pages(JobQuery q, const data::Snapshot& s, std::uint64_t ads) {
  std::vector<Hit> hits;
  for (;;) {
    auto page = evaluate(q, s);
    EXPECT_EQ(page.totals.ads, ads);
    hits.insert(hits.end(), page.hits.begin(), page.hits.end());
    if (page.next_cursor.empty()) return hits;
    q.after = read_cursor(page.next_cursor);
  }
}

TEST(Reach, AgreesWithALoopOverThePostings) {
  constexpr unsigned seed = 40;
  std::size_t found = 0;
  for (unsigned round = 0; round < 6; ++round) {
    SmallCity city(seed + round, round == 5 ? 30'000 : 3000,
                   round == 4 ? 59.83 : 0);  // across the antimeridian
    const auto& s = *city.snapshot;
    for (int i = 0; i < (round == 5 ? 8 : 30); ++i) {
      const int mode = city.pick(3), places = 1 + city.pick(2);
      const double per_m = mode == 1 ? bike_per_m : walk_per_m;
      std::string at, minutes;
      std::vector<Door> doors;
      std::vector<double> limits;
      for (int k = 0; k < places; ++k) {
        const auto from = city.place();
        limits.push_back(1 + city.pick(60));
        at += (k ? ";" : "") + place(from), minutes += (k ? ";" : "") + std::to_string(int(limits[k]));
        doors.emplace_back(*city.city, from, limits[k], mode == 2, per_m);
      }
      const std::string text = "reach=" + at + "&minutes=" + minutes +
                               "&mode=" + std::string(travel_mode_names[static_cast<unsigned>(mode)]) +
                               "&limit=" + std::to_string(round == 5 ? 900 : 1 + city.pick(200));
      SCOPED_TRACE("seed " + std::to_string(seed + round) + ": " + text);
      std::map<std::string, double> expected;
      std::uint64_t unlocated = 0;
      for (const auto& p : city.postings) {
        if (!test::is_shown(p)) continue;
        if (!p.point) {
          ++unlocated;
          continue;
        }
        double most = 0;
        for (int k = 0; k < places; ++k)
          most = std::max(most, doors[k].to(*p.point) <= limits[k] ? doors[k].to(*p.point) : infinity);
        if (most < infinity) expected[p.source + ':' + p.id] = most;
      }
      const auto q = parse(text, s);
      ASSERT_EQ(q.sort, Sort::minutes);
      const auto totals = evaluate(q, s).totals;
      ASSERT_EQ(totals.ads, expected.size());
      ASSERT_EQ(totals.unlocated, unlocated);
      ASSERT_EQ(matching_rows(q, s, s.located_rows()).size(), expected.size());
      const auto hits = all_pages(q, s, totals.ads);
      ASSERT_EQ(hits.size(), expected.size());
      double last = 0;
      std::set<data::Row> seen;
      for (const Hit& hit : hits) {
        ASSERT_TRUE(seen.insert(hit.row).second);
        const auto it = expected.find(s.jobs->public_id(hit.row));
        ASSERT_NE(it, expected.end());
        ASSERT_NEAR(hit.minutes, it->second, 2e-4) << "a centimetre on foot";
        ASSERT_GE(hit.minutes, last);
        ASSERT_LT(hit.distance_m, 0);
        last = hit.minutes;
      }
      found += hits.size();
    }
  }
  EXPECT_GT(found, 10'000u);
}

TEST(Reach, LegsLeadFromThePlaceToTheJobInItsMinutes) {
  SmallCity city(7, 4000);
  const auto& s = *city.snapshot;
  std::size_t rides = 0;
  for (int i = 0; i < 20; ++i) {
    const auto q =
        parse("reach=" + place(city.place()) + "&minutes=70&mode=metro&limit=1000&sort=-minutes", s);
    for (const Hit& hit : evaluate(q, s).hits) {
      ASSERT_FALSE(hit.legs.empty());
      double minutes = 0;
      std::int32_t where = Leg::none;
      for (const Leg& leg : hit.legs) {
        EXPECT_EQ(leg.from, where);
        EXPECT_GE(leg.minutes, 0);
        EXPECT_EQ(leg.line == Leg::none, leg.mode == Leg::walk);
        where = leg.to, minutes += leg.minutes, rides += leg.mode == Leg::metro;
      }
      EXPECT_EQ(where, Leg::none);
      EXPECT_NEAR(minutes, hit.minutes, 1e-9);
    }
  }
  EXPECT_GT(rides, 100u);
}

TEST(Reach, OfTwoPlacesTheOneThatTakesLongerIsNamed) {
  SmallCity city(8, 4000);
  const auto& s = *city.snapshot;
  std::array<unsigned, 3> named{};
  for (const std::string mode : {"walk", "metro"}) {
    const std::string a = place(city.place()), b = place(city.place()), how = "&mode=" + mode + "&limit=1000";
    std::map<data::Row, Hit> from_a, from_b;
    for (const Hit& hit : evaluate(parse("reach=" + a + "&minutes=110" + how, s), s).hits)
      from_a[hit.row] = hit;
    for (const Hit& hit : evaluate(parse("reach=" + b + "&minutes=110" + how, s), s).hits)
      from_b[hit.row] = hit;
    for (const Hit& hit : evaluate(parse("reach=" + a + ";" + b + "&minutes=110" + how, s), s).hits) {
      if (!from_a.contains(hit.row) || !from_b.contains(hit.row)) continue;  // beyond their first thousand
      const auto &first = from_a[hit.row], &second = from_b[hit.row];
      EXPECT_EQ(first.place, 0u);
      ASSERT_EQ(hit.place, first.minutes >= second.minutes ? 1u : 2u);
      const auto& slower = hit.place == 1 ? first : second;
      ASSERT_EQ(hit.minutes, slower.minutes);
      ASSERT_EQ(hit.legs.size(), slower.legs.size());
      ++named[hit.place];
    }
  }
  EXPECT_GT(named[1], 20u);
  EXPECT_GT(named[2], 20u);
}

std::set<data::Row> rows(const std::string& text, const data::Snapshot& s) {
  const auto found = matching_rows(parse(text, s), s, s.located_rows());
  return {found.begin(), found.end()};
}
bool holds(const std::set<data::Row>& more, const std::set<data::Row>& less) {
  return std::includes(more.begin(), more.end(), less.begin(), less.end());
}

TEST(Reach, WhatMustHoldOfAnyReach) {
  constexpr unsigned seed = 77;
  SmallCity city(seed, 4000);
  const auto& s = *city.snapshot;
  for (int i = 0; i < 40; ++i) {
    const auto a = place(city.place()), b = place(city.place());
    const int m = 2 + city.pick(60), n = 2 + city.pick(60);
    SCOPED_TRACE("seed " + std::to_string(seed) + ": " + a + ";" + b + " " + std::to_string(m) + ";" +
                 std::to_string(n));
    const auto one = [&](const std::string& at, int minutes, const std::string& mode) {
      return rows("reach=" + at + "&minutes=" + std::to_string(minutes) + mode, s);
    };
    const auto walk = one(a, m, ""), metro = one(a, m, "&mode=metro"), other = one(b, n, "&mode=metro");
    EXPECT_TRUE(holds(metro, walk)) << "walking is part of going by metro";
    EXPECT_TRUE(holds(one(a, m + 1, "&mode=metro"), metro)) << "a longer cutoff loses no job";
    EXPECT_TRUE(holds(one(a, m, "&speed_kmh=6"), walk)) << "nor does walking faster";
    EXPECT_TRUE(holds(walk, one(a, m, "&detour=1.5"))) << "a detour gains none";
    EXPECT_EQ(one(a, m, "&mode=metro&depart=2026-11-23T10:30:00Z"), metro) << "half past ten in the morning";
    EXPECT_EQ(one(a, m, "&mode=metro&depart=2026-11-23T02:00:00Z"), walk) << "two at night";
    std::set<data::Row> both;
    std::set_intersection(metro.begin(), metro.end(), other.begin(), other.end(),
                          std::inserter(both, both.end()));
    EXPECT_EQ(
        rows("reach=" + a + ";" + b + "&mode=metro&minutes=" + std::to_string(m) + ";" + std::to_string(n),
             s),
        both)
        << "two places are the intersection";
  }
}

TEST(Reach, TheCurveByMinuteIsWhatEachCutoffFinds) {
  SmallCity city(21, 4000);
  const auto& s = *city.snapshot;
  const std::string at = "reach=" + place(city.place()) + "&mode=metro&minutes=";
  const auto params = *Params::parse(at + "50&by=minutes");
  Reader r(params);
  const auto q = parse_filter(r, s);
  const auto by = parse_facets(r, q);
  ASSERT_FALSE(r.failed());
  const auto facets = count_facets(q, by, s);
  ASSERT_EQ(facets.facets.size(), 1u);
  std::uint64_t sum = 0;
  for (const auto& value : facets.facets[0].values) {
    sum += value.sums.ads;
    EXPECT_EQ(sum, rows(at + value.id, s).size()) << value.id;
  }
  EXPECT_EQ(sum, facets.totals.ads);
  EXPECT_GT(sum, 50u);
}

TEST(Reach, MinutesOfAStationAreItsRadiusOnFoot) {
  SmallCity city(5, 3000);
  const auto& s = *city.snapshot;
  for (const std::string at : {"station=s1,s4", "line=2"}) {
    const double radius = 10 * 60 * 1.3 / 1.22;
    EXPECT_EQ(rows(at + "&minutes=10", s), rows(at + "&radius=" + number(radius), s));
    for (const Hit& hit : evaluate(parse(at + "&minutes=10", s), s).hits)
      EXPECT_NEAR(hit.minutes, hit.distance_m * walk_per_m, 1e-9);
  }
}

}  // namespace
}  // namespace jobmap::query
