#include "server/api/ogc/city_items.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <numeric>

#include "data/model/time.hpp"
#include "geo/deadline.hpp"
#include "server/api/answer_cost.hpp"
#include "server/api/ogc/box_filter.hpp"
#include "server/api/ogc/city_queryables.hpp"
#include "server/api/ogc/filter.hpp"
#include "server/api/ogc/item.hpp"
#include "server/encode/city_geojson.hpp"
#include "server/query/parse/sort_values.hpp"
#include "server/query/parse/sortby.hpp"
#include "server/query/parse/time_span.hpp"
#include "server/query/syntax/box.hpp"
#include "server/query/syntax/cql2/equality.hpp"

namespace jobmap::api::ogc {
namespace {

using encode::CityLayer;

// A feature that is found, with what it is sorted by.
struct Match {
  std::size_t i = 0;
  query::SortValues values;
  std::string_view id;
};

struct CityQuery {
  CityLayer layer = CityLayer::stations;
  std::optional<BoxFilter> box;
  std::optional<Filter> filter;
  std::vector<query::SortKey> order;
  std::optional<query::Cursor> after;                 // the last feature of the page before
  query::SortValues after_values;                     // of it
  std::uint64_t hash = 0;                             // of the filter and the order: what a cursor belongs to
  std::uint64_t properties = encode::all_properties;  // bit per property of the layer
  bool hits = false;                                  // only how many there are

  bool comes_before(const Match& a, const Match& b) const {
    const int by_values = compare(a.values, b.values, order);
    return by_values ? by_values < 0 : a.id < b.id;
  }
  // The matches, in the order of sortby.
  std::vector<Match> matches(const data::City& city) const {
    std::vector<std::size_t> found(city_size(city, layer));
    std::iota(found.begin(), found.end(), 0);
    Regions regions;
    std::erase_if(found, [&](std::size_t i) {
      geo::check_deadline(16);
      return (box && !box->meets(city, layer, i)) ||
             (filter && evaluate(filter->expression.root, CityFeature(city, layer, i, regions)) !=
                            query::cql2::Truth::yes);
    });
    std::vector<Match> sorted;
    for (const auto i : found) sorted.push_back({i, values_of(city, i), city_id(city, layer, i)});
    std::sort(sorted.begin(), sorted.end(), [&](const auto& a, const auto& b) { return comes_before(a, b); });
    return sorted;
  }

 private:
  query::SortValues values_of(const data::City& city, std::size_t i) const {
    Regions none;
    const CityFeature feature(city, layer, i, none);
    query::SortValues values;
    for (const auto& key : order) {
      const auto value = feature.get(key.property);
      if (const auto* text = std::get_if<std::string_view>(&value))
        values.emplace_back(std::string(text->substr(0, query::sort_bytes)));
      else if (const auto* number = std::get_if<double>(&value))
        values.emplace_back(*number);
      else
        values.emplace_back();
    }
    return values;
  }
};

// Ids and codes hold no comma, so several of them can be asked for; a name is taken whole.
bool is_city_code(std::string_view property) {
  return property == "id" || property == "adcode" || property == "kind" || property == "color";
}

std::vector<query::cql2::Node> read_equalities(query::Reader& r, CityLayer layer) {
  std::vector<query::cql2::Node> conditions;
  const auto queryables = city_queryables(layer);
  for (std::size_t i = 0; i < queryables.size(); ++i) {
    const auto& q = queryables[i];
    if (q.type == query::cql2::Type::geometry || !r.has(q.name) || r.failed()) continue;
    auto node = query::cql2::equality(queryables, i, r.raw(q.name), 0, is_city_code(q.name));
    if (node)
      conditions.push_back(*std::move(node));
    else
      r.fail(node.error());
  }
  return conditions;
}

std::vector<query::SortKey> read_order(query::Reader& r, CityLayer layer) {
  const auto queryables =
      city_queryables(layer).first(city_queryables(layer).size() - 1);  // but the geometry
  std::string names;
  for (const auto& q : queryables) names.append(names.empty() ? "" : ", ").append(q.name);
  return query::read_sortby(r, names, [&](std::string_view name) -> std::optional<int> {
    for (std::size_t i = 0; i < queryables.size(); ++i)
      if (queryables[i].name == name) return static_cast<int>(i);
    return std::nullopt;
  });
}

std::uint64_t read_properties(query::Reader& r, CityLayer layer) {
  const auto names = r.list("properties");
  if (!names) return encode::all_properties;
  const auto properties = encode::city_properties(layer);
  std::uint64_t mask = 0;
  std::string allowed;
  for (const auto& p : properties) allowed.append(allowed.empty() ? "" : ", ").append(p.name);
  for (const auto& name : *names) {
    const auto it =
        std::find_if(properties.begin(), properties.end(), [&](const auto& p) { return p.name == name; });
    if (it != properties.end())
      mask |= std::uint64_t{1} << (it - properties.begin());
    else if (name != "id" && name != "geometry")  // which are always there
      r.fail("properties", name, "there is no such property", allowed);
  }
  return mask;
}

void read_cursor(query::Reader& r, CityQuery& q) {
  const auto text = r.text("cursor");
  if (!text) return;
  q.after = query::read_cursor(*text);
  auto values = q.after ? query::read_values(q.after->values, q.order.size()) : std::nullopt;
  if (!values || q.after->query != q.hash)
    return r.fail("cursor", *text, "this is no cursor of this query", "the cursor of a next link, unchanged");
  q.after_values = *std::move(values);
}

CityQuery read_query(const Call& call, const Collection& c, query::Reader& r, const ItemsRequest& request) {
  CityQuery q;
  q.layer = *c.layer;
  if (request.box)
    if (const auto box = check_box(r, request.bbox_crs->crs, *request.box))
      q.box.emplace(request.bbox_crs->crs, *box);
  const auto& zone = call.snapshot->city->zone;
  if (const auto time = r.text("datetime"); time && !query::parse_time_span(*time, zone))
    r.fail("datetime", *time, "this is neither a time nor an interval", std::string(query::time_span_forms));
  q.filter = read_filter(r, *call.snapshot, city_queryables(q.layer));
  if (q.filter) refuse_crossing_areas(r, q.layer, q.filter->expression);
  q.filter = with_conditions(std::move(q.filter), read_equalities(r, q.layer), city_queryables(q.layer));
  q.order = read_order(r, q.layer);
  q.properties = read_properties(r, q.layer);
  q.hits = read_hits(r);
  std::string filter(c.id);
  for (const auto& key : q.order) filter += (key.descending ? "&-" : "&+") + std::to_string(key.property);
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
  const Match last = q.after ? Match{0, q.after_values, q.after->id} : Match{};
  const auto after = std::partition_point(
      found.begin(), found.end(), [&](const Match& m) { return q.after && !q.comes_before(last, m); });
  const std::ptrdiff_t left = found.end() - after,
                       returned = q.hits ? 0 : std::min<std::ptrdiff_t>(left, request.limit);
  std::string next;
  if (returned && returned < left) {
    const Match& end = after[returned - 1];
    next = query::write_cursor({q.hash, 0, std::string(end.id), query::write_values(end.values)});
  }
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
    write_city_feature(w, city, q.layer, i->i, {w, request.crs->crs, request.crs->y_first}, q.properties);
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
  const auto cost = city_cost(*call.snapshot->city, q.layer, static_cast<std::size_t>(request.limit),
                              request.crs->crs != geo::Crs::wgs84);
  prepared.cost_us = cost.us;
  prepared.body_bytes = cost.bytes;
  if (prepared.format == Format::html) prepared.cost_us += html_us(cost.bytes);
  // Outlines of thousands of points are related to each other.
  if (q.filter && relates_shapes(q.layer, q.filter->expression))
    prepared.heavy = true, prepared.cost_us += 3000;
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
