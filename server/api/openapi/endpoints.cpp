// GET /openapi.json, and GET /ogc/api: the same of /ogc alone, which its standard wants apart.
#include <boost/json/serialize.hpp>

#include "server/api/ogc/page.hpp"
#include "server/api/openapi/document.hpp"

namespace jobmap::api {

query::Result<Prepared> get_openapi(const Call& call) {
  query::Reader reader(call.params);
  reader.finish();
  if (reader.failed()) return reader.error();
  Prepared prepared;
  prepared.canonical = "openapi " + call.base;
  prepared.cost_us = 3000;  // 200 KB are written
  prepared.make = [base = call.base]() -> query::Result<std::string> {
    return boost::json::serialize(openapi::served_document(base)) + "\n";
  };
  return prepared;
}

query::Result<Prepared> ogc_api(const Call& call) {
  ogc::Page page{"/ogc/api", "The definition of this API"};
  page.json = Format::openapi;
  return prepare_page(call, std::move(page),
                      [](const ogc::Page& own) { return openapi::ogc_document(own.base); });
}

}  // namespace jobmap::api
