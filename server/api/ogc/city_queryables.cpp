#include "server/api/ogc/city_queryables.hpp"

#include <array>

namespace jobmap::api::ogc {
namespace {

using encode::CityLayer;
using encode::CityType;
using query::cql2::Queryable;
using query::cql2::Type;
using query::cql2::Value;

// In the order of city_properties; those of several values come last there, and are left out.
std::vector<Queryable> make(CityLayer layer) {
  std::vector<Queryable> all;
  for (const auto& property : encode::city_properties(layer)) {
    if (property.type != CityType::text && property.type != CityType::integer) continue;
    all.push_back({property.name, property.type == CityType::text ? Type::text : Type::number});
  }
  all.push_back({"geometry", Type::geometry});
  return all;
}

std::optional<geo::PointE7> point_of(const data::City& city, CityLayer layer, std::size_t i) {
  if (layer == CityLayer::stations) return city.stations[i].at;
  if (layer == CityLayer::service_points) return city.service_points[i].at;
  if (layer == CityLayer::venture_sites) return city.venture_sites[i].at;
  return std::nullopt;
}

bool is_of_points(CityLayer layer) { return layer != CityLayer::lines && layer != CityLayer::districts; }

template <typename Use>
void each_region(const query::cql2::Node& node, Use&& use) {
  if (node.region) use(*node.region);
  for (const auto& child : node.children) each_region(child, use);
}

}  // namespace

void refuse_crossing_areas(query::Reader& r, CityLayer layer, const query::cql2::Expression& expression) {
  if (is_of_points(layer)) return;
  each_region(expression.root, [&](const query::cql2::Region& region) {
    const auto* area = std::get_if<geo::MultiPolygon>(&region.shape());
    if (const auto why = area ? geo::invalid_reason(*area) : std::nullopt)
      r.fail("filter", region.text.substr(0, 200),
             "lines and districts are asked for by areas that are valid: " + *why,
             "rings that neither cross nor touch along an edge, holes inside their polygon");
  });
}

bool relates_shapes(CityLayer layer, const query::cql2::Expression& expression) {
  bool any = false;
  if (!is_of_points(layer)) each_region(expression.root, [&](const auto&) { any = true; });
  return any;
}

std::span<const Queryable> city_queryables(CityLayer layer) {
  static const std::array all{make(CityLayer::stations), make(CityLayer::lines), make(CityLayer::districts),
                              make(CityLayer::service_points), make(CityLayer::venture_sites)};
  return all[static_cast<std::size_t>(layer)];
}

Value CityFeature::get(int property) const {
  const auto index = static_cast<std::size_t>(property);
  if (city_queryables(layer_)[index].type == Type::geometry) return 0.0;  // there is one
  const auto value = encode::city_properties(layer_)[index].value(city_, i_);
  if (const auto* text = std::get_if<std::string_view>(&value)) return text->empty() ? Value() : Value(*text);
  if (const auto* number = std::get_if<std::int64_t>(&value)) return static_cast<double>(*number);
  return {};
}

query::cql2::Truth CityFeature::relates(int, query::cql2::Spatial how,
                                        const query::cql2::Region& region) const {
  if (is_of_points(layer_)) return query::cql2::relates(point_of(city_, layer_, i_), how, region);
  const auto& shape = regions_.try_emplace(&region, region.shape()).first->second;
  const geo::Shape own = layer_ == CityLayer::lines ? geo::Shape(city_.lines[i_].geometry)
                                                    : geo::Shape(city_.districts[i_].geometry);
  const bool holds = how == query::cql2::Spatial::within ? shape.contains(own) : shape.intersects(own);
  return holds != (how == query::cql2::Spatial::disjoint) ? query::cql2::Truth::yes : query::cql2::Truth::no;
}

}  // namespace jobmap::api::ogc
