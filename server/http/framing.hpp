#pragma once
// The gate between a parsed head and everything else: it decides where a request ends, and refuses whatever
// two parties could read differently (RFC 9112, 9.3 and 11.2: request smuggling). It runs before a byte of
// body is used.
//
//   auto framed = frame(head, limits);
//   if (auto* refusal = std::get_if<Refusal>(&framed)) refuse(*refusal);
//   else receive(std::get<Framing>(framed).content_length);
//
// Every Transfer-Encoding is refused: our bodies have a length, and with it go chunk extensions and trailers.
// Content-Length is digits, once. Host is there exactly once and is a host. A refusal always ends the
// connection.
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <variant>

#include "server/api/request.hpp"
#include "server/http/limits.hpp"

namespace jobmap::http {

struct Head {
  std::string_view method, target;
  int minor_version = 1;  // of HTTP/1.x
  std::size_t fields_bytes = 0;
  bool folded = false;  // a field went over two lines
  std::span<const api::Header> fields;
};

struct Framing {
  api::Method method = api::Method::get;
  std::string_view target;       // in origin form: an absolute one has lost its authority
  std::string_view path, query;  // the two parts of target
  std::uint64_t content_length = 0;
  bool keep_alive = true;
  bool expect_continue = false;
};

struct Refusal {
  unsigned status = 400;
  std::string_view reason;  // a sentence, of static storage
};

std::variant<Framing, Refusal> frame(const Head& head, const Limits& limits);

// uri-host [":" port], as Host and the authority of an absolute target have it. Not empty.
bool is_valid_host(std::string_view host);
// Whether a comma-separated list holds the token, in any case.
bool has_token(std::string_view list, std::string_view token);
// Why a start line that the parser gave up on was bad: 400, or 505 for another version of HTTP.
Refusal bad_version(std::string_view start_line);
// Says what is wrong with the first line of a head that isn't whole yet, once that line has ended: the parser
// would wait for the rest of a version that will never come.
std::optional<Refusal> check_start_line(std::string_view bytes);

}  // namespace jobmap::http
