#include "api/problem.hpp"

#include "api/log.hpp"

namespace jobmap::api {
namespace {

Response render(unsigned status, const query::Error& error, std::string_view request_id) {
  std::string text = "{\"type\":\"about:blank\",\"title\":";
  append_json_string(text, title_of(status));
  text += ",\"status\":" + std::to_string(status);
  auto add = [&text](std::string_view name, std::string_view value) {
    if (value.empty()) return;
    text.append(",\"").append(name).append("\":");
    append_json_string(text, value);
  };
  add("detail", error.message);
  add("parameter", error.parameter);
  if (!error.parameter.empty()) {
    text += ",\"value\":";
    append_json_string(text, error.value);
  }
  add("allowed", error.allowed);
  add("request_id", request_id);
  text += "}\n";

  Response response;
  response.status = status;
  response.content_type = "application/problem+json";
  response.cache_control = "no-store";
  response.set_body(std::move(text));
  return response;
}

}  // namespace

unsigned status_of(query::Code code) {
  using query::Code;
  switch (code) {
    case Code::bad_request:
      return 400;
    case Code::not_supported:
      return 400;
    case Code::not_found:
      return 404;
    case Code::not_acceptable:
      return 406;
    case Code::method:
      return 405;
    case Code::too_large:
      return 413;
    case Code::unavailable:
      return 503;
    case Code::internal:
      return 500;
  }
  return 500;
}

std::string_view title_of(unsigned status) {
  switch (status) {
    case 200:
      return "OK";
    case 204:
      return "No Content";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 406:
      return "Not Acceptable";
    case 408:
      return "Request Timeout";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 417:
      return "Expectation Failed";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "Unknown";
  }
}

Response problem(const query::Error& error, std::string_view request_id) {
  auto response = render(status_of(error.code), error, request_id);
  if (error.code == query::Code::unavailable) response.headers.emplace_back("Retry-After", "1");
  return response;
}

Response problem(unsigned status, std::string_view detail, std::string_view request_id) {
  query::Error error;
  error.message = detail;
  auto response = render(status, error, request_id);
  if (status == 503) response.headers.emplace_back("Retry-After", "1");
  return response;
}

}  // namespace jobmap::api
