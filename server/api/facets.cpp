// GET /v1/facets.
#include "server/encode/facets.hpp"

#include "server/api/answer_cost.hpp"
#include "server/api/endpoint.hpp"

namespace jobmap::api {

query::Result<Prepared> get_facets(const Call& call) {
  query::Reader r(call.params);
  const auto format = negotiate(call, r, {Format::json, Format::pb});
  if (!format) return format.error();
  auto q = parse_filter(r, *call.snapshot, call.areas.get());
  auto by = parse_facets(r, q);
  r.finish();
  if (r.failed()) return r.error();

  Prepared prepared;
  prepared.canonical = q.canonical + (q.canonical.empty() ? "" : "&") + by.canonical;
  prepared.format = *format;
  const auto cost = facets_cost(q, *call.snapshot, by.by.size(), by.multi);
  prepared.cost_us = cost.us;
  prepared.body_bytes = cost.bytes;
  prepared.rows_visited = std::make_shared<std::uint64_t>(0);
  prepared.make = [q = std::move(q), by = std::move(by), s = call.snapshot, f = *format,
                   visited = prepared.rows_visited]() -> query::Result<std::string> {
    const auto facets = count_facets(q, by, *s);
    *visited = facets.visits.rows;
    const encode::FacetAnswer answer{q, by.multi, *s, facets};
    return f == Format::pb ? facets_pb(answer) : facets_json(answer);
  };
  return prepared;
}

}  // namespace jobmap::api
