#pragma once
// The bytes before an answer's body.
//
//   std::string out;
//   append_head(out, response, {.date = http_date(now), .keep_alive = true});
//   // "HTTP/1.1 200 OK\r\nServer: jobmap\r\n ... \r\n\r\n"
//
// Content-Length is always the body's, also for HEAD; 204 and 304 have none. What holds for every answer
// (sniffing, cross-origin reads, referrers) is written here once.
#include <ctime>
#include <string>
#include <string_view>

#include "server/api/response.hpp"

namespace jobmap::http {

struct HeadContext {
  std::string_view date;
  bool keep_alive = true;
  int minor_version = 1;     // of the request
  bool cross_origin = true;  // pages of others may read it
};

void append_head(std::string& out, const api::Response& response, const HeadContext& context);
// "Sun, 06 Nov 1994 08:49:37 GMT", whatever the locale.
std::string http_date(std::time_t time);
// 204 and 304 never have a body.
inline bool has_body(unsigned status) { return status != 204 && status != 304; }

}  // namespace jobmap::http
