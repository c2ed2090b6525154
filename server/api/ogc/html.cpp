#include "server/api/ogc/html.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include "geo/deadline.hpp"

namespace jobmap::api::ogc {
namespace {

namespace json = boost::json;

// The hash below is of these very bytes; a test compares them.
constexpr std::string_view style =
    "body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:64rem;padding:0 "
    "1rem;overflow-wrap:anywhere}dl{display:grid;grid-template-columns:minmax(8rem,max-content) "
    "1fr;gap:.2rem 1rem;margin:0}dt{color:#555}dd{margin:0}li{margin:.2rem 0}";

void escape(std::string& out, std::string_view text) {
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else
      out += c;
  }
}

void render(std::string& out, const json::value& value);

std::string_view text_of(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value && value->is_string() ? std::string_view(value->get_string()) : std::string_view();
}

void render_link(std::string& out, const json::object& link) {
  const auto href = text_of(link, "href"), title = text_of(link, "title"), rel = text_of(link, "rel");
  out += "<a rel=\"";
  escape(out, rel);
  // A template of tiles leads nowhere as it stands.
  if (href.find('{') == std::string_view::npos) {
    out += "\" href=\"";
    escape(out, href);
  }
  out += "\">";
  escape(out, title.empty() ? rel : title);
  out += "</a> <small>";
  escape(out, text_of(link, "type"));
  out += "</small>";
}

void render(std::string& out, const json::object& object) {
  if (!text_of(object, "href").empty() && !text_of(object, "rel").empty()) return render_link(out, object);
  out += "<dl>";
  for (const auto& [name, value] : object) {
    out += "<dt>";
    escape(out, name);
    out += "</dt><dd>";
    render(out, value);
    out += "</dd>";
  }
  out += "</dl>";
}

void render(std::string& out, const json::array& array) {
  const bool simple = array.empty() || array.front().is_number();  // a position, a box
  if (simple) return escape(out, json::serialize(array));
  out += "<ul>";
  for (const auto& value : array) {
    geo::check_deadline(4);
    out += "<li>";
    render(out, value);
    out += "</li>";
  }
  out += "</ul>";
}

void render(std::string& out, const json::value& value) {
  if (value.is_object()) return render(out, value.get_object());
  if (value.is_array()) return render(out, value.get_array());
  escape(out, value.is_string() ? std::string(value.get_string()) : json::serialize(value));
}

}  // namespace

const std::string_view html_policy =
    "default-src 'none'; style-src 'sha256-m3GXRyq4SUUcnRqvvMNRL6elpdtzUDyfsTmUrQqU5Eo='; base-uri 'none'; "
    "form-action 'none'; "
    "frame-ancestors 'none'";

std::string html_page(std::string_view title, const json::value& value) {
  std::string out =
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
      "<meta name=\"viewport\" content=\"width=device-width\"><title>";
  escape(out, title);
  ((out += "</title><style>") += style) += "</style></head>\n<body><h1>";
  escape(out, title);
  out += "</h1>\n";
  render(out, value);
  return out += "</body></html>\n";
}

}  // namespace jobmap::api::ogc
