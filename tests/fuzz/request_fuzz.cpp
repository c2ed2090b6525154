// A request target through the whole API: routes, parameters, query, answer. Whatever it is, the status is
// one that docs/api.md names, and never a 500.
#include <algorithm>
#include <cstdlib>

#include "api/app.hpp"
#include "api/log.hpp"
#include "tests/sample_snapshot.hpp"

using namespace jobmap;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static api::Log log(std::fopen("/dev/null", "w"));
  static const api::App app({}, log);
  static const api::Generation generation = sample_snapshot({.seed = 1, .jobs = 2000, .now = 1'790'000'000});
  const std::string target = '/' + std::string(reinterpret_cast<const char*>(data), size);
  api::Request request;
  request.target = target;
  const auto mark = std::min(target.find('?'), target.size());
  request.path = request.target.substr(0, mark);
  request.query = request.target.substr(std::min(mark + 1, target.size()));
  request.request_id = "0";
  auto plan = app.plan(request, generation);
  const auto response = std::holds_alternative<api::Work>(plan) ? std::get<api::Work>(plan).run()
                                                                : std::get<api::Response>(plan);
  constexpr unsigned known[] = {200, 204, 304, 400, 404, 405, 406};
  if (std::find(std::begin(known), std::end(known), response.status) == std::end(known)) std::abort();
  return 0;
}
