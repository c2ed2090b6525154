#pragma once
// One feature of /ogc: what jobs and the city's features have in common.
//
//   return prepare_item(page, crs, write);    // write(snapshot, links): the feature as GeoJSON
#include "server/api/ogc/crs.hpp"
#include "server/api/ogc/page.hpp"

namespace jobmap::api::ogc {

using WriteItem = std::function<std::string(const data::Snapshot& snapshot, const std::string& links)>;
query::Result<Prepared> prepare_item(Page page, const CrsUri& crs, WriteItem write);
query::Error no_such_item(const std::string& id);

}  // namespace jobmap::api::ogc
