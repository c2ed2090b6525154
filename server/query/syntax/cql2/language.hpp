#pragma once
// The spellings that `filter` may have, by the name `filter-lang` gives them.
//
//   auto e = parse_as(reader.text("filter-lang"), text, {.queryables = job_queryables()});
//   if (!e) return e.error();        // names filter, or filter-lang where the language is unknown
//
// Without a name it is CQL2 text, or CQL2 JSON where it begins as that does and no text can.
#include <optional>
#include <string>

#include "server/query/syntax/cql2/parser.hpp"

namespace jobmap::query::cql2 {

Result<Expression> parse_as(const std::optional<std::string>& language, std::string_view text,
                            const Options& options);

}  // namespace jobmap::query::cql2
