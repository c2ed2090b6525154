#include "server/api/ogc/items_request.hpp"

#include <algorithm>
#include <ctime>
#include <limits>

#include "server/query/syntax/percent_coding.hpp"

namespace jobmap::api::ogc {
namespace {

// Four numbers, or six with heights, in the order of the system's axes.
std::optional<geo::Box> read_box(query::Reader& reader, const CrsUri& crs) {
  const auto commas = std::ranges::count(reader.raw("bbox"), ',');
  const auto v = reader.numbers("bbox", commas == 5 ? 6 : 4);
  if (!v) return std::nullopt;
  const std::size_t second = v->size() / 2;
  geo::Box box{(*v)[0], (*v)[1], (*v)[second], (*v)[second + 1]};
  if (crs.y_first) {
    std::swap(box.min_x, box.min_y);
    std::swap(box.max_x, box.max_y);
  }
  return box;
}

std::string without(const query::Params& params, std::initializer_list<std::string_view> names) {
  std::string text;
  for (const auto& [name, value] : params.all()) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    if (!text.empty()) text += '&';
    text += query::percent_encode(name) + '=' + query::percent_encode(value, ",:");
  }
  return text;
}

std::string joined(std::string_view query, const std::string& cursor) {
  std::string text(query);
  if (!cursor.empty()) text += (text.empty() ? "cursor=" : "&cursor=") + query::percent_encode(cursor);
  return text;
}

}  // namespace

std::string content_crs(const CrsUri& crs) { return "<" + std::string(crs.uri) + ">"; }

query::Result<ItemsRequest> read_items_request(const Call& call, const Collection& c, query::Reader& r) {
  ItemsRequest request;
  request.page.path = "/ogc/collections/" + std::string(c.id) + "/items";
  request.page.title = c.title;
  request.page.json = Format::geojson;
  const auto format = negotiate_page(call, r, Format::geojson);
  if (!format) return format.error();
  request.page.format = *format;
  request.page.base = link_base(call);
  request.page.snapshot = call.snapshot;
  request.crs = &read_crs(r, "crs");
  request.bbox_crs = &read_crs(r, "bbox-crs");
  request.box = read_box(r, *request.bbox_crs);
  if (const auto limit = r.integer("limit", 1, std::numeric_limits<long long>::max()))
    request.limit = std::min(*limit, max_limit);
  if (r.failed()) return r.error();
  request.query = without(call.params, {"f", "cursor"});
  request.given = call.params;
  if (const auto* cursor = call.params.find("cursor")) request.cursor = *cursor;
  request.made_at = std::time(nullptr);
  return request;
}

bool read_hits(query::Reader& r) {
  const auto type = r.text("resultType");
  if (type && *type != "hits" && *type != "results")
    r.fail("resultType", *type, "there is no such type of result", "results, hits");
  return type == "hits";
}

boost::json::array ItemsRequest::links(const std::string& next_cursor) const {
  // A target holds 8 KiB, and its base and cursor take some of it.
  constexpr std::size_t most_query = 7000;
  const bool fits = query.size() <= most_query;
  auto links = fits ? page.own_links(joined(query, cursor)) : boost::json::array{posted("self", cursor)};
  const std::string f = page.format == Format::html ? "f=html" : "f=json";
  if (!next_cursor.empty())
    links.push_back(fits ? page.link(page.path + "?" + joined(query, next_cursor) + "&" + f, "next",
                                     link_type(page.format), "The next page")
                         : posted("next", next_cursor));
  const auto collection = page.path.substr(0, page.path.rfind('/'));
  links.push_back(page.link(collection, "collection", link_type(Format::json), "The collection"));
  return links;
}

boost::json::object ItemsRequest::posted(std::string_view rel, const std::string& with_cursor) const {
  boost::json::object body;
  for (const auto& [name, value] : given.all())
    if (name != "cursor") body[name] = value;
  if (!with_cursor.empty()) body["cursor"] = with_cursor;
  const auto collection = page.path.substr(0, page.path.rfind('/'));
  auto link = page.link(collection + "/search", rel, link_type(page.format),
                        rel == "next" ? "The next page" : "This document");
  link["method"] = "POST";
  link["headers"] = {{"Content-Type", "application/json"}};
  link["body"] = std::move(body);
  return link;
}

Prepared ItemsRequest::prepared() const {
  Prepared prepared;
  prepared.canonical = page.base + page.path + "?" + joined(query, cursor);
  prepared.format = page.format;
  prepared.stamped = true;
  prepared.heavy = page.format == Format::html;
  prepared.headers.emplace_back("Content-Crs", content_crs(*crs));
  add_policy(prepared);
  return prepared;
}

}  // namespace jobmap::api::ogc
