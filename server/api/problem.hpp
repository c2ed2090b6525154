#pragma once
// Errors as application/problem+json (RFC 9457). The one table from query::Code to a status is here.
//
//   if (!prepared) return problem(prepared.error(), request.request_id);
//   // {"type":"about:blank","title":"Bad Request","status":400,"detail":"radius is out of range.",
//   //  "parameter":"radius","value":"0","allowed":"1 to 50000","request_id":"…"}
#include <array>
#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

#include "server/api/response.hpp"
#include "server/query/syntax/error.hpp"

namespace jobmap::api {

struct Status {
  unsigned number;
  std::string_view title;  // the phrase of RFC 9110
};
// All that this server answers.
inline constexpr std::array statuses{
    Status{200, "OK"},
    Status{201, "Created"},
    Status{204, "No Content"},
    Status{304, "Not Modified"},
    Status{400, "Bad Request"},
    Status{404, "Not Found"},
    Status{405, "Method Not Allowed"},
    Status{406, "Not Acceptable"},
    Status{408, "Request Timeout"},
    Status{413, "Content Too Large"},
    Status{414, "URI Too Long"},
    Status{415, "Unsupported Media Type"},
    Status{417, "Expectation Failed"},
    Status{421, "Misdirected Request"},
    Status{429, "Too Many Requests"},
    Status{431, "Request Header Fields Too Large"},
    Status{500, "Internal Server Error"},
    Status{501, "Not Implemented"},
    Status{503, "Service Unavailable"},
    Status{505, "HTTP Version Not Supported"},
};
// Its place in the table; one behind the last for any other.
std::size_t place_of(unsigned status);
// "Unknown" for any other.
std::string_view title_of(unsigned status);

unsigned status_of(query::Code code);
Response problem(const query::Error& error, std::string_view request_id);
// A problem without a parameter; detail is a sentence.
Response problem(unsigned status, std::string_view detail, std::string_view request_id);
// A problem that says in Retry-After how long it lasts: a second at least, which is also what a 503 from problem()
// says.
Response retry_later(unsigned status, std::string_view detail, std::string_view request_id,
                     std::chrono::seconds wait);

}  // namespace jobmap::api
