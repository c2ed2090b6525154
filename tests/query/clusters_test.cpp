// Tiles of random queries against a loop over the postings: what is in each cell, and that nothing is lost,
// counted twice or cut.
#include "server/query/tile/clusters.hpp"

#include <map>
#include <set>

#include "geo/shifted_square.hpp"
#include "server/query/list/evaluate.hpp"
#include "tests/query/oracle.hpp"

namespace jobmap::query {
namespace {

using Xy = std::pair<std::uint32_t, std::uint32_t>;

// The square of a zoom that a place lies in.
Xy square_of(geo::LonLat p, unsigned zoom) {
  const auto m = geo::to_mercator(p);
  const double n = std::exp2(zoom);
  return {static_cast<std::uint32_t>(m.x * n), static_cast<std::uint32_t>(m.y * n)};
}

// Where a map of that system shows a posting.
geo::LonLat shown(const Posting& p, geo::Crs crs) {
  return geo::to_lonlat(geo::shift(crs, geo::to_e7(*p.point)));
}

unsigned parting_zoom(const std::vector<const Posting*>& postings, unsigned zoom, geo::Crs crs) {
  for (unsigned z = zoom + 1; z <= geo::max_zoom; ++z) {
    std::set<Xy> squares;
    for (const auto* p : postings) squares.insert(square_of(shown(*p, crs), z + 3));
    if (squares.size() > 1) return z;
  }
  return geo::max_zoom + 1;
}

// The sorted values at a quarter, a half and three quarters of the last index, rounded down.
std::optional<PayQuartiles> pay_of(const std::vector<const Posting*>& postings, bool named) {
  std::vector<std::int32_t> pays;
  for (const auto* p : postings)
    if (p->pay_max || p->pay_min) pays.push_back(p->pay_max.value_or(p->pay_min.value_or(0)));
  if (!named || pays.size() < 5) return std::nullopt;
  std::sort(pays.begin(), pays.end());
  const auto at = [&](std::size_t k) { return pays[(pays.size() - 1) * k / 4]; };
  return PayQuartiles{at(1), at(2), at(3)};
}

void check_cluster(const Cluster& c, const std::vector<const Posting*>& postings, const JobQuery& q) {
  data::Tally tally;
  for (const auto* p : postings) {
    auto& of = tally.category[static_cast<std::size_t>(p->category)];
    ++of.ads, of.openings += static_cast<unsigned>(p->openings);
    const auto at = geo::to_e7(shown(*p, q.crs));
    tally.lon += at.lon, tally.lat += at.lat;
  }
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(c.tally.category[i].ads, tally.category[i].ads);
    EXPECT_EQ(c.tally.category[i].openings, tally.category[i].openings);
  }
  EXPECT_EQ(c.tally.lon, tally.lon);
  EXPECT_EQ(c.tally.lat, tally.lat);
  EXPECT_EQ(c.expansion_zoom, parting_zoom(postings, c.cell.tile.z, q.crs));
  const auto pay = pay_of(postings, q.pay_unit != data::PayUnit::none);
  ASSERT_EQ(c.pay.has_value(), pay.has_value());
  if (pay) {
    EXPECT_EQ(c.pay->lower, pay->lower);
    EXPECT_EQ(c.pay->median, pay->median);
    EXPECT_EQ(c.pay->upper, pay->upper);
  }
}

// All tiles of a zoom that hold any job of the city.
void check_zoom(const Oracle& o, const JobQuery& q, unsigned z) {
  const auto& s = *o.c.snapshot;
  std::map<Xy, std::map<Xy, std::vector<const Posting*>>> tiles;
  for (const auto& p : o.c.postings) {
    if (!p.point) continue;
    auto& tile = tiles[square_of(shown(p, q.crs), z)];
    if (o.matches(p)) tile[square_of(shown(p, q.crs), z + 3)].push_back(&p);
  }
  std::uint64_t ads = 0, openings = 0;
  for (const auto& [xy, expected] : tiles) {
    const auto content = tile_content(q, s, {z, xy.first, xy.second});
    std::set<Xy> seen;
    for (const auto& c : content.clusters) {
      EXPECT_EQ(c.cell.tile, (geo::TileId{z, xy.first, xy.second}));
      const auto square = c.cell.square();
      EXPECT_TRUE(seen.insert({square.x, square.y}).second);
      const auto found = expected.find({square.x, square.y});
      ASSERT_TRUE(found != expected.end());
      check_cluster(c, found->second, q);
      EXPECT_GT(c.tally.ads(), 1u);
      ads += c.tally.ads(), openings += c.tally.openings();
      if (geo::is_shifted(q.crs) && o.c.pick(20) == 0) {
        auto again = q;
        again.shifted_cell =
            parse("crs=" + std::string(geo::name_of(q.crs)) + "&cell=" + c.cell.name(), s).shifted_cell;
        const auto totals = count(again, s);
        EXPECT_EQ(totals.ads, c.tally.ads()) << c.cell.name();
        EXPECT_EQ(totals.openings, c.tally.openings());
        EXPECT_EQ(evaluate(again, s).hits.size(), std::min<std::uint64_t>(50, totals.ads));
      }
      if (o.c.pick(20) == 0 && !q.cell && !geo::is_shifted(q.crs)) {
        const auto again = parse(o.text + (o.text.empty() ? "" : "&") + "cell=" + c.cell.name(), s);
        const auto totals = count(again, s);
        EXPECT_EQ(totals.ads, c.tally.ads()) << again.canonical;
        EXPECT_EQ(totals.openings, c.tally.openings());
        EXPECT_EQ(evaluate(again, s).hits.size(), std::min<std::uint64_t>(50, totals.ads));
      }
    }
    std::set<std::string> ids, expected_ids;
    for (const auto row : content.jobs) {
      ids.insert(s.jobs->public_id(row));
      ++ads, openings += static_cast<unsigned>(s.jobs->openings[row]);
    }
    for (const auto& [square, postings] : expected)
      if (!seen.contains(square))
        for (const auto* p : postings) expected_ids.insert(p->source + ':' + p->id);
    EXPECT_EQ(ids, expected_ids);
    EXPECT_EQ(ids.size(), content.jobs.size());
    EXPECT_TRUE(std::is_sorted(content.jobs.begin(), content.jobs.end()));
    if (content.clusters.empty()) {
      EXPECT_LE(content.jobs.size(), z < 14 ? 200u : 1000u);
    }
    if (testing::Test::HasFailure()) return;
  }
  const auto totals = evaluate(q, s).totals;
  EXPECT_EQ(ads, totals.located);
  if (q.names_place()) {
    EXPECT_EQ(openings, totals.openings);
  }
}

TEST(Clusters, AgreeWithALoopOverThePostings) {
  constexpr unsigned seed = 31;
  for (unsigned round = 0; round < 3; ++round) {
    SmallCity city(seed + round, round == 2 ? 40'000 : 3000);
    for (int i = 0; i < (round == 2 ? 6 : 60); ++i) {
      Oracle o(city);
      if (i == 1)
        o.add("category=gig"),
            o.rest.push_back([](const Posting& p) { return p.category == data::Category::gig; });
      if (i > 1) add_place(o), add_rest(o);
      const auto q = parse(o.text, *city.snapshot);
      const auto zooms = i < 2 ? std::set<unsigned>{0, 1, 5, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 21, 22}
                               : std::set<unsigned>{static_cast<unsigned>(city.pick(23)), 10, 14, 16};
      for (const auto z : zooms) {
        SCOPED_TRACE("seed " + std::to_string(seed + round) + " query " + std::to_string(i) + " zoom " +
                     std::to_string(z) + ": " + o.text);
        check_zoom(o, q, z);
        if (testing::Test::HasFailure()) return;
      }
    }
  }
}

// The same on maps that are drawn in shifted coordinates.
TEST(Clusters, OfShiftedTilesAgreeWithALoopOverThePostings) {
  constexpr unsigned seed = 57;
  for (const auto crs : {geo::Crs::gcj02, geo::Crs::bd09}) {
    SmallCity city(seed, 2500);
    for (int i = 0; i < 8; ++i) {
      Oracle o(city);
      if (i > 0) add_place(o), add_rest(o);
      auto q = parse(o.text, *city.snapshot);
      q.crs = crs;
      for (const auto z : {0, 5, 9, 10, 12, 13, 14, 15, 17, 20, 22}) {
        SCOPED_TRACE(std::string(geo::name_of(crs)) + " seed " + std::to_string(seed) + " query " +
                     std::to_string(i) + " zoom " + std::to_string(z) + ": " + o.text);
        check_zoom(o, q, static_cast<unsigned>(z));
        if (testing::Test::HasFailure()) return;
      }
    }
  }
}

TEST(Clusters, EveryZoomHasAllJobsOfAnyQuery) {
  SmallCity city(77, 5000);
  const auto& s = *city.snapshot;
  for (int i = 0; i < 8; ++i) {
    Oracle o(city);
    if (i > 0) add_place(o), add_rest(o);
    const auto q = parse(o.text, s);
    std::uint64_t openings = 0;
    for (const auto row : matching_rows(q, s, s.located_rows()))
      openings += static_cast<unsigned>(s.jobs->openings[row]);
    for (unsigned z = 0; z <= geo::max_zoom; ++z) {
      std::set<Xy> tiles;
      for (const auto& p : city.postings)
        if (p.point) tiles.insert(square_of(*p.point, z));
      data::Sums sums;
      for (const auto& [x, y] : tiles) {
        const auto content = tile_content(q, s, {z, x, y});
        for (const auto& c : content.clusters) sums.ads += c.tally.ads(), sums.openings += c.tally.openings();
        for (const auto row : content.jobs)
          ++sums.ads, sums.openings += static_cast<unsigned>(s.jobs->openings[row]);
      }
      EXPECT_EQ(sums.ads, count(q, s).located) << o.text << " zoom " << z;
      EXPECT_EQ(sums.openings, openings) << o.text << " zoom " << z;
    }
  }
}

TEST(Clusters, ATickTakesTheExpiredOut) {
  SmallCity city(5, 3000);
  const auto later = data::tick(*city.snapshot, test::now + 60 * 1500);
  ASSERT_TRUE(later);
  std::uint64_t ads = 0;
  for (const auto& c : tile_content({}, *later, {0, 0, 0}).clusters) ads += c.tally.ads();
  for ([[maybe_unused]] const auto row : tile_content({}, *later, {0, 0, 0}).jobs) ++ads;
  EXPECT_EQ(ads, count({}, *later).located);
  EXPECT_LT(ads, count({}, *city.snapshot).located);
}

std::shared_ptr<const data::Snapshot> snapshot_of(const std::vector<Posting>& postings) {
  auto city = std::make_shared<data::City>();
  data::JobTableBuilder builder;
  for (const auto& p : postings) builder.add(p);
  return data::make_snapshot(std::move(builder).build(*city), city, "test", 1, test::now);
}

Posting posting(int i, geo::LonLat at) {
  Posting p;
  p.source = "test", p.id = std::to_string(i), p.title = "same", p.employer = "e";
  p.precision = data::Precision::exact;
  p.point = at;
  p.expires_at = test::now + 86400;
  return p;
}

TEST(Clusters, JobsOfOneBuildingStayOneClusterThatNoZoomParts) {
  std::vector<Posting> postings;
  for (int i = 0; i < 2000; ++i) postings.push_back(posting(i, {120.1, 30.2}));
  const auto s = snapshot_of(postings);
  for (unsigned z = 0; z <= geo::max_zoom; ++z) {
    const auto [x, y] = square_of({120.1, 30.2}, z);
    const auto content = tile_content({}, *s, {z, x, y});
    EXPECT_TRUE(content.jobs.empty());
    ASSERT_EQ(content.clusters.size(), 1u);
    EXPECT_EQ(content.clusters[0].tally.ads(), 2000u);
    EXPECT_EQ(content.clusters[0].expansion_zoom, geo::max_zoom + 1);
    EXPECT_EQ(content.clusters[0].middle(), geo::to_e7({120.1, 30.2}));
    const auto q = parse("cell=" + content.clusters[0].cell.name(), *s);
    EXPECT_EQ(count(q, *s).ads, 2000u);
  }
}

// On the corner of the four cells round it a job belongs to the one south and east.
TEST(Clusters, CellsAreHalfOpen) {
  std::vector<Posting> postings{posting(1, {0, 0}), posting(2, {-1e-7, 1e-7}), posting(3, {0, 1e-7}),
                                posting(4, {-1e-7, 0})};
  const auto s = snapshot_of(postings);
  const auto in = [&](const std::string& cell) { return count(parse("cell=" + cell, *s), *s).ads; };
  EXPECT_EQ(in("0/0/0/4/4"), 1u);
  EXPECT_EQ(in("0/0/0/3/3"), 1u);
  EXPECT_EQ(in("0/0/0/4/3"), 1u);
  EXPECT_EQ(in("0/0/0/3/4"), 1u);
  EXPECT_EQ(in("0/0/0/0/0"), 0u);
}

}  // namespace
}  // namespace jobmap::query
