#include "server/query/filter/estimate.hpp"

#include <algorithm>
#include <limits>

namespace jobmap::query {
namespace {

using data::Row;
using data::RowRange;
using data::RowSet;

template <typename Use>
void each_set(First first, const JobQuery& q, const data::JobTable& t, const data::RowSet* words, Use&& use) {
  switch (first) {
    case First::place:
      return;
    case First::q:
      if (words) use(*words);
      return;
    case First::category:
      for (unsigned c = 0; c < 3; ++c)
        if (q.categories >> c & 1) use(t.is_category[c]);
      return;
    case First::district:
      for (const auto d : q.districts) use(t.in_district[d]);
      return;
    case First::industry:
      for (unsigned i = 0; i < t.in_industry.size(); ++i)
        if (q.industries >> i & 1) use(t.in_industry[i]);
      return;
    case First::pay_unit:
      if (q.pay_unit != data::PayUnit::none) use(t.is_pay_unit[static_cast<unsigned>(q.pay_unit)]);
      return;
    case First::education:
      if (q.education) use(t.education_at_most[static_cast<unsigned>(*q.education)]);
      return;
    case First::precision:
      if (q.precision) use(t.precision_at_least[static_cast<unsigned>(*q.precision)]);
      return;
  }
}

// Down to nodes of 256 rows while few of a level lie at the edge; of those left half the rows are counted.
// Ends as soon as it is known whether they are more than `enough`.
double rows_of(const PlaceFilter& place, const geo::RTree& tree, RowRange scope, double enough) {
  constexpr std::size_t few = 48;
  double inside = 0;
  std::vector<std::uint32_t> nodes, edge;
  for (std::uint32_t i = 0; tree.levels() && i < tree.nodes(tree.levels() - 1).size(); ++i)
    nodes.push_back(i);
  for (unsigned level = tree.levels(); level-- > 0;) {
    const auto rows_in = [&](std::uint32_t node) {
      const auto span = geo::RTree::rows_per_node(level);
      const auto from = std::max<std::uint64_t>(node * span, scope.begin),
                 to = std::min<std::uint64_t>((node + 1) * span, scope.end);
      return from < to ? static_cast<double>(to - from) : 0.0;
    };
    edge.clear();
    double at_edge = 0;
    for (const auto node : nodes) {
      if (node >= tree.nodes(level).size() || rows_in(node) == 0) continue;
      const auto relation = place.relate(tree.nodes(level)[node]);
      if (relation == geo::Relation::inside) inside += rows_in(node);
      if (relation == geo::Relation::partly) at_edge += rows_in(node), edge.push_back(node);
    }
    if (level <= 1 || edge.size() > few || inside > enough || inside + at_edge < enough)
      return inside + at_edge / 2;
    nodes.clear();
    for (const auto node : edge)
      for (std::uint32_t i = 0; i < geo::RTree::fanout; ++i) nodes.push_back(node * geo::RTree::fanout + i);
  }
  return inside;
}

constexpr std::size_t many_anchors = 8;

}  // namespace

Estimates estimate(const JobQuery& q, const data::Snapshot& s, const PlaceFilter& place, RowRange scope,
                   const data::RowSet* words, Thoroughness how, double share) {
  Estimates e;
  e.rows = s.jobs->size * share;
  e.names_place = !place.everywhere();
  e.costly_place =
      q.within || q.has_minutes() || !geo::is_wgs84(q.bbox_crs) || q.anchors.size() > many_anchors;
  for (std::size_t i = 1; i < first_names.size(); ++i) {
    std::size_t rows = 0;
    bool any = false;
    each_set(static_cast<First>(i), q, *s.jobs, words,
             [&](const RowSet& set) { rows += set.count(), any = true; });
    if (!any) continue;
    e.of[static_cast<First>(i)] = static_cast<double>(rows) * share;
  }
  const auto even = break_even_rows(e);
  if (!even && how == what_decides) return e;
  if (!e.names_place)
    e.of[First::place] = scope.end - scope.begin;
  else if (how == all_there_is)
    e.of[First::place] = rows_of(place, s.jobs->tree, scope, std::numeric_limits<double>::quiet_NaN());
  else if (*even < e.rows)
    e.of[First::place] = rows_of(place, s.jobs->tree, scope, *even);
  return e;
}

std::vector<const RowSet*> sets_of(First first, const JobQuery& q, const data::Snapshot& s,
                                   const data::RowSet* words) {
  std::vector<const RowSet*> sets;
  each_set(first, q, *s.jobs, words, [&](const RowSet& set) { sets.push_back(&set); });
  return sets;
}

}  // namespace jobmap::query
