#include "server/http/logged_target.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "server/api/coarse_numbers.hpp"
#include "server/query/syntax/number_text.hpp"
#include "server/query/syntax/percent_coding.hpp"

namespace jobmap::http {
namespace {

using api::Which;

constexpr std::string_view nothing = "-";
constexpr std::string_view plain_signs = ",;:()'*/";  // stay as they are, so that a log can be read
constexpr std::array<std::string_view, 13> places{"near",     "reach",     "from",  "bbox", "at",
                                                  "point",    "location",  "lat",   "lon",  "lng",
                                                  "latitude", "longitude", "center"};
constexpr std::array<std::string_view, 2> shapes{"POINT", "BBOX"};  // MULTIPOINT ends in one of them
constexpr std::array<std::string_view, 2> long_shapes{"LINESTRING", "POLYGON"};

std::string in_lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

// Numbers with commas and semicolons between, as near=, reach= and bbox= have them.
std::string coarse_places(std::string_view value) {
  std::string out;
  while (true) {
    const auto end = std::min(value.find_first_of(",;"), value.size());
    const auto number = query::parse_number(value.substr(0, end));
    if (!number) return std::string(nothing);
    const auto coarse = api::coarse_number(*number);
    if (coarse == nothing) return coarse;
    out += coarse;
    if (end == value.size()) return out;
    out += value[end];
    value.remove_prefix(end + 1);
  }
}

// Whether a text ends in the name of a geometry, blanks behind it aside.
bool ends_in_shape(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back()))) text.remove_suffix(1);
  const auto ends = [&](std::string_view name) {
    return text.size() >= name.size() &&
           std::equal(name.begin(), name.end(), text.end() - static_cast<std::ptrdiff_t>(name.size()),
                      [](char a, unsigned char b) { return a == std::toupper(b); });
  };
  return std::any_of(shapes.begin(), shapes.end(), ends) ||
         std::any_of(long_shapes.begin(), long_shapes.end(), ends);
}

// All numbers of a CQL2 geometry, and elsewhere those that are as precise as a place: a geometry may be
// misspelt.
std::string coarse_filter(std::string_view filter) {
  // In CQL2 JSON a geometry is a list in lists, so all numbers count where there is one.
  const bool has_geometry =
      filter.find("\"coordinates\"") != filter.npos || filter.find("\"bbox\"") != filter.npos;
  if (filter.starts_with('{') && has_geometry) return api::coarse_numbers(filter, Which::all);
  std::string out;
  std::size_t from = 0, open = 0;
  int depth = 0;  // of parentheses in a geometry
  const auto take = [&](std::size_t end, Which which) {
    out += api::coarse_numbers(filter.substr(from, end - from), which);
    from = end;
  };
  for (std::size_t i = 0; i < filter.size(); ++i) {
    if (filter[i] == '(' && (depth > 0 || ends_in_shape(filter.substr(open, i - open)))) {
      if (depth++ == 0) take(i, Which::planar);
    } else if (filter[i] == ')' && depth > 0 && --depth == 0) {
      take(i, Which::all);
      open = i;
    }
  }
  take(filter.size(), depth > 0 ? Which::all : Which::planar);
  return out;
}

// The logged form of a value that is written percent-encoded or not.
std::string coarse_value(std::string_view name, std::string_view raw) {
  const auto value = query::percent_decode(raw, true);
  if (!value || name == "cursor") return std::string(nothing);
  const auto coarse = name == "filter" ? coarse_filter(*value) : coarse_places(*value);
  return coarse == *value ? std::string(raw) : query::percent_encode(coarse, plain_signs);
}

// A text of which nothing is known, percent-encoded or not: what is as precise as a place becomes coarse,
// whatever it is called and wherever it stands.
std::string coarse_rest(std::string_view raw) {
  const auto text = query::percent_decode(raw, true);
  if (!text) return std::string(raw);
  const auto coarse = api::coarse_numbers(*text, Which::precise);
  return coarse == *text ? std::string(raw) : query::percent_encode(coarse, "=?;,:()'*/");
}

bool is_private(std::string_view name) {
  return name == "cursor" || name == "filter" ||
         std::find(places.begin(), places.end(), name) != places.end();
}

// One "name=value" of a query string.
std::string coarse_item(std::string_view item) {
  const auto equals = item.find('=');
  if (equals == item.npos || equals + 1 == item.size()) return coarse_rest(item);
  const auto raw = item.substr(equals + 1), head = item.substr(0, equals + 1);
  const auto name = query::percent_decode(item.substr(0, equals), true);
  if (!name) return std::string(head) + std::string(nothing);  // refused, and it might be any of them
  const auto known = in_lower_case(*name);
  return is_private(known) ? std::string(head) + coarse_value(known, raw)
         : known == "q"    ? std::string(item)
                           : coarse_rest(item);
}

}  // namespace

std::string logged_target(std::string_view target) {
  const auto mark = target.find('?');
  if (mark == target.npos) return coarse_rest(target);
  std::string out = coarse_rest(target.substr(0, mark)) + '?';
  for (auto rest = target.substr(mark + 1);;) {
    const auto end = std::min(rest.find('&'), rest.size());
    out += coarse_item(rest.substr(0, end));
    if (end == rest.size()) return out;
    out += '&';
    rest.remove_prefix(end + 1);
  }
}

}  // namespace jobmap::http
