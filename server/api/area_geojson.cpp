#include "api/area_geojson.hpp"

#include <boost/json.hpp>
#include <optional>

#include "data/text.hpp"
#include "geo/polygon.hpp"

namespace jobmap::api {
namespace {

namespace json = boost::json;

constexpr std::size_t deepest = 16;

std::string shown(const json::value* value) {
  if (!value) return "";
  auto text = json::serialize(*value);
  if (text.size() > 100) text = text.substr(0, 100) + "…";
  return data::is_valid_utf8(text) ? text : "?";
}

// What is returned after an error.
struct Nothing {
  template <typename T>
  operator T() const {
    return {};
  }
};

class AreaReader {
 public:
  explicit AreaReader(geo::Crs crs) : crs_(crs) {}

  geo::MultiPolygon read(const json::value& value) {
    const auto* object = value.if_object();
    if (!object) return fail("", &value, "the body is not a JSON object", "a GeoJSON geometry or Feature");
    if (const auto* crs = object->if_contains("crs"))
      return fail("crs", crs, "GeoJSON has no such member", "the parameter crs of the URL");
    const auto* type = object->if_contains("type");
    const auto is = [&](std::string_view name) {
      return type && type->is_string() && type->as_string() == name;
    };
    if (is("Feature") && !in_feature_) {
      in_feature_ = true;
      const auto* geometry = object->if_contains("geometry");
      if (!geometry || !geometry->is_object())
        return fail("geometry", geometry, "the feature has no geometry", "a Polygon or MultiPolygon");
      return read(*geometry);
    }
    if (!is("Polygon") && !is("MultiPolygon"))
      return fail("type", type, "this is not an area", "Polygon, MultiPolygon, or a Feature of one");
    const auto* coordinates = object->if_contains("coordinates");
    if (is("Polygon")) return {polygon(coordinates)};
    return list<geo::Polygon>(coordinates, [this](const json::value& v) { return polygon(&v); });
  }

  const std::optional<query::Error>& error() const { return error_; }

 private:
  template <typename Item, typename Read>
  std::vector<Item> list(const json::value* value, Read&& read) {
    std::vector<Item> items;
    const auto* array = value ? value->if_array() : nullptr;
    if (!array) return fail("coordinates", value, "this is not a list", "lists of rings of [x, y]");
    for (const auto& item : *array) {
      if (error_) break;
      items.push_back(read(item));
    }
    return items;
  }
  geo::Polygon polygon(const json::value* value) {
    return list<geo::Ring>(value, [this](const json::value& ring) {
      if (++rings_ > geo::PolygonLimits{}.rings)
        fail("coordinates", nullptr, "the area has too many rings",
             "at most " + std::to_string(geo::PolygonLimits{}.rings));
      return list<geo::LonLat>(&ring, [this](const json::value& v) { return position(v); });
    });
  }
  geo::LonLat position(const json::value& value) {
    if (++vertices_ > geo::PolygonLimits{}.vertices)
      return fail("coordinates", nullptr, "the area has too many vertices",
                  "at most " + std::to_string(geo::PolygonLimits{}.vertices));
    const auto* xy = value.if_array();
    if (!xy || xy->size() < 2 || !(*xy)[0].is_number() || !(*xy)[1].is_number())
      return fail("coordinates", &value, "this is not a position", "[x, y] in numbers");
    const auto at = geo::to_wgs84(crs_, (*xy)[0].to_number<double>(), (*xy)[1].to_number<double>());
    if (at && geo::is_valid(*at)) return *at;
    return fail("coordinates", &value, "this is no place on the earth in " + std::string(geo::name_of(crs_)),
                geo::is_geographic(crs_) ? "longitude -180 to 180, latitude -90 to 90, longitude first"
                                         : "east, north in metres, within the system's area");
  }
  Nothing fail(std::string_view member, const json::value* value, std::string message, std::string allowed) {
    if (!error_)
      error_ = query::Error{query::Code::bad_request, std::move(message), std::string(member), shown(value),
                            std::move(allowed)};
    return {};
  }

  geo::Crs crs_;
  bool in_feature_ = false;
  std::size_t rings_ = 0, vertices_ = 0;
  std::optional<query::Error> error_;
};

}  // namespace

query::Result<geo::MultiPolygon> read_area(std::string_view geojson, geo::Crs crs) {
  json::error_code error;
  json::parse_options options;
  options.max_depth = deepest;
  const auto value = json::parse(geojson, error, {}, options);
  if (error)
    return query::Error{query::Code::bad_request, "the body is not JSON: " + error.message(), "", "",
                        "GeoJSON: a Polygon, a MultiPolygon, or a Feature of one"};
  AreaReader reader(crs);
  auto area = reader.read(value);
  if (reader.error()) return *reader.error();
  return area;
}

}  // namespace jobmap::api
