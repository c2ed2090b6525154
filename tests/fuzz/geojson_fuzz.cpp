// A GeoJSON file of districts.
#include <cstdlib>
#include <stdexcept>

#include "data/ingest/table/layers.hpp"

using namespace jobmap;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  try {
    const auto rows = data::open_geojson(text, data::district_columns());
    data::SourceRow row;
    data::District district;
    const data::Rules rules;
    for (std::size_t i = 0; i < rows->size(); ++i) {
      rows->read(i, row);
      if (!row.fault.empty() || data::read_district(row, rules, district)) continue;
      for (const auto& polygon : district.geometry)
        for (const auto& ring : polygon)
          for (const auto& p : ring)
            if (!geo::is_valid(p)) std::abort();
    }
  } catch (const std::runtime_error&) {  // a file that can't be read at all
  }
  return 0;
}
