// Areas of callers: their ids, how long they stay, and `within` against a loop over the postings.
#include "server/query/parse/areas.hpp"

#include "server/query/list/evaluate.hpp"
#include "tests/query/oracle.hpp"

namespace jobmap::query {
namespace {

// Even-odd by the crossings of a ray, on doubles: apart from the index, and never asked of an edge.
bool goes_round(const geo::MultiPolygon& area, geo::LonLat p) {
  bool inside = false;
  for (const auto& polygon : area)
    for (const auto& ring : polygon)
      for (std::size_t i = 1; i < ring.size(); ++i) {
        const auto a = ring[i - 1], b = ring[i];
        if ((a.lat > p.lat) == (b.lat > p.lat)) continue;
        inside ^= p.lon < a.lon + (p.lat - a.lat) / (b.lat - a.lat) * (b.lon - a.lon);
      }
  return inside;
}

// Any ring of random corners; it mostly crosses itself.
geo::Ring random_ring(SmallCity& c, int corners) {
  geo::Ring ring;
  for (int i = 0; i < corners; ++i) ring.push_back(c.place());
  ring.push_back(ring.front());
  return ring;
}

TEST(Areas, WithinAgreesWithALoopOverThePostings) {
  constexpr unsigned seed = 31;
  int found = 0;
  for (unsigned round = 0; round < 4; ++round) {
    SmallCity c(seed + round, 3000);
    const auto& s = *c.snapshot;
    Areas areas(64 << 20);
    for (int i = 0; i < 100; ++i) {
      geo::MultiPolygon area;
      for (int polygons = 1 + c.pick(3); polygons; --polygons) {
        area.push_back({random_ring(c, 3 + c.pick(i % 10 ? 9 : 300))});
        if (c.pick(2)) area.back().push_back(random_ring(c, 3 + c.pick(5)));
      }
      const auto kept = areas.keep(area);
      ASSERT_TRUE(kept) << kept.error().message;
      Oracle o(c);
      add_rest(o);
      const bool boxed = c.pick(2);
      o.add("within=" + (*kept)->id + (boxed ? "&bbox=120.12,30.15,120.26,30.25" : ""));
      SCOPED_TRACE("seed " + std::to_string(seed + round) + " query " + std::to_string(i) + ": " + o.text);

      Totals expected;
      std::set<std::string> ids;
      for (const auto& p : c.postings) {
        if (!o.others(p)) continue;
        if (!p.point) ++expected.unlocated;
        if (!p.point || !goes_round(area, *p.point)) continue;
        if (boxed &&
            (p.point->lon < 120.12 || p.point->lon > 120.26 || p.point->lat < 30.15 || p.point->lat > 30.25))
          continue;
        ++expected.ads, expected.openings += static_cast<unsigned>(p.openings);
        ids.insert(p.source + ':' + p.id);
      }
      const auto params = Params::parse(o.text);
      Reader r(*params);
      auto q = parse_filter(r, s, &areas);
      q.limit = 1000;
      r.finish();
      ASSERT_FALSE(r.failed()) << r.error().message;
      const auto page = evaluate(q, s);
      ASSERT_EQ(page.totals.ads, expected.ads);
      ASSERT_EQ(page.totals.openings, expected.openings);
      ASSERT_EQ(page.totals.located, expected.ads);
      ASSERT_EQ(page.totals.unlocated, expected.unlocated);
      ASSERT_EQ(matching_rows(q, s, s.located_rows()).size(), expected.ads);
      for (const auto& hit : page.hits) ASSERT_TRUE(ids.contains(std::string(s.jobs->public_id(hit.row))));
      found += expected.ads > 0;
    }
  }
  EXPECT_GT(found, 200) << "most areas should hold a job";
}

TEST(Areas, OneAreaHasOneIdHoweverItIsWritten) {
  Areas areas(1 << 20);
  const geo::Ring a{{120, 30}, {121, 30}, {121, 31}, {120, 31}, {120, 30}},
      hole{{120.4, 30.4}, {120.6, 30.4}, {120.5, 30.6}, {120.4, 30.4}};
  const auto id = [&](const geo::MultiPolygon& area) { return (*areas.keep(area))->id; };
  const auto first = id({{a, hole}});
  const geo::Ring turned{{121, 31}, {121, 30}, {120, 30}, {120, 31}, {120, 31}, {121, 31}};
  EXPECT_EQ(id({{turned, hole}}), first);
  EXPECT_EQ(id({{hole}, {a}}), first) << "even-odd over all rings";
  EXPECT_NE(id({{a}}), first);
  EXPECT_NE(id({{{{120, 30}, {121, 30}, {121, 31.0000001}, {120, 31}, {120, 30}}, hole}}), first);
  EXPECT_EQ(first.size(), 32u);
  EXPECT_EQ(areas.find("no such id"), nullptr);
}

TEST(Areas, SeveralPartsAreTheirUnionHoweverTheyOverlap) {
  constexpr unsigned seed = 47;
  SCOPED_TRACE(seed);
  SmallCity c(seed, 3000);
  const auto& s = *c.snapshot;
  Areas areas(64 << 20);
  int found = 0, doubly = 0;
  for (int i = 0; i < 100; ++i) {
    std::vector<AreaPart> parts;
    for (int left = 1 + c.pick(6); left; --left) parts.push_back({{{random_ring(c, 3 + c.pick(6))}}});
    const auto kept = areas.keep(parts);
    ASSERT_TRUE(kept) << kept.error().message;
    std::size_t expected = 0;
    const Oracle living(c);
    for (const auto& p : c.postings) {
      if (!p.point || !living.others(p)) continue;
      const auto times = std::count_if(parts.begin(), parts.end(),
                                       [&](const auto& part) { return goes_round(part.polygons, *p.point); });
      expected += times > 0, doubly += times > 1;
    }
    JobQuery q;
    q.within = *kept;
    ASSERT_EQ(matching_rows(q, s, s.located_rows()).size(), expected) << i;
    found += expected > 0;
    // Neither the order of the parts nor a part that is there twice makes another area, and what is kept can
    // be kept again.
    auto others = parts;
    std::shuffle(others.begin(), others.end(), std::mt19937(seed));
    others.push_back(others.front());
    EXPECT_EQ((*areas.keep(others))->id, (*kept)->id) << i;
    std::vector<AreaPart> again;
    for (const auto& part : (*kept)->parts) again.push_back({part});
    EXPECT_LE(again.size(), parts.size());
    EXPECT_EQ((*areas.keep(again))->id, (*kept)->id) << i;
  }
  EXPECT_GT(found, 50);
  EXPECT_GT(doubly, 100);
}

TEST(Areas, PartsThatDontOverlapAreOnePart) {
  Areas areas(1 << 20);
  const auto square = [](double lon, double lat) {
    return geo::Polygon{{{lon, lat}, {lon + 1, lat}, {lon + 1, lat + 1}, {lon, lat + 1}, {lon, lat}}};
  };
  const auto kept =
      areas.keep(std::vector<AreaPart>{{{square(120, 30)}}, {{square(121, 30)}}, {{square(125, 40)}}});
  EXPECT_EQ((*kept)->parts.size(), 1u);
  EXPECT_EQ((*areas.keep({square(125, 40), square(120, 30), square(121, 30)}))->id, (*kept)->id);
  const auto bad = areas.keep(std::vector<AreaPart>{
      {{square(120, 30)}, ""}, {{{{{0, 0}, {1, 1}, {2, 2}, {0, 0}}}}, "features[1].geometry."}});
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().parameter, "features[1].geometry.coordinates");
}

TEST(Areas, StayForADayAndNoYoungerOneIsDroppedForRoom) {
  const auto square = [](double at) {
    return geo::MultiPolygon{{{{at, 30}, {at + 1, 30}, {at + 1, 31}, {at, 31}, {at, 30}}}};
  };
  Areas areas(3000);
  const Areas::Clock::time_point start{};
  std::vector<std::string> ids;
  double at = 0;
  for (;; at += 2) {
    const auto kept = areas.keep(square(at), {}, start);
    if (!kept) {
      EXPECT_EQ(kept.error().code, Code::unavailable);
      break;
    }
    ids.push_back((*kept)->id);
    ASSERT_LT(ids.size(), 100u);
  }
  ASSERT_GE(ids.size(), 2u);
  EXPECT_EQ(areas.oldest_ends_in({}, start + std::chrono::milliseconds(500)), std::chrono::seconds(86'400));
  EXPECT_EQ(areas.oldest_ends_in({}, start + std::chrono::hours(25)), std::chrono::seconds(0));
  EXPECT_EQ(Areas(3000).oldest_ends_in({}, start), std::chrono::seconds(0));
  const auto never = Areas(100).keep(square(0), {}, start);
  ASSERT_FALSE(never);
  EXPECT_EQ(never.error().code, Code::too_large);
  ASSERT_TRUE(areas.keep(square(0), {}, start + std::chrono::hours(20))) << "what is there needs no room";
  EXPECT_FALSE(areas.keep(square(at), {}, start + std::chrono::minutes(24 * 60 - 1)));
  EXPECT_TRUE(areas.find(ids[1]));
  EXPECT_TRUE(areas.keep(square(at), {}, start + std::chrono::hours(24)));
  EXPECT_TRUE(areas.find(ids[0])) << "kept anew at 20 o'clock";
  EXPECT_FALSE(areas.find(ids[1]));
}

TEST(Areas, NoClientTakesMoreThanItsShare) {
  const auto square = [](double at) {
    return geo::MultiPolygon{{{{at, 30}, {at + 1, 30}, {at + 1, 31}, {at, 31}, {at, 30}}}};
  };
  const Areas::Clock::time_point start{};
  const auto one = (*Areas(1 << 20).keep(square(0)))->bytes();
  Areas areas(10 * one + 200, 3 * one + 100);
  double at = 0;
  const auto post = [&](Areas::Client client, Areas::Clock::time_point now) {
    const auto kept = areas.keep(square(at += 2), client, now);
    return kept ? std::optional<Code>() : kept.error().code;
  };
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(post(7, start + std::chrono::hours(i))) << i;
  EXPECT_EQ(post(7, start + std::chrono::hours(4)), Code::too_much);
  EXPECT_EQ(areas.oldest_ends_in(7, start + std::chrono::hours(4)), std::chrono::hours(20));
  EXPECT_EQ(areas.oldest_ends_in(8, start), std::chrono::seconds(0));
  EXPECT_TRUE(areas.keep(square(2), 7, start + std::chrono::hours(5))) << "what is there costs nothing";
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(post(8, start + std::chrono::hours(6))) << "another has room";
  EXPECT_TRUE(areas.keep(square(2), 8, start + std::chrono::hours(6)));
  EXPECT_EQ(post(8, start + std::chrono::hours(6)), Code::too_much);
  while (!post({}, start + std::chrono::hours(6))) {
  }
  EXPECT_EQ(post({}, start + std::chrono::hours(6)), Code::unavailable) << "nobody may fill the rest";
  EXPECT_EQ(post(9, start + std::chrono::hours(6)), Code::unavailable);
  EXPECT_FALSE(post(7, start + std::chrono::hours(25))) << "of the first client's three, one is over";
  EXPECT_EQ(post(7, start + std::chrono::hours(25)), Code::too_much);
  EXPECT_FALSE(post(7, start + std::chrono::hours(60)));
  EXPECT_EQ(Areas(10 * one, one / 2).keep(square(0), 7).error().code, Code::too_large);
}

TEST(Areas, AnIdThatNobodyMadeIsRefusedByName) {
  SmallCity c(1, 10);
  Areas areas(1000);
  for (const Areas* known : {static_cast<const Areas*>(&areas), static_cast<const Areas*>(nullptr)}) {
    const auto params = Params::parse("within=0123");
    Reader r(*params);
    parse_filter(r, *c.snapshot, known);
    ASSERT_TRUE(r.failed());
    EXPECT_EQ(r.error().parameter, "within");
    EXPECT_EQ(r.error().value, "0123");
  }
}

}  // namespace
}  // namespace jobmap::query
