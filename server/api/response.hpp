#pragma once
// An answer as the API gives it. The HTTP server adds Date, Server, Content-Length and Connection, drops the
// body for HEAD, 204 and 304, and writes head and body in one gather write without copying the body.
//
//   Response r{.status = 404, .content_type = "application/problem+json"};
//   r.set_body("{}");
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace jobmap::api {

using Body = std::shared_ptr<const std::string>;

struct Response {
  unsigned status = 200;
  std::string_view content_type;                             // of static storage
  std::string etag;                                          // with its quotes; empty for none
  std::string_view cache_control;                            // of static storage; empty for none
  std::string_view content_encoding;                         // "gzip", "br", "zstd" or empty for identity
  bool vary = false;                                         // Vary: Accept, Accept-Encoding
  std::vector<std::pair<std::string, std::string>> headers;  // any others
  Body body;
  std::size_t route = 0;  // for metrics: the place in the route table, 0 for none
  bool from_cache = false;
  bool cancelled = false;          // nobody waited for it any more
  std::uint64_t rows_visited = 0;  // for metrics: of the one answer that was made by looking at them

  void set_body(std::string text) { body = std::make_shared<const std::string>(std::move(text)); }
};

}  // namespace jobmap::api
