#include "server/api/ogc/job_items.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>

#include "server/api/answer_cost.hpp"
#include "server/api/ogc/filter.hpp"
#include "server/api/ogc/item.hpp"
#include "server/api/ogc/job_params.hpp"
#include "server/encode/job_list.hpp"
#include "server/query/parse/job_queryables.hpp"
#include "server/query/syntax/box.hpp"
#include "server/query/syntax/percent_coding.hpp"

namespace jobmap::api::ogc {
namespace {

constexpr std::string_view own[] = {"f",     "crs",    "bbox",        "bbox-crs",
                                    "limit", "filter", "filter-lang", "filter-crs"};

// The same question in the parameters of /v1/jobs, where x is always first.
query::Params to_job_params(const query::Params& given, const ItemsRequest& request) {
  std::vector<std::pair<std::string, std::string>> items;
  for (const auto& item : given.all())
    if (std::find(std::begin(own), std::end(own), item.first) == std::end(own)) items.push_back(item);
  items.emplace_back("crs", geo::name_of(request.crs->crs));
  if (request.box) {
    items.emplace_back("bbox", query::to_text(*request.box));
    items.emplace_back("bbox-crs", geo::name_of(request.bbox_crs->crs));
  }
  items.emplace_back("limit", std::to_string(request.limit));
  return query::Params(std::move(items));
}

void add_filter(query::JobQuery& q, Filter filter) {
  if (!q.canonical.empty()) q.canonical += '&';
  q.canonical += "filter=" + query::percent_encode(filter.expression.text, ",:/");
  if (filter.crs != q.crs)
    q.canonical += "&filter-crs=" + query::percent_encode(geo::name_of(filter.crs), ":");
  q.filter = std::make_shared<const query::cql2::Expression>(std::move(filter.expression));
}

// A page without jobs, for requests that ask only how many there are.
query::Page only_totals(const query::JobQuery& q, const data::Snapshot& snapshot) {
  query::Page page;
  page.totals = count(q, snapshot, &page.visits);
  return page;
}

}  // namespace

query::Result<Prepared> job_items(const Call& call, query::Reader& given, ItemsRequest request) {
  const auto queryables = query::job_queryables();
  auto asked = split_job_params(call.params, *call.snapshot);
  if (!asked) return asked.error();
  auto filter = read_filter(given, *call.snapshot, queryables);
  if (given.failed()) return given.error();
  filter = with_conditions(std::move(filter), std::move(asked->conditions), queryables);
  const auto params = to_job_params(asked->rest, request);
  query::Reader r(params);
  r.has("f");  // read already
  for (const auto& q : queryables)
    if (q.type != query::cql2::Type::geometry) r.has(q.name);
  auto q = parse_filter(r, *call.snapshot, call.areas.get());
  if (filter) add_filter(q, *std::move(filter));
  parse_order(r, q);
  parse_listing(r, q, *call.snapshot, max_limit);
  parse_properties(r, q);
  const bool hits = read_hits(r);
  r.finish();
  if (r.failed()) return r.error();
  q.y_first = request.crs->y_first;
  auto prepared = request.prepared();
  const auto cost = list_cost(q, *call.snapshot);
  prepared.cost_us = cost.us;
  prepared.body_bytes = cost.bytes;
  if (prepared.format == Format::html) prepared.cost_us += html_us(cost.bytes);
  prepared.rows_visited = std::make_shared<std::uint64_t>(0);
  prepared.make = [q = std::move(q), request = std::move(request), hits,
                   visited = prepared.rows_visited]() -> query::Result<std::string> {
    const auto& snapshot = *request.page.snapshot;
    const auto page = hits ? only_totals(q, snapshot) : evaluate(q, snapshot);
    *visited = page.visits.rows;
    const auto links = boost::json::serialize(request.links(page.next_cursor));
    return rendered(request.page, encode::list_geojson({q, snapshot, page, "", "", links, request.made_at}));
  };
  return prepared;
}

query::Result<Prepared> job_item(const Call& call, Page page, const CrsUri& crs, const std::string& id) {
  const auto row = call.snapshot->jobs->find(id);
  if (!row || !call.snapshot->alive.test(*row)) return no_such_item(id);
  query::JobQuery q;
  q.crs = crs.crs;
  q.y_first = crs.y_first;
  return prepare_item(
      std::move(page), crs,
      [q = std::move(q), row = *row](const data::Snapshot& snapshot, const std::string& links) {
        return encode::job_geojson(q, snapshot, {row, -1}, links);
      });
}

}  // namespace jobmap::api::ogc
