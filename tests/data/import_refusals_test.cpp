// Rows that can't be right, and what is said of them.
#include "data/ingest/table/rules.hpp"
#include "tests/data/import_fixture.hpp"

namespace jobmap::data {
namespace {

class Import : public ImportTest {};

TEST_F(Import, RefusesWhatCannotBeRightAndSaysWhy) {
  const struct {
    TestRow changes;
    const char* words;
  } cases[] = {
      {{{"id", ""}}, "id is missing"},
      {{{"title", ""}}, "title is missing"},
      {{{"employer", " "}}, "employer ' ' is blank"},
      {{{"expires_at", ""}}, "expires_at is missing"},
      {{{"source", "a:b"}}, "must be without a colon"},
      {{{"category", "fulltime"}}, "must be full_time, gig or internship"},
      {{{"openings", "0"}}, "openings '0' must be a whole number from 1"},
      {{{"openings", "2.5"}}, "openings '2.5' must be a whole number"},
      {{{"uscc", "91330100799655058C"}}, "right check digit"},
      {{{"pay_min", "9000"}, {"pay_max", "8000"}, {"pay_unit", "month"}},
       "pay_min 9000 is more than pay_max 8000"},
      {{{"pay_min", "9000"}}, "has pay without a pay_unit"},
      {{{"pay_min", "9k"}, {"pay_unit", "month"}}, "pay_min '9k' must be yuan"},
      {{{"pay_min", "-1"}, {"pay_unit", "month"}}, "pay_min '-1' must be yuan"},
      {{{"pay_min", "1.005"}, {"pay_unit", "hour"}}, "at most two decimals"},
      {{{"pay_min", "nan"}, {"pay_unit", "hour"}}, "pay_min 'nan' must be yuan"},
      {{{"pay_max", "99999999999"}, {"pay_unit", "hour"}}, "must be yuan up to 21474836.47"},
      {{{"pay_unit", "year"}}, "must be month, day, hour or piece"},
      {{{"settlement", "never"}}, "must be day, week, month or job"},
      {{{"shifts", "9-12"}}, "must be HH:MM-HH:MM"},
      {{{"shifts", "24:00-01:00"}}, "must be HH:MM-HH:MM from 00:00 to 24:00"},
      {{{"shifts", "09:00-24:01"}}, "must be HH:MM-HH:MM"},
      {{{"shifts", "09:00-12:00;"}}, "must be HH:MM-HH:MM"},
      {{{"months", "2"}}, "months '2' must be a whole number from 3 to 12"},
      {{{"months", "13"}}, "from 3 to 12"},
      {{{"education", "phd"}}, "GB/T 4658"},
      {{{"experience", "61"}}, "from 0 to 60"},
      {{{"industry", "U"}}, "A to T"},
      {{{"occupation", "9-01"}}, "occupation classification"},
      {{{"occupation", "2-1"}}, "occupation classification"},
      {{{"apply_url", "javascript:alert(1)"}}, "must be an http or https URL"},
      {{{"apply_url", "https://"}}, "must be an http or https URL"},
      {{{"apply_url", "https://user:pw@example.com/"}}, "must be an http or https URL"},
      {{{"lon", "30.5"}, {"lat", "120.5"}}, "swapped?"},
      {{{"lon", "0"}, {"lat", "0"}}, "empty place"},
      {{{"lon", "122.01"}}, "out of the region"},
      {{{"lon", "181"}}, "not on the globe"},
      {{{"lon", "inf"}}, "lon 'inf' must be a finite number"},
      {{{"lon", "nan"}}, "lon 'nan' must be a finite number"},
      {{{"lon", "1e400"}}, "must be a finite number"},
      {{{"lon", "120,5"}}, "must be a finite number"},
      {{{"lat", ""}}, "has a lon but no lat"},
      {{{"lon", ""}, {"lat", ""}}, "precision exact needs lon and lat"},
      {{{"precision", "rough"}}, "must be exact, address, street, community or district"},
      {{{"precision", "district"}}, "has no place"},
      {{{"precision", "district"}, {"district", "西湖区"}, {"lon", "abc"}},
       "lon 'abc' must be a finite number"},
      {{{"precision", "community"}, {"district", "西湖区"}, {"lat", "nan"}},
       "lat 'nan' must be a finite number"},
      {{{"precision", "district"}, {"district", "西湖区"}, {"lon", "180.5"}}, "must be from -180 to 180"},
      {{{"precision", "district"}, {"district", "西湖区"}, {"lat", "-91"}}, "must be from -90 to 90"},
      {{{"openings", "1000001"}}, "from 1 to 1000000"},
      {{{"published_at", "1970-01-01"}}, "published_at '1970-01-01' must be a date"},
      {{{"district", "330199"}}, "is not the adcode or the name of a district"},
      {{{"district", "330104"}}, "is no longer in use: merged in 2021"},
      {{{"district", "江干区"}}, "is no longer in use: merged in 2021"},
      {{{"precision", "district"}, {"address", "江干区某路"}},
       "330104 (江干区) is no longer in use: merged in 2021"},
      {{{"precision", "district"}, {"address", "西湖区与滨江区"}}, "names two districts"},
      {{{"expires_at", "2026-02-30"}}, "must be a date"},
      {{{"expires_at", "31.12.2026"}}, "must be a date"},
      {{{"published_at", "2027-01-02"}}, "expires_at 2026-12-31 is before published_at 2027-01-02"},
      {{{"title", "a\xFF"}}, "is not valid text"},
      {{{"title", "a\u202Eb"}}, "bidirectional control"},
      {{{"title", std::string("a\0b", 3)}}, "NUL"},
      {{{"title", "a\nb"}}, "line break"},
  };
  for (const auto& c : cases) {
    // Between two rows that are right, and must go in.
    const auto s =
        import(csv({with(good, {{"id", "before"}}), with(good, c.changes), with(good, {{"id", "after"}})}));
    ASSERT_EQ(s.refusals.size(), 1u) << c.words;
    EXPECT_NE(s.refusals[0].reason.find(c.words), std::string::npos)
        << s.refusals[0].reason << " != " << c.words;
    EXPECT_EQ(s.refusals[0].line, 3u) << c.words;
    EXPECT_EQ(s.read, 3u);
    EXPECT_EQ(s.stored(), 2u);
  }
}

TEST_F(Import, SaysTheLimitOfALongField) {
  const TestRow limits{{"title", "200"}, {"employer", "200"}, {"description", "20000"}, {"address", "500"},
                       {"id", "128"},    {"source", "64"},    {"contact", "200"}};
  for (const auto& [name, limit] : limits) {
    std::string text;
    for (int i = std::stoi(limit); i > 0; --i) text += "杭";
    EXPECT_EQ(import(csv({with(good, {{name, text}})})).refusals.size(), 0u) << name;
    const auto s = import(csv({with(good, {{name, text + "州"}})}));
    ASSERT_EQ(s.refusals.size(), 1u) << name;
    EXPECT_NE(s.refusals[0].reason.find(limit + " are allowed"), std::string::npos) << s.refusals[0].reason;
  }
}

// Ids that look alike are two as they are written, and none where it isn't clear which is meant.
TEST(ImportRules, IdsAreThemselvesBeforeWhatTheyLookLike) {
  Rules rules;
  rules.add_station("N1", "甲");
  rules.add_station("n1", "乙");
  rules.add_station("S2", "丙");
  EXPECT_EQ(rules.station("N1"), "N1");
  EXPECT_EQ(rules.station("n1"), "n1");
  EXPECT_EQ(rules.station("Ｎ1"), std::nullopt);
  EXPECT_EQ(rules.station("s2"), "S2");
  EXPECT_EQ(rules.station("乙"), "n1");
}

}  // namespace
}  // namespace jobmap::data
