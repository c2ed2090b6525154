#include "geo/deadline.hpp"
#include "server/encode/job_feature.hpp"
#include "server/encode/job_list.hpp"
#include "server/encode/query_plan.hpp"
#include "server/encode/travel.hpp"
#include "server/query/syntax/query_string.hpp"

namespace jobmap::encode {
namespace {

constexpr std::size_t expected_feature_bytes = 1200;

// The request to send for the answer that a link leads to, as STAC says it.
void write_body(JsonWriter& w, std::string_view query_string) {
  w.raw(R"(,"method":"POST","headers":{"Content-Type":"application/json"},"body":{)");
  const auto params = query::Params::parse(query_string);
  for (const char* comma = ""; const auto& [name, value] : params->all()) {
    w.raw(comma), w.text(name), w.raw(":"), w.text(value);
    comma = ",";
  }
  w.raw("}");
}

void write_links(JsonWriter& w, const JobList& list) {
  auto link = [&](std::string_view rel, std::string_view to) {
    const bool post = !list.post_to.empty();
    w.raw(R"({"rel":")"), w.raw(rel), w.raw(R"(","type":"application/geo+json","href":)");
    w.text(post ? list.post_to : to);
    if (post) write_body(w, to);
    w.raw("}");
  };
  w.raw(R"("links":[)");
  link("self", list.self);
  if (!list.next.empty()) w.raw(","), link("next", list.next);
  w.raw("]");
}

}  // namespace

std::string list_geojson(const JobList& list) {
  std::string body;
  JsonWriter w(body);
  w.room(list.page.hits.size() * expected_feature_bytes + 4096);
  const auto& totals = list.page.totals;
  w.raw(R"({"type":"FeatureCollection","numberMatched":)"), w.integer(static_cast<std::int64_t>(totals.ads));
  w.raw(R"(,"openings":)"), w.integer(static_cast<std::int64_t>(totals.openings));
  w.raw(R"(,"located":)"), w.integer(static_cast<std::int64_t>(totals.located));
  w.raw(R"(,"unlocated":)"), w.integer(static_cast<std::int64_t>(totals.unlocated));
  w.raw(R"(,"numberReturned":)"), w.integer(static_cast<std::int64_t>(list.page.hits.size()));
  w.raw(R"(,"generation":)"), w.text(list.snapshot.generation);
  if (list.links.empty()) w.raw(R"(,"crs":)"), w.text(geo::name_of(list.query.crs));
  write_local(w, *list.snapshot.city);
  w.raw(","), write_method(w, list.query, list.snapshot);
  if (list.links.empty())
    w.raw(","), write_links(w, list);
  else
    w.raw(R"(,"timeStamp":)"), w.time(list.made_at), w.raw(R"(,"links":)"), w.raw(list.links);
  if (list.query.explain) w.raw(","), write_plan(w, list.page);
  w.raw(R"(,"features":[)");
  FeatureWriter features(w, list.query, list.snapshot);
  JobRecord record;
  prefetch(list.snapshot, list.page.hits);
  for (std::size_t i = 0; i < list.page.hits.size(); ++i) {
    if (i % 4 == 0) geo::check_deadline();
    if (i) w.raw(",\n");
    make_record(list.query, list.snapshot, list.page.hits[i], record);
    features.write(record);
  }
  w.raw("]}\n");
  w.finish();
  return body;
}

std::string job_geojson(const query::JobQuery& query, const data::Snapshot& snapshot, const query::Hit& hit,
                        std::string_view links) {
  std::string body;
  JsonWriter w(body);
  JobRecord record;
  make_record(query, snapshot, hit, record);
  FeatureWriter(w, query, snapshot).write(record);
  w.cut(w.size() - 1);  // inside the feature, what a list says once for all
  w.raw(R"(,"generation":)"), w.text(snapshot.generation);
  if (links.empty()) w.raw(R"(,"crs":)"), w.text(geo::name_of(query.crs));
  write_local(w, *snapshot.city);
  w.raw(","), write_method(w, query, snapshot);
  if (!links.empty()) w.raw(R"(,"links":)"), w.raw(links);
  w.raw("}\n");
  w.finish();
  return body;
}

}  // namespace jobmap::encode
