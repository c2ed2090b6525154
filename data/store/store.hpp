#pragma once
// Writes the database. A change is a transaction: everything up to commit(), or nothing, and the `generation`
// in meta rises by one where anything changed, which is how a running server notices.
//
//   create_database("hangzhou.sqlite", {.city = "hangzhou", .utc_offset = "+08:00"});
//   Store store("hangzhou.sqlite");
//   store.begin();
//   Change c = store.put(posting);                        // by (source, id): inserted, updated or unchanged
//   store.put_meta("jobs", "source", "spring fair, 2026");
//   store.commit();
//
// commit() refuses what a snapshot has no room for: over 255 sources of jobs, 254 districts (or, without
// them, codes that jobs name), 65,535 stations or lines. Positions are WGS84 and are stored rounded to 1e-7
// degree. Rows are taken as they are: data/ingest/table validates, and the constraints of data/store/schema.sql have the
// last word. Errors are DatabaseError.
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/model/city.hpp"
#include "data/model/posting.hpp"
#include "geo/street_graph.hpp"

namespace jobmap::data {

struct DatabaseOptions {
  std::string city = "";              // "" for none
  std::string utc_offset = "+08:00";  // of local times and dates in the data
  std::string region = "";            // "minx,miny,maxx,maxy", "any", or "": the extent of the districts
  std::string time_zone = "";         // of the IANA database, "Asia/Shanghai"; "" for the offset all year
  std::string currency = "CNY";       // of pay: a code of ISO 4217
};

// 32 random hexadecimal digits.
std::string random_revision();
// Whether there is nothing at this path to lose: no file, an empty one, or a database without a single table,
// which is what a creation that was killed leaves.
bool is_blank_database(const std::string& path);
// The schema, in one transaction. Throws where the path isn't blank.
void create_database(const std::string& path, const DatabaseOptions& options = {});

enum class Change : std::uint8_t { inserted, updated, unchanged };

// A line as it is stored: its branches name stations by id, in order.
struct LineRecord {
  std::string id, name, color;
  std::vector<std::vector<std::string>> branches;
  geo::MultiLineString geometry;  // a line a branch; empty: drawn straight from station to station
  bool operator==(const LineRecord&) const = default;
};

struct EntranceRecord;
struct ExitCount;

enum class SiteLayer : std::uint8_t { service_points, venture_sites };

class Store {
 public:
  explicit Store(const std::string& path);  // an existing database
  ~Store();
  Store(Store&&) noexcept;
  Store& operator=(Store&&) noexcept;

  void begin();
  // Keeps every change since begin(). Changes that are never committed are undone.
  void commit();
  void rollback();

  // For a large number of jobs: between begin() and the commit() that ends it, the spatial index and the
  // triggers are away and are built anew at the end, four times as fast as kept up row by row. Fastest in
  // Hilbert order.
  void begin_bulk_jobs();

  Change put(const Posting& posting);
  Change put(const Station& station);  // without its lines
  Change put(const LineRecord& line);  // its stations are there already
  Change put(const District& district);
  Change put(const AbolishedDistrict& district);
  Change put(SiteLayer layer, const Site& site);
  Change put(const PopulationCell& cell);
  // Stations, lines, districts and abolished districts; the rest of the city is put by itself.
  void put(const City& city);

  // Instead of the network there was.
  void put_streets(const geo::StreetNetwork& network);
  // Instead of the entrances there were; exits are those of them that are near a station. commit() joins them
  // again where stations have changed.
  void put_entrances(const std::vector<EntranceRecord>& entrances, double within_m);
  ExitCount count_exits();
  City stations();  // and nothing else of the city
  // Instead of the water there was.
  void put_water(const std::vector<Water>& water);
  std::vector<District> districts();  // without their geometry

  // layer "" for the database itself.
  void put_meta(std::string_view layer, std::string_view key, std::string_view value);
  std::string meta(std::string_view layer, std::string_view key);  // "" where there is none
  // Rows of "jobs", "stations", "lines", "districts", "service_points", "venture_sites".
  std::int64_t count(std::string_view layer);
  std::int64_t generation();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace jobmap::data
