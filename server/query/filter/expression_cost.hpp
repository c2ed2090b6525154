#pragma once
// Estimates the cost of an expression for a row: next to nothing where a column decides, much where texts are read.
//
//   if (needs_rows(leaf, table)) use(leaf);     // it is evaluated row by row
//   double ns = row_ns(expression, snapshot);   // about what one row takes that meets every condition
#include "data/index/snapshot.hpp"
#include "server/query/syntax/cql2/syntax.hpp"

namespace jobmap::query {

inline constexpr int no_property = -1, several_properties = -2;
// The one property that a leaf of an expression compares with literals, or one of these.
int property_of(const cql2::Node& leaf);

// Whether no column decides a leaf of the expression.
bool needs_rows(const cql2::Node& leaf, const data::JobTable& table);

double row_ns(const cql2::Expression& expression, const data::Snapshot& snapshot);

}  // namespace jobmap::query
