// A parameter named as a property: its value whole, or several where no comma can be part of one.
#include "server/query/syntax/cql2/equality.hpp"

#include <gtest/gtest.h>

#include "server/query/parse/job_queryables.hpp"
#include "server/query/syntax/cql2/parser.hpp"

namespace jobmap::query::cql2 {
namespace {

std::string meant(JobProperty property, std::string_view value, bool is_code = false) {
  auto node = equality(job_queryables(), static_cast<std::size_t>(property), value, 8 * 3600, is_code);
  if (!node) return node.error().parameter + ": " + node.error().message + " (" + node.error().allowed + ")";
  return expression_of(*std::move(node), job_queryables()).text;
}

TEST(Equality, IsTheExpressionThatSaysSo) {
  EXPECT_EQ(meant(JobProperty::education, "bachelor"), "education = 'bachelor'");
  EXPECT_EQ(meant(JobProperty::education, "master,bachelor"), "education IN ('bachelor','master')");
  EXPECT_EQ(meant(JobProperty::title, "软件工程师, 高级"), "title = '软件工程师, 高级'");
  EXPECT_EQ(meant(JobProperty::title, "it's"), "title = 'it''s'");
  EXPECT_EQ(meant(JobProperty::occupation, "2-02"), "occupation = '2-02'");
  EXPECT_EQ(meant(JobProperty::district, "330106,330105", true), "district IN ('330105','330106')");
  EXPECT_EQ(meant(JobProperty::pay_min, "8000.5"), "pay_min = 8000.5");
  EXPECT_EQ(meant(JobProperty::openings, "1,2"), "openings IN (1,2)");
  EXPECT_EQ(meant(JobProperty::published_at, "2026-11-23T08:00:00+08:00"),
            "published_at = TIMESTAMP('2026-11-23T00:00:00Z')");
  EXPECT_EQ(meant(JobProperty::published_at, "2026-11-23"), "published_at = DATE('2026-11-23')");
}

TEST(Equality, NamesTheParameterAndWhatIsAllowed) {
  EXPECT_EQ(meant(JobProperty::settlement, "hour"),
            "settlement: settlement is never this (day, week, month, job)");
  EXPECT_EQ(meant(JobProperty::openings, "many"), "openings: this is not a number (a finite decimal number)");
  EXPECT_EQ(meant(JobProperty::openings, "1,,2"),
            "openings: a value of the list is empty (values separated by single commas)");
  EXPECT_EQ(meant(JobProperty::expires_at, "soon"),
            "expires_at: this is neither a date nor a time (2026-11-23 or 2026-11-23T08:00:00Z)");
  EXPECT_EQ(meant(JobProperty::title, ""), "title: the value is empty (a value, or the parameter left out)");
}

TEST(Equality, OfSeveralPropertiesAllMustHold) {
  std::vector<Node> nodes;
  for (const auto& [property, value] :
       {std::pair{JobProperty::education, "none"}, {JobProperty::openings, "3"}})
    nodes.push_back(*equality(job_queryables(), static_cast<std::size_t>(property), value, 0));
  EXPECT_EQ(expression_of(conjunction(std::move(nodes)), job_queryables()).text,
            "education = 'none' AND openings = 3");
}

}  // namespace
}  // namespace jobmap::query::cql2
