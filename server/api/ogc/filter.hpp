#pragma once
// filter, filter-lang and filter-crs of /ogc: CQL2 as text or JSON, with coordinates in the order of their
// system's axes; and conditions that come to it from elsewhere.
//
//   if (auto filter = read_filter(reader, snapshot, query::job_queryables())) use(filter->expression.text);  // x first
//
// The default of filter-crs is CRS84, whatever crs is. What is wrong fails the reader, by place.
#include <optional>

#include "data/index/snapshot.hpp"
#include "server/api/ogc/crs.hpp"
#include "server/query/syntax/cql2/syntax.hpp"

namespace jobmap::api::ogc {

struct Filter {
  query::cql2::Expression expression;
  geo::Crs crs = geo::Crs::wgs84;
};

std::optional<Filter> read_filter(query::Reader& reader, const data::Snapshot& snapshot,
                                  std::span<const query::cql2::Queryable> queryables);

// Joins the filter with conditions that must hold besides it; there may be neither.
std::optional<Filter> with_conditions(std::optional<Filter> filter, std::vector<query::cql2::Node> conditions,
                                      std::span<const query::cql2::Queryable> queryables);

}  // namespace jobmap::api::ogc
