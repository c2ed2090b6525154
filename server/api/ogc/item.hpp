#pragma once
// One feature of /ogc: what jobs and the city's features have in common.
//
//   return prepare_item(page, crs, [](const data::Snapshot& s, const std::string& links) { return geojson(s, links); });
#include "server/api/ogc/crs.hpp"
#include "server/api/ogc/page.hpp"

namespace jobmap::api::ogc {

using WriteItem = std::function<std::string(const data::Snapshot& snapshot, const std::string& links)>;
query::Result<Prepared> prepare_item(Page page, const CrsUri& crs, WriteItem write);
query::Error no_such_item(const std::string& id);

}  // namespace jobmap::api::ogc
