#include "api/query_body.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <optional>
#include <utility>

#include "api/negotiate.hpp"

namespace jobmap::api {
namespace {

namespace json = boost::json;
using query::Error;
using Items = std::vector<std::pair<std::string, std::string>>;

constexpr std::size_t most_parameters = 100;  // as in a query string
constexpr std::string_view allowed_values =
    "a text, a number, true, false, a list of them, or a list of such lists";

Error bad(std::string_view member, std::string_view value, std::string message,
          std::string_view allowed = allowed_values) {
  return {query::Code::bad_request, std::move(message), std::string(member), std::string(value),
          std::string(allowed)};
}

// Called by the parser in the order of the text, so that a member that is there twice is seen.
class MemberReader {
 public:
  static constexpr std::size_t max_object_size = -1, max_array_size = -1, max_key_size = -1,
                               max_string_size = -1;
  using Code = json::error_code;
  using Text = json::string_view;

  Items items;
  std::optional<Error> error;

  bool on_document_begin(Code&) { return true; }
  bool on_document_end(Code&) { return true; }
  bool on_object_begin(Code& code) {
    if (depth_ > 0) return fail("", "an object is no value here", code);
    ++depth_;
    return true;
  }
  bool on_object_end(std::size_t, Code&) {
    --depth_;
    return true;
  }
  bool on_array_begin(Code& code) {
    if (depth_ == 0) return fail("", "the body is not a JSON object", code, "a JSON object of parameters");
    if (depth_ == 3) return fail("", "the lists are too deep", code);
    if (depth_ == 2 && !add(';', groups_++ > 0, scalars_ > 0, code)) return false;
    ++depth_;
    first_ = true;
    return true;
  }
  bool on_array_end(std::size_t size, Code& code) {
    if (size == 0) return fail("", "the list is empty", code);
    --depth_;
    return true;
  }
  bool on_key_part(Text text, std::size_t, Code&) {
    text_.append(text.data(), text.size());
    return true;
  }
  bool on_key(Text text, std::size_t, Code& code) {
    on_key_part(text, 0, code);
    if (items.size() == most_parameters)
      return fail("", "there are too many parameters", code, "at most " + std::to_string(most_parameters));
    for (const auto& [name, value] : items)
      if (name == text_) {
        items.emplace_back(std::exchange(text_, {}), "");
        return fail("", "the parameter is given twice", code, "each parameter once");
      }
    items.emplace_back(std::exchange(text_, {}), "");
    groups_ = scalars_ = 0;
    return true;
  }
  bool on_string_part(Text text, std::size_t, Code&) {
    text_.append(text.data(), text.size());
    return true;
  }
  bool on_string(Text text, std::size_t, Code& code) {
    on_string_part(text, 0, code);
    if (text_.find('\0') != std::string::npos)
      return fail("", "the value holds a NUL", code, "a text without");
    if (depth_ > 1 && text_.find_first_of(",;") != std::string::npos)
      return fail(text_, "a text in a list holds a comma or a semicolon", code, "a text for each value");
    return on_scalar(code);
  }
  bool on_number_part(Text text, Code&) {
    text_.append(text.data(), text.size());
    return true;
  }
  bool on_int64(std::int64_t, Text text, Code& code) { return on_number(text, code); }
  bool on_uint64(std::uint64_t, Text text, Code& code) { return on_number(text, code); }
  bool on_double(double, Text text, Code& code) { return on_number(text, code); }
  bool on_bool(bool value, Code& code) {
    text_ = value ? "true" : "false";
    return on_scalar(code);
  }
  bool on_null(Code& code) {
    return fail("null", "null is no value", code, "a value, or the member left out");
  }
  bool on_comment_part(Text, Code&) { return true; }
  bool on_comment(Text, Code&) { return true; }

 private:
  // A number goes on as it is written.
  bool on_number(Text text, Code& code) {
    on_number_part(text, code);
    return on_scalar(code);
  }
  bool on_scalar(Code& code) {
    if (depth_ == 0) return fail("", "the body is not a JSON object", code, "a JSON object of parameters");
    if (depth_ == 2 && !add(',', scalars_++ > 0, groups_ > 0, code)) return false;
    if (depth_ == 3 && !std::exchange(first_, false)) items.back().second += ',';
    items.back().second += std::exchange(text_, {});
    return true;
  }
  // Puts the separator before a value of a list, where one came before it.
  bool add(char separator, bool after_another, bool mixed, Code& code) {
    if (mixed) return fail("", "a list holds lists and other values", code);
    if (after_another) items.back().second += separator;
    return true;
  }
  bool fail(std::string_view value, std::string message, Code& code,
            std::string_view allowed = allowed_values) {
    error = bad(items.empty() ? std::string_view() : std::string_view(items.back().first), value,
                std::move(message), allowed);
    code = json::error::exception;  // ends the parse; the reason is in `error`
    return false;
  }

  int depth_ = 0;  // in the object 1, in a list 2, in a list of a list 3
  std::size_t groups_ = 0, scalars_ = 0;
  bool first_ = true;
  std::string text_;
};

query::Result<Items> read_json(std::string_view body) {
  json::parse_options options;
  options.max_depth = 8;
  json::basic_parser<MemberReader> parser(options);
  json::error_code code;
  const auto size = parser.write_some(false, body.data(), body.size(), code);
  auto& handler = parser.handler();
  if (handler.error) return *std::move(handler.error);
  if (!code && body.find_first_not_of(" \t\r\n", size) != body.npos) code = json::error::extra_data;
  if (code)
    return bad("", "", "the body is not JSON at byte " + std::to_string(size + 1) + ": " + code.message(),
               "a JSON object of parameters");
  return std::move(handler.items);
}

}  // namespace

query::Result<query::Params> read_query_body(const Request& request, query::Repeats repeats) {
  auto asked = query::Params::parse(request.query, repeats);
  if (!asked) return asked;
  Items items = asked->all();
  query::Result<Items> posted = Items{};
  if (is_media_type(request.header("content-type"), "application/json")) {
    posted = read_json(request.body);
  } else {
    auto form = query::Params::parse(request.body, repeats);
    if (!form) return form;
    posted = form->all();
  }
  if (!posted) return posted.error();
  for (auto& item : *posted) {
    if (asked->find(item.first))
      return bad(item.first, item.second, "the parameter is in the URL and in the body",
                 "each parameter in one of them");
    items.push_back(std::move(item));
  }
  if (items.size() > most_parameters)
    return bad("", "", "there are too many parameters", "at most " + std::to_string(most_parameters));
  return query::Params(std::move(items));
}

}  // namespace jobmap::api
