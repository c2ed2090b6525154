#pragma once
// The city as a database describes it: metro stations and lines, districts, service points, venture sites. All
// of it is data; nothing here knows a name, a code or a coordinate.
//
//   const City& c = *snapshot.city;
//   if (auto s = c.find_stations("龙翔桥"); !s.empty()) c.stations[s[0]].at;
//
// Entries refer to each other by index into the vectors. Names may be shared (two stations of one name), so a
// name finds several; an id finds one. Whoever fills the vectors calls finish() once: the lookups are binary
// searches in the tables it builds, and know nothing without it. After that a City is only read, from any
// number of threads.
#include <compare>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/model/time_zone.hpp"
#include "geo/geometry.hpp"
#include "geo/metro_graph.hpp"

namespace jobmap::data {

struct MetroService;

struct StationExit {
  std::string name;  // A, C2; "" where it has none
  geo::PointE7 at;
};

struct Station {
  std::string id, name, name_en, pinyin,
      initials;  // longxiangqiao, 龙翔桥, Longxiangqiao, long xiang qiao, lxq
  geo::PointE7 at;
  std::vector<std::uint16_t> lines;  // in the order of City::lines
  std::vector<StationExit> exits{};  // where they are known
};

struct Line {
  std::string id, name, color;                       // 1, 1号线, #FC0601
  std::vector<std::vector<std::uint16_t>> branches;  // stations in order
  geo::MultiLineString geometry;                     // a line a branch
};

struct District {
  std::string adcode, name;
  geo::MultiPolygon geometry;
};

struct AbolishedDistrict {
  std::string adcode, name, note;
};

struct Site {  // a service point or a venture site
  std::string id, name, kind, address, hours, source;
  std::optional<std::int32_t> capacity;
  geo::PointE7 at;
};

// Water to draw: of no consequence to any answer.
struct Water {
  std::string osm, name, kind;  // way/123; lake, river, reservoir
  geo::MultiPolygon geometry;
};

// Residents at a point, or of a cell given by its centre.
struct PopulationCell {
  geo::PointE7 at;
  double residents = 0;
  std::uint8_t district = 255;  // index into City::districts, by City::finish(); 255 for none
  double service_point_m = std::numeric_limits<double>::infinity();  // to the nearest, by City::finish()
};

struct City {
  std::string name;              // "hangzhou"; empty where the database has none
  std::string utc_offset;        // "+08:00"
  std::string time_zone;         // "Asia/Shanghai", or empty: by the offset
  TimeZone zone;                 // of these, by finish()
  std::string currency = "CNY";  // of pay: a code of ISO 4217
  std::vector<Station> stations;
  std::vector<Line> lines;
  std::vector<District> districts;
  std::vector<AbolishedDistrict> abolished;
  std::vector<Site> service_points;
  std::vector<Site> venture_sites;
  std::vector<PopulationCell> population;  // where a grid was imported
  std::vector<Water> water;                // where an extract of OpenStreetMap was imported
  std::map<std::string, std::string, std::less<>> attribution;  // of a layer, where one must be named

  // The time zone as an answer names it.
  const std::string& local_time() const { return time_zone.empty() ? utc_offset : time_zone; }

  void finish();

  // Each finds by id or by name, folded (data/model/fold.hpp). A station: name, English name or pinyin with or
  // without spaces and tones too, ü also as v or u. A line: id or name. A district: adcode or name, the name
  // with or without its last character (西湖区, 西湖). Indices ascend. Empty where there is none.
  std::vector<std::uint16_t> find_stations(std::string_view text) const;
  std::optional<std::uint16_t> find_line(std::string_view text) const;
  std::optional<std::uint16_t> find_district(std::string_view text) const;
  std::optional<std::uint32_t> find_service_point(std::string_view id) const;

  // A table of finish(): sorted by text, then index.
  struct Key {
    std::string text;
    std::uint32_t index = 0;
    auto operator<=>(const Key&) const = default;
  };
  std::vector<Key> station_keys, line_keys, district_keys, service_point_keys;
  // The spellings by which station names are compared; finish() fills them too.
  struct StationSpelling {
    std::string id, name, name_en, pinyin, initials;
    std::vector<std::string> syllables;  // of the pinyin
  };
  std::vector<StationSpelling> station_spellings;

  void place_population();  // of finish(): data/model/population.cpp
  // How the metro runs: as the database says, else by finish() what is assumed (data/model/metro_service.hpp).
  std::shared_ptr<const MetroService> metro_service;
  geo::MetroGraph metro;  // of stations and lines, by finish()
};

// The spelling in which station names are compared: that of fold_label (data/model/fold.hpp), and v as u.
std::string fold_name(std::string_view text);
// The district's name without its last character (西湖区: 西湖), a view into it. Empty where fewer than two characters
// would remain, and where the last is ASCII: "Zone 1" is no short name of "Zone 12".
std::string_view short_district_name(std::string_view name);

}  // namespace jobmap::data
