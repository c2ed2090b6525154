#pragma once
// The API's definition, OpenAPI 3.0, from one source beside this file:
//
// - v1.json: the paths of /v1, /tiles and the server itself, and what the document says of itself
// - ogc.json: the paths of OGC API, from /ogc on
// - parameters.json: every parameter, by the name paths refer to it ("#/components/parameters/…")
// - schemas.json: what answers hold, and the refusals
//
// A new route or parameter goes there: tests compare the paths with the route table, the parameters of each
// path with those its endpoint reads, and the answers of the real server with the schemas
// (tests/api/openapi*.test.mjs).
//
//   json::object all = served_document("https://jobs.example.org/map");
//   json::object ogc = ogc_document("http://localhost:8080");
//
// A document holds the components its paths refer to, and no others.
#include <boost/json/object.hpp>
#include <string>

namespace jobmap::api::openapi {

const boost::json::object& whole_document();
// The same as it is served under this base URL; under "" from the root of whatever serves it.
boost::json::object served_document(const std::string& base);
boost::json::object ogc_document(const std::string& base);

}  // namespace jobmap::api::openapi
