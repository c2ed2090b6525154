#pragma once
// The rules a row is checked against: the datum of the file, and what the database knows of its city.
//
//   Rules rules = read_rules(db, geo::Crs::gcj02, std::nullopt);
//   auto point = rules.place(fields, column_lon, column_lat);       // WGS84, on the 1e-7 grid, in the region
//   std::string adcode = rules.district(fields, column_district);
//
// The region is --region, else that of the database, else the extent of its districts, else the globe.
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "data/ingest/table/fields.hpp"
#include "data/store/sqlite.hpp"
#include "geo/crs.hpp"

namespace jobmap::data {

// "minx,miny,maxx,maxy" in WGS84 degrees, or "any" for the globe. Throws std::runtime_error.
geo::Box parse_region(std::string_view text);

class Rules {
 public:
  geo::Crs datum = geo::Crs::wgs84;
  geo::Box region{-180, -90, 180, 90};
  bool region_is_known = false;
  TimeZone zone;

  void add_district(std::string adcode, std::string name);
  void add_abolished(std::string adcode, std::string name, std::string note);
  void add_station(std::string id, std::string name);

  // WGS84, rounded to 1e-7 degree; nothing (and a failure) where there is no such place or it is out of the
  // region.
  std::optional<geo::LonLat> place(Fields& f, std::size_t lon, std::size_t lat) const;
  // One position of a line or an area.
  std::optional<geo::LonLat> place(geo::LonLat raw) const;
  // The adcode of an adcode or name, with or without its last character; in a database without districts the
  // text itself, whatever its form. "" where the field is empty or wrong.
  std::string district(Fields& f, std::size_t column) const;
  // The adcode of the one district whose full name stands in the address; "" where none does. Two are a
  // failure.
  std::string district_in(Fields& f, std::size_t address) const;
  // The id of an id or a name that is not shared; nothing where there is none.
  std::optional<std::string> station(std::string_view id_or_name) const;

 private:
  // Ids as they are written, and else as they fold; what several fold to is none of them.
  class Ids {
   public:
    void add(const std::string& id);
    const std::string* find(std::string_view text) const;

   private:
    std::set<std::string, std::less<>> written_;
    std::map<std::string, std::string, std::less<>> folded_;  // "" where it is shared
  };
  struct Abolished {
    std::string adcode, name, note;
  };
  std::string explain(const Abolished& a) const;
  const Abolished* find_abolished(std::string_view text) const;
  bool in_region(geo::LonLat p) const;

  std::map<std::string, std::string, std::less<>> district_of_;  // adcode by name and short name, folded
  Ids adcodes_, stations_;
  std::map<std::string, std::string, std::less<>> full_names_;  // adcode by full name, folded
  std::vector<Abolished> abolished_;
  std::map<std::string, std::string, std::less<>>
      station_of_;  // id by name, folded; "" where a name is shared
};

Rules read_rules(Database& db, geo::Crs datum, std::optional<std::string_view> region);

}  // namespace jobmap::data
