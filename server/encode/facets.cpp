#include "server/encode/facets.hpp"

#include "server/encode/json_writer.hpp"
#include "server/encode/travel.hpp"
#include "server/encode/wire.hpp"

namespace jobmap::encode {
namespace {

std::string_view name_of(query::FacetBy by) { return query::facet_names[static_cast<std::size_t>(by)]; }

void write_sums(JsonWriter& w, const data::Sums& sums) {
  w.raw(R"("ads":)"), w.integer(static_cast<std::int64_t>(sums.ads));
  w.raw(R"(,"openings":)"), w.integer(static_cast<std::int64_t>(sums.openings));
}

void write_facet(JsonWriter& w, const query::Facet& facet) {
  w.text(name_of(facet.by));
  w.raw(":{"), write_sums(w, facet.counted);
  w.raw(R"(,"values":[)");
  for (const char* comma = ""; const auto& value : facet.values) {
    w.raw(comma), w.raw(R"({"id":)"), w.text(value.id);
    if (!value.name.empty()) w.raw(R"(,"name":)"), w.text(value.name);
    w.raw(","), write_sums(w, value.sums), w.raw("}");
    comma = ",\n";
  }
  w.raw(R"(],"missing":{)"), write_sums(w, facet.missing);
  w.raw("}}");
}

// Fields numbered as ads and openings of any message.
void write_sums(WireWriter& w, unsigned field, const data::Sums& sums) {
  if (sums.ads) w.uint(field, sums.ads);
  if (sums.openings) w.uint(field + 1, sums.openings);
}

void write_facet(WireWriter& w, const query::Facet& facet) {
  w.string(1, name_of(facet.by));
  write_sums(w, 2, facet.counted);
  for (const auto& value : facet.values) {
    const auto nested = w.begin(4, 60);
    w.string(1, value.id);
    if (!value.name.empty()) w.string(2, value.name);
    write_sums(w, 3, value.sums);
    w.end(nested);
  }
  if (facet.missing.ads == 0) return;
  const auto nested = w.begin(5, 10);
  write_sums(w, 3, facet.missing);
  w.end(nested);
}

}  // namespace

std::string facets_json(const FacetAnswer& a) {
  std::string body;
  JsonWriter w(body);
  const auto& totals = a.facets.totals;
  w.raw(R"({"numberMatched":)"), w.integer(static_cast<std::int64_t>(totals.ads));
  w.raw(R"(,"openings":)"), w.integer(static_cast<std::int64_t>(totals.openings));
  w.raw(R"(,"located":)"), w.integer(static_cast<std::int64_t>(totals.located));
  w.raw(R"(,"unlocated":)"), w.integer(static_cast<std::int64_t>(totals.unlocated));
  w.raw(R"(,"generation":)"), w.text(a.snapshot.generation);
  w.raw(R"(,"multi":)"), w.boolean(a.multi);
  write_local(w, *a.snapshot.city);
  w.raw(","), write_method(w, a.query, a.snapshot);
  w.raw(R"(,"facets":{)");
  for (const char* comma = ""; const auto& facet : a.facets.facets) {
    w.raw(comma), write_facet(w, facet);
    comma = ",\n";
  }
  w.raw("}}\n");
  w.finish();
  return body;
}

std::string facets_pb(const FacetAnswer& a) {
  std::string body;
  WireWriter w(body);
  const auto& totals = a.facets.totals;
  const std::uint64_t values[] = {totals.ads, totals.openings, totals.located, totals.unlocated};
  for (unsigned i = 0; i < 4; ++i)
    if (values[i]) w.uint(i + 1, values[i]);
  w.string(5, a.snapshot.generation);
  if (a.multi) w.uint(6, 1);
  write_method(w, 7, a.query, a.snapshot);
  w.string(9, a.snapshot.city->currency), w.string(10, a.snapshot.city->local_time());
  for (const auto& facet : a.facets.facets) {
    const auto nested = w.begin(8, 1000);
    write_facet(w, facet);
    w.end(nested);
  }
  w.finish();
  return body;
}

}  // namespace jobmap::encode
