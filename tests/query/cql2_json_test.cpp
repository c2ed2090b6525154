// CQL2 JSON means what CQL2 text means, and says by JSON pointer what is wrong.
#include "server/query/syntax/cql2/json.hpp"

#include <gtest/gtest.h>

#include "server/query/parse/job_queryables.hpp"
#include "server/query/syntax/cql2/language.hpp"

namespace jobmap::query::cql2 {
namespace {

Options options() { return {.queryables = job_queryables(), .zone = 8 * 3600}; }

std::string spelled(const std::string& json) {
  const auto e = parse_json(json, options());
  return e ? e->text : "error: " + e.error().message;
}

TEST(Cql2Json, HasTheSpellingOfTheText) {
  const std::pair<const char*, const char*> cases[] = {
      {R"({"op":"=","args":[{"property":"category"},"gig"]})", "category = 'gig'"},
      {R"({"op":">","args":[8000.5,{"property":"pay_min"}]})", "pay_min < 8000.5"},
      {R"({"op":"and","args":[{"op":"isNull","args":[{"property":"stipend"}]},{"op":"not","args":[{"op":"<>","args":[{"property":"openings"},3]}]}]})",
       "NOT openings <> 3 AND stipend IS NULL"},
      {R"({"op":"or","args":[{"op":"and","args":[true,false]},true,{"op":"in","args":[{"property":"months"},[3,6]]}]})",
       "FALSE AND TRUE OR TRUE OR months IN (3,6)"},
      {R"({"op":"between","args":[{"property":"openings"},2,5]})", "openings BETWEEN 2 AND 5"},
      {R"({"op":"like","args":[{"op":"casei","args":[{"property":"title"}]},{"op":"casei","args":["%C++%"]}]})",
       "CASEI(title) LIKE '%c++%'"},
      {R"({"op":"=","args":[{"property":"title"},"it's \"so\""]})", R"(title = 'it''s "so"')"},
      {R"({"op":">=","args":[{"property":"published_at"},{"timestamp":"2026-11-23T08:00:00+08:00"}]})",
       "published_at >= TIMESTAMP('2026-11-23T00:00:00Z')"},
      {R"({"op":"t_during","args":[{"property":"published_at"},{"interval":["2026-11-01",".."]}]})",
       "T_DURING(published_at,INTERVAL('2026-11-01','..'))"},
      {R"({"op":"=","args":[{"property":"published_at"},{"date":"2026-11-23"}]})",
       "published_at = DATE('2026-11-23')"},
      {R"({"op":"s_intersects","args":[{"property":"geometry"},{"bbox":[120,30,121,31]}]})",
       "S_INTERSECTS(geometry,BBOX(120,30,121,31))"},
      {R"({"op":"s_within","args":[{"property":"geometry"},{"type":"Polygon","coordinates":[[[120,30],[121,30],[121,31],[120,30]]]}]})",
       "S_WITHIN(geometry,POLYGON((120 30,121 30,121 31,120 30)))"},
      {R"({"op":"s_disjoint","args":[{"property":"geometry"},{"type":"Point","coordinates":[120,30,7]}]})",
       "S_DISJOINT(geometry,POINT(120 30))"},
      {R"({"op":"<","args":[{"property":"pay_min"},{"property":"pay_max"}]})", "pay_max > pay_min"},
  };
  for (const auto& [json, text] : cases) EXPECT_EQ(spelled(json), text) << json;
}

TEST(Cql2Json, TakesATextThatNoQuoteCouldHold) {
  for (const std::string text : {"ends with \\", "\\'", "a\\'b", "'"}) {
    std::string escaped;
    for (const char c : text) escaped += c == '\\' ? std::string("\\\\") : std::string(1, c);
    const auto e = parse_json(R"({"op":"=","args":[{"property":"title"},")" + escaped + R"("]})", options());
    ASSERT_TRUE(e) << text << ": " << e.error().message;
    EXPECT_EQ(std::get<std::string>(e->root.operands.at(1).literal), text);
  }
}

TEST(Cql2Json, IsKnownBehindBlanksToo) {
  const auto e =
      parse_as(std::nullopt, "\n {\"op\":\"=\",\"args\":[{\"property\":\"category\"},\"gig\"]}", options());
  ASSERT_TRUE(e) << e.error().message;
  EXPECT_EQ(e->text, "category = 'gig'");
  EXPECT_TRUE(parse_as("cql2-json", " true", options()));
}

TEST(Cql2Json, SaysByPointerWhatIsWrong) {
  const std::pair<const char*, const char*> cases[] = {
      {"{", "the expression is not JSON"},
      {"[]", "at /: this is no condition"},
      {R"({"op":"=","args":[{"property":"no_such"},1]})", "at /: there is no queryable no_such"},
      {R"({"op":"and","args":[true,{"op":"=","args":[{"property":"category"},"gigs"]}]})",
       "at /args/1: category is never 'gigs'"},
      {R"({"op":"and","args":[true]})", "at /args: \"and\" takes two conditions or more"},
      {R"({"op":"like","args":[{"property":"title"}]})", "at /args: these are 1 arguments"},
      {R"({"op":"+","args":[1,2]})", "at /op: there is no operator +"},
      {R"({"op":"=","args":[{"property":7},2]})", "at /args/0/property: this is no text"},
      {R"({"op":"=","args":[{"property":"title"},null]})", "at /args/1: this is no value"},
      {R"({"op":"=","args":[{"property":"title"},"a\u0000b"]})", "at /: a text holds a NUL"},
      {R"({"op":"=","args":[{"property":"title"},5]})",
       "at /: title is a text and can't be compared with 5, a number"},
      {R"({"op":"in","args":[{"property":"months"},[]]})", "at /args/1: these are no values"},
      {R"({"op":"s_intersects","args":[{"property":"geometry"},{"type":"GeometryCollection","coordinates":[]}]})",
       "at /args/1/type: this geometry is not supported"},
      {R"({"op":"s_intersects","args":[{"property":"geometry"},{"type":"Polygon","coordinates":[[120,30]]}]})",
       "at /args/1/coordinates/0/0: these are no coordinates"},
      {R"({"op":"t_after","args":[{"property":"published_at"},{"interval":["2026-11-01"]}]})",
       "at /args/1/interval: this is no interval"},
  };
  for (const auto& [json, message] : cases)
    EXPECT_TRUE(spelled(json).starts_with("error: " + std::string(message))) << json << "\n" << spelled(json);
  std::string deep = "true";
  for (int i = 0; i < 36; ++i) deep = R"({"op":"not","args":[)" + deep + "]}";
  EXPECT_NE(spelled(deep).find("nested deeper than 32"), std::string::npos) << spelled(deep);
}

TEST(FilterLanguage, IsChosenByNameOrByHowItBegins) {
  const std::string json = R"({"op":"=","args":[{"property":"category"},"gig"]})";
  EXPECT_EQ(parse_as(std::nullopt, json, options())->text, "category = 'gig'");
  EXPECT_EQ(parse_as("cql2-json", json, options())->text, "category = 'gig'");
  EXPECT_EQ(parse_as(std::nullopt, "category='gig'", options())->text, "category = 'gig'");
  EXPECT_EQ(parse_as("cql2-json", "category='gig'", options()).error().parameter, "filter-lang");
  EXPECT_EQ(parse_as("ecql", "category='gig'", options()).error().parameter, "filter-lang");
}

TEST(FilterLanguage, OfTheDraftComparesTextsWithTimesAndIgnoresCase) {
  const auto draft = [](const std::string& text) {
    const auto e = parse_as("cql-text", text, options());
    return e ? e->text : "error: " + e.error().message;
  };
  EXPECT_EQ(draft("published_at > '2026-11-23T08:00:00Z'"),
            "published_at > TIMESTAMP('2026-11-23T08:00:00Z')");
  EXPECT_EQ(draft("'2026-11-23T08:00:00Z' >= published_at"),
            "published_at <= TIMESTAMP('2026-11-23T08:00:00Z')");
  EXPECT_EQ(draft("published_at IN ('2026-11-23')"), "published_at = DATE('2026-11-23')");
  EXPECT_EQ(draft("published_at BETWEEN '2026-11-22' AND '2026-11-23'"),
            "published_at BETWEEN DATE('2026-11-22') AND DATE('2026-11-23')");
  EXPECT_EQ(draft("published_at > '2026-11-23T'"),
            "error: at character 16: '2026-11-23T' has no time of day");
  EXPECT_EQ(draft("published_at > 'soon'"), "error: at character 16: 'soon' is no time");
  EXPECT_EQ(draft("title ILIKE 'JAVA%'"), "CASEI(title) LIKE 'java%'");
  EXPECT_EQ(draft("NOT ((title IS NULL))"), "NOT title IS NULL");
  EXPECT_EQ(draft(R"(title LIKE 'a\b%')"), R"(title LIKE 'a\\b%')");
  EXPECT_EQ(draft("title > '2026-11-23'"), "title > '2026-11-23'") << "a text stays one beside a text";
  // The standard has none of it.
  EXPECT_FALSE(parse("title ILIKE 'a'", options()));
  EXPECT_FALSE(parse("published_at > '2026-11-23'", options()));
}

}  // namespace
}  // namespace jobmap::query::cql2
