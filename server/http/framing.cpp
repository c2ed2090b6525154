#include "server/http/framing.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <optional>

#include "data/model/digits.hpp"

namespace jobmap::http {
namespace {

using data::is_digit;
bool is_alnum(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

std::optional<api::Method> known_method(std::string_view name) {
  if (name == "GET") return api::Method::get;
  if (name == "HEAD") return api::Method::head;
  if (name == "POST") return api::Method::post;
  if (name == "OPTIONS") return api::Method::options;
  if (name == "PUT" || name == "DELETE" || name == "PATCH") return api::Method::other;
  return std::nullopt;
}

// Fills target, path and query; false where the target has none of the forms we serve.
bool split_target(std::string_view target, Framing& framing) {
  if (target.find('#') != std::string_view::npos) return false;
  if (target == "*") {
    framing.target = framing.path = target;
    return framing.method == api::Method::options;
  }
  for (std::string_view scheme : {"http://", "https://"}) {
    if (!equal_ignoring_case(target.substr(0, scheme.size()), scheme)) continue;
    target.remove_prefix(scheme.size());
    auto end = std::min(target.find_first_of("/?"), target.size());
    if (!is_valid_host(target.substr(0, end))) return false;
    target.remove_prefix(end);
    if (target.empty()) target = "/";
    break;
  }
  if (target.front() != '/') return false;
  auto mark = std::min(target.find('?'), target.size());
  framing.target = target;
  framing.path = target.substr(0, mark);
  framing.query = target.substr(std::min(mark + 1, target.size()));
  return true;
}

struct Counts {
  int host = 0, length = 0;
  std::string_view expect;
};

std::optional<Refusal> read_field(const api::Header& field, Counts& counts, Framing& framing) {
  if (field.name == "transfer-encoding")
    return Refusal{501, "Transfer-Encoding is not supported: send a body with Content-Length."};
  if (field.name == "host") {
    if (++counts.host > 1) return Refusal{400, "Host must be there exactly once."};
    if (!is_valid_host(field.value))
      return Refusal{400, "Host must be a host name or address, with or without a port."};
  } else if (field.name == "content-length") {
    if (++counts.length > 1) return Refusal{400, "Content-Length must be there at most once."};
    if (field.value.empty() || !std::all_of(field.value.begin(), field.value.end(), is_digit))
      return Refusal{400, "Content-Length must be digits."};
    auto [end, error] =
        std::from_chars(field.value.data(), field.value.data() + field.value.size(), framing.content_length);
    if (error != std::errc{}) return Refusal{413, "The body is too large."};
  } else if (field.name == "connection") {
    if (has_token(field.value, "close")) framing.keep_alive = false;
  } else if (field.name == "expect") {
    counts.expect = field.value;
    if (!equal_ignoring_case(field.value, "100-continue"))
      return Refusal{417, "The only expectation met is 100-continue."};
  }
  return std::nullopt;
}

bool asks_to_keep_alive(std::span<const api::Header> fields) {
  return std::any_of(fields.begin(), fields.end(), [](const api::Header& field) {
    return field.name == "connection" && has_token(field.value, "keep-alive");
  });
}

}  // namespace

bool is_valid_host(std::string_view host) {
  std::size_t name = 0;
  if (host.starts_with('[')) {
    auto end = host.find(']');
    if (end == std::string_view::npos || end < 3) return false;
    auto inside = host.substr(1, end - 1);
    if (!std::all_of(inside.begin(), inside.end(), [](char c) {
          return std::isxdigit(static_cast<unsigned char>(c)) || c == ':' || c == '.';
        }))
      return false;
    name = end + 1;
  } else {
    while (name < host.size() &&
           (is_alnum(host[name]) || std::string_view("-._~%").find(host[name]) != std::string_view::npos))
      ++name;
    if (name == 0 || name > 255) return false;
  }
  auto port = host.substr(name);
  if (port.empty()) return true;
  return port.front() == ':' && port.size() <= 6 && std::all_of(port.begin() + 1, port.end(), is_digit);
}

bool has_token(std::string_view list, std::string_view token) {
  while (!list.empty()) {
    auto comma = std::min(list.find(','), list.size());
    auto item = list.substr(0, comma);
    list.remove_prefix(std::min(comma + 1, list.size()));
    while (!item.empty() && (item.front() == ' ' || item.front() == '\t')) item.remove_prefix(1);
    while (!item.empty() && (item.back() == ' ' || item.back() == '\t')) item.remove_suffix(1);
    if (equal_ignoring_case(item, token)) return true;
  }
  return false;
}

Refusal bad_version(std::string_view start_line) {
  auto version = start_line.substr(std::min(start_line.rfind(' ') + 1, start_line.size()));
  if (version != "HTTP/1.1" && version != "HTTP/1.0" && version.size() == 8 && version.starts_with("HTTP/") &&
      is_digit(version[5]) && version[6] == '.' && is_digit(version[7]))
    return {505, "Only HTTP/1.1 and HTTP/1.0 are spoken here."};
  return {400, "The request line is malformed."};
}

std::optional<Refusal> check_start_line(std::string_view bytes) {
  const auto end = bytes.find('\n');
  if (end == bytes.npos) return std::nullopt;
  auto line = bytes.substr(0, end);
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (line.ends_with(" HTTP/1.1") || line.ends_with(" HTTP/1.0")) return std::nullopt;
  return bad_version(line);
}

std::variant<Framing, Refusal> frame(const Head& head, const Limits& limits) {
  if (head.target.size() > limits.target_bytes) return Refusal{414, "The request target is too long."};
  if (head.fields_bytes > limits.fields_bytes) return Refusal{431, "The header fields are too large."};
  if (head.fields.size() > limits.field_count) return Refusal{431, "There are too many header fields."};
  if (head.folded) return Refusal{400, "A header field must not go over two lines."};

  Framing framing;
  framing.keep_alive = head.minor_version >= 1;
  Counts counts;
  for (const api::Header& field : head.fields)
    if (auto refusal = read_field(field, counts, framing)) return *refusal;
  if (head.minor_version == 0) framing.keep_alive = asks_to_keep_alive(head.fields);
  if (head.minor_version >= 1 && counts.host == 0) return Refusal{400, "Host is missing."};

  auto method = known_method(head.method);
  if (!method) return Refusal{501, "This method is not implemented."};
  framing.method = *method;
  if (head.target.empty() || !split_target(head.target, framing))
    return Refusal{400, "The request target is malformed."};
  if (framing.content_length > limits.body_bytes) return Refusal{413, "The body is too large."};
  framing.expect_continue = !counts.expect.empty() && head.minor_version >= 1 && framing.content_length > 0;
  return framing;
}

}  // namespace jobmap::http
