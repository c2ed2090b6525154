// Random expressions, as texts, against what they mean said in plain C++ of the postings themselves.
#include "server/query/filter/expression_filter.hpp"
#include "server/query/filter/expression_cost.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <map>

#include "data/model/time.hpp"
#include "data/model/unicode.hpp"
#include "geo/deadline.hpp"
#include "server/query/list/evaluate.hpp"
#include "server/query/parse/job_queryables.hpp"
#include "server/query/syntax/cql2/canonical.hpp"
#include "server/query/syntax/cql2/parser.hpp"
#include "server/query/syntax/number_text.hpp"
#include "tests/query/small_city.hpp"

namespace jobmap::query {
namespace {

using cql2::Truth;
using data::Posting;
using test::SmallCity;

struct Meaning {
  std::string text;
  std::function<Truth(const Posting&)> of;
};

Truth truth(bool b) { return b ? Truth::yes : Truth::no; }

template <typename T, typename Holds>
Truth known(const std::optional<T>& v, Holds&& holds) {
  return v ? truth(holds(*v)) : Truth::unknown;
}

std::string time_text(std::int64_t seconds) {
  std::string text(data::time_size, ' ');
  data::format_time(seconds, text.data());
  return text;
}

class Random {
 public:
  explicit Random(SmallCity& city) : c_(city) {}

  Meaning expression(int depth) {
    const int kind = depth > 0 ? c_.pick(6) : 5;
    if (kind == 0) {
      const auto a = expression(depth - 1);
      return {c_.pick(2) ? "NOT (" + a.text + ")" : "not(not(NOT (" + a.text + ")))",
              [a](const Posting& p) { return static_cast<Truth>(2 - static_cast<int>(a.of(p))); }};
    }
    if (kind < 5) {
      const bool all = kind < 3;
      const auto a = expression(depth - 1), b = expression(depth - 1);
      return {"(" + a.text + (all ? ") and (" : ") OR (") + b.text + ")", [=](const Posting& p) {
                return all ? std::min(a.of(p), b.of(p)) : std::max(a.of(p), b.of(p));
              }};
    }
    switch (c_.pick(9)) {
      case 0:
        return number();
      case 1:
        return name();
      case 2:
        return text();
      case 3:
        return time();
      case 4:
        return place();
      case 5:
        return null();
      case 6:
        return {"pay_min < pay_max", [](const Posting& p) {
                  return p.pay_min && p.pay_max ? truth(*p.pay_min < *p.pay_max) : Truth::unknown;
                }};
      case 7:
        return {"industry IN ('I','C') OR experience BETWEEN 2 AND 5", [](const Posting& p) {
                  const auto industry =
                      p.industry.empty() ? Truth::unknown : truth(p.industry == "I" || p.industry == "C");
                  return std::max(industry, known(p.experience, [](int y) { return y >= 2 && y <= 5; }));
                }};
      default:
        return number();
    }
  }

 private:
  Meaning number() {
    static const std::map<std::string, std::function<bool(double, double)>> signs = {
        {"=", std::equal_to<>()},    {"<>", std::not_equal_to<>()}, {"<", std::less<>()},
        {"<=", std::less_equal<>()}, {">", std::greater<>()},       {">=", std::greater_equal<>()}};
    const auto sign = *std::next(signs.begin(), c_.pick(6));
    const int which = c_.pick(3);
    const double limit = which == 0   ? c_.pick(12)
                         : which == 1 ? c_.pick(400) / 2.0
                                      : c_.pick(800) / 4.0 + 0.001 * c_.pick(2);
    const std::string name = which == 0 ? "openings" : which == 1 ? "pay_min" : "pay_max";
    return {name + " " + sign.first + " " + shortest_decimal(limit), [=](const Posting& p) {
              if (which == 0) return truth(sign.second(p.openings, limit));
              return known(which == 1 ? p.pay_min : p.pay_max,
                           [&](int fen) { return sign.second(fen / 100.0, limit); });
            }};
  }
  Meaning name() {
    switch (c_.pick(5)) {
      case 0: {
        const auto category = static_cast<data::Category>(c_.pick(3));
        return {"category = '" + std::string(name_of(category)) + "'",
                [=](const Posting& p) { return truth(p.category == category); }};
      }
      case 1: {
        const auto level = static_cast<data::Education>(c_.pick(9));
        return {"education <> '" + std::string(name_of(level)) + "'",
                [=](const Posting& p) { return known(p.education, [=](auto e) { return e != level; }); }};
      }
      case 2:
        return {"occupation LIKE '2-0_-1%'", [](const Posting& p) {
                  if (p.occupation.empty()) return Truth::unknown;
                  return truth(p.occupation.starts_with("2-0") && p.occupation.substr(4, 2) == "-1");
                }};
      case 3:
        // Too many ranges to be compared one after the other.
        return {"openings IN (1,2,3,5,6,9,11,13,14,15,17,19,21,23,25,27,29,31)", [](const Posting& p) {
                  constexpr int all[] = {1, 2, 3, 5, 6, 9, 11, 13, 14, 15, 17, 19, 21, 23, 25, 27, 29, 31};
                  return truth(std::find(std::begin(all), std::end(all), p.openings) != std::end(all));
                }};
      default:
        return {"pay_unit IN ('month','day')", [](const Posting& p) {
                  if (p.pay_unit == data::PayUnit::none) return Truth::unknown;
                  return truth(p.pay_unit == data::PayUnit::month || p.pay_unit == data::PayUnit::day);
                }};
    }
  }
  Meaning text() {
    const auto title = [](auto holds) {
      return [=](const Posting& p) { return p.title.empty() ? Truth::unknown : truth(holds(p.title)); };
    };
    if (c_.pick(2))
      return {"CASEI(title) LIKE CASEI('%c++%DEV%')", title([](const std::string& t) {
                const auto folded = data::fold_case(t);
                const auto at = folded.find("c++");
                return at != std::string::npos && folded.find("dev", at + 3) != std::string::npos;
              })};
    if (c_.pick(2))
      return {"CASEI(title) LIKE CASEI('%инженер%')", title([](const std::string& t) {
                return t.find("ИНЖЕНЕР") != t.npos || t.find("инженер") != t.npos;
              })};
    if (c_.pick(2))
      return {"ACCENTI(CASEI(title)) LIKE '%cafe%'", title([](const std::string& t) {
                return t.find("Café") != t.npos || t.find("Cafe\u0301") != t.npos;
              })};
    return {"title = '工程师'", title([](const std::string& t) { return t == "工程师"; })};
  }
  Meaning time() {
    const std::int64_t at = test::now - 60 * c_.pick(2000);
    const auto published = [=](auto holds) {
      return [=](const Posting& p) { return known(p.published_at, holds); };
    };
    switch (c_.pick(4)) {
      case 0:
        return {"T_AFTER(published_at,TIMESTAMP('" + time_text(at) + "'))",
                published([=](auto t) { return t > at; })};
      case 1:
        return {"T_DURING(published_at,INTERVAL('" + time_text(at - 7200) + "','" + time_text(at) + "'))",
                published([=](auto t) { return t > at - 7200 && t < at; })};
      case 2: {  // the city of this test has no offset: its days are those of UTC
        const auto day = at / 86400 * 86400;
        return {"published_at <> DATE('" + time_text(at).substr(0, 10) + "')",
                published([=](auto t) { return t < day || t >= day + 86400; })};
      }
      default:
        return {"expires_at >= TIMESTAMP('" + time_text(at + 86400) + "')",
                [=](const Posting& p) { return truth(p.expires_at >= at + 86400); }};
    }
  }
  Meaning place() {
    const auto a = c_.place(), b = c_.place();
    const double w = std::min(a.lon, b.lon), e = std::max(a.lon, b.lon), s = std::min(a.lat, b.lat),
                 n = std::max(a.lat, b.lat);
    const std::string x0 = shortest_decimal(w), x1 = shortest_decimal(e), y0 = shortest_decimal(s),
                      y1 = shortest_decimal(n);
    const std::string box = c_.pick(2) ? "BBOX(" + x0 + "," + y0 + "," + x1 + "," + y1 + ")"
                                       : "POLYGON((" + x0 + " " + y0 + "," + x1 + " " + y0 + "," + x1 + " " +
                                             y1 + "," + x0 + " " + y1 + "," + x0 + " " + y0 + "))";
    const bool within = c_.pick(2);
    return {(within ? "S_WITHIN(geometry," : "S_INTERSECTS(geometry,") + box + ")", [=](const Posting& p) {
              return known(p.point, [=](geo::LonLat at) {
                return within ? at.lon > w && at.lon < e && at.lat > s && at.lat < n
                              : at.lon >= w && at.lon <= e && at.lat >= s && at.lat <= n;
              });
            }};
  }
  Meaning null() {
    if (c_.pick(2)) return {"geometry IS NULL", [](const Posting& p) { return truth(!p.point); }};
    return {"experience IS NOT NULL", [](const Posting& p) { return truth(p.experience.has_value()); }};
  }

  SmallCity& c_;
};

TEST(ExpressionFilter, MeansWhatItSays) {
  constexpr unsigned seed = 31;
  SmallCity city(seed, 3000);
  const auto& s = *city.snapshot;
  Random random(city);
  int some = 0;
  for (int i = 0; i < 500; ++i) {
    const auto meaning = random.expression(i % 5);
    SCOPED_TRACE("seed " + std::to_string(seed) + " expression " + std::to_string(i) + ": " + meaning.text);
    const auto expression = cql2::parse(meaning.text, {.queryables = job_queryables()});
    ASSERT_TRUE(expression) << expression.error().message;
    const auto again = cql2::parse(expression->text, {.queryables = job_queryables()});
    ASSERT_TRUE(again) << expression->text;
    ASSERT_EQ(again->text, expression->text);
    const ExpressionFilter filter(*expression, s);
    std::size_t found = 0;
    for (const Posting& p : city.postings) {
      const auto row = s.jobs->find(p.source + ':' + p.id);
      ASSERT_TRUE(row);
      const bool holds = meaning.of(p) == Truth::yes;
      found += holds;
      ASSERT_EQ(cql2::evaluate(expression->root, JobProperties(s, *row)) == Truth::yes, holds) << p.id;
      ASSERT_EQ(filter.word(*row / 64, 1ull << (*row % 64)) != 0, holds) << p.id;
    }
    std::size_t by_words = 0;
    for (std::size_t w = 0; w * 64 < s.jobs->size; ++w)
      by_words +=
          static_cast<std::size_t>(std::popcount(filter.word(w, data::word_mask(w, 0, s.jobs->size))));
    ASSERT_EQ(by_words, found);
    some += found > 0 && found < city.postings.size();
  }
  EXPECT_GT(some, 300);
}

TEST(ExpressionFilter, IsPartOfTheQueryAndOfItsName) {
  SmallCity city(5, 3000);
  const auto& s = *city.snapshot;
  const auto parse = [&](const std::string& text) {
    const auto params = Params::parse(text);
    Reader r(*params);
    auto q = parse_filter(r, s);
    r.finish();
    EXPECT_FALSE(r.failed()) << text << ": " << (r.failed() ? r.error().message : "");
    return q;
  };
  const auto one = parse("filter=category+in('gig')&filter-lang=cql2-text&bbox=120,30,121,31");
  const auto other = parse("bbox=120,30,121,31&filter=(category%3D'gig')");
  EXPECT_EQ(one.canonical, other.canonical);
  EXPECT_EQ(parse(one.canonical).canonical, one.canonical);
  const auto totals = count(one, s), same = count(parse("category=gig&bbox=120,30,121,31"), s);
  EXPECT_EQ(totals.ads, same.ads);
  EXPECT_EQ(totals.openings, same.openings);
  EXPECT_EQ(totals.unlocated, same.unlocated);
  EXPECT_GT(totals.ads, 0u);
  // A place in an expression is no place of the query: nothing is counted that it leaves out.
  const auto inside = count(parse("filter=S_INTERSECTS(geometry,BBOX(120,30,121,31))"), s);
  EXPECT_EQ(inside.ads, count(parse("bbox=120,30,121,31"), s).ads);
  EXPECT_EQ(inside.unlocated, 0u);
}

double row_ns_of(const std::string& text, const data::Snapshot& s) {
  return row_ns(*cql2::parse(text, {.queryables = job_queryables(), .zone = 0}), s);
}

TEST(ExpressionFilter, EachTextThatIsReadCosts) {
  const SmallCity city(3, 100);
  const auto ns = [&](const std::string& text) { return row_ns_of(text, *city.snapshot); };
  const double one = ns("title LIKE '%a%'");
  EXPECT_GT(one, 20 * ns("category = 'gig' AND pay_min > 8000 AND expires_at > DATE('2026-01-01')"));
  std::string many = "title LIKE '%a0%'";
  for (int i = 1; i < 100; ++i) many += " OR title LIKE '%a" + std::to_string(i) + "%'";
  EXPECT_NEAR(ns(many), 100 * one, one);
  EXPECT_NEAR(ns("NOT (" + many + ")"), 100 * one, one);
  EXPECT_GT(ns("title LIKE '%" + std::string(4000, 'a') + "%'"), 2 * one) << "a long text takes longer";
  std::string list = "title IN ('b0'";
  for (int i = 1; i < 200; ++i) list += ",'b" + std::to_string(i) + "'";
  EXPECT_LT(ns(list + ")"), 4 * one) << "a list is looked up";
}

TEST(ExpressionFilter, ADeadlineEndsTheReadingOfTexts) {
  const SmallCity city(3, 4000);
  const auto params = *Params::parse("filter=title+LIKE+'%25a%25'");
  Reader reader(params);
  auto q = parse_filter(reader, *city.snapshot);
  ASSERT_FALSE(reader.failed());
  const auto all = count(q, *city.snapshot).ads;
  {
    const geo::DeadlineScope scope(geo::Deadline(std::chrono::hours(1)));
    EXPECT_EQ(count(q, *city.snapshot).ads, all);
  }
  const geo::DeadlineScope scope(geo::Deadline(std::chrono::hours(-1)));
  EXPECT_THROW(count(q, *city.snapshot), geo::DeadlinePassed);
  EXPECT_THROW(evaluate(q, *city.snapshot), geo::DeadlinePassed);
}

}  // namespace
}  // namespace jobmap::query
