#include "server/api/basemap.hpp"

#include "server/encode/json_writer.hpp"

namespace jobmap::api {
namespace {

// "https://maps.example.org:8443" of a URL below it.
std::string origin_of(const std::string& url) { return url.substr(0, url.find('/', url.find("://") + 3)); }

}  // namespace

std::string basemap_json(const Basemap& basemap) {
  std::string body;
  encode::JsonWriter w(body);
  w.raw("{");
  if (!basemap.url.empty()) {
    w.raw(R"("url":)"), w.text(basemap.url);
    w.raw(R"(,"datum":)"), w.text(basemap.datum);
  }
  w.raw("}\n");
  w.finish();
  return body;  // one return, so that the writer's string is the caller's own
}

// The map draws tiles in workers made from blobs, and icons from data: and blob: images. Nothing else is let
// in.
std::string page_policy(const Basemap& basemap) {
  const std::string ground = basemap.url.empty() ? "" : ' ' + origin_of(basemap.url);
  return "default-src 'self'; connect-src 'self'" + ground +
         "; worker-src 'self' blob:; child-src blob:; img-src 'self' data: blob:" + ground +
         "; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
}

}  // namespace jobmap::api
