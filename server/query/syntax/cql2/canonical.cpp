#include "server/query/syntax/cql2/canonical.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string>

#include "data/model/unicode.hpp"
#include "server/query/syntax/number_text.hpp"

namespace jobmap::query::cql2 {
namespace {

using Kind = Node::Kind;
using Queryables = std::span<const Queryable>;

constexpr std::array<Compare, 6> mirrored{Compare::equal,    Compare::unequal, Compare::greater,
                                          Compare::at_least, Compare::less,    Compare::at_most};

std::string quoted(std::string_view text, char quote) {
  std::string out(1, quote);
  for (const char c : text) {
    // Behind a backslash a doubled quote would be read as that backslash's.
    if (c == quote) out += quote == '\'' && out.back() == '\\' ? '\\' : quote;
    out += c;
  }
  return out + quote;
}

// A few binary steps of precedence: OR below AND below NOT.
std::string inside(const Node& child, Kind parent, Queryables queryables) {
  const bool loose = child.kind == Kind::any_of || (child.kind == Kind::all_of && parent == Kind::negation);
  return loose ? '(' + print(child, queryables) + ')' : print(child, queryables);
}

// Nested chains of one kind become one; its members are sorted, and each is there once.
void flatten(Node& node, Queryables queryables) {
  std::vector<std::pair<std::string, Node>> members;
  const auto add = [&](Node&& child) { members.emplace_back(print(child, queryables), std::move(child)); };
  for (Node& child : node.children) {
    if (child.kind == node.kind)
      for (Node& grandchild : child.children) add(std::move(grandchild));
    else
      add(std::move(child));
  }
  std::sort(members.begin(), members.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  node.children.clear();
  for (std::size_t i = 0; i < members.size(); ++i)
    if (i == 0 || members[i].first != members[i - 1].first)
      node.children.push_back(std::move(members[i].second));
  if (node.children.size() == 1) node = Node(std::move(node.children[0]));
}

void normalise_in(Node& node, Queryables queryables) {
  auto& o = node.operands;
  std::map<std::string, Operand> by_text;  // each is printed once
  for (auto it = o.begin() + 1; it != o.end(); ++it)
    by_text.try_emplace(print(*it, queryables), std::move(*it));
  o.erase(o.begin() + 1, o.end());
  for (auto& [text, operand] : by_text) o.push_back(std::move(operand));
  if (o.size() == 2) {
    node.kind = Kind::compare;
    node.compare = Compare::equal;
    return;
  }
  std::vector<std::string> texts;
  for (auto it = o.begin() + 1; it != o.end(); ++it)
    if (const auto* text = std::get_if<std::string>(&it->literal); text && it->is_literal())
      texts.push_back(*text);
  if (texts.size() + 1 != o.size()) return;
  std::sort(texts.begin(), texts.end());
  node.texts = std::make_shared<const std::vector<std::string>>(std::move(texts));
}

}  // namespace

std::string folded(const Operand& operand, std::string_view text) {
  std::string out = operand.accenti ? data::without_accents(text) : std::string(text);
  return operand.casei ? data::fold_case(out) : out;
}

void normalise(Node& node, Queryables queryables) {
  for (Node& child : node.children) normalise(child, queryables);
  if (node.kind == Kind::all_of || node.kind == Kind::any_of) return flatten(node, queryables);
  if (node.kind == Kind::negation && node.children[0].kind == Kind::negation) {
    node = Node(std::move(node.children[0].children[0]));
  } else if (node.kind == Kind::in_list) {
    normalise_in(node, queryables);
  } else if (node.kind == Kind::compare) {
    Operand &a = node.operands[0], &b = node.operands[1];
    const bool swap =
        a.is_literal() != b.is_literal() ? a.is_literal() : print(b, queryables) < print(a, queryables);
    if (!swap) return;
    std::swap(a, b);
    node.compare = mirrored[static_cast<std::size_t>(node.compare)];
  }
}

std::string print(const Operand& operand, Queryables queryables) {
  if (!operand.is_literal()) {
    // Always as it is: every name of ours is a plain identifier and no keyword.
    std::string name(queryables[static_cast<std::size_t>(operand.property)].name);
    if (operand.accenti) name = "ACCENTI(" + name + ')';
    return operand.casei ? "CASEI(" + name + ')' : name;
  }
  if (const auto* number = std::get_if<double>(&operand.literal)) return shortest_decimal(*number);
  if (const auto* period = std::get_if<Period>(&operand.literal)) return period->text;
  return quoted(std::get<std::string>(operand.literal), '\'');
}

std::string print(const Node& node, Queryables queryables) {
  const auto operand = [&](std::size_t i) { return print(node.operands[i], queryables); };
  switch (node.kind) {
    case Kind::all_of:
    case Kind::any_of: {
      std::string out;
      for (const Node& child : node.children)
        out += (out.empty()                 ? ""
                : node.kind == Kind::all_of ? " AND "
                                            : " OR ") +
               inside(child, node.kind, queryables);
      return out;
    }
    case Kind::negation:
      return "NOT " + inside(node.children[0], node.kind, queryables);
    case Kind::constant:
      return node.constant ? "TRUE" : "FALSE";
    case Kind::compare:
      return operand(0) + ' ' + std::string(compare_names[static_cast<std::size_t>(node.compare)]) + ' ' +
             operand(1);
    case Kind::like:
      return operand(0) + " LIKE " + operand(1);
    case Kind::in_list: {
      std::string out = operand(0) + " IN (";
      for (std::size_t i = 1; i < node.operands.size(); ++i) out += (i > 1 ? "," : "") + operand(i);
      return out + ')';
    }
    case Kind::between:
      return operand(0) + " BETWEEN " + operand(1) + " AND " + operand(2);
    case Kind::is_null:
      return operand(0) + " IS NULL";
    case Kind::temporal:
      return std::string(temporal_names[static_cast<std::size_t>(node.temporal)]) + '(' + operand(0) + ',' +
             operand(1) + ')';
    case Kind::spatial:
      return std::string(spatial_names[static_cast<std::size_t>(node.spatial)]) + '(' + operand(0) + ',' +
             node.region->text + ')';
  }
  return {};
}

}  // namespace jobmap::query::cql2
