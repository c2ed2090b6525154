#pragma once
// How an answer describes the city's stations, lines, districts and sites: one table of properties a layer,
// from which features are written and asked about.
//
//   for (std::size_t i = 0; i < city_size(city, layer); ++i)
//     write_city_feature(w, city, layer, i, GeometryWriter(w, crs));     // {"type":"Feature","id":…}
//   for (const CityProperty& p : city_properties(layer)) p.value(city, i);
//
// Entries go by their place in the City's vectors. An empty value is absent.
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "server/encode/geojson_geometry.hpp"
#include "server/encode/tile_city.hpp"

namespace jobmap::encode {

using Ids = std::vector<std::string_view>;
using CityValue = std::variant<std::monostate, std::string_view, std::int64_t, Ids, std::vector<Ids>>;

enum class CityType { text, integer, ids, branches };
struct CityProperty {
  std::string_view name, title;
  CityType type;
  CityValue (*value)(const data::City& city, std::size_t i);
};

std::span<const CityProperty> city_properties(CityLayer layer);  // the first is the id
std::size_t city_size(const data::City& city, CityLayer layer);
std::string_view city_id(const data::City& city, CityLayer layer, std::size_t i);
inline constexpr std::uint64_t all_properties = ~std::uint64_t{0};
// wanted: bit per property, in the order of city_properties.
void write_city_feature(JsonWriter& out, const data::City& city, CityLayer layer, std::size_t i,
                        GeometryWriter geometry, std::uint64_t wanted = all_properties);

}  // namespace jobmap::encode
