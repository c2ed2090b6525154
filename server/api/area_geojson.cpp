#include "server/api/area_geojson.hpp"

#include <boost/json.hpp>
#include <optional>
#include <utility>

#include "data/model/utf8.hpp"
#include "geo/polygon.hpp"

namespace jobmap::api {
namespace {

namespace json = boost::json;

constexpr std::size_t deepest_area = 16;

std::string shown_area(const json::value* value) {
  if (!value) return "";
  auto text = json::serialize(*value);
  if (text.size() > 100) text = text.substr(0, 100) + "…";
  return data::is_valid_utf8(text) ? text : "?";
}

// The result after an error.
struct Nothing {
  template <typename T>
  operator T() const {
    return {};
  }
};

constexpr std::string_view areas_allowed =
    "Polygon, MultiPolygon, a GeometryCollection of them, a Feature of one, or a FeatureCollection of such";

class AreaReader {
 public:
  explicit AreaReader(geo::Crs crs) : crs_(crs) {}

  // All areas in a GeoJSON value, in the order of the text.
  Nothing read(const json::value& value) {
    const auto* object = value.if_object();
    if (!object) return fail("", &value, "this is not a JSON object", std::string(areas_allowed));
    if (const auto* crs = object->if_contains("crs"); crs && !is_ours(*crs))
      return fail("crs", crs, "GeoJSON has no such member, and it names another system than the request",
                  "the parameter crs of the URL");
    const auto* type = object->if_contains("type");
    const auto is = [&](std::string_view name) {
      return type && type->is_string() && type->as_string() == name;
    };
    if (is("FeatureCollection") && level_ == Level::any) return members(*object, "features", Level::feature);
    if (is("Feature") && level_ <= Level::feature) {
      const auto* geometry = object->if_contains("geometry");
      if (!geometry || !geometry->is_object())
        return fail("geometry", geometry, "the feature has no geometry", "a Polygon or MultiPolygon");
      return below("geometry.", Level::geometry, [&] { read(*geometry); });
    }
    if (level_ == Level::feature) return fail("type", type, "this is not a feature", "Feature");
    if (is("GeometryCollection") && level_ <= Level::geometry)
      return members(*object, "geometries", Level::area);
    if (!is("Polygon") && !is("MultiPolygon"))
      return fail("type", type, "this is not an area", std::string(areas_allowed));
    const auto* coordinates = object->if_contains("coordinates");
    query::AreaPart part;
    if (is("Polygon"))
      part.polygons = {polygon(coordinates)};
    else
      part.polygons = list<geo::Polygon>(coordinates, [this](const json::value& v) { return polygon(&v); });
    part.at = at_;
    parts_.push_back(std::move(part));
    return {};
  }

  std::vector<query::AreaPart> take() { return std::move(parts_); }
  const std::optional<query::Error>& error() const { return error_; }

 private:
  // Anything may stand here, a Feature, a geometry, or one that is an area by itself.
  enum class Level { any, feature, geometry, area };

  template <typename Read>
  Nothing below(const std::string& member, Level level, Read&& read_it) {
    const auto at = at_;
    const auto outer = std::exchange(level_, level);
    at_ += member;
    read_it();
    at_ = at;
    level_ = outer;
    return {};
  }
  Nothing members(const json::object& object, std::string_view name, Level level) {
    const auto* value = object.if_contains(name);
    const auto* array = value ? value->if_array() : nullptr;
    if (!array || array->empty())
      return fail(name, value, array ? "the collection is empty" : "this is not a list", "at least one area");
    for (std::size_t i = 0; i < array->size() && !error_; ++i)
      below(std::string(name) + '[' + std::to_string(i) + "].", level, [&] { read((*array)[i]); });
    return {};
  }
  // GDAL and QGIS write the member that GeoJSON had before RFC 7946; it does no harm where it says what is
  // so.
  bool is_ours(const json::value& crs) const {
    const auto* name = crs.if_object() ? crs.as_object().if_contains("properties") : nullptr;
    name = name && name->is_object() ? name->as_object().if_contains("name") : nullptr;
    if (!name || !name->is_string()) return false;
    std::string_view text = name->as_string();
    if (text == "urn:ogc:def:crs:OGC:1.3:CRS84" || text == "urn:ogc:def:crs:OGC::CRS84")
      return geo::is_wgs84(crs_);
    constexpr std::string_view urn = "urn:ogc:def:crs:EPSG::";
    const auto code =
        text.starts_with(urn) ? "EPSG:" + std::string(text.substr(urn.size())) : std::string(text);
    const auto named = geo::parse_crs(code);
    return named && (*named == crs_ || (geo::is_wgs84(*named) && geo::is_wgs84(crs_)));
  }
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
      error_ = query::Error{query::Code::bad_request, std::move(message), named(member), shown_area(value),
                            std::move(allowed)};
    return {};
  }

  // The place that holds the value, where that isn't even an object.
  std::string named(std::string_view member) const {
    auto name = at_ + std::string(member);
    if (name.ends_with('.')) name.pop_back();
    return name;
  }

  geo::Crs crs_;
  Level level_ = Level::any;
  std::string at_;  // "features[3].geometry."
  std::vector<query::AreaPart> parts_;
  std::size_t rings_ = 0, vertices_ = 0;
  std::optional<query::Error> error_;
};

}  // namespace

query::Result<std::vector<query::AreaPart>> read_area(std::string_view geojson, geo::Crs crs) {
  json::error_code error;
  json::parse_options options;
  options.max_depth = deepest_area;
  const auto value = json::parse(geojson, error, {}, options);
  if (error)
    return query::Error{query::Code::bad_request, "the body is not JSON: " + error.message(), "", "",
                        "GeoJSON: " + std::string(areas_allowed)};
  AreaReader reader(crs);
  reader.read(value);
  if (reader.error()) return *reader.error();
  return reader.take();
}

}  // namespace jobmap::api
