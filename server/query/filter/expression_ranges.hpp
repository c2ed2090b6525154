#pragma once
// A condition that compares one column of integers with literals, as ranges of that integer.
//
//   auto r = ranges_of(node, 100);      // pay_min > 80 in fen: {8001, …}
//   if (!r) …                           // it compares texts, or asks for null
//
// unit: how many of the column's integers make one of the property. Null is for whoever asks to tell apart.
#include <cstdint>
#include <optional>
#include <vector>

#include "query/cql2/syntax.hpp"

namespace jobmap::query {

struct RangeSet {
  std::vector<cql2::Span> ranges;  // closed; may be empty
  bool complement = false;         // what is not null and in none of them
};

std::optional<RangeSet> ranges_of(const cql2::Node& node, double unit);

}  // namespace jobmap::query
