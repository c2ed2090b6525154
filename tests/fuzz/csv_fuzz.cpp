// A CSV file of jobs: whatever it holds, each row is either a posting that keeps every rule of the schema, or
// a reason.
#include <cstdlib>
#include <stdexcept>

#include "data/ingest/table/layers.hpp"

using namespace jobmap;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  try {
    const auto rows = data::open_csv(text, data::posting_columns());
    data::SourceRow row;
    data::Posting posting;
    const data::Rules rules;
    for (std::size_t i = 0; i < rows->size(); ++i) {
      rows->read(i, row);
      if (!row.fault.empty() || data::read_posting(row, rules, posting)) continue;
      if (posting.openings < 1 || posting.title.empty() ||
          (posting.pay_min && posting.pay_max && *posting.pay_min > *posting.pay_max))
        std::abort();
      if (posting.point && !geo::is_valid(*posting.point)) std::abort();
    }
  } catch (const std::runtime_error&) {  // a file that can't be read at all
  }
  return 0;
}
