#include "server/http/response_head.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <cstdio>

#include "server/api/problem.hpp"

namespace jobmap::http {
namespace {

// Pages of others may read an answer, and of its header all that tells a client something. A browser shows
// them only the fields named here, beside those that it always shows (Cache-Control, Content-Type and the
// like). They are listed since "*" would leave out what some browsers don't know yet.
constexpr std::string_view cross_origin_fields =
    "Access-Control-Allow-Origin: *\r\n"
    "Access-Control-Expose-Headers: Allow, Content-Crs, Content-Encoding, Date, ETag, Jobmap-Cost, Link, "
    "Location, Retry-After\r\n";

void append_number(std::string& out, std::uint64_t value) {
  std::array<char, 20> digits;
  auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  out.append(digits.data(), end);
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  out.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

std::string http_date(std::time_t time) {
  static constexpr const char* days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::tm t{};
  gmtime_r(&time, &t);
  std::array<char, 64> text;
  auto length =
      std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT", days[t.tm_wday],
                    t.tm_mday, months[t.tm_mon], t.tm_year + 1900, t.tm_hour, t.tm_min, t.tm_sec);
  return std::string(text.data(), static_cast<std::size_t>(length));
}

void append_head(std::string& out, const api::Response& response, const HeadContext& context) {
  if (response.status == 200) {
    out.append("HTTP/1.1 200 OK\r\n");
  } else {
    out.append("HTTP/1.1 ");
    append_number(out, response.status);
    out.append(" ").append(api::title_of(response.status)).append("\r\n");
  }
  append_field(out, "Date", context.date);
  out.append(
      "Server: jobmap\r\n"
      "X-Content-Type-Options: nosniff\r\n"
      "Referrer-Policy: no-referrer\r\n");
  if (context.cross_origin) out.append(cross_origin_fields);
  if (has_body(response.status)) {
    out.append("Content-Length: ");
    append_number(out, response.body ? response.body->size() : 0);
    out.append("\r\n");
    append_field(out, "Content-Type", response.content_type);
    append_field(out, "Content-Encoding", response.content_encoding);
  }
  append_field(out, "ETag", response.etag);
  append_field(out, "Cache-Control", response.cache_control);
  if (response.vary) out.append("Vary: Accept, Accept-Encoding\r\n");
  for (const auto& [name, value] : response.headers)
    if (context.cross_origin || !name.starts_with("Access-Control-")) append_field(out, name, value);
  if (!context.keep_alive)
    out.append("Connection: close\r\n");
  else if (context.minor_version == 0)
    out.append("Connection: keep-alive\r\n");
  out.append("\r\n");
}

}  // namespace jobmap::http
