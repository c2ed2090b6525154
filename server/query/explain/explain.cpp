#include "server/query/explain/explain.hpp"

#include <algorithm>
#include <cassert>

#include "server/query/filter/attribute_filter.hpp"
#include "server/query/filter/place_filter.hpp"

namespace jobmap::query {
namespace {

// How to ask for one parameter of a query alone, and how to say what came of it.
struct Predicate {
  std::string_view parameter;
  void (*take)(const JobQuery& from, JobQuery& to);
  void (*say)(const Subject& subject, Verdict& verdict);
};

void take_anchor(const JobQuery& from, JobQuery& to) {
  to.anchor = from.anchor, to.anchors = from.anchors, to.stations = from.stations;
  to.radius_m = from.radius_m, to.reach = from.reach, to.station_minutes = from.station_minutes;
}

template <auto Member>
void take(const JobQuery& from, JobQuery& to) {
  to.*Member = from.*Member;
}

constexpr Predicate predicates[] = {
    {"q", take<&JobQuery::terms>, say_text},
    {"category", take<&JobQuery::categories>, say_what},
    {"education", take<&JobQuery::education>, say_what},
    {"experience_max", take<&JobQuery::experience_max>, say_what},
    {"industry", take<&JobQuery::industries>, say_what},
    {"occupation", take<&JobQuery::occupation_prefix>, say_what},
    {"posted_since", take<&JobQuery::posted_since>, say_what},
    {"precision", take<&JobQuery::precision>, say_what},
    {"shift", take<&JobQuery::shift>, say_what},
    {"datetime", take<&JobQuery::valid>, say_what},
    {"pay_unit", take<&JobQuery::pay_unit>, say_what},
    {"pay_min", take<&JobQuery::pay_min>, say_what},
    {"near", take_anchor, say_anchor},
    {"station", take_anchor, say_anchor},
    {"line", take_anchor, say_anchor},
    {"reach", take_anchor, say_anchor},
    {"circle",
     [](const JobQuery& from, JobQuery& to) {
       to.circle_service = from.circle_service, to.circle_points = from.circle_points;
       to.circle_minutes = from.circle_minutes;
     },
     say_circle},
    {"bbox", [](const JobQuery& from, JobQuery& to) { to.bbox = from.bbox, to.bbox_crs = from.bbox_crs; },
     say_place},
    {"within", take<&JobQuery::within>, say_place},
    {"cell",
     [](const JobQuery& from, JobQuery& to) {
       to.cell = from.cell, to.shifted_cell = from.shifted_cell, to.crs = from.crs;
     },
     say_place},
    {"district", take<&JobQuery::districts>, say_what},
    {"filter", take<&JobQuery::filter>, say_what},
};
// Parameters that are no condition of their own, but say how others are meant.
constexpr std::string_view settings[] = {"radius", "minutes",        "mode",        "speed_kmh",  "detour",
                                         "depart", "circle_minutes", "filter-lang", "filter-crs", "bbox-crs",
                                         "crs"};

bool passes(const JobQuery& q, const data::Snapshot& s, data::Row row) {
  const auto more = row_filters(q, s);
  if (!AttributeFilter(q, s, more, AttributeFilter::with_place).test(row)) return false;
  if (row >= s.jobs->located) return !q.names_place();
  if (q.cell && (row < q.cell->begin || row >= q.cell->end)) return false;
  const PlaceFilter place(q, s);
  return place.everywhere() || place.contains(row);
}

}  // namespace

Explanation explain(const JobQuery& query, const data::Snapshot& snapshot, data::Row row) {
  Explanation explanation;
  const auto params = Params::parse(query.canonical).value();
  for (const auto& [name, value] : params.all()) {
    const auto* it =
        std::find_if(std::begin(predicates), std::end(predicates),
                     [wanted = std::string_view(name)](const auto& p) { return p.parameter == wanted; });
    if (it == std::end(predicates)) {
      assert(std::find(std::begin(settings), std::end(settings), name) != std::end(settings));
      continue;
    }
    JobQuery alone;
    alone.mode = query.mode, alone.depart = query.depart, alone.method = query.method;
    alone.travel = query.travel, alone.crs = query.crs;
    it->take(query, alone);
    Verdict verdict{name, value, passes(alone, snapshot, row), {}, {}, {}};
    it->say({alone, snapshot, row}, verdict);
    explanation.matches = explanation.matches && verdict.passed;
    explanation.verdicts.push_back(std::move(verdict));
  }
  return explanation;
}

}  // namespace jobmap::query
