#pragma once
// How a job query is read, for the files that read a group of its parameters each. A group reads through the
// reader, fills the query, and adds its one spelling to the canonical form; parse_filter (job_query.cpp)
// calls the groups in the order of the canonical form.
//
//   void parse_what(Parsing& p) {
//     if (const auto name = p.reader.text("education")) { p.query.education = ...;
//     p.canonical.add("education", ...); }
//   }
#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "server/query/parse/job_query.hpp"
#include "server/query/syntax/number_text.hpp"

namespace jobmap::query {

// Names of an enumeration as an error lists them: "a, b, c".
template <std::size_t N>
std::string joined(const std::array<std::string_view, N>& names) {
  std::string out;
  for (const auto name : names)
    if (!name.empty()) out += (out.empty() ? "" : ", ") + std::string(name);
  return out;
}

// That can be asked for: of reach, and of stations or lines.
inline constexpr double most_minutes = 120, most_station_minutes = 60;

// One spelling of a filter: name=value pairs in a fixed order, values normalised and sorted.
class Canonical {
 public:
  Canonical() { text_.reserve(usual_size); }
  void add(std::string_view name, std::string_view value) {
    if (!text_.empty()) text_ += '&';
    (text_ += name) += '=';
    text_ += percent_encode(value, ",:/");
  }
  void add(std::string_view name, double value) { add(name, std::string_view(shortest_decimal(value))); }
  std::string take() { return std::move(text_); }

 private:
  static constexpr std::size_t usual_size = 192;
  std::string text_;
};

template <typename T>
void sort_unique(std::vector<T>& values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
}

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

void read_crs(Reader& reader, std::string_view parameter, geo::Crs& crs);
// Terms to search for, of at most 200 bytes; none where the parameter is absent or refused. What is still
// being typed is plain: quotes and a minus only separate.
enum class TermSyntax { search, plain };
std::vector<std::string> read_terms(Reader& reader, std::string_view name, TermSyntax syntax);

void parse_text(Parsing& p);        // q
void parse_what(Parsing& p);        // category, education, industry, pay, ...
void parse_travel(Parsing& p);      // mode, speed_kmh, detour, depart
void parse_where(Parsing& p);       // anchors, circle, bbox, within, cell, district
void parse_expression(Parsing& p);  // filter, filter-lang, filter-crs

// Of parse_travel, where minutes are what is asked for.
void parse_travel_settings(Parsing& p);
// Of parse_where, for its anchors.
void parse_reach(Parsing& p);
void parse_station_minutes(Parsing& p);

}  // namespace jobmap::query
