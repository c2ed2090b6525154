#include "data/model/time.hpp"
#include "server/query/parse/crs_parameter.hpp"
#include "server/query/parse/job_queryables.hpp"
#include "server/query/parse/parameter_groups.hpp"
#include "server/query/syntax/cql2/language.hpp"

namespace jobmap::query {

void parse_expression(Parsing& p) {
  const auto language = p.reader.text("filter-lang");
  const auto text = p.reader.text("filter");
  if (language && !text)
    return p.reader.fail("filter-lang", *language, "a language needs a filter",
                         "filter=, or leave filter-lang out");
  geo::Crs crs = p.query.crs;
  if (!text && p.reader.has("filter-crs"))
    p.reader.fail("filter-crs", p.reader.raw("filter-crs"), "a system needs a filter",
                  "filter=, or leave filter-crs out");
  read_crs(p.reader, "filter-crs", crs);
  if (!text) return;
  auto expression =
      cql2::parse_as(language, *text, {.queryables = job_queryables(), .zone = p.city.zone, .crs = crs});
  if (!expression) return p.reader.fail(expression.error());
  // Links have the expression as CQL2 text, in which nothing can stand for a backslash before the closing
  // quote.
  const auto first = text->find_first_not_of(" \t\r\n");
  const bool is_json = first != text->npos && (*text)[first] == '{';
  const bool is_text = language ? *language == "cql2-text" : !is_json;
  if (!is_text && !cql2::parse(expression->text, {.queryables = job_queryables(), .crs = crs}))
    return p.reader.fail("filter", *text, "a text of it ends in a backslash, which CQL2 text can't say",
                         "LIKE with a % in place of the backslash");
  p.canonical.add("filter", expression->text);
  if (crs != p.query.crs) p.canonical.add("filter-crs", geo::name_of(crs));
  p.query.filter = std::make_shared<const cql2::Expression>(*std::move(expression));
}

}  // namespace jobmap::query
