#include "api/ogc/city_items.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <numeric>

#include "api/ogc/box_filter.hpp"
#include "api/ogc/city_queryables.hpp"
#include "api/ogc/filter.hpp"
#include "api/ogc/item.hpp"
#include "data/time.hpp"
#include "encode/city_geojson.hpp"
#include "geo/deadline.hpp"
#include "query/box.hpp"
#include "query/list/cursor.hpp"
#include "query/parse/time_span.hpp"

namespace jobmap::api::ogc {
namespace {

using encode::CityLayer;
using encode::CityProperty;
using encode::CityType;

// A property that must have one of the values.
struct Wanted {
  const CityProperty* property;
  std::vector<std::string> values;

  bool fits(const data::City& city, std::size_t i) const {
    const auto value = property->value(city, i);
    std::string text;
    if (const auto* s = std::get_if<std::string_view>(&value)) text = *s;
    if (const auto* n = std::get_if<std::int64_t>(&value)) text = std::to_string(*n);
    return !text.empty() && std::find(values.begin(), values.end(), text) != values.end();
  }
};

struct CityQuery {
  CityLayer layer;
  std::vector<Wanted> wanted;
  std::optional<BoxFilter> box;
  std::optional<Filter> filter;
  std::string after;       // the id that the page before ended with
  std::uint64_t hash = 0;  // of the filter: what a cursor belongs to

  // In the order of their ids.
  std::vector<std::size_t> matches(const data::City& city) const {
    std::vector<std::size_t> found(city_size(city, layer));
    std::iota(found.begin(), found.end(), 0);
    Regions regions;
    std::erase_if(found, [&](std::size_t i) {
      geo::check_deadline(16);
      const auto fits = [&](const Wanted& w) { return w.fits(city, i); };
      return !std::all_of(wanted.begin(), wanted.end(), fits) || (box && !box->meets(city, layer, i)) ||
             (filter && evaluate(filter->expression.root, CityFeature(city, layer, i, regions)) !=
                            query::cql2::Truth::yes);
    });
    std::sort(found.begin(), found.end(), [&](std::size_t a, std::size_t b) {
      return city_id(city, layer, a) < city_id(city, layer, b);
    });
    return found;
  }
};

void read_wanted(query::Reader& r, CityQuery& q) {
  for (const auto& property : encode::city_properties(q.layer)) {
    if (property.type != CityType::text && property.type != CityType::integer) continue;
    auto values = r.list(property.name);
    if (!values) continue;
    for (const auto& value : *values)
      if (property.type == CityType::integer && !query::parse_integer(value))
        r.fail(property.name, value, "this is not a whole number", "whole numbers, comma-separated");
    q.wanted.push_back({&property, *std::move(values)});
  }
}

void read_cursor(query::Reader& r, CityQuery& q) {
  const auto text = r.text("cursor");
  if (!text) return;
  const auto cursor = query::read_cursor(*text);
  if (!cursor || cursor->query != q.hash)
    return r.fail("cursor", *text, "this is no cursor of this query", "the cursor of a next link, unchanged");
  q.after = cursor->id;
}

CityQuery read_query(const Call& call, const Collection& c, query::Reader& r, const ItemsRequest& request) {
  CityQuery q{*c.layer, {}, {}, {}, {}};
  read_wanted(r, q);
  if (request.box)
    if (const auto box = check_box(r, request.bbox_crs->crs, *request.box))
      q.box.emplace(request.bbox_crs->crs, *box);
  const auto& zone = call.snapshot->city->zone;
  if (const auto time = r.text("datetime"); time && !query::parse_time_span(*time, zone))
    r.fail("datetime", *time, "this is neither a time nor an interval", std::string(query::time_span_forms));
  q.filter = read_filter(r, *call.snapshot, city_queryables(q.layer));
  if (q.filter) refuse_crossing_areas(r, q.layer, q.filter->expression);
  std::string filter(c.id);
  for (const auto& w : q.wanted) {
    filter.append("&").append(w.property->name);
    for (const auto& value : w.values) filter += "=" + value;
  }
  if (request.box) filter.append(request.bbox_crs->uri) += query::to_text(*request.box);
  if (q.filter) filter.append("&").append(geo::name_of(q.filter->crs)) += q.filter->expression.text;
  q.hash = query::hash_text(filter);
  read_cursor(r, q);
  r.finish();
  return q;
}

std::string write_page(const CityQuery& q, const ItemsRequest& request) {
  const auto& city = *request.page.snapshot->city;
  const auto found = q.matches(city);
  const auto after = std::partition_point(found.begin(), found.end(), [&](std::size_t i) {
    return !q.after.empty() && city_id(city, q.layer, i) <= q.after;
  });
  const std::ptrdiff_t left = found.end() - after, returned = std::min<std::ptrdiff_t>(left, request.limit);
  std::string next;
  if (returned < left)
    next = query::write_cursor({q.hash, 0, std::string(city_id(city, q.layer, after[returned - 1]))});
  std::string body;
  encode::JsonWriter w(body);
  w.raw(R"({"type":"FeatureCollection","numberMatched":)"),
      w.integer(static_cast<std::int64_t>(found.size()));
  w.raw(R"(,"numberReturned":)"), w.integer(returned);
  w.raw(R"(,"generation":)"), w.text(request.page.snapshot->generation);
  w.raw(R"(,"timeStamp":)"), w.time(request.made_at);
  w.raw(R"(,"links":)"), w.raw(boost::json::serialize(request.links(next)));
  w.raw(R"(,"features":[)");
  for (auto i = after; i != after + returned; ++i) {
    if (i != after) w.raw(",\n");
    write_city_feature(w, city, q.layer, *i, {w, request.crs->crs, request.crs->y_first});
  }
  w.raw("]}\n");
  w.finish();
  return body;
}

}  // namespace

query::Result<Prepared> city_items(const Call& call, const Collection& c, query::Reader& r,
                                   ItemsRequest request) {
  auto q = read_query(call, c, r, request);
  if (r.failed()) return r.error();
  auto prepared = request.prepared();
  // Outlines of thousands of points are related to each other.
  if (q.filter && relates_shapes(q.layer, q.filter->expression))
    prepared.heavy = true, prepared.cost_us = 3000;
  prepared.make = [q = std::move(q), request = std::move(request)]() -> query::Result<std::string> {
    return rendered(request.page, write_page(q, request));
  };
  return prepared;
}

query::Result<Prepared> city_item(const Call& call, const Collection& c, Page page, const CrsUri& crs,
                                  const std::string& id) {
  const auto& city = *call.snapshot->city;
  std::size_t i = 0;
  while (i < city_size(city, *c.layer) && city_id(city, *c.layer, i) != id) ++i;
  if (i == city_size(city, *c.layer)) return no_such_item(id);
  return prepare_item(std::move(page), crs,
                      [layer = *c.layer, i, crs](const data::Snapshot& snapshot, const std::string& links) {
                        std::string body;
                        encode::JsonWriter w(body);
                        write_city_feature(w, *snapshot.city, layer, i, {w, crs.crs, crs.y_first});
                        w.cut(w.size() - 1);  // inside the feature
                        w.raw(R"(,"links":)"), w.raw(links), w.raw("}\n");
                        w.finish();
                        return body;
                      });
}

}  // namespace jobmap::api::ogc
