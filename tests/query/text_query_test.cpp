// q= against a look at every posting's texts: totals, pages, tiles, and the order by relevance.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "data/index/terms.hpp"
#include "server/query/list/evaluate.hpp"
#include "server/query/syntax/percent_coding.hpp"
#include "tests/query/small_city.hpp"
#include "tests/random_text.hpp"

namespace jobmap::query {
namespace {

using data::Posting;

Result<JobQuery> parse(const std::string& text, const data::Snapshot& s) {
  const auto params = Params::parse(text);
  if (!params) return params.error();
  Reader r(*params);
  auto q = parse_filter(r, s);
  parse_listing(r, q, s);
  r.finish();
  if (r.failed()) return r.error();
  return q;
}

bool holds_all(const Posting& p, const std::vector<std::string>& terms) {
  return std::all_of(terms.begin(), terms.end(), [&](const auto& term) {
    const bool holds = test::holds_term(p.title, term) || test::holds_term(p.employer, term) ||
                       test::holds_term(p.description, term) || test::holds_term(p.address, term);
    return holds != data::read_term(term).excluded;
  });
}

std::string id_of(const Posting& p) { return p.source + ':' + p.id; }

struct Searched {
  test::SmallCity city;
  std::mt19937_64 random;
  explicit Searched(unsigned seed) : city(seed, 1500), random(seed) {}

  std::string random_q() {
    for (;;)
      if (auto text = (random() % 8 ? "" : "-") + test::random_text(random);
          !data::search_terms(text).empty())
        return text;
  }
  std::vector<const Posting*> matching(const std::vector<std::string>& terms) const {
    std::vector<const Posting*> found;
    for (const auto& p : city.postings)
      if (test::is_shown(p) && holds_all(p, terms)) found.push_back(&p);
    return found;
  }
};

TEST(TextQuery, FindsWhatALookAtEveryTextFinds) {
  const unsigned seed = 11;
  SCOPED_TRACE(seed);
  Searched s(seed);
  int with_matches = 0;
  for (int i = 0; i < 500; ++i) {
    const auto text = s.random_q();
    const auto terms = data::search_terms(text);
    const auto q = parse("q=" + percent_encode(text), *s.city.snapshot);
    if (terms.size() > 16) continue;
    ASSERT_TRUE(q) << text << ": " << q.error().message;
    const auto expected = s.matching(terms);
    const auto page = evaluate(*q, *s.city.snapshot);
    ASSERT_EQ(page.totals.ads, expected.size()) << text;
    std::uint64_t openings = 0, located = 0;
    for (const auto* p : expected)
      openings += static_cast<std::uint64_t>(p->openings), located += p->point.has_value();
    EXPECT_EQ(page.totals.openings, openings) << text;
    EXPECT_EQ(page.totals.located, located) << text;
    EXPECT_EQ(count(*q, *s.city.snapshot).ads, expected.size());
    const auto rows = matching_rows(*q, *s.city.snapshot, s.city.snapshot->located_rows());
    EXPECT_EQ(rows.size(), located) << text;
    with_matches += !expected.empty();
  }
  EXPECT_GT(with_matches, 100);
}

// The lengths of the lists tell, before a search, how much it will read at most.
TEST(TextQuery, TheEffortIsAtMostWhatWasForeseen) {
  Searched s(18);
  const auto& index = *s.city.snapshot->jobs->texts;
  std::uint64_t foreseen = 0, looked_at = 0;
  std::set<std::vector<std::string>> known;
  for (int i = 0; i < 500; ++i) {
    const auto terms = data::search_terms(s.random_q());
    const auto effort = index.effort(terms);
    if (!known.insert(terms).second) {
      EXPECT_EQ(effort.postings + effort.runs + effort.words, 0u) << "it is remembered";
      continue;
    }
    const auto match = index.find(terms);
    EXPECT_LE(match->postings, effort.postings) << testing::PrintToString(terms);
    EXPECT_LE(match->looked_at, effort.runs + effort.words) << testing::PrintToString(terms);
    foreseen += effort.runs + effort.words;
    looked_at += match->looked_at;
  }
  EXPECT_GT(looked_at, 1000u);
  EXPECT_LT(foreseen, looked_at * 4);
}

TEST(TextQuery, JoinsWithAPlaceAndCountsJobsWithoutAPoint) {
  Searched s(12);
  for (int i = 0; i < 150; ++i) {
    const auto text = s.random_q();
    const auto q =
        parse("bbox=120.05,30.19,120.2,30.21&category=gig&q=" + percent_encode(text), *s.city.snapshot);
    if (!q) continue;
    std::uint64_t inside = 0, unlocated = 0;
    for (const auto* p : s.matching(q->terms)) {
      if (p->category != data::Category::gig) continue;
      if (!p->point)
        ++unlocated;
      else
        inside += p->point->lon >= 120.05 && p->point->lon <= 120.2 && p->point->lat >= 30.19 &&
                  p->point->lat <= 30.21;
    }
    const auto totals = count(*q, *s.city.snapshot);
    EXPECT_EQ(totals.ads, inside) << text;
    EXPECT_EQ(totals.unlocated, unlocated) << text;
  }
}

TEST(TextQuery, AnotherTermNeverAddsAJob) {
  Searched s(13);
  for (int i = 0; i < 150; ++i) {
    const auto a = s.random_q(), b = s.random_q();
    const auto one = parse("q=" + percent_encode(a), *s.city.snapshot),
               both = parse("q=" + percent_encode(a + " " + b), *s.city.snapshot);
    if (!one || !both) continue;
    const auto fewer = matching_rows(*both, *s.city.snapshot, s.city.snapshot->located_rows()),
               more = matching_rows(*one, *s.city.snapshot, s.city.snapshot->located_rows());
    EXPECT_TRUE(std::includes(more.begin(), more.end(), fewer.begin(), fewer.end())) << a << " | " << b;
  }
}

// The documented score, from the texts.
unsigned score_of(const Posting& p, const std::vector<std::string>& terms) {
  unsigned score = 0;
  for (const auto& term : terms) {
    if (test::holds_term(p.title, term))
      score += test::holds_plainly(p.title, term) && data::fold(p.title).size() == term.size() ? 8 : 4;
    if (test::holds_term(p.employer, term)) score += 2;
    if (test::holds_term(p.description, term)) score += 1;
    if (test::holds_term(p.address, term)) score += 1;
  }
  return score;
}

TEST(TextQuery, OrdersByScoreThenNewestThenId) {
  Searched s(14);
  for (const std::string text : {"工程师", "java", "c++ 工程师", "护士", "a", "工", "程序员", "Engineer"})
    for (const bool reverse : {false, true}) {
      const auto base = "q=" + percent_encode(text) + (reverse ? "&sort=-relevance" : "") + "&limit=17";
      auto q = parse(base, *s.city.snapshot);
      ASSERT_TRUE(q) << q.error().message;
      EXPECT_EQ(q->sort, Sort::relevance);
      auto expected = s.matching(q->terms);
      std::stable_sort(expected.begin(), expected.end(), [&](const Posting* a, const Posting* b) {
        const auto x = std::pair(score_of(*a, q->terms), a->published_at.value_or(0)),
                   y = std::pair(score_of(*b, q->terms), b->published_at.value_or(0));
        if (x != y) return reverse ? x < y : x > y;
        return id_of(*a) < id_of(*b);
      });
      std::vector<std::string> wanted, ids;
      for (const auto* p : expected) wanted.push_back(id_of(*p));
      for (;;) {
        const auto page = evaluate(*q, *s.city.snapshot);
        for (const auto& hit : page.hits) ids.push_back(s.city.snapshot->jobs->public_id(hit.row));
        if (page.next_cursor.empty()) break;
        q = parse(base + "&cursor=" + page.next_cursor, *s.city.snapshot);
        ASSERT_TRUE(q) << q.error().message;
      }
      ASSERT_GT(wanted.size(), 17u) << text;
      EXPECT_EQ(ids, wanted) << text << reverse;
    }
}

TEST(TextQuery, HasOneSpelling) {
  Searched s(15);
  const auto canonical = [&](const std::string& query) {
    const auto q = parse(query, *s.city.snapshot);
    return q ? q->canonical : "refused: " + q.error().message;
  };
  EXPECT_EQ(canonical("q=Java工程师"), canonical("q=工程师,+ＪＡＶＡ java"));
  EXPECT_EQ(canonical("q=Java工程师"), "q=java%20" + percent_encode("工程师"));
  EXPECT_EQ(canonical("q=Java工程師 -ＪＳ"), canonical("q=-js java 工程师"));
  for (int i = 0; i < 1000; ++i) {
    const auto once = canonical("q=" + percent_encode(s.random_q()));
    EXPECT_TRUE(once.starts_with("refused") || canonical(once) == once) << once;
  }
}

TEST(TextQuery, RefusesWhatCannotBeSearchedFor) {
  Searched s(16);
  const auto error = [&](const std::string& query) {
    const auto q = parse(query, *s.city.snapshot);
    return q ? std::string() : q.error().parameter + ": " + q.error().message;
  };
  EXPECT_EQ(error("q="), "q: the value is empty");
  EXPECT_EQ(error("q=+"), "q: there is no word in this to search for");
  EXPECT_EQ(error("q=%EF%BC%88...%2B%2B"), "q: there is no word in this to search for");
  EXPECT_EQ(error("q=a+b+c+d+e+f+g+h+i+j+k+l+m+n+o+p"), "");
  EXPECT_EQ(error("q=a+b+c+d+e+f+g+h+i+j+k+l+m+n+o+p+q"), "q: these are too many words");
  EXPECT_EQ(error("q=" + std::string(200, 'x')), "");
  EXPECT_EQ(error("q=" + std::string(201, 'x')), "q: this is too long to search for");
  EXPECT_EQ(error("sort=relevance"), "sort: relevance needs q");
  EXPECT_EQ(error("q=x&q=y").substr(0, 1), "q");
}

TEST(TextQuery, SurvivesATickWithoutAnotherIndex) {
  Searched s(17);
  const auto later = data::tick(*s.city.snapshot, test::now + 60 * 1500);
  ASSERT_TRUE(later);
  EXPECT_EQ(later->jobs->texts, s.city.snapshot->jobs->texts);
  const auto q = parse("q=%E5%B7%A5", *later);
  std::size_t alive = 0;
  for (const auto& p : s.city.postings)
    alive += test::is_shown(p, test::now + 60 * 1500) && holds_all(p, {"工"});
  EXPECT_EQ(count(*q, *later).ads, alive);
}

}  // namespace
}  // namespace jobmap::query
