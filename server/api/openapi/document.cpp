#include "server/api/openapi/document.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <set>
#include <string_view>

#include "server/api/routes.hpp"

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

// Adds the answers that every endpoint over data may give, so that they are described once.
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

// A parameter, which may be a reference.
const json::object& resolved(const json::object& parameter) {
  const auto* reference = parameter.if_contains("$ref");
  if (!reference) return parameter;
  const std::string_view name = reference->as_string();
  return components().at("parameters").as_object().at(name.substr(name.rfind('/') + 1)).as_object();
}

// The POST that asks what this GET asks, with its parameters as the members of the body.
json::object posted(const json::object& get) {
  json::object properties, encoding;
  json::array required, in_path;
  for (const auto& item : get.at("parameters").as_array()) {
    const auto& parameter = resolved(item.as_object());
    if (parameter.at("in") != "query") {
      in_path.push_back(item);
      continue;
    }
    const std::string_view name = parameter.at("name").as_string();
    properties[name] = parameter.at("schema");
    if (const auto* type = parameter.at("schema").as_object().if_contains("type"); type && *type == "array")
      encoding[name] = json::object{{"style", "form"}, {"explode", false}};
    if (parameter.contains("required")) required.emplace_back(name);
  }
  json::object schema{
      {"type", "object"}, {"additionalProperties", false}, {"properties", std::move(properties)}};
  if (!required.empty()) schema["required"] = std::move(required);
  json::object post = get;
  post["operationId"] = std::string(get.at("operationId").as_string()) + "ByPost";
  post["description"] = "The same for a query that is too long for a URL: its parameters are in the body";
  post["parameters"] = std::move(in_path);
  post["requestBody"] = json::object{
      {"required", true},
      {"content",
       {{"application/x-www-form-urlencoded", {{"schema", schema}, {"encoding", std::move(encoding)}}},
        {"application/json", {{"schema", schema}}}}}};
  auto& responses = post.at("responses").as_object();
  responses.erase("304");
  for (const char* status : {"413", "415"})
    responses[status] = json::object{{"$ref", "#/components/responses/BadBody"}};
  return post;
}

// Paths whose route takes a query in a body, and which have enough to ask for that to be of use.
void add_posts(json::object& document) {
  constexpr std::size_t many = 30;
  auto& paths = document.at("paths").as_object();
  for (auto& [path, item] : paths) {
    const auto match = find_route(path);
    auto& methods = item.as_object();
    const auto* get = methods.if_contains("get");
    if (match.route && match.route->body.meaning == BodyMeaning::query && get &&
        get->at("parameters").as_array().size() > many)
      methods["post"] = posted(get->as_object());
  }
  if (const auto* jobs = paths.if_contains("/v1/jobs")) {
    auto post = posted(jobs->at("get").as_object());
    paths["/v1/jobs/search"] = json::object{{"post", std::move(post)}};
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
  add_posts(document);
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
