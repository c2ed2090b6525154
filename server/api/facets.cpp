// GET /v1/facets.
#include "encode/facets.hpp"

#include "api/endpoint.hpp"
#include "api/row_cost.hpp"

namespace jobmap::api {
namespace {

// Each row may be looked at once a facet.
constexpr data::Row many_rows = 100'000;

}  // namespace

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
  // The rows are walked for the totals and for all facets at once, with multi at worst for each by itself.
  const auto rows = call.snapshot->jobs->size;
  const auto asked = static_cast<double>(by.by.size());
  const double rows_us = row_cost_us(q, *call.snapshot, rows) * (1 + (by.multi ? asked : 1));
  prepared.heavy = rows > many_rows || rows_us > 0;
  prepared.cost_us = 100 + rows * 0.002 * asked + rows_us;
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
