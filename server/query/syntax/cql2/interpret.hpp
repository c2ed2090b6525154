#pragma once
// An expression on one feature, in the three-valued logic of CQL2: what compares with null is unknown, and
// only what is true is in the answer. Good for any collection; jobs have a faster way
// (server/query/filter/expression_filter.hpp).
//
//   if (evaluate(expression.root, properties) == Truth::yes) use(row);    // properties: a Properties of one feature
//
// Texts compare by bytes, times as spans: equal where they share a second, less where one ends before the
// other begins.
#include <optional>

#include "server/query/syntax/cql2/syntax.hpp"

namespace jobmap::query::cql2 {

enum class Truth : std::uint8_t { no, unknown, yes };

using Value = std::variant<std::monostate, double, std::string_view, Span>;  // monostate: null

class Properties {
 public:
  virtual ~Properties() = default;
  // The value of a queryable, by its index; any value but null for a geometry that is there. A view lives until
  // the next call.
  virtual Value get(int property) const = 0;
  virtual Truth relates(int geometry, Spatial how, const Region& region) const = 0;
};

// For a geometry that is a point, or null.
Truth relates(std::optional<geo::PointE7> point, Spatial how, const Region& region);

Truth evaluate(const Node& node, const Properties& properties);

// % any run of characters, _ one character, \ before either or before itself the character itself.
bool is_like(std::string_view text, std::string_view pattern);

}  // namespace jobmap::query::cql2
