// Tests what CQL2 texts mean, where they are wrong, and that a spelling stands for itself.
#include <gtest/gtest.h>

#include <random>

#include "server/query/parse/job_queryables.hpp"
#include "server/query/syntax/cql2/interpret.hpp"
#include "server/query/syntax/cql2/parser.hpp"

namespace jobmap::query::cql2 {
namespace {

Options options() { return {.queryables = job_queryables(), .zone = 8 * 3600}; }

std::string canonical(const std::string& text) {
  const auto e = parse(text, options());
  return e ? e->text : "error: " + e.error().message;
}

TEST(Cql2, HasOneSpelling) {
  const std::pair<const char*, const char*> cases[] = {
      {"pay_min>8000 and category in('gig','full_time','gig')",
       "category IN ('full_time','gig') AND pay_min > 8000"},
      {"category IN ('gig')", "category = 'gig'"},
      {"8000 <= pay_min", "pay_min >= 8000"},
      {"((title LIKE 'a%'))", "title LIKE 'a%'"},
      {"NOT (NOT openings=+5.0)", "openings = 5"},
      {"title NOT LIKE '%it''s%'", "NOT title LIKE '%it''s%'"},
      {R"(title LIKE '%\\'%')", R"(title LIKE '%\\'%')"},
      {"(a_is_b = 1)", "error: at character 2: there is no queryable a_is_b"},
      {"openings = 1 OR openings = 2 AND openings = 3 OR openings = 1",
       "openings = 1 OR openings = 2 AND openings = 3"},
      {"(openings = 1 OR openings = 2) AND openings = 3", "(openings = 1 OR openings = 2) AND openings = 3"},
      {"NOT (openings = 1 AND openings = 2)", "NOT (openings = 1 AND openings = 2)"},
      {"(openings = 1 OR openings = 1) AND openings = 3", "openings = 1 AND openings = 3"},
      {"casei(title) = CaseI('C++ Dev')", "CASEI(title) = 'c++ dev'"},
      {"casei(title) = CASEI('ИНЖЕНЕР É')", "CASEI(title) = 'инженер é'"},
      {"AccentI(CASEI(title)) LIKE accenti(casei('%CAFÉ%'))", "CASEI(ACCENTI(title)) LIKE '%cafe%'"},
      {"ACCENTI(title) = ACCENTI('Café')", "ACCENTI(title) = 'Cafe'"},
      {"\"pay_max\" > pay_min", "pay_max > pay_min"},
      {"pay_min < pay_max", "pay_max > pay_min"},
      {"published_at is not null", "NOT published_at IS NULL"},
      {"T_AFTER(published_at,TIMESTAMP('2026-11-23T08:00:00+08:00'))",
       "T_AFTER(published_at,TIMESTAMP('2026-11-23T00:00:00Z'))"},
      {"T_DURING(published_at, INTERVAL('2026-11-01','..'))",
       "T_DURING(published_at,INTERVAL('2026-11-01','..'))"},
      {"s_intersects(BBOX(120.0,30,121,31),geometry)", "S_INTERSECTS(geometry,BBOX(120,30,121,31))"},
      {"S_WITHIN(geometry,POLYGON ((120 30, 121 30, 121 31, 120 30)))",
       "S_WITHIN(geometry,POLYGON((120 30,121 30,121 31,120 30)))"},
      {"true or FALSE", "FALSE OR TRUE"},
  };
  for (const auto& [text, expected] : cases) {
    const auto once = canonical(text);
    EXPECT_EQ(once, expected) << text;
    if (!once.starts_with("error")) {
      EXPECT_EQ(canonical(once), once);
    }
  }
}

TEST(Cql2, SaysWhereAndWhatIsWrong) {
  const std::pair<std::string, const char*> cases[] = {
      {"", "at character 1: expected a condition, where the text ends"},
      {"pay_min >", "at character 10: expected a value after >, where the text ends"},
      {"pay_min > AND", "at character 11: expected a value after >, not AND"},
      {"title = '工程师' pay_min",
       "at character 15: expected AND, OR or the end after '工程师', not pay_min"},
      {"title > 5", "at character 9: title is a text and can't be compared with 5, a number"},
      {"pay_min = 'x'", "at character 11: pay_min is a number and can't be compared with 'x', a text"},
      {"published_at > '2026-11-23'",
       "at character 16: published_at is a time and can't be compared with '2026-11-23', a text"},
      {"category = 'fulltime'", "at character 12: category is never 'fulltime'"},
      {"education < 'bachelor'", "at character 1: education is one of a few names, which have no order"},
      {"geometry = 5",
       "at character 1: geometry is a geometry, which is compared by S_INTERSECTS, S_WITHIN, S_DISJOINT"},
      {"title LIKE 5", "at character 12: a pattern is a text in quotes"},
      {"pay_min LIKE 'x'", "at character 1: pay_min is a number, and LIKE compares texts"},
      {"pay_min BETWEEN 1 OR 2", "at character 19: expected AND after 1, not OR"},
      {"pay_min IN ()", "at character 13: expected a value after (, not )"},
      {"pay_min IN (1", "at character 14: expected ) after 1, where the text ends"},
      {"title = 'abc", "at character 9: this text has no closing quote"},
      {"openings = 1e400", "at character 12: 1e400 is not a finite decimal number"},
      {"openings = 0x10", "at character 12: 0x10 is not a finite decimal number"},
      {"openings = nan", "at character 12: there is no queryable nan"},
      {"openings = --5", "at character 12: expected a value after =, not -"},
      {"openings ! 5",
       "at character 10: expected a comparison (=, <>, <, <=, >, >=, LIKE, IN, BETWEEN, IS NULL) "
       "after openings, not !"},
      {"title IS NOT", "at character 13: expected NULL after NOT, where the text ends"},
      {"5 IS NULL", "at character 1: only a queryable can be null"},
      {"S_TOUCHES(geometry,POINT(1 2))", "at character 1: S_TOUCHES is not supported"},
      {"S_INTERSECTS(title,POINT(1 2))",
       "at character 14: title is a text, and S_INTERSECTS compares geometries"},
      {"S_INTERSECTS(geometry,POINT(181 2))", "at character 29: this is no place on the earth in wgs84"},
      {"S_WITHIN(POINT(1 2),geometry)",
       "at character 10: expected a queryable that is a geometry after (, not POINT"},
      {"S_INTERSECTS(geometry,POLYGON((1 1,2 2,3 3,1 2)))",
       "at character 23: A ring is not closed: it begins at 1.0000000, 1.0000000."},
      {"S_INTERSECTS(geometry,POLYGON((1 1,1 1,1 1,1 1)))",
       "at character 23: all points of the area are one"},
      {"S_INTERSECTS(geometry,BBOX(1,2,3))", "at character 33: expected , after 3, not )"},
      {"T_AFTER(published_at,DATE('2026-13-01'))",
       "at character 27: '2026-13-01' is no date or time from 1970 to 2105"},
      {"T_AFTER(title,DATE('2026-12-01'))", "at character 9: title is a text, and T_AFTER compares times"},
      {"published_at = DATE('2026-12-01T00:00:00Z')", "at character 21: a DATE has no time of day"},
      {"published_at = INTERVAL('..','..')",
       "at character 16: an INTERVAL is compared by T_AFTER, T_BEFORE, T_DURING, T_EQUALS, T_INTERSECTS, "
       "T_DISJOINT"},
      {"UPPER(title) = 'x'", "at character 1: there is no function UPPER"},
      {"title",
       "at character 6: expected a comparison (=, <>, <, <=, >, >=, LIKE, IN, BETWEEN, IS NULL) after title, "
       "where the text ends"},
  };
  for (const auto& [text, expected] : cases) {
    const auto e = parse(text, options());
    ASSERT_FALSE(e) << text;
    EXPECT_EQ(e.error().message, expected) << text;
    EXPECT_EQ(e.error().parameter, "filter");
    EXPECT_EQ(e.error().value, text);
    EXPECT_FALSE(e.error().allowed.empty());
  }
}

TEST(Cql2, DepthAndLengthHaveLimits) {
  const auto nested = [](int depth, const std::string& open, const std::string& close) {
    std::string text;
    for (int i = 0; i < depth; ++i) text += open;
    text += "openings = 1";
    for (int i = 0; i < depth; ++i) text += close;
    return text;
  };
  EXPECT_TRUE(parse(nested(max_depth, "(", ")"), options()));
  for (const auto& text : {nested(max_depth + 1, "(", ")"), nested(max_depth + 1, "NOT ", ""),
                           nested(20'000, "(", ""), nested(9'000, "NOT ", "")}) {
    const auto e = parse(text, options());
    ASSERT_FALSE(e);
    EXPECT_NE(e.error().message.find("nested deeper than 32"), std::string::npos) << e.error().message;
  }
  // Siblings are not depth.
  std::string wide = "openings = 1";
  for (int i = 0; i < 3000; ++i) wide += " OR openings = " + std::to_string(i);
  EXPECT_TRUE(parse(wide, options()));
  EXPECT_FALSE(parse("title = '" + std::string(max_bytes, 'x') + '\'', options()));
}

TEST(Cql2, GeometriesHaveLimits) {
  const auto ring = [](int vertices) {
    std::string text = "S_INTERSECTS(geometry,POLYGON((";
    for (int i = 0; i < vertices - 1; ++i) text += std::to_string(i % 7) + ' ' + std::to_string(i % 5) + ',';
    return text + "0 0)))";
  };
  EXPECT_TRUE(parse(ring(10'000), options()));
  EXPECT_FALSE(parse(ring(10'001), options()));
  std::string rings = "S_INTERSECTS(geometry,POLYGON((0 0,1 0,1 1,0 0)";
  for (int i = 1; i < 64; ++i) rings += ",(0 0,1 0,1 1,0 0)";
  EXPECT_TRUE(parse(rings + "))", options()));
  EXPECT_FALSE(parse(rings + ",(0 0,1 0,1 1,0 0)))", options()));
}

TEST(Cql2, LikeKnowsCharactersAndEscapes) {
  for (const auto& [text, pattern, expected] :
       std::initializer_list<std::tuple<const char*, const char*, bool>>{
           {"工程师", "工__", true}, {"工程师", "工_", false},
           {"工程师", "%师", true},  {"", "%", true},
           {"", "", true},           {"a", "", false},
           {"100%", "100\\%", true}, {"1000", "100\\%", false},
           {"a_b", "a\\_b", true},   {"axb", "a\\_b", false},
           {"a\\b", "a\\\\b", true}, {"abcabd", "%abd", true},
           {"aaab", "%a%a%b", true}, {"C++", "c++", false},
           {"ab", "a%b%", true},     {"龙翔桥", "%翔%", true},
           {"abc", "%_%_%_%", true}, {"ab", "%_%_%_%", false},
           {"a", "a\\", false},      {"a\\", "a\\", true}})
    EXPECT_EQ(is_like(text, pattern), expected) << text << " like " << pattern;
}

// LIKE by its definition: each character of the pattern against each rest of the text.
bool is_like_slowly(std::string_view text, std::string_view pattern) {
  if (pattern.empty()) return text.empty();
  if (pattern[0] == '%')
    return is_like_slowly(text, pattern.substr(1)) ||
           (!text.empty() && is_like_slowly(text.substr(1), pattern));
  return !text.empty() && (pattern[0] == '_' || pattern[0] == text[0]) &&
         is_like_slowly(text.substr(1), pattern.substr(1));
}

TEST(Cql2, LikeIsWhatItsDefinitionSays) {
  const unsigned seed = 5;
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  const auto any_of = [&](std::string_view letters, std::size_t most) {
    std::string text(random() % (most + 1), ' ');
    for (char& c : text) c = letters[random() % letters.size()];
    return text;
  };
  int like = 0;
  for (int i = 0; i < 20'000; ++i) {
    const auto text = any_of("ab", 8), pattern = any_of("ab__%%", 7);
    ASSERT_EQ(is_like(text, pattern), is_like_slowly(text, pattern)) << text << " like " << pattern;
    like += is_like(text, pattern);
  }
  EXPECT_GT(like, 2000);
  EXPECT_LT(like, 18'000);
  // This pattern once took the square of the text's length.
  EXPECT_FALSE(is_like(std::string(20'000, 'x'), '%' + std::string(4000, '_') + 'Z'));
}

TEST(Cql2, RegionsKnowTheirEdges) {
  const auto place = [](const std::string& geometry, double lon, double lat) {
    const auto e = parse("S_INTERSECTS(geometry," + geometry + ")", options());
    EXPECT_TRUE(e) << geometry;
    return e->root.region->locate(geo::to_e7({lon, lat}));
  };
  EXPECT_EQ(place("BBOX(1,1,2,2)", 1, 1.5), Place::edge);
  EXPECT_EQ(place("BBOX(1,1,2,2)", 1.5, 1.5), Place::inside);
  EXPECT_EQ(place("BBOX(1,1,2,2)", 2.0000001, 1.5), Place::outside);
  EXPECT_EQ(place("BBOX(170,-10,-170,10)", 180, 0), Place::inside);
  EXPECT_EQ(place("BBOX(170,-10,-170,10)", -175, 0), Place::inside);
  EXPECT_EQ(place("BBOX(170,-10,-170,10)", 0, 0), Place::outside);
  EXPECT_EQ(place("BBOX(-180,-90,180,90)", 12, 90), Place::edge);
  EXPECT_EQ(place("POINT(1 2)", 1, 2), Place::inside);
  EXPECT_EQ(place("LINESTRING(0 0,2 2,4 0)", 1, 1), Place::inside);
  EXPECT_EQ(place("LINESTRING(0 0,2 2,4 0)", 4, 0), Place::edge);
  EXPECT_EQ(place("LINESTRING(0 0,2 2,4 0)", 2, 1), Place::outside);
  EXPECT_EQ(place("POLYGON((0 0,4 0,4 4,0 4,0 0),(1 1,2 1,2 2,1 2,1 1))", 1.5, 1.5), Place::outside);
  EXPECT_EQ(place("POLYGON((0 0,4 0,4 4,0 4,0 0),(1 1,2 1,2 2,1 2,1 1))", 1, 1.5), Place::edge);
  // A bow tie: both wings are inside, by the even-odd rule.
  EXPECT_EQ(place("POLYGON((0 0,2 2,2 0,0 2,0 0))", 0.5, 1), Place::inside);
  EXPECT_EQ(place("POLYGON((0 0,2 2,2 0,0 2,0 0))", 1.5, 1), Place::inside);
  EXPECT_EQ(place("POLYGON((0 0,2 2,2 0,0 2,0 0))", 1, 1.5), Place::outside);
  // Gone round twice is outside.
  EXPECT_EQ(place("POLYGON((0 0,2 0,2 2,0 2,0 0,2 0,2 2,0 2,0 0))", 1, 1), Place::outside);
}

TEST(Cql2, LatitudeFirstIsTurnedRound) {
  auto o = options();
  o.crs = geo::Crs::epsg4326, o.latitude_first = true;
  const auto e =
      parse("S_INTERSECTS(geometry,BBOX(30,120,31,121)) AND S_WITHIN(geometry,POINT(30.5 120.5))", o);
  ASSERT_TRUE(e);
  EXPECT_EQ(e->text, "S_INTERSECTS(geometry,BBOX(120,30,121,31)) AND S_WITHIN(geometry,POINT(120.5 30.5))");
}

}  // namespace
}  // namespace jobmap::query::cql2
