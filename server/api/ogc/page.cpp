#include "server/api/ogc/page.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "server/api/negotiate.hpp"
#include "server/api/ogc/html.hpp"

namespace jobmap::api::ogc {
namespace {

namespace json = boost::json;

std::string_view name_of_format(Format format) { return format == Format::html ? "html" : "json"; }

}  // namespace

std::string link_base(const Call& call) { return call.base; }

std::string_view link_type(Format format) {
  const auto type = media_type(format);
  return format == Format::html ? type.substr(0, type.find(';')) : type;
}

query::Result<Format> negotiate_page(const Call& call, query::Reader& reader, Format json) {
  if (const auto wanted = reader.text("f")) {
    if (*wanted == "json") return json;
    if (*wanted == "html") return Format::html;
    reader.fail("f", *wanted, "This format is not offered here.", "json, html");
  }
  if (reader.failed()) return reader.error();
  const auto accept = call.request.header("accept");
  if (accept.empty()) return json;
  const double as_json =
      std::max(media_quality(accept, media_type(json)), media_quality(accept, "application/json"));
  const double as_html = media_quality(accept, media_type(Format::html));
  if (as_json <= 0 && as_html <= 0)
    return query::Error{query::Code::not_acceptable, "None of the media types in Accept is offered here.", "",
                        "", std::string(media_type(json)) + ", text/html"};
  return as_html > as_json ? Format::html : json;
}

json::object Page::link(std::string_view to, std::string_view rel, std::string_view type,
                        std::string_view link_title) const {
  return {{"href", base + std::string(to)}, {"rel", rel}, {"type", type}, {"title", link_title}};
}

json::array Page::own_links(std::string_view query) const {
  const Format other = format == Format::html ? json : Format::html;
  const std::string start = path + "?" + std::string(query) + (query.empty() ? "" : "&") + "f=";
  // JSON is what is answered where nothing else is asked for, so it needs no query that a client would have
  // to cut off before it appends to the path.
  const bool is_plain = format != Format::html && query.empty();
  return {link(is_plain ? path : start + std::string(name_of_format(format)), "self", link_type(format),
               "This document"),
          link(start + std::string(name_of_format(other)), "alternate", link_type(other),
               "This document as " + std::string(other == Format::html ? "HTML" : "JSON"))};
}

std::string rendered(const Page& page, std::string text) {
  if (page.format == Format::html) return html_page(page.title, json::parse(text));
  return text;
}

void add_policy(Prepared& prepared) {
  if (prepared.format == Format::html)
    prepared.headers.emplace_back("Content-Security-Policy", std::string(html_policy));
}

query::Result<Prepared> prepare_page(const Call& call, Page page, BuildPage build) {
  query::Reader reader(call.params);
  const auto format = negotiate_page(call, reader, page.json);
  if (!format) return format.error();
  reader.finish();
  if (reader.failed()) return reader.error();
  page.format = *format;
  page.base = link_base(call);
  page.snapshot = call.snapshot;
  Prepared prepared;
  prepared.canonical = page.base + page.path;
  prepared.format = *format;
  add_policy(prepared);
  prepared.make = [page = std::move(page), build = std::move(build)]() -> query::Result<std::string> {
    const json::value value = build(page);
    return page.format == Format::html ? html_page(page.title, value) : json::serialize(value) + "\n";
  };
  return prepared;
}

}  // namespace jobmap::api::ogc
