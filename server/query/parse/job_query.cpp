#include "server/query/parse/job_query.hpp"

#include "server/query/parse/canonical_text.hpp"
#include "server/query/parse/crs_parameter.hpp"
#include "server/query/parse/parameter_groups.hpp"
#include "server/query/syntax/reader.hpp"

namespace jobmap::query {

std::string_view Parsing::either(std::string_view name, std::string_view plain) {
  if (!reader.has(plain)) return name;
  if (reader.has(name))
    reader.fail(plain, reader.raw(plain),
                "this is another name of " + std::string(name) + ", which is given too", "one of the two");
  return plain;
}

JobQuery parse_filter(Reader& reader, const data::Snapshot& snapshot, const Areas* areas) {
  JobQuery query;
  Canonical canonical;
  Parsing p{reader, snapshot, *snapshot.city, query, canonical, areas};
  read_crs(reader, "crs", query.crs);
  parse_text(p);
  parse_what(p);
  parse_travel(p);
  parse_where(p);
  parse_expression(p);
  if (query.crs != geo::Crs::wgs84) canonical.add("crs", geo::name_of(query.crs));
  query.canonical = canonical.take();
  return query;
}

}  // namespace jobmap::query
