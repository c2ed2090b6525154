#pragma once
// The city's features under /ogc: few, so they are asked one by one. A property as a parameter means
// equality; a feature without a time is in every interval, so datetime is only checked. They come in the
// order of sortby and then of their ids, and a cursor names the last of a page.
//
//   return city_items(call, collection, reader, *request);
#include "server/api/ogc/items_request.hpp"

namespace jobmap::api::ogc {

query::Result<Prepared> city_items(const Call& call, const Collection& collection, query::Reader& reader,
                                   ItemsRequest request);
query::Result<Prepared> city_item(const Call& call, const Collection& collection, Page page,
                                  const CrsUri& crs, const std::string& id);

}  // namespace jobmap::api::ogc
