#pragma once
// The jobs of /ogc: OGC's parameters become those of the one job query, which is parsed and evaluated as
// everywhere.
//
//   Reader r(call.params);
//   return job_items(call, r, *read_items_request(call, collection, r));
#include "server/api/ogc/items_request.hpp"

namespace jobmap::api::ogc {

query::Result<Prepared> job_items(const Call& call, query::Reader& reader, ItemsRequest request);
// One of them, by its public id.
query::Result<Prepared> job_item(const Call& call, Page page, const CrsUri& crs, const std::string& id);

}  // namespace jobmap::api::ogc
