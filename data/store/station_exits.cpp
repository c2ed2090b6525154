#include "data/store/station_exits.hpp"

#include <algorithm>
#include <map>

#include "data/model/split.hpp"
#include "data/store/street_store.hpp"
#include "geo/distance.hpp"

namespace jobmap::data {
namespace {

// 龙翔桥, 龙翔桥站 and 龙翔桥地铁站 are one.
std::vector<std::uint16_t> stations_named(const City& city, std::string_view name) {
  auto found = city.find_stations(name);
  for (const std::string_view ending : {"地铁站", "站", " Station", " station"})
    if (found.empty() && name.ends_with(ending))
      found = city.find_stations(name.substr(0, name.size() - ending.size()));
  return found;
}

bool has_entrances(Database& db) {
  return db.query_int64("SELECT EXISTS (SELECT 1 FROM street_entrances)") > 0;
}

double read_limit(Database& db) {
  Statement s =
      db.prepare("SELECT CAST(value AS REAL) FROM meta WHERE layer = 'streets' AND key = 'exit_within_m'");
  return s.step() ? s.column_double(0) : 500;
}

void write_exits(Database& db, const std::vector<ExitRecord>& exits) {
  db.execute("DELETE FROM station_exits");
  Statement s = db.prepare("INSERT INTO station_exits (station, name, lon, lat) VALUES (?1, ?2, ?3, ?4)");
  for (const auto& e : exits)
    s.bind(1, std::string_view(e.station))
        .bind(2, std::string_view(e.name))
        .bind(3, e.at.lon)
        .bind(4, e.at.lat)
        .run();
}

}  // namespace

std::vector<ExitRecord> exits_of(const std::vector<EntranceRecord>& entrances, const City& city,
                                 double within_m) {
  std::vector<ExitRecord> exits;
  for (const auto& entrance : entrances) {
    const geo::DistanceFrom from(entrance.at);
    const auto metres = [&](std::uint16_t s) { return from.metres(city.stations[s].at); };
    std::vector<std::uint16_t> candidates;
    for (const auto& name : entrance.areas) {
      if (!candidates.empty()) break;
      candidates = stations_named(city, name);
      // A name shared with a station across the country is no reason.
      std::erase_if(candidates, [&](std::uint16_t s) { return metres(s) > 4 * within_m; });
    }
    if (candidates.empty())
      for (std::uint16_t s = 0; s < city.stations.size(); ++s)
        if (metres(s) <= within_m) candidates.push_back(s);
    if (candidates.empty()) continue;
    const auto nearest = *std::min_element(candidates.begin(), candidates.end(),
                                           [&](auto a, auto b) { return metres(a) < metres(b); });
    exits.push_back({city.stations[nearest].id, entrance.name, entrance.at});
  }
  return exits;
}

void write_entrances(Database& db, const std::vector<EntranceRecord>& entrances, double within_m) {
  db.execute("DELETE FROM street_entrances");
  Statement s = db.prepare("INSERT INTO street_entrances (name, areas, lon, lat) VALUES (?1, ?2, ?3, ?4)");
  for (const auto& e : entrances) {
    std::string areas;
    for (const auto& name : e.areas) areas += (areas.empty() ? "" : "\n") + name;
    s.bind(1, std::string_view(e.name))
        .bind(2, std::string_view(areas))
        .bind(3, e.at.lon)
        .bind(4, e.at.lat)
        .run();
  }
  Statement meta = db.prepare(
      "INSERT INTO meta (layer, key, value) VALUES ('streets', 'exit_within_m', ?1) ON CONFLICT (layer, key) "
      "DO UPDATE SET value = excluded.value");
  meta.bind(1, std::string_view(std::to_string(within_m))).run();
}

std::int64_t join_exits(Database& db) {
  std::vector<EntranceRecord> entrances;
  Statement s = db.prepare("SELECT name, areas, lon, lat FROM street_entrances ORDER BY pk");
  while (s.step()) {
    EntranceRecord e{std::string(s.column_text(0)), {}, {s.column_double(2), s.column_double(3)}};
    if (!geo::is_valid(e.at)) throw std::runtime_error(db.path() + ": an entrance is not on the globe");
    for (const auto name : split(s.column_text(1), '\n'))
      if (!name.empty()) e.areas.emplace_back(name);
    entrances.push_back(std::move(e));
  }
  City city;
  read_stations(db, city);
  city.finish();
  const auto exits = exits_of(entrances, city, read_limit(db));
  write_exits(db, exits);
  return static_cast<std::int64_t>(exits.size());
}

ExitCount count_exits(Database& db) {
  const auto count = [&](const char* what) {
    return static_cast<std::size_t>(
        db.query_int64("SELECT count(" + std::string(what) + ") FROM station_exits"));
  };
  return {count("*"), count("DISTINCT station")};
}

std::string stations_to_join(Database& db) {
  if (!has_entrances(db)) return {};
  std::string all = "-";
  Statement s = db.prepare("SELECT id, name, name_en, pinyin, geom FROM stations ORDER BY id");
  while (s.step()) {
    for (int i = 0; i < 4; ++i) all += std::string(s.column_text(i)) + '\n';
    for (const auto byte : s.column_blob(4)) all += static_cast<char>(byte);
  }
  return all;
}

}  // namespace jobmap::data
