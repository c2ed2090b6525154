#pragma once
// The city's features as CQL2 sees them: the single values of their properties, and of points the geometry.
//
//   auto filter = read_filter(reader, snapshot, city_queryables(layer));
//   if (evaluate(filter->expression.root, CityFeature(city, layer, i)) == Truth::yes) …
#include "encode/city_geojson.hpp"
#include "query/cql2/interpret.hpp"

namespace jobmap::api::ogc {

std::span<const query::cql2::Queryable> city_queryables(encode::CityLayer layer);

class CityFeature final : public query::cql2::Properties {
 public:
  CityFeature(const data::City& city, encode::CityLayer layer, std::size_t i)
      : city_(city), layer_(layer), i_(i) {}
  query::cql2::Value get(int property) const override;
  query::cql2::Truth relates(int geometry, query::cql2::Spatial how,
                             const query::cql2::Region& region) const override;

 private:
  const data::City& city_;
  encode::CityLayer layer_;
  std::size_t i_;
};

}  // namespace jobmap::api::ogc
