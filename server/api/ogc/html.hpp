#pragma once
// Any JSON answer of /ogc as a page for a person: what it says as lists of names and values, its links as
// links.
//
//   std::string page = html_page("Collections", value);
//
// All text is escaped. There is no script, and the one style sheet inside is allowed by its hash in
// html_policy.
#include <boost/json/value.hpp>
#include <string>
#include <string_view>

namespace jobmap::api::ogc {

std::string html_page(std::string_view title, const boost::json::value& value);
// For Content-Security-Policy.
extern const std::string_view html_policy;

}  // namespace jobmap::api::ogc
