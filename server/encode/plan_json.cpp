#include <cmath>

#include "data/index/walks.hpp"
#include "server/encode/coverage.hpp"
#include "server/encode/geojson_geometry.hpp"
#include "server/encode/plan.hpp"
#include "server/query/parse/footing.hpp"

namespace jobmap::encode {
namespace {

void amount(JsonWriter& w, std::string_view key, double value) { number(w, key, value, decimals::amount); }

void amounts(JsonWriter& w, const query::CoverageQuery& q, const query::Amounts& a) {
  const char* comma = "{";
  for (unsigned m = 0; m < query::measures; ++m) {
    if (!q.wants(query::Measure(m))) continue;
    w.raw(comma), w.text(query::measure_names[m]), amount(w, ":", a[m]), comma = ",";
  }
  w.raw("}");
}

void point(JsonWriter& w, geo::Crs crs, geo::LonLat at) { GeometryWriter(w, crs).point(geo::to_e7(at)); }

// Beside a point that a plan adds.
void beyond_streets(JsonWriter& w, const data::Snapshot& s, geo::LonLat at) {
  if (s.walks && query::footing(s, at, geo::TravelMode::walk) == query::Footing::beyond)
    w.raw(R"(,"beyond_streets":true)");
}

void head(JsonWriter& w, const query::CoverageQuery& q, const data::Snapshot& s) {
  w.raw(R"("generation":)"), w.text(s.generation), w.raw(R"(,"crs":)"), w.text(geo::name_of(q.crs));
  w.raw(","), write_coverage_method(w, q, s);
}

// Why there are fewer sites than were asked for.
std::string note_on(const query::Siting& siting, const data::Snapshot& s) {
  if (siting.candidates == 0) return "there is nothing to gain: service points reach all there is of this";
  std::string note =
      siting.sites.empty() ? "no candidate gains anything" : "no other candidate gains anything";
  note += ": what they reach is nothing of this, or reached already";
  if (siting.off_streets > 0)
    note += "; " + std::to_string(siting.off_streets) + " of " + std::to_string(siting.candidates) +
            " lie farther than " + std::to_string(std::lround(s.walks->snap_limit_m)) +
            " m from every street";
  return note;
}

}  // namespace

std::string what_if_json(const query::WhatIf& change, const data::Snapshot& s,
                         const query::WhatIfEffect& effect) {
  std::string body;
  JsonWriter w(body);
  const auto& q = change.query;
  w.raw("{"), head(w, q, s);
  w.raw(R"(,"total":)"), amounts(w, q, effect.total);
  w.raw(R"(,"before":)"), amounts(w, q, effect.before), w.raw(R"(,"after":)"), amounts(w, q, effect.after);
  for (const bool high : {false, true}) {
    w.raw(high ? R"(,"high":{"before":)" : R"(,"low":{"before":)"), amounts(w, q, effect.band[high].before);
    w.raw(R"(,"after":)"), amounts(w, q, effect.band[high].after), w.raw("}");
  }
  w.raw(R"(,"add":[)");
  for (std::size_t i = 0; i < change.add.size(); ++i) {
    w.raw(i ? R"(,{"point":)" : R"({"point":)"), point(w, q.crs, change.add[i]);
    w.raw(R"(,"gain":)"), amounts(w, q, effect.gain_of_add[i]);
    beyond_streets(w, s, change.add[i]), w.raw("}");
  }
  w.raw(R"(],"remove":[)");
  for (std::size_t i = 0; i < change.remove.size(); ++i) {
    w.raw(i ? R"(,{"id":)" : R"({"id":)"), w.text(s.city->service_points[change.remove[i]].id);
    w.raw(R"(,"gain":)"), amounts(w, q, effect.gain_of_remove[i]), w.raw("}");
  }
  w.raw("]}\n");
  w.finish();
  return body;
}

std::string siting_json(const query::SitingQuery& q, const data::Snapshot& s, const query::Siting& siting) {
  std::string body;
  JsonWriter w(body);
  const auto whole = [&](std::string_view key, std::uint64_t value) {
    w.raw(key), w.integer(static_cast<std::int64_t>(value));
  };
  w.raw(R"({"type":"FeatureCollection",)"), head(w, q.circle, s);
  w.raw(R"(,"of":)"), w.text(query::measure_names[q.of]), whole(R"(,"candidates":)", siting.candidates);
  if (!q.candidates) amount(w, R"(,"grid_m":)", siting.grid_m);
  amount(w, R"(,"total":)", siting.total), amount(w, R"(,"before":)", siting.before);
  amount(w, R"(,"after":)", siting.after), whole(R"(,"gain":)", siting.covered);
  for (const bool high : {false, true}) {
    amount(w, high ? R"(,"high":{"before":)" : R"(,"low":{"before":)", siting.band[high].before[q.of]);
    amount(w, R"(,"after":)", siting.band[high].after[q.of]), w.raw("}");
  }
  if (q.of == query::area)
    amount(w, R"(,"gain_of_area":"by the middles of cells","largest_cell_m":)", siting.coarsest_m);
  w.raw(R"(,"solution":{"exact":)"), w.boolean(siting.exact);
  whole(R"(,"greedy_gain":)", siting.greedy), whole(R"(,"upper_bound":)", siting.upper_bound);
  whole(R"(,"gap":)", siting.upper_bound - siting.covered);
  w.raw(
      R"(,"guarantee":"greedy gains at least 1 - 1/e (0.632) of the best; no choice of these candidates gains more than upper_bound"})");
  if (siting.sites.size() < q.sites) w.raw(R"(,"note":)"), w.text(note_on(siting, s));
  w.raw(R"(,"features":[)");
  for (std::size_t i = 0; i < siting.sites.size(); ++i) {
    const auto& site = siting.sites[i];
    w.raw(i ? ",\n" : "\n"), w.raw(R"({"type":"Feature","geometry":)"), point(w, q.circle.crs, site.at);
    whole(R"(,"properties":{"rank":)", i + 1), whole(R"(,"gain":)", site.gain);
    if (site.candidate) whole(R"(,"candidate":)", *site.candidate);
    beyond_streets(w, s, site.at), w.raw("}}");
  }
  w.raw("\n]}\n");
  w.finish();
  return body;
}

}  // namespace jobmap::encode
