#pragma once
// A request as the API sees it: no sockets, no Beast. The HTTP server fills it in from a parsed head; every
// view lives as long as the request does, so work that outlives it copies what it needs.
//
//   const Request get{.target = "/v1/jobs?limit=1", .path = "/v1/jobs", .query = "limit=1"};
//   get.header("accept");                       // "" where there is none
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace jobmap::api {

enum class Method { get, head, post, options, other };

struct Header {
  std::string_view name;  // lower case
  std::string_view value;
};

struct Request {
  Method method = Method::get;
  std::string_view target;  // as sent: path[?query], still encoded
  std::string_view path;    // before '?', still encoded
  std::string_view query;   // after '?', still encoded; empty where there is none
  std::span<const Header> headers;
  std::string_view body;
  std::string_view request_id;
  std::optional<std::uint64_t> client = {};  // by its address; nobody where a proxy of ours asks for itself
  bool admin = false;                        // it came to the operator's own address
  std::shared_ptr<const std::string> whole_body =
      nullptr;  // what `body` is a view of; null: the caller's own

  // The first header of that (lower-case) name; empty where there is none.
  std::string_view header(std::string_view name) const {
    for (const Header& h : headers)
      if (h.name == name) return h.value;
    return {};
  }
  // The body for work that outlives the request: a copy of a megabyte would be new memory, which takes an I/O
  // thread many milliseconds.
  std::shared_ptr<const std::string> shared_body() const {
    return whole_body ? whole_body : std::make_shared<const std::string>(body);
  }
};

}  // namespace jobmap::api
