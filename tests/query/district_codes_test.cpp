// Codes of districts that the database has no district for: in filters, facets, properties and coverage,
// against a loop over the postings.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <map>

#include "server/encode/job_list.hpp"
#include "server/query/explain/explain.hpp"
#include "server/query/facet/facets.hpp"
#include "server/query/list/evaluate.hpp"
#include "server/query/parse/job_queryables.hpp"
#include "server/query/service/coverage.hpp"
#include "server/query/syntax/percent_coding.hpp"
#include "tests/query/oracle.hpp"

namespace jobmap::query {
namespace {

// The small city's jobs with codes of several forms, in a database with so many of its districts.
struct Coded : SmallCity {
  Coded(unsigned seed, std::size_t districts) : SmallCity(seed, 2000) {
    const std::string codes[] = {"990001", "990002", "0180", "2A004", "Östermalm 3", R"(Zone "A"\1)", ""};
    data::JobTableBuilder builder;
    for (auto& p : postings) p.district = codes[pick(7)], builder.add(p);
    auto fewer = std::make_shared<data::City>(*city);
    fewer->districts.resize(districts);
    fewer->finish();
    city = fewer;
    snapshot = data::make_snapshot(std::move(builder).build(*city), city, "0123456789abcdef", 1, test::now);
  }
  // The district by geometry if the point lies in one, else by the code, unless a district of that code has an
  // outline that the point isn't in.
  std::string district_of(const Posting& p) const {
    const auto known = [&](const std::string& code) {
      return std::any_of(city->districts.begin(), city->districts.end(),
                         [&](const auto& d) { return d.adcode == code; });
    };
    if (!p.point) return p.district;
    const bool in_height = p.point->lat >= 30.1 && p.point->lat <= 30.3;
    if (known("990001") && in_height && p.point->lon >= 120.0 && p.point->lon <= 120.17) return "990001";
    if (known("990002") && in_height && p.point->lon > 120.17 && p.point->lon <= 120.4) return "990002";
    return known(p.district) ? "" : p.district;
  }
};

TEST(DistrictCodes, AreKeptInAnswersFacetsAndFilters) {
  for (const std::size_t districts : {0u, 1u, 2u}) {
    SCOPED_TRACE(districts);
    const Coded c(31, districts);
    const auto& s = *c.snapshot;
    std::map<std::string, data::Sums> expected;
    for (const auto& p : c.postings) {
      if (!test::is_shown(p)) continue;
      auto& sums = expected[c.district_of(p)];
      ++sums.ads, sums.openings += static_cast<unsigned>(p.openings);
      const auto row = s.jobs->find(p.source + ':' + p.id);
      const auto value = JobProperties(s, *row).get(static_cast<int>(JobProperty::district));
      const auto* text = std::get_if<std::string_view>(&value);
      ASSERT_EQ(text ? std::string(*text) : "", c.district_of(p)) << p.id;
    }
    ASSERT_GT(expected.size(), 5u);

    const auto facet = count_facets(parse("", s), {{FacetBy::district}, false, {}}, s).facets.at(0);
    EXPECT_EQ(facet.values.size(), expected.size() - 1);
    EXPECT_EQ(facet.missing.ads, expected[""].ads);
    for (const auto& value : facet.values) {
      EXPECT_EQ(value.sums.ads, expected[value.id].ads) << value.id;
      EXPECT_EQ(value.sums.openings, expected[value.id].openings) << value.id;
      const auto q = parse("district=" + percent_encode(value.id), s);
      EXPECT_EQ(count(q, s).ads, expected[value.id].ads) << value.id;
      EXPECT_EQ(count(parse("filter=district='" + percent_encode(value.id) + "'", s), s).ads,
                expected[value.id].ads);
      for (const auto& p : c.postings)
        if (test::is_shown(p)) {
          ASSERT_EQ(explain(q, s, *s.jobs->find(p.source + ':' + p.id)).matches,
                    c.district_of(p) == value.id);
        }
    }

    // The rows of coverage sum up to the whole, and each names its code.
    CoverageQuery q;
    q.by_district = true;
    double ads_of_rows = 0;
    const auto coverage = measure_coverage(q, s);
    for (const auto& row : coverage.rows)
      if (row.district != CoverageRow::all)
        ads_of_rows += row.of[ads].total + static_cast<double>(row.unlocated);
    const auto& whole = coverage.rows.front();
    EXPECT_EQ(ads_of_rows, whole.of[ads].total + static_cast<double>(whole.unlocated));
  }
}

TEST(DistrictCodes, AreTextsOfTheirOwnInGeoJson) {
  const Coded c(34, 0);
  const JobQuery q;
  std::map<std::string, int> seen;
  for (const auto& p : c.postings) {
    const auto row = c.snapshot->jobs->find(p.source + ':' + p.id);
    const auto feature = boost::json::parse(encode::job_geojson(q, *c.snapshot, {*row, -1}));
    const auto& properties = feature.at("properties").as_object();
    const auto* code = properties.if_contains("district");
    ASSERT_EQ(code ? std::string(code->as_string()) : "", p.district) << p.id;
    ++seen[p.district];
  }
  EXPECT_EQ(seen.size(), 7u);
}

TEST(DistrictCodes, UnknownOnesAreRefusedByName) {
  const Coded c(32, 0);
  const auto params = *Params::parse("district=0181");
  Reader r(params);
  parse_filter(r, *c.snapshot);
  ASSERT_TRUE(r.failed());
  EXPECT_EQ(r.error().parameter, "district");
  EXPECT_EQ(r.error().value, "0181");
  EXPECT_NE(r.error().allowed.find("a code that jobs name"), std::string::npos);
}

TEST(DistrictCodes, MoreThanThereIsRoomForAreRefused) {
  const SmallCity c(33, 255);
  data::City bare;
  bare.finish();
  const auto build = [&](int codes) {
    data::JobTableBuilder builder;
    auto postings = c.postings;
    for (int i = 0; i < codes; ++i) postings[i].district = "c" + std::to_string(i), builder.add(postings[i]);
    return std::move(builder).build(bare);
  };
  EXPECT_EQ(build(254)->district_codes.size(), 254u);
  EXPECT_THROW(build(255), std::runtime_error);
}

}  // namespace
}  // namespace jobmap::query
