// GET /v1/jobs/{id}/explain?<query>: why a list has a job or has it not.
#include "server/query/explain/explain.hpp"

#include "server/api/answer_cost.hpp"
#include "server/api/endpoint.hpp"
#include "server/encode/explanation.hpp"

namespace jobmap::api {

query::Result<Prepared> explain_job(const Call& call) {
  query::Reader r(call.params);
  auto q = parse_filter(r, *call.snapshot, call.areas.get());
  r.finish();
  if (r.failed()) return r.error();
  const auto row = call.snapshot->jobs->find(call.path[0]);
  if (!row || !call.snapshot->alive.test(*row))
    return query::Error{query::Code::not_found, "there is no job of this id, or it has expired", "id",
                        call.path[0], "the id of a feature, source:id"};
  Prepared prepared;
  prepared.canonical = q.canonical;
  prepared.heavy = true;  // a word is searched for in all jobs, two hours of travel along all streets
  prepared.cost_us = explain_cost(q, *call.snapshot).us;
  prepared.make = [q = std::move(q), row = *row, s = call.snapshot]() -> query::Result<std::string> {
    return encode::explanation_json({q, *s, row, query::explain(q, *s, row)});
  };
  return prepared;
}

}  // namespace jobmap::api
