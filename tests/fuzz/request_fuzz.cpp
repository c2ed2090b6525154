// A request target through the whole API: routes, parameters, query, answer. Whatever it is, the status is
// one that docs/api.md names, and never a 500. Nothing here says that it is ready: /ready alone answers 503.
#include <algorithm>
#include <cstdlib>

#include "tests/fuzz/ask.hpp"

using namespace jobmap;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string target = '/' + std::string(reinterpret_cast<const char*>(data), size);
  const auto response = fuzz::ask(api::Method::get, target);
  if (response.status == 503 && target.substr(0, target.find('?')) == "/ready") return 0;
  constexpr unsigned known[] = {200, 204, 304, 400, 404, 405, 406};
  if (std::find(std::begin(known), std::end(known), response.status) == std::end(known)) std::abort();
  return 0;
}
