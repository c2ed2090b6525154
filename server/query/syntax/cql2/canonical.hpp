#pragma once
// The one spelling of an expression: keywords in capitals, single spaces, no needless parentheses, the
// queryable on the left, operands of AND, OR and IN sorted and each once, times in UTC. What it prints parses
// to itself.
//
//   normalise(node, queryables);
//   print(node, queryables) == "category = 'gig' AND pay_min >= 8000";
#include "server/query/syntax/cql2/syntax.hpp"

namespace jobmap::query::cql2 {

void normalise(Node& node, std::span<const Queryable> queryables);
std::string print(const Node& node, std::span<const Queryable> queryables);
std::string print(const Operand& operand, std::span<const Queryable> queryables);
// How an operand with CASEI or ACCENTI reads a text (data/model/unicode.hpp).
std::string folded(const Operand& operand, std::string_view text);

}  // namespace jobmap::query::cql2
