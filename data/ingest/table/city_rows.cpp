#include <algorithm>

#include "data/ingest/table/fields.hpp"
#include "data/ingest/table/layers.hpp"
#include "data/model/split.hpp"
#include "geo/polygon.hpp"

namespace jobmap::data {
namespace {

Reason reason_of(const Fields& f) {
  if (f.failed()) return f.reason();
  return std::nullopt;
}

// Ids stand in comma-separated lists of the API.
std::string read_id(Fields& f, std::size_t column) {
  const std::string_view id = f.text(column, 128);
  if (id.find(',') != std::string_view::npos) f.fail(column, "must be without a comma");
  return std::string(id);
}

// Converts every position in place; false where one is out of the region.
bool convert(const Rules& rules, std::vector<geo::LonLat>& points) {
  for (auto& p : points) {
    const auto converted = rules.place(p);
    if (!converted) return false;
    p = *converted;
  }
  return true;
}

enum SiteColumn : std::size_t {
  site_id,
  site_name,
  site_kind,
  site_address,
  site_lon,
  site_lat,
  site_capacity,
  site_hours,
  site_source
};
enum StationColumn : std::size_t {
  station_id,
  station_name,
  name_en,
  pinyin,
  initials,
  station_lon,
  station_lat
};
enum LineColumn : std::size_t { line_id, line_name, color, stops };
enum DistrictColumn : std::size_t { adcode, district_name };
enum PopulationColumn : std::size_t { cell_lon, cell_lat, residents };

// The name without blanks, where a station has no id of its own.
std::string id_of_name(Fields& f, std::string_view name) {
  std::string id;
  std::remove_copy(name.begin(), name.end(), std::back_inserter(id), ' ');
  if (id.find(',') != std::string::npos) f.fail("has no id, and a comma in its name: give it an id");
  return id;
}

// "#FC0601" of six or three digits in either case, with or without the sign; "" of anything else.
std::string normal_color(std::string_view text) {
  if (text.starts_with('#')) text.remove_prefix(1);
  if (text.size() != 6 && text.size() != 3) return "";
  std::string color = "#";
  for (char c : text) {
    if (c >= 'a' && c <= 'f') c = static_cast<char>(c - 'a' + 'A');
    if ((c < '0' || c > '9') && (c < 'A' || c > 'F')) return "";
    color.append(text.size() == 3 ? 2 : 1, c);
  }
  return color;
}

std::string first_letters(std::string_view words) {
  std::string letters;
  for (const auto word : split(words, ' '))
    if (!word.empty()) letters += word[0];
  return letters;
}

}  // namespace

const LayerColumns& site_columns() {
  static const LayerColumns columns{
      {"id", "name", "kind", "address", "lon", "lat", "capacity", "hours", "source"},
      {"id", "name", "kind", "lon", "lat"}};
  return columns;
}

Reason read_site(const SourceRow& row, const Rules& rules, Site& out) {
  Fields f(row, site_columns());
  for (auto column : {site_id, site_name, site_kind}) f.require(column);
  out.id = read_id(f, site_id);
  out.name = f.text(site_name, 200);
  out.kind = f.text(site_kind, 60);
  out.address = f.text(site_address, 500);
  out.capacity = f.integer(site_capacity, 0, 1'000'000);
  out.hours = f.text(site_hours, 200);
  out.source = f.text(site_source, 64);
  if (!f.failed())
    if (const auto p = rules.place(f, site_lon, site_lat)) out.at = geo::to_e7(*p);
  return reason_of(f);
}

const LayerColumns& station_columns() {
  static const LayerColumns columns{{"id", "name", "name_en", "pinyin", "initials", "lon", "lat"},
                                    {"name", "lon", "lat"}};
  return columns;
}

Reason read_station(const SourceRow& row, const Rules& rules, Station& out) {
  Fields f(row, station_columns());
  f.require(station_name);
  out.name = f.text(station_name, 100);
  out.name_en = f.text(name_en, 100);
  out.pinyin = f.text(pinyin, 100);
  out.id = read_id(f, station_id);
  if (out.id.empty()) out.id = id_of_name(f, out.pinyin.empty() ? out.name : out.pinyin);
  out.initials = f.text(initials, 100);
  if (out.initials.empty()) out.initials = first_letters(out.pinyin);
  if (!f.failed())
    if (const auto p = rules.place(f, station_lon, station_lat)) out.at = geo::to_e7(*p);
  return reason_of(f);
}

const LayerColumns& line_columns() {
  static const LayerColumns columns{{"id", "name", "color", "stations"}, {"id", "name", "color", "stations"}};
  return columns;
}

Reason read_line(const SourceRow& row, const Rules& rules, LineRecord& out) {
  Fields f(row, line_columns());
  for (auto column : {line_id, line_name, color, stops}) f.require(column);
  out.id = read_id(f, line_id);
  out.name = f.text(line_name, 100);
  out.color = normal_color(f.text(color, 7));
  if (!f.failed() && out.color.empty()) f.fail(color, "must be # and six digits of 0-9 and A-F, as #FC0601");
  out.branches.clear();
  for (const auto branch : split(f.text(stops, 20'000), '|')) {
    auto& ids = out.branches.emplace_back();
    for (const auto stop : split(branch, ';')) {
      const auto id = rules.station(stop);
      if (!id)
        f.fail("stops at '" + std::string(stop) + "', which is not the id or unshared name of a station");
      ids.push_back(id.value_or(""));
    }
    if (ids.size() < 2) f.fail("has a branch of fewer than two stations");
  }
  out.geometry.clear();
  if (row.geometry && !std::holds_alternative<std::monostate>(*row.geometry)) {
    const auto* lines = std::get_if<geo::MultiLineString>(row.geometry);
    if (lines) out.geometry = *lines;
    if (!lines || lines->size() != out.branches.size()) f.fail("its geometry must hold one line a branch");
    for (auto& line : out.geometry)
      if (line.size() < 2 || !convert(rules, line))
        f.fail("its geometry is out of the region, or a line has no two points");
  }
  return reason_of(f);
}

const LayerColumns& district_columns() {
  static const LayerColumns columns{{"adcode", "name"}, {}};
  return columns;
}

Reason read_district(const SourceRow& row, const Rules& rules, District& out) {
  Fields f(row, district_columns());
  f.require(adcode);
  f.require(district_name);
  out.adcode = f.text(adcode, 60);
  if (out.adcode.find(',') != std::string::npos)
    f.fail(adcode, "must be without a comma, for codes stand in comma-separated lists");
  out.name = f.text(district_name, 60);
  const auto* area = row.geometry ? std::get_if<geo::MultiPolygon>(row.geometry) : nullptr;
  if (!area) f.fail("its geometry must be a Polygon or a MultiPolygon");
  if (f.failed()) return f.reason();
  out.geometry = *area;
  if (const auto reason = geo::structure_error(out.geometry, geo::import_limits)) f.fail(*reason);
  for (auto& polygon : out.geometry)
    for (auto& ring : polygon)
      if (!f.failed() && !convert(rules, ring)) f.fail("its geometry reaches out of the region");
  if (f.failed()) return f.reason();
  if (const auto reason = geo::invalid_reason(out.geometry, geo::import_limits))
    f.fail("its geometry is not valid: " + *reason);
  return reason_of(f);
}

const LayerColumns& population_columns() {
  static const LayerColumns columns{{"lon", "lat", "residents"}, {"lon", "lat", "residents"}};
  return columns;
}

Reason read_population(const SourceRow& row, const Rules& rules, PopulationCell& out) {
  Fields f(row, population_columns());
  f.require(residents);
  const auto count = f.number(residents);
  if (count && (*count < 0 || *count > 1e9)) f.fail(residents, "must be 0 to 1000000000");
  out.residents = count.value_or(0);
  if (!f.failed())
    if (const auto p = rules.place(f, cell_lon, cell_lat)) out.at = geo::to_e7(*p);
  return reason_of(f);
}

}  // namespace jobmap::data
