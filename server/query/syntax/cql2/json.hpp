#pragma once
// CQL2 JSON (OGC 21-065r2, clause 8) to an Expression: the same conditions as CQL2 text, in another spelling.
//
//   auto e = parse_json(R"({"op":"=","args":[{"property":"category"},"gig"]})",
//                       {.queryables = job_queryables()});
//   if (!e) return e.error();     // "at /args/1: category is never 'gigs'"
//   e->text;                      // CQL2 text: category = 'gig'
//
// Each condition is checked as text would be, so the two languages can't disagree. What is wrong is named by
// its JSON pointer.
#include "server/query/syntax/cql2/parser.hpp"

namespace jobmap::query::cql2 {

Result<Expression> parse_json(std::string_view text, const Options& options);

}  // namespace jobmap::query::cql2
