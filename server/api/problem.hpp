#pragma once
// What goes wrong, as application/problem+json (RFC 9457). The one table from query::Code to a status is
// here.
//
//   if (!prepared) return problem(prepared.error(), request.request_id);
//   // {"type":"about:blank","title":"Bad Request","status":400,"detail":"radius is out of range.",
//   //  "parameter":"radius","value":"0","allowed":"1 to 50000","request_id":"…"}
#include <string>
#include <string_view>

#include "api/response.hpp"
#include "query/error.hpp"

namespace jobmap::api {

unsigned status_of(query::Code code);
Response problem(const query::Error& error, std::string_view request_id);
// One without a parameter; detail is a sentence.
Response problem(unsigned status, std::string_view detail, std::string_view request_id);
// The phrase of RFC 9110 for a status.
std::string_view title_of(unsigned status);

}  // namespace jobmap::api
