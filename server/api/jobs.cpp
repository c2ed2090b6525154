// GET /v1/jobs, POST /v1/jobs/search and GET /v1/jobs/{id}.
#include "server/api/answer_cost.hpp"
#include "server/api/endpoint.hpp"
#include "server/encode/job_list.hpp"

namespace jobmap::api {
namespace {

using query::JobQuery;
using query::Result;

struct ListWork {
  JobQuery query;
  Generation snapshot;
  std::string base;  // of links: the answer's own path and query, but for the cursor
  std::string
      post_to;  // where the query was posted: links then say what to post, since a URL may not hold it
  std::string cursor;
  Format format;
  std::shared_ptr<std::uint64_t> rows_visited = std::make_shared<std::uint64_t>(0);

  std::string operator()() const {
    const auto page = evaluate(query, *snapshot);
    *rows_visited = page.visits.rows;
    const std::string self = cursor.empty() ? base : base + "&cursor=" + cursor;
    const std::string next = page.next_cursor.empty() ? "" : base + "&cursor=" + page.next_cursor;
    const encode::JobList list{
        .query = query, .snapshot = *snapshot, .page = page, .self = self, .next = next, .post_to = post_to};
    return format == Format::pb ? list_pb(list) : list_geojson(list);
  }
};

}  // namespace

Result<Prepared> list_jobs(const Call& call) {
  query::Reader r(call.params);
  const auto format = negotiate(call, r, {Format::geojson, Format::pb});
  if (!format) return format.error();
  auto q = parse_filter(r, *call.snapshot, call.areas.get());
  parse_listing(r, q, *call.snapshot);
  q.explain = r.boolean("explain").value_or(false);
  r.finish();
  if (r.failed()) return r.error();

  const auto* cursor = call.params.find("cursor");
  const bool posted = call.request.method == Method::post;
  const std::string path = call.public_base + "/v1/jobs";
  ListWork work{.query = std::move(q),
                .snapshot = call.snapshot,
                .base = posted ? "" : path + '?',
                .post_to = posted ? path + "/search" : "",
                .cursor = cursor ? *cursor : "",
                .format = *format};
  std::string canonical = work.query.canonical;
  if (!canonical.empty()) canonical += '&';
  canonical += work.query.canonical_list;
  if (work.query.explain) canonical += "&explain=true";
  if (*format == Format::pb) canonical += "&f=pb";
  work.base += canonical;
  const auto cost = list_cost(work.query, *call.snapshot);
  auto rows_visited = work.rows_visited;
  return Prepared{.canonical = canonical + "&cursor=" + work.cursor,
                  .format = *format,
                  .cost_us = cost.us,
                  .body_bytes = cost.bytes,
                  .make = [work = std::move(work)]() -> Result<std::string> { return work(); },
                  .rows_visited = std::move(rows_visited)};
}

Result<Prepared> get_job(const Call& call) {
  query::Reader r(call.params);
  const auto format = negotiate(call, r, {Format::geojson, Format::pb});
  if (!format) return format.error();
  JobQuery q;
  parse_presentation(r, q);
  r.finish();
  if (r.failed()) return r.error();
  const auto row = call.snapshot->jobs->find(call.path[0]);
  if (!row || !call.snapshot->alive.test(*row))
    return query::Error{query::Code::not_found, "there is no job of this id, or it has expired", "id",
                        call.path[0], "the id of a feature, source:id"};
  const std::string canonical = q.canonical;
  return Prepared{
      .canonical = canonical,
      .format = *format,
      .make = [q, row = *row, s = call.snapshot, f = *format]() -> Result<std::string> {
        return f == Format::pb ? encode::job_pb(q, *s, {row, -1}) : encode::job_geojson(q, *s, {row, -1});
      }};
}

}  // namespace jobmap::api
