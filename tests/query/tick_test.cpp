// The jobs that live are a function of the minute, whichever way the clock went to get there: a random walk
// of the clock, forwards and backwards, against a loop over the postings.
#include <gtest/gtest.h>

#include <map>

#include "server/query/list/evaluate.hpp"
#include "tests/query/oracle.hpp"

namespace jobmap::query {
namespace {

constexpr std::int64_t day = 24 * 60;  // minutes

bool lives(const Posting& p, std::int64_t minute) { return test::is_shown(p, minute * 60); }

// The rows, the sums and the list of a snapshot that should be right for this minute.
void check(const test::SmallCity& c, const data::Snapshot& s, std::int64_t minute, const JobQuery& all) {
  Totals expected;
  std::array<data::Sums, 3> by_category{};
  for (const Posting& p : c.postings) {
    const auto row = s.jobs->find(p.source + ':' + p.id);
    ASSERT_TRUE(row);
    ASSERT_EQ(s.alive.test(*row), lives(p, minute))
        << "minutes " << p.published_at.value_or(0) / 60 << " to " << p.expires_at / 60;
    if (!lives(p, minute)) continue;
    const auto openings = static_cast<unsigned>(p.openings);
    ++expected.ads, expected.openings += openings, ++(p.point ? expected.located : expected.unlocated);
    auto& sums = by_category[static_cast<std::size_t>(p.category)];
    ++sums.ads, sums.openings += openings;
  }
  const auto page = evaluate(all, s);
  EXPECT_EQ(page.totals.ads, expected.ads);
  EXPECT_EQ(page.totals.openings, expected.openings);
  EXPECT_EQ(page.totals.located, expected.located);
  EXPECT_EQ(page.totals.unlocated, expected.unlocated);
  EXPECT_EQ(page.hits.size(), std::min<std::size_t>(all.limit, expected.ads));
  for (std::size_t i = 0; i < by_category.size(); ++i) {
    const auto sums = s.sums(s.all_rows(), static_cast<data::Category>(i));
    EXPECT_EQ(sums.ads, by_category[i].ads);
    EXPECT_EQ(sums.openings, by_category[i].openings);
  }
}

// All that a tick makes: the living, and what the prefix sums say of pieces of the table.
std::string bytes_of(const data::Snapshot& s) {
  std::string out(reinterpret_cast<const char*>(s.alive.words().data()), s.alive.words().size() * 8);
  for (data::Row end = 0; end <= s.jobs->located; end += 64) {
    const auto circle = s.sums({0, end}, std::nullopt, data::Snapshot::Where::in_default_circle);
    const auto tally = s.tally({0, end}, 0);
    for (const auto n : {circle.ads, circle.openings, tally.ads(), tally.openings()})
      out += std::to_string(n) + ' ';
    out += std::to_string(tally.lon) + ' ' + std::to_string(tally.lat) + ' ';
  }
  return out;
}

// A minute to go to: nearby, at or beside one in which a job is published or expires, or far off.
std::int64_t next_minute(test::SmallCity& c, std::int64_t minute, std::int64_t start) {
  switch (c.pick(6)) {
    case 0:
      return minute + 1;
    case 1:
      return minute - 1;
    case 2:
      return minute + c.pick(400) - 200;
    case 3:
      return start + (c.pick(2) ? 400 * day : 0);
    default: {
      const auto& p = c.postings[static_cast<std::size_t>(c.pick(static_cast<int>(c.postings.size())))];
      const auto edge = c.pick(2) ? p.published_at.value_or(p.expires_at) : p.expires_at;
      return edge / 60 + c.pick(3) - 1;
    }
  }
}

TEST(Tick, FollowsTheClockBothWays) {
  for (const unsigned seed : {1u, 2u, 3u}) {
    test::SmallCity c(seed, 700);
    const auto start = test::now / 60;
    std::shared_ptr<const data::Snapshot> s = c.snapshot;
    const auto all = parse("limit=1000", *s);
    std::map<std::string, std::string> named;
    int forwards = 0, backwards = 0, nothing = 0;
    for (int i = 0; i < 400; ++i) {
      const auto before = s->minute, minute = next_minute(c, before, start);
      SCOPED_TRACE(testing::Message()
                   << "seed " << seed << ", step " << i << ", from minute " << before << " to " << minute);
      if (const auto next = data::tick(*s, minute * 60 + c.pick(60))) {
        ASSERT_NE(next->alive.words(), s->alive.words()) << "a generation that says the same";
        ++(minute < before ? backwards : forwards);
        s = next;
        EXPECT_EQ(s->minute, minute);
        EXPECT_EQ(s->jobs, c.snapshot->jobs);
      } else {
        ++nothing;
      }
      check(c, *s, minute, all);
      if (HasFatalFailure()) return;
      const auto bytes = bytes_of(*s);
      EXPECT_EQ(named.emplace(s->generation, bytes).first->second, bytes) << "one name, other bytes";
    }
    EXPECT_GT(forwards, 50);
    EXPECT_GT(backwards, 50);
    EXPECT_GT(nothing, 5);
  }
}

}  // namespace
}  // namespace jobmap::query
