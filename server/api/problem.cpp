#include "server/api/problem.hpp"

#include <algorithm>

#include "server/api/log.hpp"

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

void add_retry_after(Response& response, std::chrono::seconds wait = std::chrono::seconds(1)) {
  response.headers.emplace_back("Retry-After", std::to_string(std::max<std::int64_t>(1, wait.count())));
}

}  // namespace

unsigned status_of(query::Code code) {
  using query::Code;
  switch (code) {
    case Code::bad_request:
      return 400;
    case Code::not_found:
      return 404;
    case Code::not_acceptable:
      return 406;
    case Code::method:
      return 405;
    case Code::media_type:
      return 415;
    case Code::too_large:
      return 413;
    case Code::too_much:
      return 429;
    case Code::unavailable:
      return 503;
  }
  return 500;
}

std::size_t place_of(unsigned status) {
  const auto at =
      std::find_if(statuses.begin(), statuses.end(), [&](Status s) { return s.number == status; });
  return static_cast<std::size_t>(at - statuses.begin());
}

std::string_view title_of(unsigned status) {
  const auto place = place_of(status);
  return place < statuses.size() ? statuses[place].title : "Unknown";
}

Response problem(const query::Error& error, std::string_view request_id) {
  auto response = render(status_of(error.code), error, request_id);
  if (response.status == 503) add_retry_after(response);
  return response;
}

Response problem(unsigned status, std::string_view detail, std::string_view request_id) {
  query::Error error;
  error.message = detail;
  auto response = render(status, error, request_id);
  if (status == 503) add_retry_after(response);
  return response;
}

Response retry_later(unsigned status, std::string_view detail, std::string_view request_id,
                     std::chrono::seconds wait) {
  query::Error error;
  error.message = detail;
  auto response = render(status, error, request_id);
  add_retry_after(response, wait);
  return response;
}

}  // namespace jobmap::api
