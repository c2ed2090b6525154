#pragma once
// One request through the whole API over a small sample, for fuzz targets; the answer as it would be sent.
//
//   const auto response = fuzz::ask(api::Method::post, "/v1/areas", body);
#include <cstdio>
#include <string>
#include <string_view>

#include "server/api/app.hpp"
#include "server/api/log.hpp"
#include "tests/sample_snapshot.hpp"

namespace jobmap::fuzz {

inline api::Response ask(api::Method method, const std::string& target, std::string_view body = {}) {
  static api::Log log(std::fopen("/dev/null", "w"));
  static const api::App app({}, log);
  static const api::Generation generation = sample_snapshot({.seed = 1, .jobs = 2000, .now = 1'790'000'000});
  const api::Header fields[] = {{"content-type", "application/json"}};
  api::Request request;
  request.method = method;
  request.target = target;
  const auto mark = std::min(target.find('?'), target.size());
  request.path = request.target.substr(0, mark);
  request.query = request.target.substr(std::min(mark + 1, target.size()));
  request.headers = fields;
  request.body = body;
  request.request_id = "0";
  auto plan = app.plan(request, generation);
  return std::holds_alternative<api::Work>(plan) ? std::get<api::Work>(plan).run()
                                                 : std::get<api::Response>(plan);
}

}  // namespace jobmap::fuzz
