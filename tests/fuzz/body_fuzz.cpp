// The body of a POST: an area, a plan to cover, a plan to site and a query of two kinds, by the input's first
// byte: 0 to 4.
#include <cstdlib>

#include "tests/fuzz/ask.hpp"

using namespace jobmap;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  constexpr const char* paths[] = {"/v1/areas", "/v1/coverage", "/v1/siting", "/v1/jobs/search",
                                   "/ogc/collections/jobs/search"};
  const std::string_view body(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto response = fuzz::ask(api::Method::post, paths[(data[0] + 2u) % 5], body);
  switch (response.status) {
    case 200:
    case 201:
    case 400:
    case 404:
    case 503:  // the room for areas is full
      return 0;
    default:
      std::abort();
  }
}
