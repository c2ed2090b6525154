#include "server/query/parse/job_query.hpp"

#include <gtest/gtest.h>

#include "tests/query/small_city.hpp"

namespace jobmap::query {
namespace {

struct Parsed {
  JobQuery query;
  std::optional<Error> error;
};

Parsed parse(const std::string& text) {
  static const test::SmallCity city(1, 50);
  const auto params = Params::parse(text);
  if (!params) return {{}, params.error()};
  Reader r(*params);
  Parsed p;
  p.query = parse_filter(r, *city.snapshot);
  parse_listing(r, p.query, *city.snapshot);
  r.finish();
  if (r.failed()) p.error = r.error();
  return p;
}

TEST(JobQuery, RefusesByName) {
  // Parameter, and the query string that must be refused because of it.
  const std::vector<std::pair<std::string, std::string>> table{
      {"near", "near=120.16,nan"},
      {"near", "near=120.16,inf"},
      {"near", "near=120.16"},
      {"near", "near=120.16,30.2,1"},
      {"near", "near=181,30"},
      {"near", "near=120,91"},
      {"near", "near=1e400,30"},
      {"near", "near=0x1p3,30"},
      {"near", "near=+1,30"},
      {"near", "near=%201,30"},
      {"near", "near=1,30%20"},
      {"near", "near=1;2,30"},
      {"near", "near="},
      {"near", "near=12,5,30,1"},
      {"radius", "near=120,30&radius=0"},
      {"radius", "near=120,30&radius=50001"},
      {"radius", "near=120,30&radius=-1"},
      {"radius", "near=120,30&radius=nan"},
      {"radius", "radius=100"},
      {"radius", "near=120,30&radius=100m"},
      {"station", "station=nowhere"},
      {"station", "station="},
      {"station", "station=s1,,s2"},
      {"station", "near=120,30&station=s1"},
      {"line", "station=s1&line=1"},
      {"line", "line=99"},
      {"bbox", "bbox=1,2,3"},
      {"bbox", "bbox=120,31,121,30"},
      {"bbox", "bbox=-3601,0,0,1"},
      {"bbox", "bbox=nan,0,0,1"},
      {"bbox", "bbox=121,30,120,31&crs=gcj02"},
      {"category", "category=part_time"},
      {"category", "category="},
      {"category", "category=gig,"},
      {"category", "category=gig&category=gig"},
      {"district", "district=330103"},
      {"pay_min", "pay_min=3000"},
      {"pay_min", "pay_min=-1&pay_unit=month"},
      {"pay_unit", "pay_unit=year"},
      {"education", "education=clever"},
      {"experience_max", "experience_max=1.5"},
      {"experience_max", "experience_max=61"},
      {"industry", "industry=U"},
      {"industry", "industry=i"},
      {"occupation", "occupation=%27"},
      {"posted_since", "posted_since=yesterday"},
      {"posted_since", "posted_since=2026-02-30"},
      {"datetime", "datetime=2026-07-23/2026-07-22"},
      {"datetime", "datetime=.."},
      {"bbox-crs", "bbox=1,2,3,4&bbox-crs=EPSG:1"},
      {"bbox-crs", "bbox-crs=wgs84"},
      {"precision", "precision=sharp"},
      {"precision", "precision=exact,district"},
      {"circle", "circle=p99"},
      {"circle_minutes", "circle_minutes=15"},
      {"circle_minutes", "circle=service&circle_minutes=61"},
      {"cell", "cell=11/1/1/0"},
      {"cell", "cell=11/1/1/0/8"},
      {"cell", "cell=11/1/1/-1/0"},
      {"cell", "cell=11/2048/1/0/0"},
      {"cell", "cell=23/1/1/0/0"},
      {"cell", "cell=4294967296/0/0/0/0"},
      {"cell", "cell=1/0/0/01/0"},
      {"cell", "cell=1/0/0/0/0/"},
      {"crs", "crs=EPSG:4326x"},
      {"sort", "sort=fastest"},
      {"sort", "sort=distance"},
      {"sort", "sort=pay"},
      {"limit", "limit=0"},
      {"limit", "limit=1001"},
      {"limit", "limit=1e3"},
      {"limit", "limit="},
      {"fields", "fields=salary"},
      {"cursor", "cursor=zzz"},
      {"minutes", "reach=120,30"},
      {"minutes", "reach=120,30&minutes=0"},
      {"minutes", "reach=120,30&minutes=-1"},
      {"minutes", "reach=120,30&minutes=121"},
      {"minutes", "reach=120,30&minutes=nan"},
      {"minutes", "reach=120,30&minutes=10;20"},
      {"minutes", "reach=120,30;120,31&minutes=10;20;30"},
      {"minutes", "station=s1&minutes=61"},
      {"minutes", "minutes=10"},
      {"minutes", "near=120,30&minutes=10"},
      {"reach", "reach=120,30;120,31;120,32&minutes=10"},
      {"reach", "reach=120&minutes=10"},
      {"reach", "reach=&minutes=10"},
      {"reach", "reach=120,91&minutes=10"},
      {"reach", "near=120,30&reach=120,30&minutes=10"},
      {"radius", "reach=120,30&minutes=10&radius=100"},
      {"radius", "station=s1&minutes=10&radius=100"},
      {"mode", "reach=120,30&minutes=10&mode=car"},
      {"mode", "mode=metro"},
      {"mode", "station=s1&minutes=10&mode=metro"},
      {"speed_kmh", "reach=120,30&minutes=10&speed_kmh=31"},
      {"speed_kmh", "speed_kmh=5"},
      {"detour", "circle=service&detour=0.9"},
      {"depart", "reach=120,30&minutes=10&depart=2026-11-23T08:00:00Z"},
      {"depart", "reach=120,30&minutes=10&mode=metro&depart=8:00"},
      {"depart", "reach=120,30&minutes=10&mode=metro&depart=2026-11-23"},
      {"sort", "station=s1&sort=minutes"},
      {"sort", "reach=120,30&minutes=10&sort=distance"},
      {"cursor", "cursor=%E2%82%AC"},
      {"ppage", "ppage=2"},
      {"", "%zz=1"},
      {"q", "q=%ff"},
      {"title", "title=a"},
      {"near", "near=%00"},
  };
  for (const auto& [parameter, text] : table) {
    const auto p = parse(text);
    ASSERT_TRUE(p.error) << text;
    EXPECT_EQ(p.error->code, Code::bad_request) << text;
    EXPECT_EQ(p.error->parameter, parameter) << text << ": " << p.error->message;
    EXPECT_FALSE(p.error->message.empty());
    EXPECT_FALSE(p.error->allowed.empty()) << text;
  }
}

TEST(JobQuery, TwoSpellingsOfAQueryShareTheirCanonicalForm) {
  const std::vector<std::pair<std::string, std::string>> table{
      {"category=gig,full_time&station=s1", "station=%E7%AB%991&category=full_time,gig,gig&radius=800.0"},
      {"near=120.10,30.20", "radius=1000&near=120.1,30.2"},
      {"pay_unit=hour&pay_min=20", "pay_min=20.00&pay_unit=hour"},
      {"district=东区,西区", "district=990002,990001"},
      {"line=1", "line=1号线"},
      {"circle=service", "circle=service&circle_minutes=15"},
      {"education=20", "education=bachelor"},
      {"posted_since=2026-07-22T08:00:00%2B08:00", "posted_since=2026-07-22T00:00:00Z"},
      {"datetime=2026-07-22T08:00:00%2B08:00/..", "datetime=2026-07-22T00:00:00Z/"},
      {"bbox=1,2,3,4&crs=gcj02", "bbox-crs=gcj02&bbox=1,2,3,4&crs=GCJ02"},
      {"reach=120.10,30.2;120,30&minutes=40", "minutes=40.0;40&reach=120.1,30.20;120,30&mode=walk"},
      {"reach=120,30&minutes=40&mode=metro&depart=2026-07-22T08:00:00%2B08:00",
       "depart=2026-07-22T00:00:00Z&reach=120,30&minutes=40&mode=metro"},
      {"crs=wgs84", ""},
  };
  for (const auto& [a, b] : table) {
    const auto x = parse(a), y = parse(b);
    ASSERT_FALSE(x.error) << a << ": " << x.error->message;
    ASSERT_FALSE(y.error) << b << ": " << y.error->message;
    EXPECT_EQ(x.query.canonical, y.query.canonical);
    EXPECT_EQ(x.query.canonical_list, y.query.canonical_list);
  }
}

TEST(JobQuery, TheCanonicalFormIsAQueryThatGivesItself) {
  for (const std::string text :
       {"category=gig&station=s1,s3&radius=250.5&bbox=120,30,121,31&crs=EPSG:4490",
        "near=120.1,30.2&crs=gcj02&sort=-distance&limit=7",
        "pay_unit=month&pay_min=8000.5&sort=pay&fields=title,pay_min",
        "bbox=1,2,3,4&bbox-crs=EPSG:3857&crs=gcj02&datetime=2026-07-22/2026-08-01", "datetime=../..",
        "reach=120,30;120.1,30.2&minutes=40;15.5&mode=metro&depart=2026-11-23T08:00:00Z&speed_kmh=5&sort=-"
        "minutes",
        "reach=120,30&minutes=40&mode=bike&detour=1.3&circle=service", "station=s1&minutes=12&sort=distance",
        "cell=12/3413/1687/7/0&category=gig", "circle=p1,p2&circle_minutes=7.5&industry=I,C&occupation=2-0",
        "district=东区&education=bachelor&experience_max=3&posted_since=2026-07-22&precision=street"}) {
    const auto once = parse(text);
    ASSERT_FALSE(once.error) << text << ": " << once.error->message;
    const auto again = parse(once.query.canonical + "&" + once.query.canonical_list);
    ASSERT_FALSE(again.error) << once.query.canonical << ": " << again.error->message;
    EXPECT_EQ(once.query.canonical, again.query.canonical);
    EXPECT_EQ(once.query.canonical_list, again.query.canonical_list);
  }
}

// Two stations of one spelling: the id of the one must not find the other too, or a link would be another
// query.
TEST(JobQuery, AnIdFindsItsOwnStation) {
  data::City city;
  city.stations = {{"foo", "甲", "Foo", "foo", "f", {}, {}}, {"foo-2", "乙", "Foo 2", "foo", "f", {}, {}}};
  city.finish();
  EXPECT_EQ(city.find_stations("foo"), std::vector<std::uint16_t>{0});
  EXPECT_EQ(city.find_stations("乙"), std::vector<std::uint16_t>{1});
  EXPECT_EQ(city.find_stations("Foo").size(), 2u) << "a spelling finds both";
}

TEST(JobQuery, ALineWithoutStationsIsRefusedAndOpensNothing) {
  test::SmallCity small(1, 50);
  auto city = std::make_shared<data::City>(*small.city);
  city->lines.push_back({"3", "3号线", "#0000FF", {}, {}});
  city->finish();
  auto snapshot = std::make_shared<data::Snapshot>(*small.snapshot);
  snapshot->city = city;
  const auto params = *Params::parse("line=3");
  Reader r(params);
  parse_filter(r, *snapshot);
  ASSERT_TRUE(r.failed());
  EXPECT_EQ(r.error().parameter, "line");
}

TEST(JobQuery, ACursorBelongsToItsQuery) {
  const auto hash = parse("category=gig").query.order_hash();
  const auto cursor = write_cursor({hash, -5, "a:1"});
  EXPECT_FALSE(parse("category=gig&cursor=" + cursor).error);
  EXPECT_FALSE(parse("category=gig&limit=3&cursor=" + cursor).error) << "the page size may change on the way";
  for (const std::string other : {"", "category=gig,internship&", "category=gig&sort=-newest&"}) {
    const auto p = parse(other + "cursor=" + cursor);
    ASSERT_TRUE(p.error) << other;
    EXPECT_EQ(p.error->parameter, "cursor");
  }
}

}  // namespace
}  // namespace jobmap::query
