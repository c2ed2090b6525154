#include "server/query/syntax/cql2/interpret.hpp"

#include <algorithm>

#include "geo/deadline.hpp"
#include "server/query/syntax/cql2/canonical.hpp"

namespace jobmap::query::cql2 {
namespace {

using Kind = Node::Kind;

Truth truth(bool value) { return value ? Truth::yes : Truth::no; }
Truth opposite(Truth t) { return static_cast<Truth>(2 - static_cast<int>(t)); }

// A value that owns its text, since a view of a property lives only until the next is asked for.
using Held = std::variant<std::monostate, double, std::string, Span>;

Held hold(const Operand& operand, const Properties& properties) {
  if (operand.is_literal()) {
    if (const auto* number = std::get_if<double>(&operand.literal)) return *number;
    if (const auto* period = std::get_if<Period>(&operand.literal)) return period->span;
    return std::get<std::string>(operand.literal);
  }
  const Value value = properties.get(operand.property);
  if (const auto* text = std::get_if<std::string_view>(&value)) return folded(operand, *text);
  if (const auto* number = std::get_if<double>(&value)) return *number;
  if (const auto* span = std::get_if<Span>(&value)) return *span;
  return {};
}

bool is_null(const Held& v) { return std::holds_alternative<std::monostate>(v); }

template <typename T>
bool compare_ordered(const T& a, Compare how, const T& b) {
  switch (how) {
    case Compare::equal:
      return a == b;
    case Compare::unequal:
      return a != b;
    case Compare::less:
      return a < b;
    case Compare::at_most:
      return a <= b;
    case Compare::greater:
      return a > b;
    case Compare::at_least:
      return a >= b;
  }
  return false;
}

bool compare_spans(const Span& a, Compare how, const Span& b) {
  const bool less = a.end<b.begin, greater = a.begin> b.end;
  switch (how) {
    case Compare::equal:
      return !less && !greater;
    case Compare::unequal:
      return less || greater;
    case Compare::less:
      return less;
    case Compare::at_most:
      return !greater;
    case Compare::greater:
      return greater;
    case Compare::at_least:
      return !less;
  }
  return false;
}

// Both are of one type: the parser saw to that.
Truth compare(const Held& a, Compare how, const Held& b) {
  if (is_null(a) || is_null(b)) return Truth::unknown;
  if (const auto* number = std::get_if<double>(&a))
    return truth(compare_ordered(*number, how, std::get<double>(b)));
  if (const auto* span = std::get_if<Span>(&a)) return truth(compare_spans(*span, how, std::get<Span>(b)));
  return truth(compare_ordered(std::get<std::string>(a), how, std::get<std::string>(b)));
}

Span during(const Operand& operand, const Held& value) {
  const auto* period = std::get_if<Period>(&operand.literal);
  if (operand.is_literal() && period) return period->during;
  const auto span = std::get<Span>(value);
  return {span.begin + 1, span.end - 1};
}

Truth temporal(const Node& node, const Properties& properties) {
  const Held first = hold(node.operands[0], properties), second = hold(node.operands[1], properties);
  if (is_null(first) || is_null(second)) return Truth::unknown;
  const Span a = std::get<Span>(first), b = std::get<Span>(second);
  const bool intersects = a.begin <= b.end && b.begin <= a.end;
  switch (node.temporal) {
    case Temporal::after:
      return truth(a.begin > b.end);
    case Temporal::before:
      return truth(a.end < b.begin);
    case Temporal::during: {
      const Span within = during(node.operands[1], second);
      return truth(a.begin >= within.begin && a.end <= within.end);
    }
    case Temporal::equals:
      return truth(a.begin == b.begin && a.end == b.end);
    case Temporal::intersects:
      return truth(intersects);
    case Temporal::disjoint:
      return truth(!intersects);
  }
  return Truth::unknown;
}

Truth in_list(const Node& node, const Properties& properties) {
  const Held value = hold(node.operands[0], properties);
  if (const auto* text = std::get_if<std::string>(&value); text && node.texts)
    return truth(std::binary_search(node.texts->begin(), node.texts->end(), *text));
  Truth found = Truth::no;
  for (std::size_t i = 1; i < node.operands.size() && found != Truth::yes; ++i)
    found = std::max(found, compare(value, Compare::equal, hold(node.operands[i], properties)));
  return found;
}

Truth like(const Node& node, const Properties& properties) {
  const Held value = hold(node.operands[0], properties);
  if (is_null(value)) return Truth::unknown;
  return truth(is_like(std::get<std::string>(value), std::get<std::string>(node.operands[1].literal)));
}

// Bytes of the character that begins here; valid UTF-8.
std::size_t character_size(char first) {
  const auto c = static_cast<unsigned char>(first);
  return c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
}

}  // namespace

Truth relates(std::optional<geo::PointE7> point, Spatial how, const Region& region) {
  if (!point) return Truth::unknown;
  const Place place = region.locate(*point);
  switch (how) {
    case Spatial::intersects:
      return truth(place != Place::outside);
    case Spatial::within:
      return truth(place == Place::inside);
    case Spatial::disjoint:
      return truth(place == Place::outside);
  }
  return Truth::unknown;
}

// After a run of any characters fails, it is made one longer and nothing before it is tried again: the last %
// alone decides. A _ behind a % is taken before it, which is the same, and leaves a character to look for.
bool is_like(std::string_view text, std::string_view pattern) {
  constexpr unsigned steps_a_check = 1024;  // some microseconds
  std::size_t t = 0, p = 0, retry_t = 0, retry_p = std::string_view::npos;
  for (unsigned steps = 1;; ++steps) {
    if (steps % steps_a_check == 0) geo::check_deadline();
    if (p < pattern.size() && pattern[p] == '%') {
      for (++p; p < pattern.size() && (pattern[p] == '%' || pattern[p] == '_'); ++p) {
        if (pattern[p] == '%') continue;
        if (t == text.size()) return false;
        t += character_size(text[t]);
      }
      if (p == pattern.size()) return true;
      retry_p = p;
      retry_t = t;
      continue;
    }
    if (t == text.size() && p == pattern.size()) return true;
    if (t < text.size() && p < pattern.size()) {
      if (pattern[p] == '_') {
        t += character_size(text[t]), ++p;
        continue;
      }
      const bool escape = pattern[p] == '\\' && p + 1 < pattern.size();
      if (text[t] == pattern[p + escape]) {
        ++t, p += 1 + escape;
        continue;
      }
    }
    if (retry_p == std::string_view::npos || retry_t >= text.size()) return false;
    retry_t += character_size(text[retry_t]);
    t = retry_t, p = retry_p;
  }
}

Truth evaluate(const Node& node, const Properties& properties) {
  switch (node.kind) {
    case Kind::all_of: {
      Truth all = Truth::yes;
      for (const Node& child : node.children)
        if ((all = std::min(all, evaluate(child, properties))) == Truth::no) break;
      return all;
    }
    case Kind::any_of: {
      Truth any = Truth::no;
      for (const Node& child : node.children)
        if ((any = std::max(any, evaluate(child, properties))) == Truth::yes) break;
      return any;
    }
    case Kind::negation:
      return opposite(evaluate(node.children[0], properties));
    case Kind::constant:
      return truth(node.constant);
    case Kind::compare:
      return compare(hold(node.operands[0], properties), node.compare, hold(node.operands[1], properties));
    case Kind::like:
      return like(node, properties);
    case Kind::in_list:
      return in_list(node, properties);
    case Kind::between: {
      const Held value = hold(node.operands[0], properties);
      return std::min(compare(value, Compare::at_least, hold(node.operands[1], properties)),
                      compare(value, Compare::at_most, hold(node.operands[2], properties)));
    }
    case Kind::is_null:
      return truth(std::holds_alternative<std::monostate>(properties.get(node.operands[0].property)));
    case Kind::temporal:
      return temporal(node, properties);
    case Kind::spatial:
      return properties.relates(node.operands[0].property, node.spatial, *node.region);
  }
  return Truth::unknown;
}

}  // namespace jobmap::query::cql2
