#include "api/ogc/filter.hpp"

#include "data/time.hpp"
#include "query/cql2/parser.hpp"

namespace jobmap::api::ogc {

std::optional<Filter> read_filter(query::Reader& r, const data::Snapshot& snapshot,
                                  std::span<const query::cql2::Queryable> queryables) {
  const auto language = r.text("filter-lang");
  const auto& crs = read_crs(r, "filter-crs");
  const auto text = r.text("filter");
  if (language && *language != "cql2-text")
    r.fail("filter-lang", *language, "this language is not spoken", "cql2-text");
  if (!text || r.failed()) return std::nullopt;
  auto expression = query::cql2::parse(
      *text,
      {.queryables = queryables, .zone = snapshot.city->zone, .crs = crs.crs, .latitude_first = crs.y_first});
  if (expression) return Filter{*std::move(expression), crs.crs};
  r.fail(expression.error());
  return std::nullopt;
}

}  // namespace jobmap::api::ogc
