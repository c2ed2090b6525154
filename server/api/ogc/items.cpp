// GET /ogc/collections/{collectionId}/items and /ogc/collections/{collectionId}/items/{featureId}.
#include <boost/json/serialize.hpp>

#include "server/api/ogc/city_items.hpp"
#include "server/api/ogc/item.hpp"
#include "server/api/ogc/job_items.hpp"
#include "server/query/syntax/percent_coding.hpp"

namespace jobmap::api {
namespace ogc {

query::Error no_such_item(const std::string& id) {
  return {query::Code::not_found, "There is no such feature in this collection.", "featureId", id,
          "the id of a feature of its items"};
}

query::Result<Prepared> prepare_item(Page page, const CrsUri& crs, WriteItem write) {
  // The coordinate system is part of the canonical text, since a header names it.
  const std::string system = "crs=" + query::percent_encode(crs.uri, ":");
  auto links = page.own_links(crs.uri == crs_uris().front().uri ? std::string_view() : system);
  const auto collection = page.path.substr(0, page.path.find("/items/"));
  links.push_back(page.link(collection, "collection", link_type(Format::json), "The collection"));
  Prepared prepared;
  prepared.canonical = page.base + page.path + "?" + system;
  prepared.format = page.format;
  prepared.headers.emplace_back("Content-Crs", content_crs(crs));
  add_policy(prepared);
  prepared.make = [page = std::move(page), write = std::move(write),
                   links = boost::json::serialize(links)]() -> query::Result<std::string> {
    return rendered(page, write(*page.snapshot, links));
  };
  return prepared;
}

}  // namespace ogc

query::Result<Prepared> ogc_items(const Call& call) {
  const auto c = ogc::find_collection(call.path.at(0));
  if (!c) return c.error();
  query::Reader r(call.params);
  auto request = ogc::read_items_request(call, **c, r);
  if (!request) return request.error();
  if (!(*c)->layer) return ogc::job_items(call, r, *std::move(request));
  return ogc::city_items(call, **c, r, *std::move(request));
}

query::Result<Prepared> ogc_item(const Call& call) {
  const auto c = ogc::find_collection(call.path.at(0));
  if (!c) return c.error();
  const std::string& id = call.path.at(1);
  query::Reader r(call.params);
  const auto format = ogc::negotiate_page(call, r, Format::geojson);
  if (!format) return format.error();
  const auto& crs = ogc::read_crs(r, "crs");
  r.finish();
  if (r.failed()) return r.error();
  ogc::Page page{"/ogc/collections/" + call.path[0] + "/items/" + query::percent_encode(id, ":"), id};
  page.json = Format::geojson;
  page.base = ogc::link_base(call);
  page.format = *format;
  page.snapshot = call.snapshot;
  if (!(*c)->layer) return ogc::job_item(call, std::move(page), crs, id);
  return ogc::city_item(call, **c, std::move(page), crs, id);
}

}  // namespace jobmap::api
