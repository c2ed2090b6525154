#include "server/query/syntax/cql2/parser.hpp"

#include <algorithm>
#include <array>

#include "data/model/unicode.hpp"
#include "server/query/syntax/cql2/canonical.hpp"
#include "server/query/syntax/cql2/literals.hpp"
#include "server/query/syntax/cql2/tokens.hpp"

namespace jobmap::query::cql2 {
namespace {

using Kind = Node::Kind;

constexpr std::array<std::string_view, 4> type_names{"a text", "a number", "a time", "a geometry"};
constexpr std::string_view reserved[] = {"AND", "OR", "NOT", "LIKE", "IN", "BETWEEN", "IS", "NULL"};

template <std::size_t N>
std::string listed(const std::array<std::string_view, N>& names) {
  std::string out;
  for (const auto name : names) out += (out.empty() ? "" : ", ") + std::string(name);
  return out;
}

class Parser {
 public:
  Parser(std::string_view text, const Options& options)
      : t_(text, options.dialect == Dialect::cql2), o_(options) {}

  Node whole() {
    Node node = disjunction();
    if (t_.peek().kind != Token::Kind::end) t_.fail("AND, OR or the end");
    return node;
  }

 private:
  Node disjunction() {
    return chain(Kind::any_of, "OR",
                 [this] { return chain(Kind::all_of, "AND", [this] { return factor(); }); });
  }

  template <typename Read>
  Node chain(Kind kind, std::string_view word, Read&& read) {
    Node first = read();
    if (!t_.is_word(word)) return first;
    Node node;
    node.kind = kind;
    node.children.push_back(std::move(first));
    while (t_.accept_word(word)) node.children.push_back(read());
    return node;
  }

  Node negated(Node node) const {
    Node out;
    out.kind = Kind::negation;
    out.children.push_back(std::move(node));
    return out;
  }

  Node factor() {
    const auto at = t_.peek().at;
    const bool negation = t_.accept_word("NOT");
    if (!negation && !t_.accept("(")) return predicate();
    if (++depth_ > max_depth)
      Tokens::fail_at(at, "the expression is nested deeper than " + std::to_string(max_depth));
    Node node = negation ? negated(factor()) : disjunction();
    if (!negation) t_.expect(")");
    --depth_;
    return node;
  }

  Node predicate() {
    if (t_.is_function()) {
      const std::string name = upper_case(t_.peek().text);
      if (name.starts_with("S_")) return spatial(name);
      if (name.starts_with("T_")) return temporal(name);
    }
    for (const bool value : {true, false})
      if (t_.accept_word(value ? "TRUE" : "FALSE")) {
        Node node;
        node.constant = value;
        return node;
      }
    return comparison();
  }

  Node comparison() {
    const auto at = t_.peek().at;
    Operand left = operand("a condition");
    if (t_.accept_word("IS")) {
      const bool is_not = t_.accept_word("NOT");
      if (!t_.accept_word("NULL")) t_.fail(is_not ? "NULL" : "NULL or NOT NULL");
      if (left.is_literal()) Tokens::fail_at(at, "only a queryable can be null", names());
      return finished(Kind::is_null, {std::move(left)}, is_not);
    }
    if (left.type == Type::geometry)
      Tokens::fail_at(at, name_of(left) + " is a geometry, which is compared by " + listed(spatial_names));
    const bool is_not = t_.accept_word("NOT");
    if (t_.accept_word("LIKE")) return like(std::move(left), at, is_not);
    if (o_.dialect == Dialect::draft && t_.accept_word("ILIKE"))
      return like(std::move(left), at, is_not, true);
    if (t_.accept_word("BETWEEN")) return between(std::move(left), is_not);
    if (t_.accept_word("IN")) return in_list(std::move(left), is_not);
    if (is_not) t_.fail("LIKE, BETWEEN or IN");
    for (std::size_t i = 0; i < compare_names.size(); ++i)
      if (t_.accept(compare_names[i])) {
        const auto right_at = t_.peek().at;
        Operand right = operand("a value");
        read_as_time(left, right, right_at), read_as_time(right, left, at);
        check(left, right, right_at);
        check_value(left, right, right_at), check_value(right, left, at);
        if (i > 1) check_order(left, at), check_order(right, right_at);
        Node node = finished(Kind::compare, {std::move(left), std::move(right)}, false);
        node.compare = static_cast<Compare>(i);
        return node;
      }
    t_.fail("a comparison (" + listed(compare_names) + ", LIKE, IN, BETWEEN, IS NULL)");
  }

  Node finished(Kind kind, std::vector<Operand> operands, bool is_not) const {
    Node node;
    node.kind = kind;
    node.operands = std::move(operands);
    return is_not ? negated(std::move(node)) : node;
  }

  Node like(Operand left, std::size_t at, bool is_not, bool any_case = false) {
    if (left.type != Type::text)
      Tokens::fail_at(at, name_of(left) + " is " + type_name(left) + ", and LIKE compares texts");
    const auto pattern_at = t_.peek().at;
    Operand pattern = operand("a pattern in quotes");
    if (!pattern.is_literal() || pattern.type != Type::text)
      Tokens::fail_at(pattern_at, "a pattern is a text in quotes");
    auto& wanted = std::get<std::string>(pattern.literal);
    if (o_.dialect == Dialect::draft) wanted = escaped(wanted);
    if (any_case) {
      left.casei = !left.is_literal();
      if (left.is_literal()) left.literal = data::fold_case(std::get<std::string>(left.literal));
      wanted = data::fold_case(wanted);
    }
    return finished(Kind::like, {std::move(left), std::move(pattern)}, is_not);
  }

  Node between(Operand left, bool is_not) {
    const auto low_at = t_.peek().at;
    Operand low = operand("a value");
    read_as_time(left, low, low_at);
    check(left, low, low_at);
    check_order(left, low_at);
    if (!t_.accept_word("AND")) t_.fail("AND");
    const auto high_at = t_.peek().at;
    Operand high = operand("a value");
    read_as_time(left, high, high_at);
    check(left, high, high_at);
    return finished(Kind::between, {std::move(left), std::move(low), std::move(high)}, is_not);
  }

  Node in_list(Operand left, bool is_not) {
    std::vector<Operand> operands{std::move(left)};
    t_.expect("(");
    do {
      const auto at = t_.peek().at;
      Operand value = operand("a value");
      if (!value.is_literal()) Tokens::fail_at(at, "the values of IN are literals");
      read_as_time(operands[0], value, at);
      check(operands[0], value, at);
      check_value(operands[0], value, at);
      operands.push_back(std::move(value));
    } while (t_.accept(","));
    t_.expect(")");
    return finished(Kind::in_list, std::move(operands), is_not);
  }

  template <std::size_t N>
  std::size_t function(const std::string& name, const std::array<std::string_view, N>& known) {
    const auto it = std::find(known.begin(), known.end(), name);
    if (it == known.end()) Tokens::fail_at(t_.peek().at, name + " is not supported", listed(known));
    t_.take();
    t_.expect("(");
    return static_cast<std::size_t>(it - known.begin());
  }

  Node temporal(const std::string& name) {
    const auto which = function(name, temporal_names);
    std::vector<Operand> operands;
    for (int i = 0; i < 2; ++i) {
      if (i) t_.expect(",");
      const auto at = t_.peek().at;
      operands.push_back(operand("a time", true));
      if (operands[i].type != Type::time)
        Tokens::fail_at(
            at, name_of(operands[i]) + " is " + type_name(operands[i]) + ", and " + name + " compares times",
            "DATE('2026-11-23'), TIMESTAMP('2026-11-23T08:00:00Z'), INTERVAL('2026-11-01','..')");
    }
    t_.expect(")");
    Node node = finished(Kind::temporal, std::move(operands), false);
    node.temporal = static_cast<Temporal>(which);
    return node;
  }

  // The geometry of the collection comes first; where the order makes no difference, it may come last.
  Node spatial(const std::string& name) {
    const auto which = static_cast<Spatial>(function(name, spatial_names));
    Node node;
    node.kind = Kind::spatial;
    node.spatial = which;
    for (int i = 0; i < 2; ++i) {
      if (i) t_.expect(",");
      if (which != Spatial::within ? !node.region && begins_geometry(t_) : i == 1) {
        if (!begins_geometry(t_)) t_.fail("POINT, MULTIPOINT, LINESTRING, POLYGON, MULTIPOLYGON or BBOX");
        node.region = read_geometry(t_, o_);
        continue;
      }
      const auto at = t_.peek().at;
      if (!node.operands.empty()) t_.fail("POINT, MULTIPOINT, LINESTRING, POLYGON, MULTIPOLYGON or BBOX");
      if (begins_geometry(t_)) t_.fail("a queryable that is a geometry");
      node.operands.push_back(operand("a queryable that is a geometry"));
      if (node.operands[0].type != Type::geometry)
        Tokens::fail_at(at, name_of(node.operands[0]) + " is " + type_name(node.operands[0]) + ", and " +
                                name + " compares geometries");
    }
    t_.expect(")");
    return node;
  }

  Operand operand(std::string_view expected, bool interval_too = false) {
    Operand out;
    if (begins_period(t_)) {
      if (!interval_too && t_.is_word("INTERVAL"))
        Tokens::fail_at(t_.peek().at, "an INTERVAL is compared by " + listed(temporal_names));
      out.type = Type::time;
      out.literal = read_period(t_, o_);
      return out;
    }
    if (t_.is_function()) return function_of_text(expected);
    const Token& next = t_.peek();
    if (next.kind == Token::Kind::number) {
      out.type = Type::number;
      out.literal = t_.take().number;
    } else if (next.kind == Token::Kind::text) {
      out.literal = t_.take().text;
    } else if (next.kind == Token::Kind::quoted_name || (next.kind == Token::Kind::name && !is_reserved())) {
      return property();
    } else {
      t_.fail(expected);
    }
    return out;
  }

  Operand function_of_text(std::string_view expected) {
    const auto at = t_.peek().at;
    const bool is_casei = t_.accept_word("CASEI");
    if (!is_casei && !t_.accept_word("ACCENTI"))
      Tokens::fail_at(at, "there is no function " + upper_case(t_.peek().text),
                      "CASEI, ACCENTI, DATE, TIMESTAMP, INTERVAL, " + listed(temporal_names) + ", " +
                          listed(spatial_names));
    if (++depth_ > max_depth)
      Tokens::fail_at(at, "the expression is nested deeper than " + std::to_string(max_depth));
    t_.expect("(");
    Operand out = operand(expected);
    if (out.type != Type::text)
      Tokens::fail_at(at, name_of(out) + " is " + type_name(out) + ", and " +
                              (is_casei ? "CASEI" : "ACCENTI") + " takes a text");
    t_.expect(")");
    --depth_;
    (is_casei ? out.casei : out.accenti) = true;
    if (!out.is_literal()) return out;
    // A literal is folded once, here: what is compared with it is folded row by row.
    out.literal = folded(out, std::get<std::string>(out.literal));
    out.casei = out.accenti = false;
    return out;
  }

  Operand property() {
    const Token name = t_.take();
    const auto it = std::find_if(o_.queryables.begin(), o_.queryables.end(),
                                 [&](const Queryable& q) { return q.name == name.text; });
    if (it == o_.queryables.end()) Tokens::fail_at(name.at, "there is no queryable " + name.text, names());
    Operand out;
    out.type = it->type;
    out.property = static_cast<int>(it - o_.queryables.begin());
    return out;
  }

  bool is_reserved() const {
    return std::any_of(std::begin(reserved), std::end(reserved),
                       [this](auto word) { return t_.is_word(word); });
  }
  std::string names() const {
    std::string out;
    for (const auto& q : o_.queryables) out += (out.empty() ? "" : ", ") + std::string(q.name);
    return out;
  }
  static std::string type_name(const Operand& operand) {
    return std::string(type_names[static_cast<std::size_t>(operand.type)]);
  }
  std::string name_of(const Operand& operand) const { return print(operand, o_.queryables); }

  // Where the dialect has no literals of times, a text that is compared with a time is one. GDAL cuts off
  // what stands behind a blank and writes "2026-11-10T" for "2026-11-10 08:00:00" as for the date alone, so
  // which of them was meant can't be told.
  void read_as_time(const Operand& other, Operand& literal, std::size_t at) const {
    if (o_.dialect != Dialect::draft || other.type != Type::time || !literal.is_literal() ||
        literal.type != Type::text)
      return;
    const auto& text = std::get<std::string>(literal.literal);
    auto period = period_of(text, o_.zone);
    if (!period)
      Tokens::fail_at(at, '\'' + text + (text.ends_with('T') ? "' has no time of day" : "' is no time"),
                      "2026/11/23 08:00:00 or 2026-11-23T08:00:00Z, both in UTC");
    literal.type = Type::time;
    literal.literal = *std::move(period);
  }
  // The pattern with every backslash as itself.
  static std::string escaped(std::string_view pattern) {
    std::string out;
    for (const char c : pattern) out.append(c == '\\' ? 2 : 1, c);
    return out;
  }
  void check(const Operand& a, const Operand& b, std::size_t at) const {
    if (a.type == b.type) return;
    const auto& [property, other] = a.is_literal() ? std::pair(b, a) : std::pair(a, b);
    Tokens::fail_at(
        at,
        name_of(property) + " is " + type_name(property) + " and can't be compared with " + name_of(other) +
            ", " + type_name(other),
        property.type == Type::time ? "DATE('2026-11-23') or TIMESTAMP('2026-11-23T08:00:00Z')" : "");
  }
  // If a property can only be one of a few names, the literal must be one of them.
  void check_value(const Operand& property, const Operand& literal, std::size_t at) const {
    const auto values = values_of(property);
    if (values.empty() || property.casei || property.accenti || !literal.is_literal()) return;
    const auto& text = std::get<std::string>(literal.literal);
    std::string allowed;
    for (const auto value : values) {
      if (value == text) return;
      if (!value.empty()) allowed += (allowed.empty() ? "" : ", ") + std::string(value);
    }
    Tokens::fail_at(at, name_of(property) + " is never '" + text + '\'', allowed);
  }
  void check_order(const Operand& property, std::size_t at) const {
    if (!values_of(property).empty())
      Tokens::fail_at(at, name_of(property) + " is one of a few names, which have no order",
                      "=, <>, IN, LIKE, IS NULL");
  }
  std::span<const std::string_view> values_of(const Operand& operand) const {
    if (operand.is_literal()) return {};
    return o_.queryables[static_cast<std::size_t>(operand.property)].values;
  }

  Tokens t_;
  const Options& o_;
  int depth_ = 0;
};

// Characters, counted from one, are what a person counts.
std::size_t character_at(std::string_view text, std::size_t byte) {
  const auto before = text.substr(0, byte);
  return 1 + static_cast<std::size_t>(std::count_if(before.begin(), before.end(), [](char c) {
           return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
         }));
}

}  // namespace

Expression expression_of(Node root, std::span<const Queryable> queryables) {
  Expression expression;
  normalise(root, queryables);
  expression.text = print(root, queryables);
  expression.root = std::move(root);
  return expression;
}

Result<Expression> parse(std::string_view text, const Options& options) {
  const auto refuse = [&](std::string message, std::string allowed) {
    return Error{Code::bad_request, std::move(message), std::string(options.parameter), std::string(text),
                 std::move(allowed)};
  };
  if (text.size() > max_bytes)
    return refuse("the expression is longer than " + std::to_string(max_bytes) + " bytes", "a shorter one");
  try {
    return expression_of(Parser(text, options).whole(), options.queryables);
  } catch (const SyntaxError& e) {
    return refuse("at character " + std::to_string(character_at(text, e.at)) + ": " + e.message,
                  e.allowed.empty() ? "CQL2 text over the queryables" : e.allowed);
  }
}

}  // namespace jobmap::query::cql2
