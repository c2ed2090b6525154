// Explanations against lists: a job is said to match just where the list has it.
#include "server/query/explain/explain.hpp"

#include <map>
#include <set>

#include "server/query/list/evaluate.hpp"
#include "tests/query/oracle.hpp"
#include "tests/query/street_city.hpp"

namespace jobmap::query {
namespace {

std::set<data::Row> listed(JobQuery q, const data::Snapshot& s) {
  q.limit = 100'000;
  std::set<data::Row> rows;
  for (const auto& hit : evaluate(q, s).hits) rows.insert(hit.row);
  return rows;
}

void check(const std::string& text, const data::Snapshot& s) {
  SCOPED_TRACE(text);
  const auto q = parse(text, s);
  const auto rows = listed(q, s);
  for (data::Row row = 0; row < s.jobs->size; ++row) {
    if (!s.alive.test(row)) continue;
    const auto e = explain(q, s, row);
    ASSERT_EQ(e.matches, rows.contains(row)) << s.jobs->public_id(row);
    for (const auto& v : e.verdicts) {
      ASSERT_FALSE(v.text.empty()) << v.parameter;
      // A number on either side decides as the numbers do, but where rounding to a tenth hides it.
      const auto* actual = std::get_if<double>(&v.actual);
      const auto* limit = std::get_if<double>(&v.limit);
      if (!actual || !limit || std::abs(*actual - *limit) < 0.2) continue;
      ASSERT_EQ(v.passed, v.parameter == "pay_min" ? *actual > *limit : *actual < *limit) << v.text;
    }
  }
}

TEST(Explain, SaysOfEachJobWhatTheListSays) {
  constexpr unsigned seed = 47;
  for (unsigned round = 0; round < 4; ++round) {
    SmallCity c(seed + round, 150, round == 3 ? 59.83 : 0);  // the last across the antimeridian
    for (int i = 0; i < 150; ++i) {
      Oracle o(c);
      add_place(o), add_rest(o);
      if (c.pick(6) == 0) o.add("q=工程师");
      if (c.pick(6) == 0) o.add("shift=08:00-18:00");
      if (c.pick(6) == 0) o.add("filter=openings>3+OR+title+LIKE+'C%25'");
      SCOPED_TRACE("seed " + std::to_string(seed + round) + " query " + std::to_string(i));
      check(o.text, *c.snapshot);
      if (HasFatalFailure()) return;
    }
  }
}

// A cell is of the query's own coordinates: the list moves the jobs, and so must this.
TEST(Explain, CellsOfShiftedMapsToo) {
  SmallCity c(49, 150);
  for (const std::string crs : {"gcj02", "bd09"})
    for (const std::string cell : {"14/0/0/0/0", "0/0/0/6/3", "6/53/26/4/4"})
      check("crs=" + crs + "&cell=" + cell, *c.snapshot);
}

TEST(Explain, ByMinutesToo) {
  SmallCity c(50, 150);
  for (const std::string text :
       {"reach=120.12,30.2&minutes=40", "reach=120.12,30.2;120.2,30.2&minutes=90;60&mode=metro",
        "station=s1,s4&minutes=20", "line=1&minutes=15&category=gig", "circle=service&circle_minutes=30"})
    check(text, *c.snapshot);
}

// A verdict of a job that is late says by how much: as the list of the most minutes there are has it.
void check_late(const std::string& text, const std::string& minutes, const std::string& most,
                const data::Snapshot& s) {
  SCOPED_TRACE(text);
  const auto q = parse(text + "&minutes=" + minutes, s);
  const auto all = parse(text + "&minutes=" + most + "&limit=1000", s);
  std::map<data::Row, Hit> in_time;
  for (const Hit& hit : evaluate(all, s).hits) in_time[hit.row] = hit;
  ASSERT_LT(in_time.size(), 1000u);
  unsigned late = 0;
  for (data::Row row = 0; row < s.jobs->located; ++row) {
    if (!s.alive.test(row)) continue;
    const auto v = explain(q, s, row).verdicts.at(0);
    const bool has_way =
        !s.walks || (q.mode == TravelMode::bike ? s.walks->by_bike : s.walks->on_foot)[s.walks->spot[row]];
    if (const auto hit = in_time.find(row); hit != in_time.end()) {
      const auto* actual = std::get_if<double>(&v.actual);
      ASSERT_TRUE(actual) << v.text;
      if (q.reach.size() < 2) {
        ASSERT_NEAR(*actual, hit->second.minutes, 0.11) << v.text;
      }
      late += !v.passed;
    } else {
      ASSERT_FALSE(v.passed);
      if (!has_way) {
        ASSERT_TRUE(std::holds_alternative<std::monostate>(v.actual)) << v.text;
      } else if (q.reach.size() < 2) {
        ASSERT_EQ(std::get<std::string>(v.actual), "more than " + most) << v.text;
      }
    }
    if (const auto* actual = std::get_if<double>(&v.actual)) {
      ASSERT_EQ(v.passed, *actual <= std::get<double>(v.limit)) << v.text;
    }
  }
  EXPECT_GT(late, 0u);
}

TEST(Explain, WhatIsLateSaysByHowMuch) {
  const SmallCity plain(53, 300);
  const test::StreetCity streets(53, 300);
  for (const auto* s : {plain.snapshot.get(), streets.snapshot.get()}) {
    check_late("reach=120.15,30.2", "12", "120", *s);
    check_late("reach=120.15,30.2&mode=bike", "12", "120", *s);
    check_late("reach=120.15,30.2&mode=metro", "15", "120", *s);
    check_late("reach=120.12,30.2;120.2,30.2", "90;15", "120", *s);
    check_late("station=s1", "10", "60", *s);
  }
}

TEST(Explain, EveryParameterOfACanonicalQueryHasAVerdictOrIsASetting) {
  SmallCity c(51, 20);
  const auto& s = *c.snapshot;
  const auto q = parse(
      "q=C%2B%2B&category=gig&education=bachelor&experience_max=3&industry=A&occupation=2-0&posted_since="
      "2020-01-01"
      "&precision=street&shift=08:00-18:00&datetime=2026-01-01T00:00:00Z/..&pay_unit=month&pay_min=80"
      "&station=s1&radius=900&circle=p1&bbox=120,30,121,31&cell=0/0/0/6/3&district=990001&filter=openings>3",
      s);
  std::vector<std::string> names;
  for (const auto& v : explain(q, s, 0).verdicts) names.push_back(v.parameter);
  std::sort(names.begin(), names.end());
  EXPECT_EQ(names, (std::vector<std::string>{"bbox", "category", "cell", "circle", "datetime", "district",
                                             "education", "experience_max", "filter", "industry",
                                             "occupation", "pay_min", "pay_unit", "posted_since", "precision",
                                             "q", "shift", "station"}));
}

TEST(Explain, SaysByHowMuch) {
  SmallCity c(52, 100);
  const auto& s = *c.snapshot;
  const data::Row row = 0;
  const auto at = geo::to_lonlat(s.jobs->tree.point(row));
  const auto e = explain(parse("station=s0&radius=800", s), s, row);
  ASSERT_EQ(e.verdicts.size(), 1u);
  const double metres = geo::geodesic_distance_m(at, geo::to_lonlat(c.city->stations[0].at));
  EXPECT_NEAR(std::get<double>(e.verdicts[0].actual), metres, 0.06);
  EXPECT_EQ(std::get<double>(e.verdicts[0].limit), 800);
  EXPECT_NE(e.verdicts[0].text.find("m from 站0, limit 800 m"), std::string::npos) << e.verdicts[0].text;
  EXPECT_TRUE(explain(parse("", s), s, row).matches);
}

}  // namespace
}  // namespace jobmap::query
