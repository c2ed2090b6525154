#pragma once
// Content negotiation: which media type the caller prefers, and whether it has the answer already. Content
// codings are chosen in coding.hpp.
//
//   quality("gzip;q=0.5, *;q=0", "gzip");                   // 0.5
//   if (has_already(request.header("if-none-match"), etag)) return 304;
//
// q-values as in RFC 9110, 12.4: a malformed item of a list is passed over, as if it weren't there.
#include <optional>
#include <string>
#include <string_view>

#include "server/api/endpoint.hpp"

namespace jobmap::api {

// The q-value of an item's own entry in a list; nothing where it has none.
std::optional<double> quality(std::string_view list, std::string_view item);
// The q-value an Accept header gives a media type: the most specific range decides.
double media_quality(std::string_view accept, std::string_view type);
// Whether a Content-Type is this media type, whatever its parameters.
bool is_media_type(std::string_view content_type, std::string_view type);
// Whether an If-None-Match names this tag: "*", or a list, compared weakly.
bool has_already(std::string_view if_none_match, std::string_view etag);

// A strong ETag of all that decides an answer's bytes; equal parts, equal tag. 128 bits, not cryptographic.
std::string make_etag(std::initializer_list<std::string_view> parts);

}  // namespace jobmap::api
