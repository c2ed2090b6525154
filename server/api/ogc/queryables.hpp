#pragma once
// What the features of a collection can be asked by, as JSON Schema (OGC API Features, part 3).
//
//   json::object schema = queryables_schema(page, collection);
#include "api/ogc/catalogue.hpp"
#include "api/ogc/page.hpp"

namespace jobmap::api::ogc {

boost::json::object queryables_schema(const Page& page, const Collection& collection);

}  // namespace jobmap::api::ogc
