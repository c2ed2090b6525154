// POST /v1/siting: where the next service points go (server/query/service/siting.hpp).
#include "server/query/service/siting.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "server/api/plan_body.hpp"
#include "server/encode/plan.hpp"
#include "server/query/syntax/number_text.hpp"

namespace jobmap::api {

using query::Result;

namespace {

std::optional<query::Measure> measure_of(const std::string& name) {
  for (const auto m : {query::area, query::ads, query::openings, query::population})
    if (name == query::measure_names[m]) return m;
  return std::nullopt;
}

Result<query::SitingQuery> read_siting(std::string_view text, const data::City& city) {
  PlanBody body(text, city);
  query::SitingQuery q;
  q.circle = read_circle(body);
  const auto sites = body.integer("sites", 1, query::max_sites);
  if (!sites)
    body.fail("sites", "", "how many sites is not said", "1 to " + std::to_string(query::max_sites));
  if (const auto of = body.text("of")) {
    const auto m = measure_of(*of);
    if (!m) body.fail("of", *of, "sites are not chosen by this", "area, ads, openings, population");
    q.of = m.value_or(query::openings);
  }
  q.candidates = body.points("candidates", query::max_candidates);
  if (const auto grid = body.number("grid_m", 100, 10'000)) {
    if (q.candidates)
      body.fail("grid_m", query::shortest_decimal(*grid), "candidates are given", "grid_m or candidates");
    q.grid_m = *grid;
  }
  body.finish();
  if (body.failed()) return body.error();
  if (q.of == query::population && city.population.empty())
    return query::Error{query::Code::bad_request, "this database has no population", "of", "population",
                        "area, ads, openings; or jobmap import --layer population"};
  if (q.of == query::area && city.districts.empty())
    return query::Error{query::Code::bad_request, "this database has no districts to cover", "of", "area",
                        "ads, openings, population; or districts, by jobmap import"};
  q.sites = *sites;
  q.circle.of = 1u << q.of;
  return q;
}

// Half a second by the usual circles, and more by larger ones.
constexpr double usual_us = 500'000;
double cost_us(const query::CoverageQuery& circle) {
  constexpr double most_us = 4'000'000;
  const query::CoverageQuery usual;
  const double larger =
      circle.circle_minutes / usual.circle_minutes * circle.method.speed_kmh / usual.method.speed_kmh;
  return std::clamp(usual_us * larger, usual_us, most_us);
}

Result<std::string> site(const query::SitingQuery& q, const data::Snapshot& snapshot) {
  const auto siting = query::choose_sites(q, snapshot);
  if (siting) return encode::siting_json(q, snapshot, *siting);
  return query::Error{query::Code::bad_request,
                      "the grid has more than " + std::to_string(query::max_candidates) + " candidates",
                      "grid_m", query::shortest_decimal(q.grid_m.value_or(0)), "a wider grid, or none said"};
}

}  // namespace

// A small body is read here, since it says what the answer costs. A long one, with candidates of its own, is
// read where the sites are chosen.
Result<Prepared> post_siting(const Call& call) {
  constexpr std::size_t small = 4096;
  if (auto error = refuse_plan(call)) return *std::move(error);
  Prepared prepared;
  prepared.posted = call.request.shared_body();
  prepared.format = Format::geojson;
  prepared.heavy = true;
  if (prepared.posted->size() > small) {
    prepared.cost_us = usual_us;
    prepared.make = [body = prepared.posted, s = call.snapshot]() -> Result<std::string> {
      const auto q = read_siting(*body, *s->city);
      if (!q) return q.error();
      return site(*q, *s);
    };
  } else {
    auto q = read_siting(*prepared.posted, *call.snapshot->city);
    if (!q) return q.error();
    prepared.cost_us = cost_us(q->circle);
    prepared.make = [q = *std::move(q), s = call.snapshot] { return site(q, *s); };
  }
  return prepared;
}

}  // namespace jobmap::api
