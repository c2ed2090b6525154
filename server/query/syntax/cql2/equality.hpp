#pragma once
// A parameter that is named as a queryable: the condition that the property equals its value. This is how OGC
// API Features (part 1, recommendation 16) has clients filter without an expression.
//
//   auto node = equality(queryables, index, "bachelor", zone);   // education = 'bachelor'
//   if (!node) return node.error();                 // names the parameter, and says what is allowed
//
// A text is taken whole, commas and all. Of properties whose values hold no comma, which are numbers, names
// of a short list and what the caller calls a code, several may be given between commas, any of which may
// fit. A bare date is a day of local time.
#include "data/model/time_zone.hpp"
#include "server/query/syntax/cql2/syntax.hpp"
#include "server/query/syntax/error.hpp"

namespace jobmap::query::cql2 {

Result<Node> equality(std::span<const Queryable> queryables, std::size_t index, std::string_view value,
                      const data::TimeZone& zone, bool is_code = false);

// All of them at once; at least one.
Node conjunction(std::vector<Node> nodes);

}  // namespace jobmap::query::cql2
