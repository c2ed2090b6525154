// Coverage, plans and siting: against loops over the postings, and what must hold of any of them.
#include "server/query/service/coverage.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <set>

#include "data/index/job_table_builder.hpp"
#include "geo/circle_union.hpp"
#include "geo/crs.hpp"
#include "geo/polygon_index.hpp"
#include "server/query/filter/service_circle.hpp"
#include "server/query/list/evaluate.hpp"
#include "server/query/service/site_circle.hpp"
#include "server/query/service/siting.hpp"
#include "server/query/service/what_if.hpp"
#include "tests/query/street_city.hpp"

namespace jobmap::query {
namespace {

using test::SmallCity;

// The small city with people in it.
struct Populated : SmallCity {
  Populated(unsigned seed, int jobs, std::shared_ptr<const geo::StreetGraph> graph = nullptr,
            double farther_east = 0)
      : SmallCity(seed, jobs, farther_east), streets(std::move(graph)) {
    for (int i = 0; i < 500; ++i) city->population.push_back({geo::to_e7(place()), double(pick(900))});
    rebuild();
  }
  void rebuild() {
    city->finish();
    data::JobTableBuilder builder;
    for (const auto& p : postings) builder.add(p);
    const auto table = std::move(builder).build(*city);
    data::Streets network;
    if (streets) network = {streets, data::find_walks(*streets, *table, *city)};
    snapshot = data::make_snapshot(table, city, "0123456789abcdef", 1, test::now, network);
  }
  bool alive(const data::Posting& p) const { return test::is_shown(p); }
  bool served(geo::LonLat at, double metres) const {
    for (const auto& site : city->service_points)
      if (geo::geodesic_distance_m(geo::to_lonlat(site.at), at) <= metres) return true;
    return false;
  }
  std::shared_ptr<const geo::StreetGraph> streets;
};

// No streets (straight lines), and streets with a river and a ferry.
std::vector<std::shared_ptr<const geo::StreetGraph>> with_and_without_streets() {
  return {nullptr, std::make_shared<const geo::StreetGraph>(test::river_city())};
}

CoverageQuery whole(double minutes = 15) {
  CoverageQuery q;
  q.circle_minutes = minutes;
  q.by_district = q.by_category = true;
  return q;
}

TEST(Coverage, AreaAndGapsAreTheSameAcrossTheAntimeridian) {
  Populated home(5, 500), away(5, 500, nullptr, 59.83);
  auto q = whole(5);
  const auto here = measure_coverage(q, *home.snapshot), there = measure_coverage(q, *away.snapshot);
  const auto& a = here.rows.front().of[area];
  const auto& b = there.rows.front().of[area];
  EXPECT_GT(a.covered, 0);
  EXPECT_NEAR(b.total / a.total, 1, 1e-6);
  EXPECT_NEAR(b.covered / a.covered, 1, 1e-6);
  const auto open = [](const std::vector<Gap>& gaps) {
    double sum = 0;
    for (const auto& gap : gaps) sum += gap.area_m2;
    return sum;
  };
  EXPECT_NEAR(open(find_gaps(q, *away.snapshot)) / open(find_gaps(q, *home.snapshot)), 1, 1e-6);
}

TEST(Coverage, AgreesWithALoopOverThePostingsAndSumsToTheWhole) {
  for (const unsigned seed : {1u, 2u, 3u})
    for (const double minutes : {5.0, 15.0, 40.0}) {
      SCOPED_TRACE("seed " + std::to_string(seed) + ", " + std::to_string(minutes));
      Populated city(seed, 3000, nullptr, seed == 3 ? 59.83 : 0);  // the last across the antimeridian
      const auto q = whole(minutes);
      const auto c = measure_coverage(q, *city.snapshot);
      const auto& all = c.rows.front();
      Covered ads_expected, openings_expected, people;
      std::uint64_t unlocated = 0;
      for (const auto& p : city.postings) {
        if (!city.alive(p)) continue;
        if (!p.point) {
          ++unlocated;
          continue;
        }
        const double n = p.openings;
        ads_expected.total += 1, openings_expected.total += n;
        for (const auto& [line, part] :
             {std::pair{q.method, &Covered::covered}, {q.low, &Covered::low}, {q.high, &Covered::high}})
          if (city.served(*p.point, line.metres(minutes)))
            ads_expected.*part += 1, openings_expected.*part += n;
      }
      for (const auto& cell : city.city->population) {
        people.total += cell.residents;
        if (city.served(geo::to_lonlat(cell.at), q.metres())) people.covered += cell.residents;
      }
      EXPECT_EQ(all.of[ads].total, ads_expected.total);
      EXPECT_EQ(all.of[ads].covered, ads_expected.covered);
      EXPECT_EQ(all.of[ads].low, ads_expected.low);
      EXPECT_EQ(all.of[ads].high, ads_expected.high);
      EXPECT_EQ(all.of[openings].covered, openings_expected.covered);
      EXPECT_EQ(all.of[population].total, people.total);
      EXPECT_EQ(all.of[population].covered, people.covered);
      EXPECT_EQ(all.unlocated, unlocated);

      std::array<Covered, measures> districts{}, categories{};
      std::uint64_t lost = 0;
      for (const auto& row : c.rows)
        for (unsigned m = 0; m < measures; ++m) {
          EXPECT_LE(row.of[m].low, row.of[m].covered);
          EXPECT_LE(row.of[m].covered, row.of[m].high);
          EXPECT_LE(row.of[m].high, row.of[m].total * (1 + 1e-9));
          const bool one = row.district != CoverageRow::all && row.category == CoverageRow::all;
          const bool kind = row.district == CoverageRow::all && row.category != CoverageRow::all;
          if (one) districts[m].covered += row.of[m].covered, districts[m].total += row.of[m].total;
          if (kind) categories[m].covered += row.of[m].covered;
          if (one && m == 0) lost += row.unlocated;
        }
      EXPECT_EQ(lost, unlocated);
      for (unsigned m = 0; m < measures; ++m) {
        EXPECT_NEAR(districts[m].covered, all.of[m].covered, 1e-6 * all.of[m].covered);
        EXPECT_NEAR(districts[m].total, all.of[m].total, 1e-6 * all.of[m].total);
      }
      EXPECT_EQ(categories[ads].covered, all.of[ads].covered);
      EXPECT_EQ(categories[openings].covered, all.of[openings].covered);

      // The list of the same circle counts the same.
      const auto params = *Params::parse("circle=service&circle_minutes=" + std::to_string(minutes));
      Reader r(params);
      const auto list = evaluate(parse_filter(r, *city.snapshot), *city.snapshot);
      EXPECT_EQ(double(list.totals.ads), all.of[ads].covered);
      EXPECT_EQ(double(list.totals.openings), all.of[openings].covered);
    }
}

TEST(Coverage, AlongTheStreetsSumsToTheWholeAndLiesInItsBand) {
  constexpr unsigned seed = 15;
  Populated city(seed, 3000, with_and_without_streets()[1]);
  double wider = 0;
  for (const double minutes : {5.0, 15.0, 30.0, 60.0}) {
    SCOPED_TRACE("seed " + std::to_string(seed) + ", " + std::to_string(minutes));
    const auto c = measure_coverage(whole(minutes), *city.snapshot);
    const auto& all = c.rows.front().of;
    std::array<double, measures> districts{}, categories{};
    for (const auto& row : c.rows)
      for (unsigned m = 0; m < measures; ++m) {
        EXPECT_LE(row.of[m].low, row.of[m].covered);
        EXPECT_LE(row.of[m].covered, row.of[m].high);
        EXPECT_LE(row.of[m].high, row.of[m].total * (1 + 1e-9));
        const bool one = row.district != CoverageRow::all;
        if (one && row.category == CoverageRow::all) districts[m] += row.of[m].covered;
        if (!one && row.category != CoverageRow::all) categories[m] += row.of[m].covered;
      }
    for (const auto m : {ads, openings}) {
      EXPECT_EQ(districts[m], all[m].covered);
      EXPECT_EQ(categories[m], all[m].covered);
    }
    EXPECT_GE(all[ads].covered, wider) << "a longer circle loses no job";
    wider = all[ads].covered;
  }
  EXPECT_GT(wider, 500);
}

// Cell by cell, and resident by resident, a way of their own.
TEST(Coverage, GroundAndResidentsAlongTheStreetsAgreeWithASearchEach) {
  constexpr unsigned seed = 16;
  const auto streets = with_and_without_streets()[1];
  Populated city(seed, 300, streets);
  const auto& s = *city.snapshot;
  const auto q = whole(12);
  const auto limit = geo::millimetres(12, q.method.speed_kmh);
  std::vector<geo::Seed> seeds;
  for (const auto& site : s.city->service_points)
    seeds.push_back({s.streets->snap(site.at, geo::TravelMode::walk, 250), 0});
  geo::StreetSearch search;
  search.run(*s.streets, geo::TravelMode::walk, seeds, limit);
  const auto is_in = [&](geo::PointE7 p) {
    return search.to(s.streets->snap(p, geo::TravelMode::walk, 250)).has_value();
  };
  double ground = 0, people = 0;
  for (const auto& sheet : s.walks->ground.sheets)
    for (auto cell = sheet.begin; cell < sheet.end(); ++cell)
      if (s.walks->ground.m2[cell] > 0 && is_in(geo::to_e7(sheet.centre(cell))))
        ground += s.walks->ground.m2[cell];
  for (const auto& cell : s.city->population)
    if (is_in(cell.at)) people += cell.residents;
  const auto all = measure_coverage(q, s).rows.front().of;
  EXPECT_NEAR(all[area].covered, ground, 1e-6 * ground);
  EXPECT_NEAR(all[population].covered, people, 1e-6 * people + 1e-6);
  EXPECT_GT(ground, 0);
  double districts = 0;
  for (const auto& d : s.city->districts) districts += geo::area_m2(d.geometry);
  EXPECT_NEAR(all[area].total, districts, 1e-6 * districts);
}

TEST(Coverage, GapsAlongTheStreetsAreWhatIsNotReached) {
  Populated city(17, 3000, with_and_without_streets()[1]);
  auto q = whole(12);
  q.gaps = true;
  const auto c = measure_coverage(q, *city.snapshot);
  double gaps = 0;
  for (const auto& gap : c.gaps) gaps += gap.area_m2;
  const auto& all = c.rows.front().of;
  // Gaps of less than a hectare are left out, and their edges run between the middles of cells.
  EXPECT_NEAR(gaps, all[area].total - all[area].covered, 0.03 * all[area].covered + 4 * c.area_error_m2);
}

TEST(Coverage, GapsAndCirclesShareTheDistricts) {
  Populated city(4, 3000);
  auto q = whole();
  q.gaps = true;
  const auto c = measure_coverage(q, *city.snapshot);
  double gaps = 0, ads_in_gaps = 0;
  for (const auto& gap : c.gaps) gaps += gap.area_m2, ads_in_gaps += double(gap.ads);
  const auto& all = c.rows.front().of;
  EXPECT_NEAR(gaps / (all[area].total - all[area].covered), 1, 1e-3);
  EXPECT_GT(ads_in_gaps, 100);
  // Outside the districts there is no gap, and along a circle's edge polygons are a little off.
  EXPECT_LE(ads_in_gaps, all[ads].total - all[ads].covered + 5);
}

TEST(WhatIf, AgreesWithACityThatHasTheChange) {
  constexpr unsigned seed = 9;
  const auto graphs = with_and_without_streets();
  for (int round = 0; round < 30; ++round) {
    const auto& streets = graphs[round % 2];
    SCOPED_TRACE("seed " + std::to_string(seed) + " round " + std::to_string(round));
    Populated city(seed + round / 6, 3000, streets);
    WhatIf change;
    change.query.circle_minutes = 15 + 10 * city.pick(3);
    for (int i = city.pick(4); i > 0; --i) change.add.push_back(city.place());
    for (int i = 0; i < 6; ++i)
      if (!city.pick(5)) change.remove.push_back(static_cast<std::uint32_t>(i));
    if (change.add.empty() && change.remove.empty()) change.remove = {1, 4};
    const auto effect = weigh(change, *city.snapshot);
    Populated other(seed, 3000, streets);
    other.city->population = city.city->population;
    std::vector<data::Site> sites;
    for (std::uint32_t i = 0; i < city.city->service_points.size(); ++i)
      if (std::find(change.remove.begin(), change.remove.end(), i) == change.remove.end())
        sites.push_back(city.city->service_points[i]);
    for (const auto at : change.add) {
      sites.push_back(sites.empty() ? data::Site{} : sites.front());
      sites.back().id = "new" + std::to_string(sites.size()), sites.back().at = geo::to_e7(at);
    }
    other.city->service_points = sites;
    other.postings = city.postings;
    other.rebuild();
    const auto after = measure_coverage(change.query, *other.snapshot).rows.front();
    const auto before = measure_coverage(change.query, *city.snapshot).rows.front();
    for (unsigned m = 0; m < measures; ++m) {
      SCOPED_TRACE(measure_names[m]);
      // To the last bit; but areas of arcs add up in another order.
      const double slack = m == area && !streets ? 1e-6 : 0;
      const auto same = [&](double is, double expected) { EXPECT_NEAR(is, expected, slack * expected); };
      same(effect.before[m], before.of[m].covered), same(effect.after[m], after.of[m].covered);
      same(effect.band[0].before[m], before.of[m].low), same(effect.band[0].after[m], after.of[m].low);
      same(effect.band[1].before[m], before.of[m].high), same(effect.band[1].after[m], after.of[m].high);
      for (const auto& gain : effect.gain_of_add)
        EXPECT_GE(gain[m], -1e-3) << "a new point never lowers coverage";
      for (const auto& gain : effect.gain_of_remove) EXPECT_LE(gain[m], 1e-3);
    }
    const auto gain_alone = [&](const WhatIf& alone) {
      const auto e = weigh_whole(alone, *city.snapshot);
      return std::array{e.after[ads] - e.before[ads], e.after[openings] - e.before[openings],
                        e.after[population] - e.before[population]};
    };
    const auto gain_in = [](const Amounts& a) { return std::array{a[ads], a[openings], a[population]}; };
    for (std::size_t i = 0; i < change.add.size(); ++i)
      EXPECT_EQ(gain_in(effect.gain_of_add[i]), gain_alone({change.query, {change.add[i]}, {}}));
    for (std::size_t i = 0; i < change.remove.size(); ++i)
      EXPECT_EQ(gain_in(effect.gain_of_remove[i]), gain_alone({change.query, {}, {change.remove[i]}}));
  }
}

// Sixty-four at once as one by one, whether or not several share a place.
TEST(ServiceCircle, AWordOfRowsIsItsRows) {
  for (const auto& streets : with_and_without_streets()) {
    Populated city(18, 3000, streets);
    const auto& s = *city.snapshot;
    for (const double minutes : {4.0, 15.0, 33.0}) {
      const ServiceCircle circle(s, {}, minutes);
      unsigned inside = 0;
      for (data::Row row = 0; row < s.jobs->size; ++row) {
        ASSERT_EQ(circle.word(row / 64) >> (row % 64) & 1, circle.contains(row)) << row;
        inside += circle.contains(row);
      }
      EXPECT_GT(inside, 50u);
      EXPECT_LT(inside, s.jobs->located);
    }
  }
}

TEST(SiteCircle, ByStraightLinesHoldsTheCellsWhoseMiddlesAreWithinIt) {
  Populated city(21, 10);
  const auto ground = data::lay_ground(*city.city);
  std::size_t held = 0;
  for (const double speed_kmh : {2.0, 4.68, 30.0})
    for (int i = 0; i < 2; ++i) {
      const StraightLine method{speed_kmh, 1.25};
      const auto at = city.place();
      const auto circle = SiteCircles(*city.snapshot, method, 15).at(at).cells(ground);
      std::set<std::uint32_t> cells;
      for (auto [word, bits] : circle)
        for (; bits; bits &= bits - 1)
          cells.insert(word * 64 + static_cast<unsigned>(std::countr_zero(bits)));
      for (const auto& sheet : ground.sheets)
        for (auto cell = sheet.begin; cell < sheet.end(); ++cell) {
          const auto middle = geo::to_lonlat(geo::to_e7(sheet.centre(cell)));
          const double off = geo::geodesic_distance_m(at, middle) - method.metres(15);
          if (std::abs(off) < 0.01) continue;
          ASSERT_EQ(cells.count(cell) == 1, off < 0 && ground.m2[cell] > 0) << cell << " is off by " << off;
        }
      held += cells.size();
    }
  EXPECT_GT(held, 1000u);
}

TEST(Siting, ChoosesTheBestOfAFewAndSaysWhatEachGains) {
  constexpr unsigned seed = 12;
  const auto graphs = with_and_without_streets();
  for (const auto of : {area, ads, openings, population})
    for (int round = 0; round < 6; ++round) {
      Populated city(seed + round, 2000, graphs[round % 2]);
      const auto& s = *city.snapshot;
      SCOPED_TRACE("seed " + std::to_string(seed) + " round " + std::to_string(round));
      SitingQuery q;
      q.of = of, q.sites = 2;
      q.candidates.emplace();
      for (int i = 0; i < 9; ++i) q.candidates->push_back(city.place());
      const auto siting = choose_sites(q, s);
      ASSERT_TRUE(siting && siting->exact);
      double best = 0;
      for (std::size_t a = 0; a < 9; ++a)
        for (std::size_t b = a; b < 9; ++b) {
          WhatIf pair{q.circle, {(*q.candidates)[a]}, {}};
          if (b != a) pair.add.push_back((*q.candidates)[b]);
          const auto effect = weigh(pair, s);
          best = std::max(best, effect.after[of] - effect.before[of]);
        }
      // Area is gained by cells, of whole square metres; along straight lines the oracle measures arcs.
      const double slack = of == area ? (round % 2 ? 0.002 : 0.03) * best + 1 : 1e-6;
      EXPECT_NEAR(double(siting->covered), best, slack);
      EXPECT_GE(double(siting->greedy), (1 - std::exp(-1)) * best - slack);
      WhatIf chosen{q.circle, {}, {}};
      double last = 0;
      for (const auto& site : siting->sites) {
        chosen.add.push_back(site.at);
        const auto effect = weigh(chosen, s);
        EXPECT_NEAR(effect.after[of] - effect.before[of] - last, double(site.gain), slack);
        last = effect.after[of] - effect.before[of];
      }
      EXPECT_NEAR(siting->after - siting->before, last, slack);
      EXPECT_LE(siting->band[0].before[of], siting->before + slack);
      EXPECT_GE(siting->band[1].after[of], siting->after - slack);
    }
}

TEST(Siting, AGridLiesWhereThereIsDemand) {
  Populated city(13, 2000);
  SitingQuery q;
  q.sites = 5;
  const auto siting = choose_sites(q, *city.snapshot);
  ASSERT_TRUE(siting);
  EXPECT_GT(siting->candidates, 20u);
  EXPECT_EQ(siting->sites.size(), 5u);
  for (std::size_t i = 1; i < 5; ++i) EXPECT_GT(siting->sites[i].gain, 0u);
  EXPECT_GE(siting->upper_bound, siting->covered);
}

TEST(Coverage, AnEmptyCityAnswers) {
  SmallCity city(1, 0);
  city.city->service_points.clear();
  city.city->finish();
  auto q = whole();
  q.gaps = true;
  const auto c = measure_coverage(q, *city.snapshot);
  EXPECT_EQ(c.rows.front().of[ads].total, 0);
  EXPECT_EQ(c.rows.front().of[area].covered, 0);
  EXPECT_EQ(c.gaps.size(), 2u) << "all of both districts";
  EXPECT_TRUE(choose_sites({}, *city.snapshot)->sites.empty());
}

}  // namespace
}  // namespace jobmap::query
