#include "server/api/ogc/crs.hpp"

#include <array>

namespace jobmap::api::ogc {
namespace {

constexpr std::array served_crs{
    CrsUri{"http://www.opengis.net/def/crs/OGC/1.3/CRS84", geo::Crs::wgs84, false},
    CrsUri{"http://www.opengis.net/def/crs/EPSG/0/4326", geo::Crs::epsg4326, true},
    CrsUri{"http://www.opengis.net/def/crs/EPSG/0/4490", geo::Crs::epsg4490, true},
    CrsUri{"http://www.opengis.net/def/crs/EPSG/0/3857", geo::Crs::epsg3857, false},
    CrsUri{"http://www.opengis.net/def/crs/EPSG/0/4549", geo::Crs::epsg4549, true},
};

}  // namespace

std::span<const CrsUri> crs_uris() { return served_crs; }

const CrsUri& read_crs(query::Reader& reader, std::string_view parameter) {
  const auto given = reader.text(parameter);
  if (!given) return served_crs.front();
  std::string allowed;
  for (const CrsUri& crs : served_crs) {
    if (crs.uri == *given) return crs;
    allowed.append(allowed.empty() ? "" : ", ").append(crs.uri);
  }
  reader.fail(parameter, *given, "this coordinate reference system is not served", std::move(allowed));
  return served_crs.front();
}

}  // namespace jobmap::api::ogc
