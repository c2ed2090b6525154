#pragma once
// Facets as JSON or as protobuf (proto/jobmap.proto): the same content. Totals are named as in a list of
// jobs.
//
//   std::string body = facets_json({query, facet_query.multi, snapshot, facets});
#include <string>

#include "server/query/facet/facets.hpp"

namespace jobmap::encode {

struct FacetAnswer {
  const query::JobQuery& query;
  bool multi;
  const data::Snapshot& snapshot;
  const query::Facets& facets;
};

std::string facets_json(const FacetAnswer& answer);
std::string facets_pb(const FacetAnswer& answer);

}  // namespace jobmap::encode
