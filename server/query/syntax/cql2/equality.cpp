#include "server/query/syntax/cql2/equality.hpp"

#include <algorithm>

#include "data/model/split.hpp"
#include "server/query/syntax/cql2/literals.hpp"
#include "server/query/syntax/cql2/parser.hpp"
#include "server/query/syntax/number_text.hpp"

namespace jobmap::query::cql2 {
namespace {

Error refuse(const Queryable& q, std::string_view value, std::string message, std::string allowed) {
  return {Code::bad_request, std::move(message), std::string(q.name), std::string(value), std::move(allowed)};
}

std::string names_of(const Queryable& q) {
  std::string names;
  for (const auto name : q.values)
    if (!name.empty()) names.append(names.empty() ? "" : ", ").append(name);
  return names;
}

Result<Operand> literal_of(const Queryable& q, std::string_view value, const data::TimeZone& zone) {
  Operand operand{.type = q.type, .literal = std::string(value)};
  if (q.type == Type::number) {
    const auto number = parse_number(value);
    if (!number) return refuse(q, value, "this is not a number", "a finite decimal number");
    operand.literal = *number;
  } else if (q.type == Type::time) {
    auto period = period_of(value, zone);
    if (!period)
      return refuse(q, value, "this is neither a date nor a time", "2026-11-23 or 2026-11-23T08:00:00Z");
    operand.literal = *std::move(period);
  } else if (!q.values.empty() && std::find(q.values.begin(), q.values.end(), value) == q.values.end()) {
    return refuse(q, value, std::string(q.name) + " is never this", names_of(q));
  }
  return operand;
}

}  // namespace

Result<Node> equality(std::span<const Queryable> queryables, std::size_t index, std::string_view value,
                      const data::TimeZone& zone, bool is_code) {
  const Queryable& q = queryables[index];
  if (value.empty()) return refuse(q, value, "the value is empty", "a value, or the parameter left out");
  if (value.size() > max_bytes)
    return refuse(q, "", "the value is longer than " + std::to_string(max_bytes) + " bytes", "a shorter one");
  const bool is_list = is_code || q.type == Type::number || !q.values.empty();
  Node node;
  node.kind = Node::Kind::in_list;
  Operand property{.type = q.type, .property = static_cast<int>(index), .literal = {}};
  node.operands.push_back(std::move(property));
  for (const auto part : is_list ? data::split(value, ',') : std::vector{value}) {
    if (part.empty())
      return refuse(q, value, "a value of the list is empty", "values separated by single commas");
    auto literal = literal_of(q, part, zone);
    if (!literal) return literal.error();
    node.operands.push_back(*std::move(literal));
  }
  return node;
}

Node conjunction(std::vector<Node> nodes) {
  Node all;
  all.kind = Node::Kind::all_of;
  all.children = std::move(nodes);
  return all;
}

}  // namespace jobmap::query::cql2
