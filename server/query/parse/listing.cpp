#include <algorithm>

#include "server/query/parse/crs_parameter.hpp"
#include "server/query/parse/job_queryables.hpp"
#include "server/query/parse/sort_values.hpp"
#include "server/query/parse/sortby.hpp"
#include "server/query/syntax/percent_coding.hpp"
#include "server/query/syntax/reader.hpp"

namespace jobmap::query {
namespace {

std::optional<Sort> parse_sort(Reader& r, std::string_view text, const JobQuery& q) {
  constexpr std::string_view allowed =
      "distance, minutes, newest, pay, relevance; with - in front the other way round";
  if (text == "newest") return Sort::newest;
  if (text == "distance") {
    if (q.has_distance()) return Sort::distance;
    r.fail("sort", text, "distance needs near, station or line", std::string(allowed));
  } else if (text == "pay") {
    if (q.pay_unit != data::PayUnit::none) return Sort::pay;
    r.fail("sort", text, "pay needs pay_unit, since units are never converted", std::string(allowed));
  } else if (text == "minutes") {
    if (q.has_minutes()) return Sort::minutes;
    r.fail("sort", text, "minutes need reach, or station or line with minutes", std::string(allowed));
  } else if (text == "relevance") {
    if (!q.terms.empty()) return Sort::relevance;
    r.fail("sort", text, "relevance needs q", std::string(allowed));
  } else {
    r.fail("sort", text, "there is no such order", std::string(allowed));
  }
  return std::nullopt;
}

void parse_fields(Reader& r, JobQuery& q, std::string_view parameter = "fields") {
  const auto names = r.list(parameter);
  if (!names) return;
  q.fields = 0;
  for (const auto& name : *names) {
    if (parameter == "properties" && (name == "id" || name == "geometry")) continue;  // always there
    const auto it = std::find(field_names.begin(), field_names.end(), name);
    if (it == field_names.end())
      return r.fail(parameter, name, "there is no such property", joined(field_names));
    q.fields |= 1ull << (it - field_names.begin());
  }
}

constexpr std::array<std::string_view, 6> sort_names{"newest",  "distance",  "pay",
                                                     "minutes", "relevance", "properties"};

std::string canonical_fields(const JobQuery& q) {
  if (q.fields == all_fields) return {};
  std::string names;
  for (std::size_t i = 0; i < field_names.size(); ++i)
    if (q.fields >> i & 1) names += (names.empty() ? "" : ",") + std::string(field_names[i]);
  return "&fields=" + names;
}

}  // namespace

void parse_presentation(Reader& r, JobQuery& q) {
  read_crs(r, "crs", q.crs);
  parse_fields(r, q);
  q.canonical = "crs=" + percent_encode(geo::name_of(q.crs), ":") + canonical_fields(q);
}

void parse_properties(Reader& r, JobQuery& q) {
  if (r.has("fields") && r.has("properties"))
    r.fail("fields", r.raw("fields"), "properties names them already", "fields or properties");
  if (r.has("properties")) parse_fields(r, q, "properties");
}

void parse_order(Reader& r, JobQuery& q) {
  const auto queryables = job_queryables();
  std::string allowed;
  for (std::size_t i = 0; i < queryables.size(); ++i)
    if (is_sortable(static_cast<int>(i)))
      allowed.append(allowed.empty() ? "" : ", ").append(queryables[i].name);
  const auto keys = read_sortby(r, allowed, [&](std::string_view name) -> std::optional<int> {
    for (std::size_t i = 0; i < queryables.size(); ++i)
      if (queryables[i].name == name && is_sortable(static_cast<int>(i))) return static_cast<int>(i);
    return std::nullopt;
  });
  q.order = keys;
}

std::uint64_t JobQuery::order_hash() const {
  std::string named = canonical + "|" + std::to_string(static_cast<int>(sort)) + (reverse ? "-" : "");
  for (const auto& key : order) named += (key.descending ? "-" : "+") + std::to_string(key.property);
  return hash_text(named);
}

void parse_listing(Reader& r, JobQuery& q, const data::Snapshot&, long long max_limit) {
  q.sort = !q.order.empty()   ? Sort::properties
           : !q.terms.empty() ? Sort::relevance
           : q.has_minutes()  ? Sort::minutes
           : q.has_distance() ? Sort::distance
                              : Sort::newest;
  if (const auto text = r.text("sort"); text && !q.order.empty()) {
    r.fail("sort", *text, "sortby orders the list already", "sort or sortby");
  } else if (text) {
    std::string_view name = *text;
    if (name.starts_with('-')) {
      q.reverse = true;
      name.remove_prefix(1);
    }
    if (const auto sort = parse_sort(r, name, q)) q.sort = *sort;
  }
  if (const auto limit = r.integer("limit", 1, max_limit)) q.limit = static_cast<std::uint32_t>(*limit);
  parse_fields(r, q);
  if (const auto text = r.text("cursor")) {
    q.after = read_cursor(*text);
    if (!q.after)
      r.fail("cursor", *text, "this is not a cursor", "the cursor of a next link, unchanged");
    else if (q.after->query != q.order_hash() ||
             (!q.order.empty() && !read_values(q.after->values, q.order.size())))
      r.fail("cursor", *text, "this cursor belongs to another query", "the next link of this very query");
  }
  q.canonical_list = "sort=" + std::string(q.reverse ? "-" : "") +
                     std::string(sort_names[static_cast<std::size_t>(q.sort)]) +
                     "&limit=" + std::to_string(q.limit) + canonical_fields(q);
}

}  // namespace jobmap::query
