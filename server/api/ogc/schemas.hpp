#pragma once
// The schemas of a collection as JSON Schema (OGC API Features, parts 3 and 5): its features, and the
// properties they can be asked and sorted by.
//
//   json::object schema = queryables_schema(page, collection);
//
// A job is valid from published_at to expires_at, which the schema says by x-ogc-role: that interval is what
// `datetime` asks about.
#include "server/api/ogc/catalogue.hpp"
#include "server/api/ogc/page.hpp"

namespace jobmap::api::ogc {

boost::json::object queryables_schema(const Page& page, const Collection& collection);
boost::json::object sortables_schema(const Page& page, const Collection& collection);
boost::json::object features_schema(const Page& page, const Collection& collection);
// Describes a feature as it is encoded. GDAL takes the fields of a layer from it, and else from its first ten
// features, where a rare property may be missing.
boost::json::object geojson_schema(const Page& page, const Collection& collection);

}  // namespace jobmap::api::ogc
