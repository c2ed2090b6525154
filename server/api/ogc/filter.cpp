#include "server/api/ogc/filter.hpp"

#include "data/model/time.hpp"
#include "server/query/syntax/cql2/equality.hpp"
#include "server/query/syntax/cql2/language.hpp"

namespace jobmap::api::ogc {

std::optional<Filter> read_filter(query::Reader& r, const data::Snapshot& snapshot,
                                  std::span<const query::cql2::Queryable> queryables) {
  const auto language = r.text("filter-lang");
  const auto& crs = read_crs(r, "filter-crs");
  const auto text = r.text("filter");
  if (!text || r.failed()) return std::nullopt;
  auto expression = query::cql2::parse_as(
      language, *text,
      {.queryables = queryables, .zone = snapshot.city->zone, .crs = crs.crs, .latitude_first = crs.y_first});
  if (expression) return Filter{*std::move(expression), crs.crs};
  r.fail(expression.error());
  return std::nullopt;
}

std::optional<Filter> with_conditions(std::optional<Filter> filter, std::vector<query::cql2::Node> conditions,
                                      std::span<const query::cql2::Queryable> queryables) {
  if (conditions.empty()) return filter;
  Filter all;
  if (filter) {
    all.crs = filter->crs;
    conditions.push_back(std::move(filter->expression.root));
  }
  all.expression = expression_of(query::cql2::conjunction(std::move(conditions)), queryables);
  return all;
}

}  // namespace jobmap::api::ogc
