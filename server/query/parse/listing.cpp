#include <algorithm>

#include "query/parse/parsing.hpp"

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

void parse_fields(Reader& r, JobQuery& q) {
  const auto names = r.list("fields");
  if (!names) return;
  q.fields = 0;
  for (const auto& name : *names) {
    const auto it = std::find(field_names.begin(), field_names.end(), name);
    if (it == field_names.end())
      return r.fail("fields", name, "there is no such property", joined(field_names));
    q.fields |= 1ull << (it - field_names.begin());
  }
}

constexpr std::array<std::string_view, 5> sort_names{"newest", "distance", "pay", "minutes", "relevance"};

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

std::uint64_t JobQuery::order_hash() const {
  return hash_text(canonical + "|" + std::to_string(static_cast<int>(sort)) + (reverse ? "-" : ""));
}

void parse_listing(Reader& r, JobQuery& q, const data::Snapshot&, long long max_limit) {
  q.sort = !q.terms.empty()   ? Sort::relevance
           : q.has_minutes()  ? Sort::minutes
           : q.has_distance() ? Sort::distance
                              : Sort::newest;
  if (const auto text = r.text("sort")) {
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
    else if (q.after->query != q.order_hash())
      r.fail("cursor", *text, "this cursor belongs to another query", "the next link of this very query");
  }
  q.canonical_list = "sort=" + std::string(q.reverse ? "-" : "") +
                     std::string(sort_names[static_cast<std::size_t>(q.sort)]) +
                     "&limit=" + std::to_string(q.limit) + canonical_fields(q);
}

}  // namespace jobmap::query
