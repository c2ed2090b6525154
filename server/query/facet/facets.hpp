#pragma once
// How the matches of a query divide: by category, by district, by station, ... as ads and openings a value.
//
//   const FacetQuery by = parse_facets(reader, query);       // by=category,pay  multi=true
//   const Facets facets = count_facets(query, by, snapshot);
//   facets.facets[0].values[0].sums.ads;
//
// Exact, of the jobs that the list counts. A job without a value is counted in `missing`, so that the values
// and `missing` of a facet sum up to its `counted`; but for station and line, where one job has several.
// With multi each facet is counted as if its own parameter had not been given, which is what else one could
// choose. Values nobody has are left out. To add a facet: its name here, its counter in facets.cpp.
#include <array>
#include <string>
#include <vector>

#include "server/query/list/evaluate.hpp"

namespace jobmap::query {

enum class FacetBy : std::uint8_t {
  category,
  district,
  station,  // within 800 m, any number of them
  line,     // of such a station, each line once
  education,
  experience,  // 0, 1-2, 3-4, 5-9, 10 years and more
  pay,         // of what pay_min compares, in steps that depend on the unit
  industry,
  precision,
  posted,  // days of the city's time
  minutes  // of a query by minutes: 12 is more than 11 and at most 12
};
inline constexpr std::array<std::string_view, 11> facet_names{
    "category", "district", "station",   "line",   "education", "experience",
    "pay",      "industry", "precision", "posted", "minutes"};

struct FacetValue {
  std::string id;    // as the query's parameter takes it; a range is "3-4", without an end "10-"
  std::string name;  // of a district, a station or a line
  data::Sums sums;
};

struct Facet {
  FacetBy by = FacetBy::category;
  data::Sums counted, missing;
  std::vector<FacetValue>
      values;  // in their own order; districts, stations, lines, industries: most ads first
};

struct FacetQuery {
  std::vector<FacetBy> by;  // ascending
  bool multi = false;
  std::string canonical;
};

struct Facets {
  Totals totals;  // of the query itself
  std::vector<Facet> facets;
  Visits visits;  // of all that was walked for them
};

FacetQuery parse_facets(Reader& reader, const JobQuery& query);
// `forced` is walked first, as in evaluate(): for tests.
Facets count_facets(const JobQuery& query, const FacetQuery& facets, const data::Snapshot& snapshot,
                    std::optional<First> forced = {});

}  // namespace jobmap::query
