#include "server/api/plan_body.hpp"

#include <boost/json.hpp>
#include <charconv>
#include <cmath>

#include "data/index/snapshot.hpp"
#include "data/model/utf8.hpp"
#include "server/query/parse/city_extent.hpp"
#include "server/query/syntax/number_text.hpp"

namespace jobmap::api {
namespace {

namespace json = boost::json;

// A double as people write it; one beyond that as short as it goes.
void show(double v, std::string& out) {
  char buffer[64];
  const auto [end, error] = std::abs(v) < 1e15
                                ? std::to_chars(buffer, std::end(buffer), v, std::chars_format::fixed)
                                : std::to_chars(buffer, std::end(buffer), v);
  out.append(buffer, error == std::errc() ? end : buffer);
}

constexpr std::size_t most_shown = 200;

// Writes a value as it was given, but without spaces, and numbers without an exponent.
void show(const json::value& value, std::string& out) {
  const auto list = [&](char open, const auto& items, char close, auto&& item) {
    out += open;
    for (const char* comma = ""; const auto& i : items) {
      if (out.size() > most_shown) return;
      out += comma, item(i), comma = ",";
    }
    out += close;
  };
  if (value.is_double())
    show(value.get_double(), out);
  else if (value.is_array())
    list('[', value.get_array(), ']', [&](const json::value& v) { show(v, out); });
  else if (value.is_object())
    list('{', value.get_object(), '}', [&](const auto& member) {
      out += json::serialize(json::value(member.key())) + ':', show(member.value(), out);
    });
  else
    out += json::serialize(value);
}

std::string shown(const json::value& value) {
  std::string text;
  show(value, text);
  if (text.size() > most_shown) text = text.substr(0, most_shown) + "…";
  return data::is_valid_utf8(text) ? text : std::string("?");
}

}  // namespace

std::optional<query::Error> refuse_plan(const Call& call) {
  if (!call.params.all().empty()) {
    const auto& [name, value] = call.params.all().front();
    return query::Error{query::Code::bad_request, "a plan is asked for in the body", name, value,
                        "no query string"};
  }
  return std::nullopt;
}

PlanBody::PlanBody(std::string_view text, const data::City& city)
    : region_(query::extent_of_districts(city)) {
  read(text);
}

void PlanBody::read(std::string_view body) {
  json::error_code error;
  json::parse_options options;
  options.max_depth = 8;
  auto value = json::parse(body, error, {}, options);
  if (error) return fail("", "", "the body is not JSON: " + error.message(), "a JSON object");
  if (!value.is_object()) return fail("", "", "the body is not a JSON object", "a JSON object");
  object_ = std::move(value.as_object());
  if (const auto name = text("crs")) {
    if (const auto crs = geo::parse_crs(*name))
      crs_ = *crs;
    else
      fail("crs", *name, "this coordinate reference system is not served", std::string(geo::crs_names()));
  }
}

const json::value* PlanBody::take(std::string_view name) {
  known_.insert(std::string(name));
  return failed() ? nullptr : object_.if_contains(name);
}

void PlanBody::fail(std::string_view name, std::string value, std::string message, std::string allowed,
                    query::Code code) {
  if (!error_)
    error_ = query::Error{code, std::move(message), std::string(name), std::move(value), std::move(allowed)};
}

std::optional<double> PlanBody::number(std::string_view name, double min, double max) {
  const auto* value = take(name);
  if (!value) return std::nullopt;
  if (value->is_number())
    if (const double v = value->to_number<double>(); std::isfinite(v) && v >= min && v <= max) return v;
  fail(name, shown(*value), value->is_number() ? "the number is out of range" : "this is not a number",
       query::shortest_decimal(min) + " to " + query::shortest_decimal(max));
  return std::nullopt;
}

std::optional<std::size_t> PlanBody::integer(std::string_view name, std::size_t min, std::size_t max) {
  const auto* value = take(name);
  if (!value) return std::nullopt;
  json::error_code error;
  const auto v = value->is_number() ? value->to_number<std::size_t>(error) : 0;
  if (value->is_number() && !error && v >= min && v <= max) return v;
  fail(name, shown(*value), "this is not a whole number in range",
       std::to_string(min) + " to " + std::to_string(max));
  return std::nullopt;
}

std::optional<std::string> PlanBody::text(std::string_view name) {
  const auto* value = take(name);
  if (!value) return std::nullopt;
  if (value->is_string()) return std::string(value->as_string());
  fail(name, shown(*value), "this is not a text", "a text");
  return std::nullopt;
}

std::optional<std::vector<std::string>> PlanBody::texts(std::string_view name, std::size_t most) {
  const auto* value = take(name);
  if (!value) return std::nullopt;
  std::vector<std::string> out;
  const auto* list = value->if_array();
  const bool fits = list && list->size() <= most;
  for (std::size_t i = 0; fits && i < list->size(); ++i)
    if ((*list)[i].is_string()) out.emplace_back((*list)[i].as_string());
  if (fits && out.size() == list->size()) return out;
  fail(name, shown(*value), "this is not a list of texts", "at most " + std::to_string(most) + " texts");
  return std::nullopt;
}

std::optional<geo::LonLat> PlanBody::point(std::string_view name, const json::value& value) {
  const auto* xy = value.if_array();
  if (!xy || xy->size() != 2 || !(*xy)[0].is_number() || !(*xy)[1].is_number()) {
    fail(name, shown(value), "this is not a point", "[lon, lat]");
    return std::nullopt;
  }
  const auto at = geo::to_wgs84(crs_, (*xy)[0].to_number<double>(), (*xy)[1].to_number<double>());
  if (!at || !geo::is_valid(*at)) {
    fail(name, shown(value), "this is no place on the earth in " + std::string(geo::name_of(crs_)),
         "[lon, lat]");
    return std::nullopt;
  }
  const auto p = geo::to_lonlat(geo::to_e7(*at));
  if (query::is_outside(region_, p)) {
    fail(name, shown(value), std::string(query::outside_city),
         "[lon, lat] " + std::string(query::inside_city));
    return std::nullopt;
  }
  return p;
}

std::optional<std::vector<geo::LonLat>> PlanBody::points(std::string_view name, std::size_t most) {
  const auto* value = take(name);
  if (!value) return std::nullopt;
  const auto* list = value->if_array();
  if (!list || list->empty() || list->size() > most) {
    fail(name, shown(*value),
         !list           ? "this is not a list"
         : list->empty() ? "the list is empty"
                         : "the list is too long",
         "1 to " + std::to_string(most) + " points [lon, lat]");
    return std::nullopt;
  }
  std::vector<geo::LonLat> points;
  for (const auto& item : *list) {
    const auto p = point(name, item);
    if (!p) return std::nullopt;
    points.push_back(*p);
  }
  return points;
}

query::CoverageQuery read_circle(PlanBody& body) {
  query::CoverageQuery q;
  if (const auto minutes = body.number("circle_minutes", 1, 60)) q.circle_minutes = *minutes;
  if (const auto speed = body.number("speed_kmh", 2, 30)) q.method.speed_kmh = *speed;
  if (const auto detour = body.number("detour", 1, 2)) q.method.detour = *detour;
  widen_band(q);
  q.crs = body.crs();
  return q;
}

void PlanBody::finish() {
  for (const auto& [name, value] : object_)
    if (!known_.contains(std::string_view(name))) {
      std::string names;
      for (const auto& known : known_) names += (names.empty() ? "" : ", ") + known;
      return fail(name, shown(value), "this member is unknown here", names);
    }
}

}  // namespace jobmap::api
