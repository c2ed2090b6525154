// Random queries, as a user would write them, against a loop over the postings.
#include "server/query/list/evaluate.hpp"

#include "server/query/syntax/percent_coding.hpp"
#include "tests/query/oracle.hpp"

namespace jobmap::query {
namespace {

struct Expected {
  Totals totals;
  std::vector<const Posting*> list;  // in order
};

Expected expect(const Oracle& o, Sort sort, bool reverse) {
  Expected e;
  for (const Posting& p : o.c.postings) {
    if (!o.others(p)) continue;
    if (!p.point) ++e.totals.unlocated;
    if (!o.matches(p)) continue;
    ++e.totals.ads, e.totals.openings += static_cast<unsigned>(p.openings),
        e.totals.located += p.point.has_value();
    e.list.push_back(&p);
  }
  auto key = [&](const Posting* p) {
    double k = 0;
    if (sort == Sort::newest) k = -static_cast<double>(p->published_at.value_or(0));
    if (sort == Sort::pay) k = -p->pay_max.value_or(p->pay_min.value_or(-1));
    // To the micrometre: positions that are the same have the same distance, and the rest differ by more.
    if (sort == Sort::distance) k = std::round(Oracle::distance(o.anchors, *p->point) * 1e6);
    return reverse ? -k : k;
  };
  // Postings come in the order of their ids already.
  std::stable_sort(e.list.begin(), e.list.end(), [&](auto a, auto b) { return key(a) < key(b); });
  return e;
}

void check(const Oracle& o, Sort sort, bool reverse, const std::string& listing) {
  const auto& s = *o.c.snapshot;
  const auto e = expect(o, sort, reverse);
  const auto q = parse(o.text + (o.text.empty() || listing.empty() ? "" : "&") + listing, s);
  auto page = evaluate(q, s);
  ASSERT_EQ(page.totals.ads, e.totals.ads) << o.text;
  ASSERT_EQ(page.totals.openings, e.totals.openings) << o.text;
  ASSERT_EQ(page.totals.located, e.totals.located) << o.text;
  ASSERT_EQ(page.totals.unlocated, e.totals.unlocated) << o.text;
  ASSERT_EQ(matching_rows(q, s, s.located_rows()).size(), e.totals.located) << o.text;

  // Every page, by its cursor: the whole list, each job once, in order.
  std::size_t at = 0;
  for (int pages = 0;; ++pages) {
    ASSERT_LE(page.hits.size(), q.limit);
    for (const Hit& hit : page.hits) {
      ASSERT_LT(at, e.list.size());
      const Posting& p = *e.list[at++];
      if (sort == Sort::distance) {
        // Two places may be closer to each other than the formula is exact; then their order may differ.
        ASSERT_NEAR(hit.distance_m, Oracle::distance(o.anchors, *p.point), 0.01) << o.text << " at " << at;
      } else {
        ASSERT_EQ(s.jobs->public_id(hit.row), p.source + ':' + p.id) << o.text << " at " << at;
      }
    }
    if (page.next_cursor.empty()) break;
    auto next = q;
    next.after = read_cursor(page.next_cursor);
    ASSERT_TRUE(next.after.has_value());
    page = evaluate(next, s);
    ASSERT_EQ(page.totals.ads, e.totals.ads);
  }
  ASSERT_EQ(at, e.list.size()) << o.text;
}

TEST(Evaluate, AgreesWithALoopOverThePostings) {
  constexpr unsigned seed = 15;
  int empty = 0;
  for (unsigned round = 0; round < 8; ++round) {
    // The last two rounds lie across the antimeridian.
    SmallCity city(seed + round, round == 0 ? 60 : round == 5 ? 30'000 : 3000, round > 5 ? 59.83 : 0);
    for (int i = 0; i < (round == 5 ? 40 : 250); ++i) {
      Oracle o(city);
      add_place(o), add_rest(o);
      SCOPED_TRACE("seed " + std::to_string(seed + round) + " query " + std::to_string(i) + ": " + o.text);
      const bool reverse = city.pick(4) == 0;
      const std::string sign = reverse ? "-" : "",
                        limit = "&limit=" + std::to_string(round == 5 ? 900 : 1 + city.pick(200));
      check(o, Sort::newest, reverse, "sort=" + sign + "newest" + limit);
      if (o.has_anchor) check(o, Sort::distance, reverse, "sort=" + sign + "distance" + limit);
      if (o.text.find("pay_unit") != std::string::npos)
        check(o, Sort::pay, reverse, "sort=" + sign + "pay" + limit);
      if (testing::Test::HasFatalFailure()) return;
      empty += expect(o, Sort::newest, false).list.empty();
    }
  }
  EXPECT_LT(empty, 800) << "of 1,790 queries most should find something";
}

// Jobs that lie evenly are found in a part of the circle; here they lie in a ring, in one half, or at one place.
TEST(Evaluate, TheNearestOfWhatLiesUnevenly) {
  SmallCity city(21, 6000);
  std::size_t most = 0;
  for (const double degrees : {0.0, 0.002, 0.005, 0.01, 0.02})
    for (const double radius : {300.0, 900.0, 2500.0}) {
      Oracle o(city);
      o.has_anchor = true, o.radius = radius;
      o.anchors = {geo::to_lonlat(geo::to_e7({120.15 + degrees, 30.2}))};
      o.add("near=" + number(o.anchors[0].lon) + "," + number(o.anchors[0].lat));
      o.add("radius=" + number(radius));
      for (const auto* limit : {"1", "4", "40"})
        check(o, Sort::distance, false, std::string("sort=distance&limit=") + limit);
      if (testing::Test::HasFatalFailure()) return;
      most = std::max(most, expect(o, Sort::distance, false).list.size());
    }
  EXPECT_GT(most, 500u) << "of the largest circles a page should be a small part";
}

TEST(Evaluate, TheRowsOfAllTilesOfAZoomAreTheLocatedJobs) {
  SmallCity city(3, 3000);
  const auto& s = *city.snapshot;
  const auto q = parse("category=gig,full_time", s);
  for (const unsigned z : {0u, 9u, 14u}) {
    // The tiles that the city's corner points span.
    const auto nw = geo::to_mercator({119.9, 30.4}), se = geo::to_mercator({120.5, 30.0});
    const double n = 1u << z;
    std::uint64_t rows = 0;
    for (auto x = static_cast<std::uint32_t>(nw.x * n); x <= static_cast<std::uint32_t>(se.x * n); ++x)
      for (auto y = static_cast<std::uint32_t>(nw.y * n); y <= static_cast<std::uint32_t>(se.y * n); ++y)
        rows += matching_rows(q, s, s.jobs->rows_in_tile({z, x, y})).size();
    EXPECT_EQ(rows, evaluate(q, s).totals.located) << z;
  }
}

TEST(Evaluate, ATickDropsWhatHasExpiredShowsWhatIsPublishedAndNothingElse) {
  SmallCity city(4, 3000);
  const auto later = data::tick(*city.snapshot, test::now + 90 * 60);
  ASSERT_TRUE(later);
  EXPECT_NE(later->generation, city.snapshot->generation);
  EXPECT_EQ(later->jobs, city.snapshot->jobs);
  std::uint64_t ads = 0, openings = 0;
  for (const auto& p : city.postings)
    if (test::is_shown(p, test::now + 90 * 60)) ++ads, openings += static_cast<unsigned>(p.openings);
  const auto totals = evaluate(parse("", *later), *later).totals;
  EXPECT_EQ(totals.ads, ads);
  EXPECT_EQ(totals.openings, openings);
  EXPECT_LT(ads, evaluate(parse("", *city.snapshot), *city.snapshot).totals.ads);
  EXPECT_EQ(data::tick(*later, test::now + 90 * 60), nullptr);
}

TEST(Evaluate, AnEmptyCityAnswers) {
  SmallCity city(1, 0);
  for (const std::string text :
       {"", "near=120.1,30.2", "station=s1", "circle=service", "bbox=120,30,121,31", "district=东区"}) {
    const auto page = evaluate(parse(text, *city.snapshot), *city.snapshot);
    EXPECT_EQ(page.totals.ads + page.totals.unlocated + page.hits.size(), 0u) << text;
  }
}

TEST(Evaluate, BoxesOfOtherSystemsAndAcrossTheAntimeridian) {
  SmallCity city(9, 2000);
  const auto& s = *city.snapshot;
  for (const std::string crs : {"EPSG:3857", "EPSG:4549", "gcj02", "bd09"}) {
    const auto c = *geo::parse_crs(crs);
    const auto a = geo::from_wgs84(c, {120.12, 30.19}), b = geo::from_wgs84(c, {120.2, 30.21});
    char box[200];
    std::snprintf(box, sizeof box, "bbox=%.7f,%.7f,%.7f,%.7f&crs=%s", a.x, a.y, b.x, b.y, crs.c_str());
    std::uint64_t expected = 0;
    for (const auto& p : city.postings) {
      if (!p.point || !test::is_shown(p)) continue;
      const auto at = geo::from_wgs84(c, *p.point);
      expected += at.x >= a.x && at.x <= b.x && at.y >= a.y && at.y <= b.y;
    }
    const auto totals = evaluate(parse(box, s), s).totals;
    EXPECT_NEAR(static_cast<double>(totals.ads), static_cast<double>(expected), 1)
        << crs;  // 7 decimals of the box
    EXPECT_GT(expected, 10u);
    // The answer's system is another matter.
    const auto named = std::string(box).replace(std::string(box).find("&crs="), 5, "&bbox-crs=");
    EXPECT_EQ(evaluate(parse(named, s), s).totals.ads, totals.ads) << named;
    EXPECT_EQ(evaluate(parse(named + "&crs=EPSG:4549", s), s).totals.ads, totals.ads) << named;
  }
  // Half the world wide, in metres and in a shifted system.
  const auto all = evaluate(parse("bbox=-180,-90,180,90", s), s).totals.ads;
  for (const std::string wide : {"bbox=-11131949,0,13469658,5000000&crs=EPSG:3857",
                                 "bbox=-179,-80,179,80&crs=gcj02", "bbox=-100,0,130,60&crs=bd09"})
    EXPECT_EQ(evaluate(parse(wide, s), s).totals.ads, all) << wide;
  const auto world = evaluate(parse("bbox=0,-90,-0.1,90", s), s).totals;  // minx > maxx: all but a sliver
  EXPECT_EQ(world.ads, evaluate(parse("bbox=-180,-90,180,90", s), s).totals.ads);
  EXPECT_EQ(evaluate(parse("bbox=170,-90,-170,90", s), s).totals.ads, 0u);
}

// A map that repeats the world asks for the copy that it shows.
TEST(Evaluate, ABoxOfACopyOfTheWorldIsThatOfTheWorld) {
  SmallCity city(9, 2000), away(9, 2000, 59.83);
  const auto ads = [](const std::string& box, const data::Snapshot& s) {
    return evaluate(parse("bbox=" + box, s), s).totals.ads;
  };
  const auto box = [](double west, double south, double east, double north) {
    return number(west) + "," + number(south) + "," + number(east) + "," + number(north);
  };
  const auto& s = *city.snapshot;
  const auto expected = ads("120.12,30.19,120.2,30.21", s);
  EXPECT_GT(expected, 10u);
  constexpr double turn = 2 * geo::mercator_extent_m;
  const auto a = geo::from_wgs84(geo::Crs::epsg3857, {120.12, 30.19}),
             b = geo::from_wgs84(geo::Crs::epsg3857, {120.2, 30.21});
  const auto metres = ads(box(a.x, a.y, b.x, b.y) + "&crs=EPSG:3857", s);
  EXPECT_NEAR(static_cast<double>(metres), static_cast<double>(expected), 1);
  const auto shifted = ads("120.12,30.19,120.2,30.21&crs=gcj02", s);
  for (const double copy : {-3.0, -1.0, 1.0, 2.0}) {
    const double by = 360 * copy;
    EXPECT_EQ(ads(box(120.12 + by, 30.19, 120.2 + by, 30.21), s), expected) << copy;
    EXPECT_EQ(ads(box(120.12 + by, 30.19, 120.2 + by, 30.21) + "&crs=gcj02", s), shifted) << copy;
    EXPECT_EQ(ads(box(a.x + turn * copy, a.y, b.x + turn * copy, b.y) + "&crs=EPSG:3857", s), metres) << copy;
    // Across the antimeridian, as a box that goes on and as one that begins anew.
    const auto& f = *away.snapshot;
    const auto across = ads("179.9,30.19,-179.9,30.21", f);
    EXPECT_GT(across, 10u);
    EXPECT_EQ(ads(box(179.9 + by, 30.19, 180.1 + by, 30.21), f), across) << copy;
    const auto c = geo::from_wgs84(geo::Crs::epsg3857, {179.9, 30.19}),
               d = geo::from_wgs84(geo::Crs::epsg3857, {-179.9, 30.21});
    const auto in_metres = ads(box(c.x, c.y, d.x, d.y) + "&crs=EPSG:3857", f);
    EXPECT_NEAR(static_cast<double>(in_metres), static_cast<double>(across), 1);
    EXPECT_EQ(ads(box(c.x + turn * copy, c.y, d.x + turn * (copy + 1), d.y) + "&crs=EPSG:3857", f),
              in_metres);
  }
  // A whole turn is all there is; what lies on the antimeridian is in a box that ends there.
  const auto all = ads("-180,-90,180,90", s);
  for (const std::string wide : {"-200,-90,200,90", "0,-90,360,90", "-900,-90,900,90", "100,-90,460,90"})
    EXPECT_EQ(ads(wide, s), all) << wide;
  const auto refused = [&](const std::string& text) {
    const auto params = *Params::parse("bbox=" + text);
    Reader r(params);
    parse_filter(r, s);
    return r.failed() ? r.error().message : "";
  };
  EXPECT_EQ(refused("4000,30,4001,31"), "the box leaves the earth");
  EXPECT_EQ(refused("480,30,481,91"), "the box leaves the earth");
  EXPECT_EQ(refused("539.9,30,540.1,31&crs=gcj02"), "the box leaves the earth");
}

// A job at 180 degrees is at -180 too, for a box, an area and an expression that only touch it.
TEST(Places, TheAntimeridianHasTwoNames) {
  test::SmallCity city(9, 200, 59.83);
  for (const double at : {180.0, -180.0}) {
    city.postings[0].point = geo::LonLat{at, 30.2};
    data::JobTableBuilder builder;
    for (const auto& p : city.postings) builder.add(p);
    const auto s = data::make_snapshot(std::move(builder).build(*city.city), city.city, "0123456789abcdef", 1,
                                       test::now, {});
    const auto id = city.postings[0].source + ':' + city.postings[0].id;
    const auto finds = [&](const std::string& text) {
      const auto params = *Params::parse(text + "&limit=1000");
      Reader r(params);
      auto q = parse_filter(r, *s);
      parse_listing(r, q, *s);
      EXPECT_FALSE(r.failed()) << text;
      const auto hits = evaluate(q, *s).hits;
      return std::any_of(hits.begin(), hits.end(),
                         [&](const Hit& hit) { return s->jobs->public_id(hit.row) == id; });
    };
    const std::string west = "-180,30.1,-179.99,30.3", east = "179.99,30.1,180,30.3";
    for (const auto& box : {west, east, std::string("179.99,30.1,-179.99,30.3")}) {
      EXPECT_TRUE(finds("bbox=" + box)) << at << " in " << box;
      EXPECT_TRUE(finds("filter=S_INTERSECTS(geometry,BBOX(" + box + "))")) << at << " in " << box;
    }
    for (const auto* ring : {"-180 30.1,-179.9 30.1,-179.9 30.3,-180 30.3,-180 30.1",
                             "180 30.1,180 30.3,179.9 30.3,179.9 30.1,180 30.1"})
      EXPECT_TRUE(finds("filter=S_INTERSECTS(geometry,POLYGON((" + percent_encode(ring) + ")))"))
          << at << ring;
    EXPECT_FALSE(finds("bbox=-179.99,30.1,-179.9,30.3"));
  }
}

}  // namespace
}  // namespace jobmap::query
