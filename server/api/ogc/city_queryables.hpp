#pragma once
// The city's features as CQL2 sees them: the single values of their properties, and the geometry.
//
//   auto filter = read_filter(reader, snapshot, city_queryables(layer));
//   refuse_crossing_areas(reader, layer, filter->expression);
//   Regions regions;                                              // of one request, on one thread
//   if (evaluate(filter->expression.root, CityFeature(city, layer, i, regions)) == query::cql2::Truth::yes) use(i);
//
// Points are related on the grid, as jobs are; lines and areas by GEOS, which takes only areas that are
// valid.
#include <map>

#include "geo/polygon.hpp"
#include "server/api/ogc/filter.hpp"
#include "server/encode/city_geojson.hpp"
#include "server/query/syntax/cql2/interpret.hpp"

namespace jobmap::api::ogc {

std::span<const query::cql2::Queryable> city_queryables(encode::CityLayer layer);

// Lines and districts can't be asked for by an area that is not valid, such as one that crosses itself.
void refuse_crossing_areas(query::Reader& reader, encode::CityLayer layer,
                           const query::cql2::Expression& expression);

// Whether GEOS is asked.
bool relates_shapes(encode::CityLayer layer, const query::cql2::Expression& expression);

// The prepared form of each region that features have been related to so far.
using Regions = std::map<const query::cql2::Region*, geo::PreparedShape>;

class CityFeature final : public query::cql2::Properties {
 public:
  CityFeature(const data::City& city, encode::CityLayer layer, std::size_t i, Regions& regions)
      : city_(city), layer_(layer), i_(i), regions_(regions) {}
  query::cql2::Value get(int property) const override;
  query::cql2::Truth relates(int geometry, query::cql2::Spatial how,
                             const query::cql2::Region& region) const override;

 private:
  const data::City& city_;
  encode::CityLayer layer_;
  std::size_t i_;
  Regions& regions_;
};

}  // namespace jobmap::api::ogc
