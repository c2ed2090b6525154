#pragma once
// Shared by the pages of /ogc: JSON or HTML by f= or Accept, links, and where links begin.
//
//   return prepare_page(call, {"/ogc/conformance", "Conformance"}, [classes](const Page& page) {
//     return json::object{{"links", page.own_links()}, {"conformsTo", classes}};
//   });
//
// The HTML is a rendering of the JSON, so the two can't disagree. Links are absolute where the server knows
// what it is called (server/api/own_address.hpp), since some clients can't follow relative ones; else they begin at
// the root of this server.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <functional>
#include <string>

#include "data/index/snapshot.hpp"
#include "server/api/endpoint.hpp"

namespace jobmap::api::ogc {

// "https://jobs.example.org", "http://localhost:8080" or "".
std::string link_base(const Call& call);

std::string_view link_type(Format format);  // its media type, without a charset

// f=json|html, else Accept; json is the kind of JSON this page gives.
query::Result<Format> negotiate_page(const Call& call, query::Reader& reader, Format json);

struct Page {
  std::string path = {};   // of this page: "/ogc/collections"
  std::string title = {};  // of its HTML
  Format json = Format::json;
  std::string base = {};  // link_base
  Format format = Format::json;
  Generation snapshot = {};

  boost::json::object link(std::string_view to, std::string_view rel, std::string_view type,
                           std::string_view title) const;
  // self, and alternate: the other of JSON and HTML. `query` goes before f=. Links to JSON that a client may
  // append to, as …/items/{id}, bear no query.
  boost::json::array own_links(std::string_view query = {}) const;
};

using BuildPage = std::function<boost::json::object(const Page&)>;
query::Result<Prepared> prepare_page(const Call& call, Page page, BuildPage build);

// The rest of a page whose JSON is made as text: its HTML where that is asked for, and the header it needs.
std::string rendered(const Page& page, std::string json);
void add_policy(Prepared& prepared);

}  // namespace jobmap::api::ogc
