// The plan: what is chosen from given estimates, and that any order gives the same answer.
#include "server/query/filter/plan.hpp"

#include "server/query/facet/facets.hpp"
#include "server/query/filter/matches.hpp"
#include "server/query/list/evaluate.hpp"
#include "server/query/syntax/percent_coding.hpp"
#include "server/query/tile/clusters.hpp"
#include "tests/query/oracle.hpp"
#include "tests/random_text.hpp"

namespace jobmap::query {
namespace {

Estimates estimates(double rows, bool names_place, double place) {
  Estimates e;
  e.rows = rows, e.names_place = names_place, e.of[First::place] = place;
  return e;
}

TEST(Plan, TheRarestIsWalkedFirst) {
  auto e = estimates(1e6, true, 1e5);
  e.of[First::q] = 40, e.of[First::district] = 30'000;
  EXPECT_EQ(choose_plan(e).first, First::q);
  e.of[First::q] = 50'000;
  EXPECT_EQ(choose_plan(e).first, First::place);
  e.of[First::place] = 200;
  e.of[First::q] = 5000;
  EXPECT_EQ(choose_plan(e).first, First::place) << "a small circle";
}

TEST(Plan, WithoutAPlaceTheRowsOfAValueSpareTheRest) {
  auto e = estimates(1e6, false, 1e6);
  EXPECT_EQ(choose_plan(e).first, First::place);
  e.of[First::district] = 3000;
  EXPECT_EQ(choose_plan(e).first, First::district);
  e.of[First::category] = 300'000;
  EXPECT_EQ(choose_plan(e).first, First::district);
  e.of[First::district] = 100'000;  // one in ten: in nearly every word
  EXPECT_EQ(choose_plan(e).first, First::place);
  EXPECT_FALSE(choose_plan(e).cost_us[First::district]);
}

TEST(Plan, AnOutlineIsAskedLaterThanACircle) {
  auto e = estimates(1e6, true, 3000);
  e.of[First::industry] = 4000;
  EXPECT_EQ(choose_plan(e).first, First::place);
  e.costly_place = true, e.of[First::place] = 30'000, e.of[First::industry] = 1500;
  EXPECT_EQ(choose_plan(e).first, First::industry);
}

TEST(Plan, MoreRowsNeverCostLess) {
  for (const bool names_place : {false, true})
    for (const bool costly : {false, true}) {
      double before_place = 0, before_q = 0;
      for (double rows = 0; rows < 60'000; rows = rows * 1.7 + 1) {
        auto e = estimates(1e6, names_place, rows);
        e.costly_place = costly, e.of[First::q] = rows;
        const auto plan = choose_plan(e);
        EXPECT_GE(*plan.cost_us[First::place], before_place);
        EXPECT_GE(*plan.cost_us[First::q], before_q);
        EXPECT_LE(*plan.cost_us[plan.first], std::min(*plan.cost_us[First::place], *plan.cost_us[First::q]));
        before_place = *plan.cost_us[First::place], before_q = *plan.cost_us[First::q];
      }
    }
}

TEST(Plan, BreaksEvenWhereThePlaceCostsWhatTheRarestDoes) {
  for (const bool costly : {false, true})
    for (double rows = 1; rows < 60'000; rows *= 3) {
      auto e = estimates(1e6, true, 0);
      e.costly_place = costly, e.of[First::q] = rows, e.of[First::pay_unit] = 300'000;
      const auto even = break_even_rows(e);
      ASSERT_TRUE(even);
      e.of[First::place] = *even * 0.99;
      if (*even > 0) {
        EXPECT_EQ(choose_plan(e).first, First::place) << rows;
      }
      e.of[First::place] = *even * 1.01 + 1;
      EXPECT_EQ(choose_plan(e).first, First::q) << rows;
    }
  EXPECT_FALSE(break_even_rows(estimates(1e6, true, 0)));
}

TEST(Plan, WithoutEstimatesTheTreeIsFirst) { EXPECT_EQ(choose_plan({}).first, First::place); }

void expect_equal(const Page& page, const Page& usual) {
  EXPECT_EQ(page.totals.ads, usual.totals.ads);
  EXPECT_EQ(page.totals.openings, usual.totals.openings);
  EXPECT_EQ(page.totals.located, usual.totals.located);
  EXPECT_EQ(page.totals.unlocated, usual.totals.unlocated);
  EXPECT_EQ(page.next_cursor, usual.next_cursor);
  ASSERT_EQ(page.hits.size(), usual.hits.size());
  for (std::size_t i = 0; i < page.hits.size(); ++i) {
    ASSERT_EQ(page.hits[i].row, usual.hits[i].row) << i;
    ASSERT_EQ(page.hits[i].distance_m, usual.hits[i].distance_m) << i;
  }
}

// A place, values and words, whatever has a turn.
Oracle random_query(SmallCity& city) {
  Oracle o(city);
  add_place(o), add_rest(o);
  const std::array<std::string, 5> words{"工程", "c++ java", "java 工程 杭州", "杭州 1 c++ java",
                                         "\"c++ java\""};
  if (city.pick(2)) o.add("q=" + percent_encode(words[static_cast<std::size_t>(city.pick(5))]));
  return o;
}

// With place, words, values and orders of every kind; page after page.
TEST(Plan, EveryOrderGivesTheSameAnswer) {
  constexpr unsigned seed = 41;
  std::array<int, first_names.size()> walked{}, chosen{};
  for (unsigned round = 0; round < 4; ++round) {
    SmallCity city(seed + round, round == 3 ? 30'000 : 700 + 1500 * static_cast<int>(round));
    const auto& s = *city.snapshot;
    for (int i = 0; i < (round == 3 ? 60 : 200); ++i) {
      Oracle o = random_query(city);
      const std::string sort = o.has_anchor && city.pick(2) ? "distance"
                               : city.pick(2)               ? "newest"
                                                            : "-newest";
      o.add("sort=" + sort + "&limit=" + std::to_string(1 + city.pick(300)));
      SCOPED_TRACE("seed " + std::to_string(seed + round) + " query " + std::to_string(i) + ": " + o.text);
      auto q = parse(o.text, s);
      for (int pages = 0; pages < 3; ++pages) {
        const auto usual = evaluate(q, s);
        ++chosen[static_cast<std::size_t>(usual.plan.first)];
        auto explained = q;
        explained.explain = true;
        EXPECT_EQ(evaluate(explained, s).plan.first, usual.plan.first) << "explaining changes nothing";
        for (std::size_t f = 0; f < first_names.size(); ++f) {
          SCOPED_TRACE(first_names[f]);
          const auto page = evaluate(q, s, static_cast<First>(f));
          walked[f] += page.plan.first == static_cast<First>(f);
          expect_equal(page, usual);
          if (testing::Test::HasFailure()) return;
        }
        q.after = read_cursor(usual.next_cursor);
        if (!q.after) break;
      }
    }
  }
  for (std::size_t f = 0; f < first_names.size(); ++f) EXPECT_GT(walked[f], 50) << first_names[f];
  EXPECT_GT(chosen[static_cast<std::size_t>(First::place)], 100);
  EXPECT_GT(chosen[static_cast<std::size_t>(First::q)], 20);
}

std::string spelled(const Facets& facets) {
  std::string text = std::to_string(facets.totals.ads) + "/" + std::to_string(facets.totals.openings);
  for (const auto& facet : facets.facets) {
    text += "\n" + std::to_string(static_cast<int>(facet.by)) + " " + std::to_string(facet.counted.ads) +
            " " + std::to_string(facet.missing.openings);
    for (const auto& v : facet.values)
      text += " " + v.id + ":" + std::to_string(v.sums.ads) + "/" + std::to_string(v.sums.openings);
  }
  return text;
}

std::string spelled(const TileContent& tile) {
  std::string text;
  for (const auto row : tile.jobs) text += " " + std::to_string(row);
  for (const auto& c : tile.clusters)
    text += "\n" + c.cell.name() + " " + std::to_string(c.tally.ads()) + "/" +
            std::to_string(c.tally.openings()) + " " + std::to_string(c.expansion_zoom) + " " +
            std::to_string(c.middle().lon) + " " + std::to_string(c.pay ? c.pay->median : -1);
  return text;
}

// Facets, tiles of either system, and the rows of a tile.
TEST(Plan, EveryOrderCountsTheSame) {
  constexpr unsigned seed = 51;
  std::array<int, first_names.size()> walked{}, chosen{};
  std::size_t filled = 0;
  for (unsigned round = 0; round < 3; ++round) {
    SmallCity city(seed + round, round == 2 ? 30'000 : 700 + 2500 * static_cast<int>(round));
    const auto& s = *city.snapshot;
    for (int i = 0; i < (round == 2 ? 60 : 150); ++i) {
      Oracle o = random_query(city);
      if (city.pick(4) == 0) o.add("crs=gcj02");
      SCOPED_TRACE("seed " + std::to_string(seed + round) + " query " + std::to_string(i) + ": " + o.text);
      const auto q = parse(o.text, s);
      FacetQuery by{
          {FacetBy::category, FacetBy::district, FacetBy::industry, FacetBy::posted}, city.pick(2) == 0, {}};
      const auto at = geo::to_grid(
          s.jobs->tree.point(static_cast<data::Row>(city.pick(static_cast<int>(s.jobs->located)))));
      const auto z = static_cast<unsigned>(city.pick(16)), shift = geo::grid_bits - z;
      const geo::TileId tile{z, at.x >> shift, at.y >> shift};
      const auto facets = spelled(count_facets(q, by, s));
      const auto content = spelled(tile_content(q, s, tile));
      filled += !content.empty();
      ++chosen[static_cast<std::size_t>(Matches(q, s, s.all_rows()).first())];
      for (std::size_t f = 0; f < first_names.size(); ++f) {
        const auto first = static_cast<First>(f);
        SCOPED_TRACE(first_names[f]);
        walked[f] += f > 0 && Matches(q, s, s.all_rows(), first).first() == first;
        ASSERT_EQ(spelled(count_facets(q, by, s, first)), facets);
        ASSERT_EQ(spelled(tile_content(q, s, tile, first)), content);
      }
    }
  }
  for (std::size_t f = 1; f < first_names.size(); ++f) EXPECT_GT(walked[f], 15) << first_names[f];
  EXPECT_GT(chosen[static_cast<std::size_t>(First::place)], 50);
  EXPECT_GT(chosen[static_cast<std::size_t>(First::q)], 10);
  EXPECT_GT(filled, 60u);
}

TEST(Plan, FacetsAndTilesCountWhatTheyLookAt) {
  SmallCity city(6, 5000);
  const auto& s = *city.snapshot;
  const auto visited = [&](const std::string& query, First first) {
    const auto q = parse(query, s);
    return std::pair(count_facets(q, {{FacetBy::district}, false, {}}, s, first).visits.rows,
                     tile_content(q, s, {0, 0, 0}, first).visits.rows);
  };
  const auto rare = "q=" + percent_encode("工程师") + "&industry=I&category=internship";
  const auto by_place = visited(rare, First::place), by_value = visited(rare, First::industry);
  EXPECT_GE(by_place.first, s.jobs->size);
  EXPECT_GE(by_place.second, s.jobs->located);
  EXPECT_LT(by_value.second, by_place.second);
  EXPECT_GT(by_value.second, 0u);
  EXPECT_EQ(visited("category=gig", First::place).second, 0u) << "prefix sums answer";
}

TEST(Plan, CountsWhatItLooksAt) {
  SmallCity city(5, 3000);
  const auto& s = *city.snapshot;
  const auto rare =
      evaluate(parse("q=" + percent_encode("工程") + "&near=120.1,30.2&radius=40000", s), s, First::q);
  const auto tree =
      evaluate(parse("q=" + percent_encode("工程") + "&near=120.1,30.2&radius=40000", s), s, First::place);
  EXPECT_EQ(rare.visits.nodes, 0u);
  EXPECT_GT(tree.visits.nodes, 0u);
  EXPECT_GT(rare.visits.rows, 0u);
  const auto sums = evaluate(parse("category=gig&bbox=110,20,130,40&limit=1", s), s);
  EXPECT_EQ(count(parse("category=gig", s), s).ads, sums.totals.ads + sums.totals.unlocated);
  const auto rows_of = [&](const std::string& query) {
    Visits visits;
    EXPECT_GT(count(parse(query, s), s, &visits).ads, 0u) << query;
    return visits.rows;
  };
  for (const auto* query : {"", "category=gig", "circle=service", "category=gig,full_time&circle=service"})
    EXPECT_EQ(rows_of(query), 0u) << query << ": prefix sums answer";
  for (const auto* query : {"posted_since=2000-01-01T00:00:00Z", "circle=service&circle_minutes=7",
                            "circle=service&posted_since=2000-01-01T00:00:00Z"})
    EXPECT_GT(rows_of(query), 0u) << query;
}

}  // namespace
}  // namespace jobmap::query
