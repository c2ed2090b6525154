#include "server/api/query_body.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <boost/json/basic_parser_impl.hpp>
#include <optional>
#include <utility>

#include "server/api/negotiate.hpp"
#include "server/query/syntax/number_text.hpp"
#include "server/query/syntax/query_string.hpp"

namespace jobmap::api {
namespace {

namespace json = boost::json;
using query::Error;
using query::Result;
using Items = std::vector<std::pair<std::string, std::string>>;

constexpr std::size_t deepest_body = 100;  // beyond what any expression may have
constexpr std::string_view a_value = "a text, a number, true, false, a list of them, or a list of such lists";

Error bad(std::string_view member, std::string_view value, std::string message,
          std::string_view allowed = a_value) {
  constexpr std::size_t most_shown = 200;
  if (value.size() > most_shown) value = {};
  return {query::Code::bad_request, std::move(message), std::string(member), std::string(value),
          std::string(allowed)};
}

Error too_many() {
  return bad("", "", "there are too many parameters", "at most " + std::to_string(query::most_params));
}

json::parse_options options() {
  json::parse_options options;
  options.max_depth = deepest_body;
  return options;
}

// Finds a member that an object has twice, of which a parsed one would keep the last.
class MemberNames {
 public:
  static constexpr std::size_t max_object_size = -1, max_array_size = -1, max_key_size = -1,
                               max_string_size = -1;
  using Code = json::error_code;
  using Text = json::string_view;

  std::optional<std::string> twice;

  bool on_document_begin(Code&) { return true; }
  bool on_document_end(Code&) { return true; }
  bool on_object_begin(Code&) {
    open_.emplace_back();
    return true;
  }
  bool on_object_end(std::size_t, Code&) {
    open_.pop_back();
    return true;
  }
  bool on_array_begin(Code&) { return true; }
  bool on_array_end(std::size_t, Code&) { return true; }
  bool on_key_part(Text text, std::size_t, Code&) {
    name_.append(text.data(), text.size());
    return true;
  }
  bool on_key(Text text, std::size_t, Code& code) {
    on_key_part(text, 0, code);
    auto& names = open_.back();
    if (std::find(names.begin(), names.end(), name_) != names.end()) twice = name_;
    names.push_back(std::exchange(name_, {}));
    if (names.size() <= query::most_params) return true;
    code = json::error::array_too_large;
    return false;
  }
  bool on_string_part(Text, std::size_t, Code&) { return true; }
  bool on_string(Text, std::size_t, Code&) { return true; }
  bool on_number_part(Text, Code&) { return true; }
  bool on_int64(std::int64_t, Text, Code&) { return true; }
  bool on_uint64(std::uint64_t, Text, Code&) { return true; }
  bool on_double(double, Text, Code&) { return true; }
  bool on_bool(bool, Code&) { return true; }
  bool on_null(Code&) { return true; }
  bool on_comment_part(Text, Code&) { return true; }
  bool on_comment(Text, Code&) { return true; }

 private:
  std::string name_;
  std::vector<std::vector<std::string>> open_;  // the members so far of each object that is open
};

Result<json::object> read_object(std::string_view body) {
  json::basic_parser<MemberNames> parser(options());
  json::error_code code;
  const auto size = parser.write_some(false, body.data(), body.size(), code);
  if (!code && body.find_first_not_of(" \t\r\n", size) != body.npos) code = json::error::extra_data;
  if (code == json::error::array_too_large) return too_many();
  if (code)
    return bad("", "", "the body is not JSON at byte " + std::to_string(size + 1) + ": " + code.message(),
               "a JSON object of parameters");
  if (const auto& name = parser.handler().twice)
    return bad(*name, "", "the member is given twice", "each member once");
  auto value = json::parse(body, {}, options());
  if (!value.is_object()) return bad("", "", "the body is not a JSON object", "a JSON object of parameters");
  return std::move(value.get_object());
}

// {"field": "pay_min", "direction": "desc"} as a key of sortby; nothing where it isn't one.
std::optional<std::string> sort_key(const json::value& value) {
  const auto* object = value.if_object();
  const auto* field = object ? object->if_contains("field") : nullptr;
  if (object && !field) field = object->if_contains("property");
  if (!field || !field->is_string() || field->get_string().find(',') != field->get_string().npos)
    return std::nullopt;
  const auto* direction = object->if_contains("direction");
  if (object->size() != (direction ? 2 : 1)) return std::nullopt;
  if (direction && *direction != "asc" && *direction != "desc") return std::nullopt;
  return (direction && *direction == "desc" ? "-" : "+") + std::string(field->get_string());
}

// A member as it would stand in a query string.
class MemberReader {
 public:
  MemberReader(std::string_view name, Expressions expressions) : name_(name), expressions_(expressions) {}

  Result<std::string> read(const json::value& value) const {
    const auto* list = value.if_array();
    return list ? joined(*list, true) : scalar(value);
  }

 private:
  // The lists of a list of lists are joined by semicolons, all others by commas.
  Result<std::string> joined(const json::array& list, bool may_hold_lists) const {
    if (list.empty()) return bad(name_, "[]", "the list is empty");
    const bool of_lists = may_hold_lists && list[0].is_array();
    std::string all;
    for (std::size_t i = 0; i < list.size(); ++i) {
      if (list[i].is_array() != list[0].is_array())
        return bad(name_, json::serialize(list[i]), "a list holds lists and other values");
      const auto one = of_lists ? joined(list[i].get_array(), false) : element(list[i]);
      if (!one) return one;
      if (i > 0) all += of_lists ? ';' : ',';
      all += *one;
    }
    return all;
  }

  Result<std::string> element(const json::value& value) const {
    if (expressions_ == Expressions::as_json && name_ == "sortby")
      if (auto key = sort_key(value)) return *std::move(key);
    auto text = scalar(value);
    if (text && value.is_string() && text->find_first_of(",;") != text->npos)
      return bad(name_, *text, "a text in a list holds a comma or a semicolon", "a text for each value");
    return text;
  }

  Result<std::string> scalar(const json::value& value) const {
    if (const auto* text = value.if_string()) {
      if (text->find('\0') != text->npos) return bad(name_, "", "the value holds a NUL", "a text without");
      return std::string(*text);
    }
    if (value.is_double()) return query::shortest_decimal(value.get_double());
    if (value.is_number() || value.is_bool()) return json::serialize(value);
    const auto written = json::serialize(value);
    if (value.is_null()) return bad(name_, written, "null is no value", "a value, or the member left out");
    return bad(name_, written, value.is_array() ? "the lists are too deep" : "an object is no value here");
  }

  std::string_view name_;
  Expressions expressions_;
};

Result<Items> read_json(std::string_view body, Expressions expressions) {
  const auto object = read_object(body);
  if (!object) return object.error();
  if (expressions == Expressions::as_json && object->contains("op"))
    return Items{{"filter", json::serialize(*object)}, {"filter-lang", "cql2-json"}};
  Items items;
  for (const auto& [key, value] : *object) {
    const std::string name(key);
    if (expressions == Expressions::as_json && name == "filter" && (value.is_object() || value.is_bool())) {
      items.emplace_back(name, json::serialize(value));
      if (!object->contains("filter-lang")) items.emplace_back("filter-lang", "cql2-json");
      continue;
    }
    auto text = MemberReader(name, expressions).read(value);
    if (!text) return text.error();
    items.emplace_back(name, *std::move(text));
  }
  return items;
}

Result<Items> read_body(const Request& request, query::Repeats repeats, Expressions expressions) {
  if (!is_media_type(request.header("content-type"), "application/x-www-form-urlencoded"))
    return read_json(request.body, expressions);
  auto form = query::Params::parse(request.body, repeats);
  if (!form) return form.error();
  return form->all();
}

}  // namespace

Result<query::Params> read_query_body(const Request& request, query::Repeats repeats,
                                      Expressions expressions) {
  auto asked = query::Params::parse(request.query, repeats);
  if (!asked) return asked;
  auto posted = read_body(request, repeats, expressions);
  if (!posted) return posted.error();
  Items items = asked->all();
  for (auto& item : *posted) {
    if (asked->find(item.first))
      return bad(item.first, item.second, "the parameter is in the URL and in the body",
                 "each parameter in one of them");
    items.push_back(std::move(item));
  }
  if (items.size() > query::most_params) return too_many();
  return query::Params(std::move(items));
}

}  // namespace jobmap::api
