#pragma once
// A CQL2 expression after parsing (OGC 21-065r2): a tree of conditions over the queryables of a
// collection, checked for types.
//
//   const Queryable stations[] = {{"name", Type::text}, {"geometry", Type::geometry}};
//   Result<Expression> e = parse("name LIKE '龙%'", {.queryables = stations});    // cql2/parser.hpp
//   e->text;                                                                      // its one spelling
//   if (evaluate(e->root, properties) == Truth::yes) use(properties);             // cql2/interpret.hpp
//
// Times are closed spans of whole seconds since 1970 UTC: a TIMESTAMP is one second, a DATE a day of local
// time.
#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "server/query/syntax/cql2/region.hpp"

namespace jobmap::query::cql2 {

enum class Type : std::uint8_t { text, number, time, geometry };

struct Queryable {
  std::string_view name;
  Type type = Type::text;
  std::span<const std::string_view> values = {};  // all that a text can be, where that is a list of names
};

struct Span {
  std::int64_t begin = 0, end = 0;  // closed
};

// A time as it is written. `during` is what lies inside by T_DURING: a DATE takes in its whole day, a
// TIMESTAMP is itself left out.
struct Period {
  Span span, during;
  std::string text;  // DATE('…'), TIMESTAMP('…') or INTERVAL('…','…')
};

struct Operand {
  Type type = Type::text;
  int property = -1;                    // index into the queryables; negative for a literal
  bool casei = false, accenti = false;  // CASEI(property), ACCENTI(property); of a literal it is done already
  std::variant<double, std::string, Period> literal;
  bool is_literal() const { return property < 0; }
};

enum class Compare : std::uint8_t { equal, unequal, less, at_most, greater, at_least };
inline constexpr std::array<std::string_view, 6> compare_names{"=", "<>", "<", "<=", ">", ">="};
enum class Temporal : std::uint8_t { after, before, during, equals, intersects, disjoint };
inline constexpr std::array<std::string_view, 6> temporal_names{"T_AFTER",  "T_BEFORE",     "T_DURING",
                                                                "T_EQUALS", "T_INTERSECTS", "T_DISJOINT"};
enum class Spatial : std::uint8_t { intersects, within, disjoint };
inline constexpr std::array<std::string_view, 3> spatial_names{"S_INTERSECTS", "S_WITHIN", "S_DISJOINT"};

struct Node {
  enum class Kind : std::uint8_t {
    all_of,
    any_of,
    negation,
    constant,
    compare,   // operands[0] compare operands[1]
    like,      // operands[0] like operands[1], a literal pattern
    in_list,   // operands[0] in the literals operands[1..]
    between,   // operands[0] from operands[1] to operands[2], both included
    is_null,   // operands[0], a property
    temporal,  // operands[0] temporal operands[1]
    spatial,   // operands[0], a geometry, spatial region
  };
  Kind kind = Kind::constant;
  bool constant = true;
  Compare compare = Compare::equal;
  Temporal temporal = Temporal::after;
  Spatial spatial = Spatial::intersects;
  std::vector<Node> children;
  std::vector<Operand> operands;
  std::shared_ptr<const Region> region;
  std::shared_ptr<const std::vector<std::string>> texts;  // of a list of texts alone: its literals, sorted
};

struct Expression {
  Node root;
  std::string text;  // canonical: parses to itself
};

}  // namespace jobmap::query::cql2
