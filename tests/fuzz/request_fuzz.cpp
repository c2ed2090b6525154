// A request target through the whole API: routes, parameters, query, answer. Whatever it is, the status is
// one that docs/api.md names, and never a 500.
#include <algorithm>
#include <cstdlib>

#include "tests/fuzz/ask.hpp"

using namespace jobmap;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto response =
      fuzz::ask(api::Method::get, '/' + std::string(reinterpret_cast<const char*>(data), size));
  constexpr unsigned known[] = {200, 204, 304, 400, 404, 405, 406};
  if (std::find(std::begin(known), std::end(known), response.status) == std::end(known)) std::abort();
  return 0;
}
