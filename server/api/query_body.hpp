#pragma once
// The query of a POST, for what is too long for a URL: the same parameters in the body.
//
// - station=%E9%BE%99%E7%BF%94%E6%A1%A5&category=gig,internship            application/x-www-form-urlencoded
// - {"station": "龙翔桥", "category": ["gig", "internship"], "radius": 800}    application/json
//
//   auto params = read_query_body(request, route.repeats);     // Result<query::Params>, the URL's among them
//
// A form is read as a query string is. In JSON a member is a parameter: a text, a number, true or false, a
// list of them (which are joined by commas) or a list of lists (joined by semicolons, as in reach). Nothing
// is passed over: a member that is there twice, an object, null or an empty list is refused by name, and so
// is a parameter that the URL has as well.
//
// With expressions, `filter` may be CQL2 JSON as it is, `sortby` may hold {"field", "direction"} as STAC has
// it, and a body with the member `op` is a filter alone.
#include "server/api/request.hpp"
#include "server/query/syntax/query_string.hpp"

namespace jobmap::api {

enum class Expressions { as_text, as_json };

query::Result<query::Params> read_query_body(const Request& request, query::Repeats repeats,
                                             Expressions expressions = Expressions::as_text);

}  // namespace jobmap::api
