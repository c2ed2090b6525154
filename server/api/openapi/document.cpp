#include "api/openapi/document.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <set>
#include <string_view>

namespace jobmap::embedded {
extern const std::string_view openapi_v1, openapi_ogc, openapi_parameters, openapi_schemas;
}

namespace jobmap::api::openapi {
namespace {

namespace json = boost::json;

json::object parsed(std::string_view text) { return json::parse(text).as_object(); }

// Every parameter here is written as `form` in a query, as `simple` in a path, and its values stand in one
// place, with commas between. The official suite of OGC API Features wants that said of each, defaults or
// not.
void say_style(json::object& parameter) {
  if (parameter.contains("$ref")) return;
  parameter.emplace("style", parameter.at("in") == "query" ? "form" : "simple");
  parameter.emplace("explode", false);
}

const json::object& components() {
  static const json::object all = [] {
    auto read = parsed(embedded::openapi_schemas);
    auto parameters = parsed(embedded::openapi_parameters);
    for (auto& [name, parameter] : parameters) say_style(parameter.as_object());
    read["parameters"] = std::move(parameters);
    return read;
  }();
  return all;
}

// Every "#/components/kind/name" below a value, as "kind/name".
void collect(const json::value& value, std::set<std::string>& found) {
  constexpr std::string_view start = "#/components/";
  if (const auto* array = value.if_array())
    for (const auto& item : *array) collect(item, found);
  const auto* object = value.if_object();
  if (!object) return;
  for (const auto& [name, item] : *object) {
    if (name != "$ref") {
      collect(item, found);
      continue;
    }
    const std::string target(std::string_view(item.as_string()).substr(start.size()));
    if (!found.insert(target).second) continue;
    const auto slash = target.find('/');
    collect(components().at(target.substr(0, slash)).as_object().at(target.substr(slash + 1)), found);
  }
}

// What every answer over data may be, whatever its endpoint: so it is said here, once.
void add_frame(json::object& document) {
  constexpr std::pair<std::string_view, std::string_view> answers[] = {
      {"406", "NotAcceptable"}, {"421", "Misdirected"}, {"429", "TooManyRequests"}};
  for (auto& [path, item] : document.at("paths").as_object())
    for (auto& [method, operation] : item.as_object()) {
      auto* responses = operation.is_object() ? operation.as_object().if_contains("responses") : nullptr;
      if (!responses || (method != "post" && !responses->as_object().contains("304"))) continue;
      for (const auto& [status, name] : answers)
        if (auto& of = responses->as_object(); !of.contains(status))
          of[status] = json::object{{"$ref", "#/components/responses/" + std::string(name)}};
    }
}

// The same of the parameters that stand in a path's own list.
void say_styles(json::object& document) {
  for (auto& [path, item] : document.at("paths").as_object())
    for (auto& [method, operation] : item.as_object())
      if (auto* own = operation.is_object() ? operation.as_object().if_contains("parameters") : nullptr)
        for (auto& parameter : own->as_array()) say_style(parameter.as_object());
}

// A copy that says where it is served. A proxy may serve us under a path, which only the base URL knows.
json::object served_at(const std::string& base, const std::string& server, json::object document) {
  document["servers"] = json::array{json::object{{"url", server}}};
  document.at("info").at("contact").as_object()["url"] = base + "/";
  return document;
}

json::object finished(json::object document) {
  add_frame(document);
  say_styles(document);
  std::set<std::string> used;
  collect(document.at("paths"), used);
  json::object kept;
  for (const auto& target : used) {
    const auto slash = target.find('/');
    const auto kind = target.substr(0, slash), name = target.substr(slash + 1);
    auto& of_kind = kept[kind];
    if (!of_kind.is_object()) of_kind.emplace_object();
    of_kind.get_object()[name] = components().at(kind).as_object().at(name);
  }
  document["components"] = std::move(kept);
  document.at("info").as_object()["version"] = JOBMAP_VERSION;
  return document;
}

}  // namespace

const json::object& whole_document() {
  static const json::object document = [] {
    auto whole = parsed(embedded::openapi_v1);
    const auto ogc = parsed(embedded::openapi_ogc);
    auto& paths = whole.at("paths").as_object();
    for (const auto& [path, item] : ogc.at("paths").as_object())
      paths["/ogc" + (path == "/" ? std::string() : std::string(path))] = item;
    // A tag may be in both.
    auto& tags = whole.at("tags").as_array();
    for (const auto& tag : ogc.at("tags").as_array()) {
      const auto same = [&](const json::value& other) { return other.at("name") == tag.at("name"); };
      if (std::none_of(tags.begin(), tags.end(), same)) tags.push_back(tag);
    }
    return finished(std::move(whole));
  }();
  return document;
}

json::object served_document(const std::string& base) {
  return served_at(base, base.empty() ? "/" : base, whole_document());
}

json::object ogc_document(const std::string& base) {
  static const json::object document = [] {
    auto ogc = parsed(embedded::openapi_ogc);
    ogc["openapi"] = "3.0.3";
    return finished(std::move(ogc));
  }();
  return served_at(base, base + "/ogc", document);
}

}  // namespace jobmap::api::openapi
