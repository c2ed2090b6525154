#include "data/ingest/city_data.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <charconv>
#include <cmath>
#include <stdexcept>
#include <utility>

#include "data/model/metro_service.hpp"

namespace jobmap::embedded {
extern const std::string_view hangzhou_city, hangzhou_stations, hangzhou_lines, hangzhou_line_stations,
    hangzhou_abolished_districts, hangzhou_districts, hangzhou_provenance, hangzhou_quarters, hangzhou_water,
    hangzhou_sites;
}

namespace jobmap::data {
namespace {

using CsvRow = std::span<const std::string_view>;

void read_stations(const CityTables& tables, City& city) {
  for_each_row(tables.stations, "id,name,name_en,pinyin,initials,lon,lat", [&](CsvRow f) {
    const geo::LonLat at{table_number(f[5]), table_number(f[6])};
    city.stations.push_back({std::string(f[0]),
                             std::string(f[1]),
                             std::string(f[2]),
                             std::string(f[3]),
                             std::string(f[4]),
                             geo::to_e7(at),
                             {}});
  });
}

std::uint16_t index_of(const auto& entries, std::string_view id) {
  const auto found = std::find_if(entries.begin(), entries.end(), [&](const auto& e) { return e.id == id; });
  if (found == entries.end()) throw std::logic_error("no entry " + std::string(id));
  return static_cast<std::uint16_t>(found - entries.begin());
}

void read_lines(const CityTables& tables, City& city) {
  for_each_row(tables.lines, "id,name,color", [&](CsvRow f) {
    city.lines.push_back({std::string(f[0]), std::string(f[1]), std::string(f[2]), {}, {}});
  });
  for_each_row(tables.line_stations, "line,branch,seq,station", [&](CsvRow f) {
    const auto l = index_of(city.lines, f[0]), s = index_of(city.stations, f[3]);
    const auto branch = static_cast<std::size_t>(table_number(f[1])),
               seq = static_cast<std::size_t>(table_number(f[2]));
    Line& line = city.lines[l];
    if (seq == 1) {
      line.branches.emplace_back();
      line.geometry.emplace_back();
    }
    if (branch != line.branches.size() || seq != line.branches.back().size() + 1)
      throw std::logic_error("branch or seq out of order");
    line.branches.back().push_back(s);
    line.geometry.back().push_back(geo::to_lonlat(city.stations[s].at));
    auto& lines = city.stations[s].lines;
    if (std::find(lines.begin(), lines.end(), l) == lines.end()) lines.push_back(l);
  });
  for (auto& station : city.stations) std::sort(station.lines.begin(), station.lines.end());
}

geo::Ring ring_of(const boost::json::value& coordinates) {
  geo::Ring ring;
  for (const auto& c : coordinates.as_array())
    ring.push_back({c.at(0).to_number<double>(), c.at(1).to_number<double>()});
  return ring;
}

void read_districts(const CityTables& tables, City& city) {
  const auto json =
      boost::json::parse(boost::json::string_view(tables.districts.data(), tables.districts.size()));
  for (const auto& feature : json.at("features").as_array()) {
    const auto& properties = feature.at("properties");
    District district{
        std::string(properties.at("adcode").as_string()), std::string(properties.at("name").as_string()), {}};
    for (const auto& polygon : feature.at("geometry").at("coordinates").as_array()) {
      district.geometry.emplace_back();
      for (const auto& ring : polygon.as_array()) district.geometry.back().push_back(ring_of(ring));
    }
    city.districts.push_back(std::move(district));
  }
  for_each_row(tables.abolished_districts, "adcode,name,note", [&](CsvRow f) {
    city.abolished.push_back({std::string(f[0]), std::string(f[1]), std::string(f[2])});
  });
}

// Without geometry: the store draws it through the stations, and says so where one of them isn't there.
LineRecord record_of(const Line& line, const City& city) {
  LineRecord record{line.id, line.name, line.color, {}, {}};
  for (const auto& branch : line.branches) {
    record.branches.emplace_back();
    for (const auto s : branch) record.branches.back().push_back(city.stations[s].id);
  }
  return record;
}

// Takes a database that names no city yet for this city's, and refuses one of another city.
void claim(Store& store, const City& city) {
  const auto owner = store.meta("", "city");
  if (!owner.empty() && owner != city.name)
    throw std::runtime_error("the database belongs to the city " + owner + ", not to " + city.name);
  if (!owner.empty()) return;
  store.put_meta("", "city", city.name);
  store.put_meta("", "utc_offset", city.utc_offset);
}

std::vector<std::string_view> split_fields(std::string_view line) {
  std::vector<std::string_view> fields;
  for (std::size_t comma; (comma = line.find(',')) != line.npos; line.remove_prefix(comma + 1))
    fields.push_back(line.substr(0, comma));
  fields.push_back(line);
  return fields;
}

}  // namespace

std::span<const CityTables> shipped_cities() {
  using namespace embedded;
  // Built at the first call: the texts live in other files, whose order of initialisation is not ours.
  static const std::array cities{CityTables{"hangzhou", hangzhou_city, hangzhou_stations, hangzhou_lines,
                                            hangzhou_line_stations, hangzhou_abolished_districts,
                                            hangzhou_districts, hangzhou_provenance, hangzhou_quarters,
                                            hangzhou_water, hangzhou_sites}};
  return cities;
}

const CityTables* find_city_tables(std::string_view name) {
  for (const auto& tables : shipped_cities())
    if (tables.name == name) return &tables;
  return nullptr;
}

City read_city(const CityTables& tables) {
  City city;
  city.name = tables.name;
  city.utc_offset = city_value(tables, "utc_offset");
  read_stations(tables, city);
  read_lines(tables, city);
  read_districts(tables, city);
  city.finish();
  return city;
}

std::string city_value(const CityTables& tables, std::string_view key) {
  std::string value;
  for_each_row(tables.city, "key,value", [&](CsvRow f) {
    if (f[0] == key) value = f[1];
  });
  if (value.empty()) throw std::logic_error("the table city has no " + std::string(key));
  return value;
}

void for_each_row(std::string_view table, std::string_view header, const std::function<void(CsvRow)>& row) {
  const auto columns = split_fields(header).size();
  for (std::size_t number = 1; !table.empty(); ++number) {
    const auto end = table.find('\n');
    const auto line = table.substr(0, end);
    table.remove_prefix(end == table.npos ? table.size() : end + 1);
    try {
      const auto fields = split_fields(line);
      if (number == 1 && line != header) throw std::logic_error("wrong header");
      if (fields.size() != columns) throw std::logic_error("wrong number of columns");
      if (number > 1) row(fields);
    } catch (const std::logic_error& e) {
      throw std::logic_error("table " + std::string(header) + ", line " + std::to_string(number) + ": " +
                             e.what());
    }
  }
}

double table_number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value))
    throw std::logic_error("not a number: " + std::string(text));
  return value;
}

std::vector<LayerWritten> write_city(Store& store, const CityTables& tables) {
  const City city = read_city(tables);
  std::vector<LayerWritten> written;
  auto fill = [&](std::string_view layer, std::size_t rows, auto&& put_rows) {
    const auto kept = store.count(layer);
    written.push_back({std::string(layer), kept ? 0 : static_cast<std::int64_t>(rows), kept});
    if (kept) return;
    put_rows();
    for_each_row(tables.provenance, "layer,key,value", [&](CsvRow f) {
      if (f[0] == layer) store.put_meta(f[0], f[1], f[2]);
    });
    store.put_meta(layer, "rows", std::to_string(rows));
  };
  store.begin();
  claim(store, city);
  fill("stations", city.stations.size(), [&] {
    for (const auto& station : city.stations) store.put(station);
  });
  fill("lines", city.lines.size(), [&] {
    for (const auto& line : city.lines) store.put(record_of(line, city));
    if (store.meta("metro_service", "toml").empty())
      store.put_meta("metro_service", "toml", shipped_metro_service_text());
  });
  fill("districts", city.districts.size(), [&] {
    for (const auto& district : city.districts) store.put(district);
    for (const auto& district : city.abolished) store.put(district);
  });
  store.commit();
  return written;
}

}  // namespace jobmap::data
