#include "server/query/parse/crs_parameter.hpp"

namespace jobmap::query {

void read_crs(Reader& r, std::string_view parameter, geo::Crs& crs) {
  const auto name = r.text(parameter);
  if (!name) return;
  if (const auto parsed = geo::parse_crs(*name))
    crs = *parsed;
  else
    r.fail(parameter, *name, "this coordinate reference system is not served", std::string(geo::crs_names()));
}

}  // namespace jobmap::query
