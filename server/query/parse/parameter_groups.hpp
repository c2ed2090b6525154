#pragma once
// How a job query is read, for the files that read a group of its parameters each. A group reads through the
// reader, fills the query, and adds its one spelling to the canonical form; parse_filter (job_query.cpp)
// calls the groups in the order of the canonical form.
//
//   void parse_what(Parsing& p) {
//     if (const auto name = p.reader.text("education")) {
//       p.query.education = data::parse_education(*name);
//       p.canonical.add("education", *name);
//     }
//   }
#include <string_view>

#include "server/query/parse/canonical_text.hpp"
#include "server/query/parse/job_query.hpp"

namespace jobmap::query {

struct Parsing {
  Reader& reader;
  const data::Snapshot& snapshot;
  const data::City& city;
  JobQuery& query;
  Canonical& canonical;
  const Areas* areas = nullptr;  // null: `within` names none

  // The one of two names of a parameter that was given: `name`, or `plain`, which no property of a job bears.
  // Both at once are refused.
  std::string_view either(std::string_view name, std::string_view plain);
  // One position in the query's crs, given as "x,y".
  std::optional<geo::LonLat> position(std::string_view name);
};

void parse_text(Parsing& p);        // q
void parse_what(Parsing& p);        // category, education, industry, pay, ...
void parse_travel(Parsing& p);      // mode, speed_kmh, detour, depart
void parse_where(Parsing& p);       // anchors, circle, bbox, within, cell, district
void parse_expression(Parsing& p);  // filter, filter-lang, filter-crs

// A part of parse_travel, called where minutes are asked for.
void parse_travel_settings(Parsing& p);
// Two parts of parse_where, for its anchors.
void parse_reach(Parsing& p);
void parse_station_minutes(Parsing& p);

}  // namespace jobmap::query
