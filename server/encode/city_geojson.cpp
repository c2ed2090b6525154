#include "server/encode/city_geojson.hpp"

#include <array>

namespace jobmap::encode {
namespace {

using data::City;
using data::Site;

template <typename Items>
Ids ids_of(const std::vector<std::uint16_t>& indices, const Items& items) {
  Ids ids;
  for (const auto i : indices) ids.push_back(items[i].id);
  return ids;
}

// A text of an entry: the member of the member of City.
template <auto Items, auto Member>
CityValue text(const City& city, std::size_t i) {
  return std::string_view((city.*Items)[i].*Member);
}

CityValue lines_of(const City& city, std::size_t i) { return ids_of(city.stations[i].lines, city.lines); }

CityValue branches_of(const City& city, std::size_t i) {
  std::vector<Ids> branches;
  for (const auto& branch : city.lines[i].branches) branches.push_back(ids_of(branch, city.stations));
  return branches;
}

template <auto Sites>
CityValue capacity(const City& city, std::size_t i) {
  const auto& value = (city.*Sites)[i].capacity;
  return value ? CityValue(std::int64_t{*value}) : CityValue();
}

using data::District;
using data::Line;
using data::Station;

constexpr std::array station_properties{
    CityProperty{"id", "Identifier", CityType::text, text<&City::stations, &Station::id>},
    CityProperty{"name", "Name", CityType::text, text<&City::stations, &Station::name>},
    CityProperty{"name_en", "Name in English", CityType::text, text<&City::stations, &Station::name_en>},
    CityProperty{"pinyin", "Name in pinyin", CityType::text, text<&City::stations, &Station::pinyin>},
    CityProperty{"initials", "Initials of the pinyin", CityType::text,
                 text<&City::stations, &Station::initials>},
    CityProperty{"lines", "Ids of its lines", CityType::ids, lines_of},
};
constexpr std::array line_properties{
    CityProperty{"id", "Identifier", CityType::text, text<&City::lines, &Line::id>},
    CityProperty{"name", "Name", CityType::text, text<&City::lines, &Line::name>},
    CityProperty{"color", "Colour, #RRGGBB", CityType::text, text<&City::lines, &Line::color>},
    CityProperty{"branches", "Ids of the stations of each branch, in order", CityType::branches, branches_of},
};
constexpr std::array district_properties{
    CityProperty{"adcode", "Code of GB/T 2260", CityType::text, text<&City::districts, &District::adcode>},
    CityProperty{"name", "Name", CityType::text, text<&City::districts, &District::name>},
};
template <auto Sites>
constexpr std::array site_properties{
    CityProperty{"id", "Identifier", CityType::text, text<Sites, &Site::id>},
    CityProperty{"name", "Name", CityType::text, text<Sites, &Site::name>},
    CityProperty{"kind", "Kind", CityType::text, text<Sites, &Site::kind>},
    CityProperty{"address", "Address", CityType::text, text<Sites, &Site::address>},
    CityProperty{"hours", "Opening hours", CityType::text, text<Sites, &Site::hours>},
    CityProperty{"capacity", "Capacity", CityType::integer, capacity<Sites>},
    CityProperty{"source", "Source of the record", CityType::text, text<Sites, &Site::source>},
};

void write_ids(JsonWriter& w, const Ids& ids) {
  w.raw("[");
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (i) w.raw(",");
    w.text(ids[i]);
  }
  w.raw("]");
}

void write_value(JsonWriter& w, const CityValue& value) {
  if (const auto* text = std::get_if<std::string_view>(&value)) return w.text(*text);
  if (const auto* number = std::get_if<std::int64_t>(&value)) return w.integer(*number);
  if (const auto* ids = std::get_if<Ids>(&value)) return write_ids(w, *ids);
  w.raw("[");
  for (const char* comma = ""; const Ids& ids : std::get<std::vector<Ids>>(value)) {
    w.raw(comma);
    write_ids(w, ids);
    comma = ",";
  }
  w.raw("]");
}

bool is_absent(const CityValue& value) {
  const auto* text = std::get_if<std::string_view>(&value);
  return std::holds_alternative<std::monostate>(value) || (text && text->empty());
}

void write_geometry(const City& city, CityLayer layer, std::size_t i, GeometryWriter& geometry) {
  switch (layer) {
    case CityLayer::stations:
      return geometry.point(city.stations[i].at);
    case CityLayer::lines:
      return geometry.multi_line_string(city.lines[i].geometry);
    case CityLayer::districts:
      return geometry.multi_polygon(city.districts[i].geometry);
    case CityLayer::service_points:
      return geometry.point(city.service_points[i].at);
    case CityLayer::venture_sites:
      return geometry.point(city.venture_sites[i].at);
  }
}

}  // namespace

std::span<const CityProperty> city_properties(CityLayer layer) {
  switch (layer) {
    case CityLayer::stations:
      return station_properties;
    case CityLayer::lines:
      return line_properties;
    case CityLayer::districts:
      return district_properties;
    case CityLayer::service_points:
      return site_properties<&City::service_points>;
    case CityLayer::venture_sites:
      return site_properties<&City::venture_sites>;
  }
  return {};
}

std::size_t city_size(const City& city, CityLayer layer) {
  const std::size_t sizes[] = {city.stations.size(), city.lines.size(), city.districts.size(),
                               city.service_points.size(), city.venture_sites.size()};
  return sizes[static_cast<std::size_t>(layer)];
}

std::string_view city_id(const City& city, CityLayer layer, std::size_t i) {
  return std::get<std::string_view>(city_properties(layer).front().value(city, i));
}

void write_city_feature(JsonWriter& w, const City& city, CityLayer layer, std::size_t i,
                        GeometryWriter geometry, std::uint64_t wanted) {
  w.raw(R"({"type":"Feature","id":)");
  w.text(city_id(city, layer, i));
  w.raw(R"(,"geometry":)");
  write_geometry(city, layer, i, geometry);
  w.raw(R"(,"properties":)");
  const char* comma = "{";
  for (const auto& property : city_properties(layer)) {
    const bool is_wanted = wanted & 1;
    wanted >>= 1;
    if (!is_wanted) continue;
    const CityValue value = property.value(city, i);
    if (is_absent(value)) continue;
    w.raw(comma);
    w.text(property.name);
    w.raw(":");
    write_value(w, value);
    comma = ",";
  }
  w.raw(*comma == '{' ? "{}}" : "}}");
}

}  // namespace jobmap::encode
