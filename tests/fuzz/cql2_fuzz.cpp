// A text of CQL2 as the `filter` of a query: it is read or refused, and the canonical form of what was read
// is read as itself. What was read is also evaluated.
#include <cstdlib>
#include <string>

#include "server/query/list/evaluate.hpp"
#include "server/query/syntax/percent_coding.hpp"
#include "server/query/syntax/reader.hpp"
#include "tests/sample_snapshot.hpp"

using namespace jobmap;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto snapshot = sample_snapshot({.seed = 1, .jobs = 2000, .now = 1'790'000'000});
  const auto read = [](const std::string& text) -> query::Result<query::JobQuery> {
    auto params = query::Params::parse(text, query::Repeats::refused);
    if (!params) return params.error();
    query::Reader reader(*params);
    auto parsed = query::parse_filter(reader, *snapshot);
    query::parse_listing(reader, parsed, *snapshot);
    reader.finish();
    if (reader.failed()) return reader.error();
    return parsed;
  };
  const auto once =
      read("filter=" + query::percent_encode({reinterpret_cast<const char*>(data), size}) + "&limit=3");
  if (!once) return 0;
  const auto again = read(once->canonical + "&limit=3");
  if (!again || again->canonical != once->canonical) std::abort();
  query::evaluate(*once, *snapshot);
  return 0;
}
