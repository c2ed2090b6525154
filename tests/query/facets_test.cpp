// Facets of random queries against a loop over the postings.
#include "server/query/facet/facets.hpp"

#include <map>
#include <set>

#include "tests/query/oracle.hpp"

namespace jobmap::query {
namespace {

using Values = std::map<std::string, data::Sums>;

std::string step(double value, const std::vector<int>& edges) {
  std::size_t i = edges.size() - 1;
  while (value < edges[i]) --i;
  return std::to_string(edges[i]) + "-" + (i + 1 == edges.size() ? "" : std::to_string(edges[i + 1]));
}

// The values of a posting, as docs/api.md says them.
std::vector<std::string> values_of(const Oracle& o, const Posting& p, FacetBy by) {
  static const std::map<data::PayUnit, std::vector<int>> pay{
      {data::PayUnit::month, {0, 3000, 5000, 8000, 10000, 15000, 20000, 30000, 50000}},
      {data::PayUnit::day, {0, 100, 150, 200, 250, 300, 400, 500, 1000}},
      {data::PayUnit::hour, {0, 15, 20, 25, 30, 40, 50, 100, 200}},
      {data::PayUnit::piece, {0, 1, 2, 5, 10, 20, 50, 100, 500}}};
  switch (by) {
    case FacetBy::category:
      return {std::string(name_of(p.category))};
    case FacetBy::district: {
      if (!p.point) return {p.district};
      const bool inside = p.point->lat >= 30.1 && p.point->lat <= 30.3;
      const double lon = o.c.at_home(p.point->lon);
      if (inside && lon >= 120.0 && lon <= 120.17) return {"990001"};
      if (inside && lon > 120.17 && lon <= 120.4) return {"990002"};
      return {};
    }
    case FacetBy::station:
    case FacetBy::line: {
      std::set<std::string> found;
      for (const auto& s : o.c.city->stations)
        if (p.point && geo::geodesic_distance_m(geo::to_lonlat(s.at), *p.point) <= 800) {
          if (by == FacetBy::station) found.insert(s.id);
          if (by == FacetBy::line)
            for (const auto l : s.lines) found.insert(o.c.city->lines[l].id);
        }
      return {found.begin(), found.end()};
    }
    case FacetBy::education:
      if (!p.education) return {};
      return {std::string(name_of(*p.education))};
    case FacetBy::experience: {
      if (!p.experience) return {};
      const int years = *p.experience;
      return {years == 0 ? "0" : years < 3 ? "1-2" : years < 5 ? "3-4" : years < 10 ? "5-9" : "10-"};
    }
    case FacetBy::pay:
      if (!p.pay_max && !p.pay_min) return {};
      return {step(p.pay_max.value_or(p.pay_min.value_or(0)) / 100.0, pay.at(p.pay_unit))};
    case FacetBy::industry:
      if (p.industry.empty()) return {};
      return {p.industry};
    case FacetBy::precision:
      return {std::string(name_of(p.precision))};
    case FacetBy::posted: {
      if (!p.published_at) return {};
      char text[data::time_size];  // the small city's time is UTC
      data::format_time(*p.published_at, text);
      return {std::string(text, 10)};
    }
    case FacetBy::minutes:  // reach_test.cpp
      break;
  }
  return {};
}

void add(data::Sums& sums, const Posting& p) {
  ++sums.ads, sums.openings += static_cast<unsigned>(p.openings);
}

Facets ask(const std::string& text, const data::Snapshot& s) {
  const auto params = Params::parse(text);
  Reader r(*params);
  const auto q = parse_filter(r, s);
  const auto by = parse_facets(r, q);
  r.finish();
  if (r.failed()) ADD_FAILURE() << text << ": " << r.error().parameter << ' ' << r.error().message;
  return count_facets(q, by, s);
}

std::string join(const std::string& query, const std::string& more) {
  return query + (query.empty() ? "" : "&") + more;
}

TEST(Facets, AgreeWithALoopOverThePostings) {
  constexpr unsigned seed = 41;
  std::uint64_t found = 0;
  for (unsigned round = 0; round < 3; ++round) {
    SmallCity city(seed + round, 3000);
    for (int i = 0; i < 60; ++i) {
      Oracle o(city);
      if (i > 0) add_place(o), add_rest(o);
      SCOPED_TRACE("seed " + std::to_string(seed + round) + " query " + std::to_string(i) + ": " + o.text);
      std::string by = "by=";
      for (const auto name : facet_names)
        // minutes needs a query by minutes (reach_test.cpp).
        if (name != "minutes" && (name != "pay" || o.text.find("pay_unit") != std::string::npos))
          by += (by.ends_with('=') ? "" : ",") + std::string(name);
      const auto facets = ask(join(o.text, by), *city.snapshot);
      const auto totals = count(parse(o.text, *city.snapshot), *city.snapshot);
      EXPECT_EQ(facets.totals.ads, totals.ads);
      EXPECT_EQ(facets.totals.unlocated, totals.unlocated);
      for (const auto& facet : facets.facets) {
        Values expected;
        data::Sums missing;
        for (const auto& p : city.postings) {
          if (!o.matches(p)) continue;
          const auto values = values_of(o, p, facet.by);
          for (const auto& value : values) add(expected[value], p);
          if (values.empty()) add(missing, p);
        }
        EXPECT_EQ(facet.counted.ads, totals.ads);
        EXPECT_EQ(facet.counted.openings, totals.openings);
        EXPECT_EQ(facet.missing.ads, missing.ads);
        EXPECT_EQ(facet.missing.openings, missing.openings);
        const auto name = std::string(facet_names[static_cast<std::size_t>(facet.by)]);
        EXPECT_EQ(facet.values.size(), expected.size()) << name;
        for (const auto& value : facet.values) {
          EXPECT_EQ(value.sums.ads, expected[value.id].ads) << name << ' ' << value.id;
          EXPECT_EQ(value.sums.openings, expected[value.id].openings) << name << ' ' << value.id;
          found += value.sums.ads;
        }
      }
      if (testing::Test::HasFailure()) return;
    }
  }
  EXPECT_GT(found, 100'000u);
}

// Under multi a facet has the totals of the list whose own parameter is changed to that value.
TEST(Facets, OfTheOthersAreTheListsOfEachChoice) {
  SmallCity city(50, 4000);
  const auto& s = *city.snapshot;
  const std::vector<std::pair<std::string, std::string>> own{{"category", "category=gig"},
                                                             {"district", "district=990001"},
                                                             {"station", "station=s2"},
                                                             {"line", "line=1"},
                                                             {"industry", "industry=A,C"}};
  const std::string others = "pay_unit=month&experience_max=6";
  for (const auto& [name, parameter] : own) {
    const auto multi = ask(join(others, parameter + "&multi=true&by=" + name + ",precision"), s);
    const auto plain = ask(join(others, parameter + "&by=" + name + ",precision"), s);
    ASSERT_EQ(multi.facets.size(), 2u);
    EXPECT_EQ(multi.totals.ads, plain.totals.ads);
    EXPECT_GT(multi.facets[0].values.size(), plain.facets[0].counted.ads ? 1u : 0u) << name;
    EXPECT_EQ(multi.facets[0].counted.ads, count(parse(others, s), s).ads);
    EXPECT_EQ(multi.facets[1].counted.ads, plain.totals.ads) << "precision is not of " << name;
    for (const auto& value : multi.facets[0].values) {
      const auto totals = count(parse(join(others, name + "=" + value.id), s), s);
      EXPECT_EQ(value.sums.ads, totals.ads) << name << ' ' << value.id;
      EXPECT_EQ(value.sums.openings, totals.openings) << name << ' ' << value.id;
    }
  }
}

TEST(Facets, RefuseWhatTheyDontCountBy) {
  SmallCity city(1, 50);
  for (const std::string text :
       {"", "by=", "by=colour", "by=category,,line", "by=pay", "by=minutes", "by=category&multi=1"}) {
    const auto params = Params::parse(text);
    Reader r(*params);
    parse_facets(r, parse_filter(r, *city.snapshot));
    r.finish();
    ASSERT_TRUE(r.failed()) << text;
    EXPECT_TRUE(r.error().parameter == "by" || r.error().parameter == "multi") << text;
    EXPECT_FALSE(r.error().allowed.empty()) << text;
  }
}

TEST(Facets, HaveOneCanonicalForm) {
  SmallCity city(1, 50);
  const auto canonical = [&](const std::string& text) {
    const auto params = Params::parse(text);
    Reader r(*params);
    return parse_facets(r, {}).canonical;
  };
  EXPECT_EQ(canonical("by=line,category,line&multi=false"), "by=category,line");
  EXPECT_EQ(canonical("multi=true&by=posted"), "by=posted&multi=true");
}

}  // namespace
}  // namespace jobmap::query
