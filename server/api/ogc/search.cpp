// POST /ogc/collections/{collectionId}/search: a question for features that is too long for a target. A POST
// to …/items is for whoever adds features (OGC API Features, part 4).
//
// The body is what a query string would be, as a form, or a JSON object of the same parameters, in which
// `filter` may be CQL2 JSON as it is; or it is CQL2 JSON alone. What stands in the query string counts too.
#include <algorithm>
#include <boost/json.hpp>

#include "api/endpoint.hpp"
#include "query/parse/parsing.hpp"

namespace jobmap::api {
namespace {

namespace json = boost::json;
using query::Error;
using query::Params;
using query::Result;

using Items = std::vector<std::pair<std::string, std::string>>;

Error refuse(std::string parameter, std::string value, std::string message, std::string allowed) {
  constexpr std::size_t most_shown = 200;
  if (value.size() > most_shown) value.clear();
  return {query::Code::bad_request, std::move(message), std::move(parameter), std::move(value),
          std::move(allowed)};
}

// A number or a text as it would stand in a query string; nothing for what has no such form.
std::optional<std::string> scalar(const json::value& value) {
  if (const auto* text = value.if_string()) return std::string(*text);
  if (value.is_double()) return query::plain(value.get_double());
  if (value.is_number() || value.is_bool()) return json::serialize(value);
  return std::nullopt;
}

// {"field": "pay_min", "direction": "desc"}, as STAC and its clients have it.
std::optional<std::string> sort_key(const json::value& value) {
  const auto* object = value.if_object();
  if (!object) return scalar(value);
  const auto* field = object->if_contains("field");
  if (!field) field = object->if_contains("property");
  const auto* direction = object->if_contains("direction");
  if (!field || !field->is_string() || (direction && *direction != "asc" && *direction != "desc"))
    return std::nullopt;
  return (direction && *direction == "desc" ? "-" : "+") + std::string(field->get_string());
}

Result<std::string> text_of(const std::string& name, const json::value& value) {
  if (const auto text = scalar(value)) return *text;
  const auto* list = value.if_array();
  std::string joined;
  for (std::size_t i = 0; list && i < list->size(); ++i) {
    const auto part = name == "sortby" ? sort_key((*list)[i]) : scalar((*list)[i]);
    if (!part || part->find(',') != std::string::npos)
      return refuse(name, json::serialize((*list)[i]), "this can't be one of a list of values",
                    "texts without a comma, and numbers");
    joined += (i ? "," : "") + *part;
  }
  if (list) return joined;
  return refuse(name, json::serialize(value), "this is no value of a parameter",
                "a text, a number or a list of them");
}

Result<Items> read_json(std::string_view body) {
  json::error_code error;
  json::parse_options options;
  options.max_depth = 100;
  const auto value = json::parse(body, error, {}, options);
  if (error) return refuse("", "", "the body is not JSON: " + error.message(), "a JSON object");
  const auto* object = value.if_object();
  if (!object)
    return refuse("", "", "the body is not a JSON object",
                  "parameters by name, or an expression in CQL2 JSON");
  if (object->size() > query::most_params)
    return refuse("", "", "the body has too many parameters",
                  "at most " + std::to_string(query::most_params));
  Items items;
  if (object->contains("op")) return Items{{"filter", json::serialize(value)}, {"filter-lang", "cql2-json"}};
  for (const auto& [key, member] : *object) {
    const std::string name(key);
    if (name == "filter" && (member.is_object() || member.is_bool())) {
      items.emplace_back(name, json::serialize(member));
      if (!object->contains("filter-lang")) items.emplace_back("filter-lang", "cql2-json");
      continue;
    }
    auto text = text_of(name, member);
    if (!text) return text.error();
    if (text->find('\0') != std::string::npos)
      return refuse(name, "", "the value holds a NUL", "a text without NUL");
    items.emplace_back(name, *std::move(text));
  }
  return items;
}

Result<Params> read_body(const Request& request, query::Repeats repeats) {
  auto type = request.header("content-type");
  type = type.substr(0, type.find(';'));
  while (type.ends_with(' ')) type.remove_suffix(1);
  constexpr std::string_view form = "application/x-www-form-urlencoded";
  const bool is_form = std::equal(form.begin(), form.end(), type.begin(), type.end(), [](char a, char b) {
    return a == (b >= 'A' && b <= 'Z' ? b - 'A' + 'a' : b);
  });
  if (is_form) return Params::parse(request.body, repeats);
  auto items = read_json(request.body);
  if (!items) return items.error();
  return Params(*std::move(items));
}

}  // namespace

Result<Prepared> ogc_search(const Call& call) {
  const auto body = read_body(call.request, query::Repeats::last_wins);
  if (!body) return body.error();
  Items all = body->all();
  for (const auto& item : call.params.all()) {
    if (body->find(item.first))
      return refuse(item.first, item.second, "the body has this parameter too",
                    "each parameter in one of the two");
    all.push_back(item);
  }
  Call asked = call;
  asked.params = Params(std::move(all));
  return ogc_items(asked);
}

}  // namespace jobmap::api
