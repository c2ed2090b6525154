#include "server/query/filter/expression_cost.hpp"

#include <algorithm>
#include <cmath>

#include "server/query/filter/expression_ranges.hpp"
#include "server/query/parse/job_queryables.hpp"

namespace jobmap::query {

using cql2::Node;

namespace {

// Measured on a million jobs: to find a row's text, and to compare it byte by byte.
constexpr double column_ns = 1, place_ns = 20, edge_ns = 1.7, text_ns = 130, literal_ns = 20, byte_ns = 0.1;

// Folding a text takes case_ns. Taking its accents off takes accents_ns, since ICU does it where a text isn't plain
// Chinese. Each _ of a pattern is tried from some ten places of a text.
constexpr double case_ns = 300, accents_ns = 3000, any_character_ns = 15;

// How many characters of a pattern may be any, behind a run that may be any: no more than a text has.
double any_characters_behind(std::string_view pattern) {
  constexpr std::ptrdiff_t a_text = 300;
  const auto run = std::min(pattern.find('%'), pattern.size());
  const auto rest = pattern.substr(run);
  return static_cast<double>(std::min(a_text, std::count(rest.begin(), rest.end(), '_')));
}

double row_ns(const Node& node, const data::JobTable& table) {
  if (node.kind == Node::Kind::spatial) return place_ns + edge_ns * node.region->edges_a_point();
  double ns = 0;
  for (const Node& child : node.children) ns += row_ns(child, table);
  if (!node.children.empty()) return ns;
  if (!needs_rows(node, table)) return column_ns;
  ns = text_ns;
  if (node.texts) return ns + literal_ns * std::log2(static_cast<double>(node.texts->size()));
  for (const auto& operand : node.operands) {
    if (operand.accenti) ns += accents_ns;
    if (operand.casei) ns += case_ns;
    const auto* text = std::get_if<std::string>(&operand.literal);
    if (!text || !operand.is_literal()) continue;
    ns += literal_ns + byte_ns * static_cast<double>(text->size());
    if (node.kind == Node::Kind::like) ns += any_character_ns * any_characters_behind(*text);
  }
  return ns;
}

}  // namespace

int property_of(const Node& leaf) {
  int property = no_property;
  for (const auto& operand : leaf.operands) {
    if (operand.is_literal()) continue;
    if (property >= 0 && property != operand.property) return several_properties;
    property = operand.property;
  }
  return property;
}

bool needs_rows(const Node& leaf, const data::JobTable& table) {
  const int property = property_of(leaf);
  if (property == several_properties) return true;
  const auto named = static_cast<JobProperty>(property);
  if (property == no_property || byte_column(table, named) || named == JobProperty::occupation) return false;
  const auto numbers = whole_numbers(table, named);
  const bool is_time = named == JobProperty::published_at || named == JobProperty::expires_at;
  return !(numbers || is_time) || !ranges_of(leaf, numbers.value_or(WholeNumbers{}).per_unit);
}

double row_ns(const cql2::Expression& expression, const data::Snapshot& snapshot) {
  return row_ns(expression.root, *snapshot.jobs);
}

}  // namespace jobmap::query
