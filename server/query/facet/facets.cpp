#include "server/query/facet/facets.hpp"

#include <algorithm>

#include "geo/deadline.hpp"
#include "server/query/facet/facet_counter.hpp"
#include "server/query/filter/matches.hpp"
#include "server/query/parse/canonical_text.hpp"
#include "server/query/syntax/reader.hpp"

namespace jobmap::query {
namespace {

// The query without the parameter that chooses among a facet's values; whether it had it.
bool leave_out(JobQuery& q, FacetBy by) {
  const auto clear = [](auto& value) {
    const bool given = value != std::decay_t<decltype(value)>{};
    value = {};
    return given;
  };
  const auto clear_anchor = [&](AnchorKind kind) {
    if (q.anchor != kind) return false;
    q.anchor = AnchorKind::none, q.anchors.clear(), q.station_minutes.reset();
    return true;
  };
  switch (by) {
    case FacetBy::category:
      return clear(q.categories);
    case FacetBy::district:
      return clear(q.districts);
    case FacetBy::station:
      return clear_anchor(AnchorKind::station);
    case FacetBy::line:
      return clear_anchor(AnchorKind::line);
    case FacetBy::education:
      return clear(q.education);
    case FacetBy::experience:
      return clear(q.experience_max);
    case FacetBy::pay:
      return clear(q.pay_min);
    case FacetBy::industry:
      return clear(q.industries);
    case FacetBy::precision:
      return clear(q.precision);
    case FacetBy::posted:
      return clear(q.posted_since);
    case FacetBy::minutes:
      return false;  // without the place there would be no minutes
  }
  return false;
}

// One walk for all the counters; the rows go to each in portions that stay in the nearest cache.
Visits walk(const JobQuery& query, const data::Snapshot& snapshot, std::span<FacetCounter> counters,
            std::optional<First> forced) {
  constexpr std::size_t portion = 2048;
  std::vector<data::Row> rows;
  rows.reserve(portion + 64);
  const auto pass_on = [&] {
    for (auto& counter : counters) {
      counter.add(rows);
      geo::check_deadline(portion / 64);
    }
    rows.clear();
  };
  const Matches matches(query, snapshot, snapshot.all_rows(), forced);
  matches.each_word(matches.rows(), [&](std::size_t w, std::uint64_t m) {
    for (; m; m &= m - 1)
      rows.push_back(static_cast<data::Row>(w * 64 + static_cast<unsigned>(std::countr_zero(m))));
    if (rows.size() >= portion) pass_on();
  });
  pass_on();
  return matches.visits();
}

}  // namespace

FacetQuery parse_facets(Reader& r, const JobQuery& q) {
  FacetQuery facets;
  const auto multi = r.boolean("multi");
  facets.multi = multi.value_or(false);
  const auto names = r.list("by");
  if (!names) {
    if (!r.failed()) r.fail("by", "", "by says what to count by", joined(facet_names));
    return facets;
  }
  for (const auto& name : *names) {
    const auto it = std::find(facet_names.begin(), facet_names.end(), name);
    if (it == facet_names.end()) {
      r.fail("by", name, "there is no such facet", joined(facet_names));
      return facets;
    }
    facets.by.push_back(static_cast<FacetBy>(it - facet_names.begin()));
    if (facets.by.back() == FacetBy::pay && q.pay_unit == data::PayUnit::none)
      r.fail("by", name, "pay needs pay_unit, since units are never converted",
             "pay_unit=" + joined(data::pay_unit_names));
    if (facets.by.back() == FacetBy::minutes && !q.has_minutes())
      r.fail("by", name, "the query is not by minutes", "reach, or station or line with minutes");
  }
  sort_unique(facets.by);
  for (const auto by : facets.by)
    facets.canonical +=
        (facets.canonical.empty() ? "by=" : ",") + std::string(facet_names[static_cast<std::size_t>(by)]);
  if (facets.multi) facets.canonical += "&multi=true";
  return facets;
}

Facets count_facets(const JobQuery& query, const FacetQuery& facets, const data::Snapshot& snapshot,
                    std::optional<First> forced) {
  Facets result;
  const auto count_by = [&](const JobQuery& q, std::span<FacetCounter> counters) {
    const auto visits = walk(q, snapshot, counters, forced);
    result.visits.nodes += visits.nodes, result.visits.rows += visits.rows;
    for (const auto& counter : counters) result.facets.push_back(counter.facet());
  };
  std::vector<FacetCounter> together;
  for (const auto by : facets.by) {
    JobQuery others = query;
    FacetCounter counter(by, query, snapshot);
    if (facets.multi && leave_out(others, by))
      count_by(others, {&counter, 1});
    else
      together.push_back(std::move(counter));
  }
  if (!together.empty()) count_by(query, together);
  result.totals = count(query, snapshot, &result.visits);
  std::sort(result.facets.begin(), result.facets.end(),
            [](const Facet& a, const Facet& b) { return a.by < b.by; });
  return result;
}

}  // namespace jobmap::query
