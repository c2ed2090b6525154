#include "server/query/filter/expression_ranges.hpp"

#include <limits>

namespace jobmap::query {
namespace {

using cql2::Compare;
using cql2::Node;
using cql2::Operand;
using cql2::Period;
using cql2::Span;
using cql2::Temporal;

constexpr std::int64_t lowest = std::numeric_limits<std::int64_t>::min() / 4, highest = -lowest;
constexpr std::int64_t most = std::numeric_limits<std::int32_t>::max();

// The integers of [0, most] whose value equals the number; begin > end if none does. Even then lesser ones lie
// before begin and greater ones behind end.
Span equal_to(double number, double unit) {
  const auto first = [&](auto&& reached) {
    std::int64_t low = 0, high = most + 1;
    while (low < high) {
      const auto middle = (low + high) / 2;
      reached(static_cast<double>(middle) / unit) ? high = middle : low = middle + 1;
    }
    return low;
  };
  return {first([&](double v) { return v >= number; }), first([&](double v) { return v > number; }) - 1};
}

std::optional<Span> literal(const Operand& operand, double unit) {
  if (!operand.is_literal()) return std::nullopt;
  if (const auto* number = std::get_if<double>(&operand.literal)) return equal_to(*number, unit);
  if (const auto* period = std::get_if<Period>(&operand.literal)) return period->span;
  return std::nullopt;
}

RangeSet compared(Compare how, Span with) {
  switch (how) {
    case Compare::equal:
      return {{with}};
    case Compare::unequal:
      return {{with}, true};
    case Compare::less:
      return {{{lowest, with.begin - 1}}};
    case Compare::at_most:
      return {{{lowest, with.end}}};
    case Compare::greater:
      return {{{with.end + 1, highest}}};
    case Compare::at_least:
      return {{{with.begin, highest}}};
  }
  return {};
}

std::optional<RangeSet> temporal(const Node& node) {
  const bool swapped = node.operands[0].is_literal();
  const Operand& other = node.operands[swapped ? 0 : 1];
  if (!other.is_literal()) return std::nullopt;
  const auto& period = std::get<Period>(other.literal);
  const Span s = period.span;
  const RangeSet before{{{lowest, s.begin - 1}}}, after{{{s.end + 1, highest}}};
  switch (node.temporal) {
    case Temporal::after:
      return swapped ? before : after;
    case Temporal::before:
      return swapped ? after : before;
    case Temporal::during:
      // No time lies within an instant.
      return swapped ? RangeSet{} : RangeSet{{period.during}};
    case Temporal::equals:
      return s.begin == s.end ? RangeSet{{s}} : RangeSet{};
    case Temporal::intersects:
      return RangeSet{{s}};
    case Temporal::disjoint:
      return RangeSet{{s}, true};
  }
  return std::nullopt;
}

}  // namespace

std::optional<RangeSet> ranges_of(const Node& node, double unit) {
  switch (node.kind) {
    case Node::Kind::compare:
      if (const auto with = literal(node.operands[1], unit)) return compared(node.compare, *with);
      return std::nullopt;
    case Node::Kind::between: {
      const auto low = literal(node.operands[1], unit), high = literal(node.operands[2], unit);
      if (!low || !high) return std::nullopt;
      return RangeSet{{{low->begin, high->end}}};
    }
    case Node::Kind::in_list: {
      RangeSet set;
      for (std::size_t i = 1; i < node.operands.size(); ++i) {
        const auto value = literal(node.operands[i], unit);
        if (!value) return std::nullopt;
        set.ranges.push_back(*value);
      }
      return set;
    }
    case Node::Kind::temporal:
      return temporal(node);
    default:
      return std::nullopt;
  }
}

}  // namespace jobmap::query
