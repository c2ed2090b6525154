// GET /v1/coverage: the city's circle for planners (server/query/service/coverage.hpp). POST /v1/coverage: what some
// points more or fewer would make of it (server/query/service/what_if.hpp).
#include "server/encode/coverage.hpp"

#include <algorithm>

#include "server/api/plan_body.hpp"
#include "server/encode/plan.hpp"

namespace jobmap::api {

using query::Result;

Result<Prepared> get_coverage(const Call& call) {
  query::Reader r(call.params);
  const auto format = negotiate(call, r, {Format::geojson, Format::json, Format::csv, Format::pb});
  if (!format) return format.error();
  const auto q = query::parse_coverage(r);
  if (*format == Format::csv && q.gaps)
    r.fail(q.circles ? "report" : "gaps", q.circles ? "circles" : "true", "CSV holds the shares alone",
           "f=geojson, json or pb");
  r.finish();
  if (r.failed()) return r.error();
  return Prepared{.canonical = q.canonical,
                  .format = *format,
                  .heavy = true,
                  .cost_us = (q.gaps ? 200'000.0 : 30'000.0) + 0.03 * call.snapshot->jobs->size,
                  .make = [q, s = call.snapshot, f = *format]() -> Result<std::string> {
                    const auto coverage = query::measure_coverage(q, *s);
                    const encode::CoverageAnswer answer{q, *s, coverage};
                    return f == Format::csv    ? encode::coverage_csv(answer)
                           : f == Format::pb   ? encode::coverage_pb(answer)
                           : f == Format::json ? encode::coverage_json(answer)
                                               : encode::coverage_geojson(answer);
                  }};
}

namespace {

constexpr std::size_t most_points = 100;

std::vector<std::uint32_t> read_removed(PlanBody& body, const data::City& city) {
  std::vector<std::uint32_t> removed;
  for (const auto& id : body.texts("remove", most_points).value_or(std::vector<std::string>{})) {
    const auto point = city.find_service_point(id);
    if (!point)
      body.fail("remove", id, "there is no such service point", "ids of /v1/service-points");
    else if (std::find(removed.begin(), removed.end(), *point) != removed.end())
      body.fail("remove", id, "this service point is named twice", "each id once");
    else
      removed.push_back(*point);
  }
  return removed;
}

Result<query::WhatIf> read_what_if(std::string_view text, const data::City& city) {
  PlanBody body(text, city);
  query::WhatIf change{read_circle(body), {}, {}};
  if (const auto names = body.texts("of", query::measures)) {
    change.query.of = 0;
    for (const auto& name : *names) {
      const auto it = std::find(query::measure_names.begin(), query::measure_names.end(), name);
      if (it == query::measure_names.end())
        body.fail("of", name, "this is not measured", "a list of area, ads, openings, population");
      else
        change.query.of |= 1u << (it - query::measure_names.begin());
    }
  }
  change.add = body.points("add", most_points).value_or(std::vector<geo::LonLat>{});
  change.remove = read_removed(body, city);
  if (change.add.empty() && change.remove.empty())
    body.fail("add", "", "nothing is added and nothing removed", "add, remove or both");
  body.finish();
  if (body.failed()) return body.error();
  return change;
}

}  // namespace

Result<Prepared> post_coverage(const Call& call) {
  if (auto error = refuse_plan(call)) return *std::move(error);
  // A point takes some milliseconds on foot and a hundred by bicycle, and about so many bytes of the body or
  // more.
  constexpr double point_bytes = 7;
  const auto points =
      std::min(2.0 * most_points, static_cast<double>(call.request.body.size()) / point_bytes);
  const auto body = call.request.shared_body();
  return Prepared{.canonical = {},
                  .posted = body,
                  .format = Format::json,
                  .heavy = true,
                  .cost_us = 15'000 + (8000 + 0.1 * call.snapshot->jobs->size) * points,
                  .make = [body, s = call.snapshot]() -> Result<std::string> {
                    const auto change = read_what_if(*body, *s->city);
                    if (!change) return change.error();
                    return encode::what_if_json(*change, *s, query::weigh(*change, *s));
                  }};
}

}  // namespace jobmap::api
