#include "data/ingest/osm/import_osm.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <stdexcept>

#include "data/ingest/osm/extract.hpp"
#include "data/ingest/osm/lost.hpp"
#include "data/ingest/osm/small_pieces.hpp"
#include "data/ingest/table/rules.hpp"
#include "data/model/time.hpp"
#include "data/store/sqlite.hpp"
#include "data/store/station_exits.hpp"
#include "data/store/store.hpp"
#include "data/store/street_store.hpp"
#include "geo/distance.hpp"

namespace jobmap::data {
namespace {

osm::StreetRules read_street_rules(const std::string& path) {
  if (path.empty()) return osm::StreetRules::shipped();
  std::ifstream in(path, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(in)), {});
  if (!in && text.empty()) throw std::runtime_error(path + ": can't be read");
  return osm::StreetRules::parse(text);
}

std::string text_of(const geo::Box& b) {
  char text[96];
  std::snprintf(text, sizeof text, "%.4f,%.4f,%.4f,%.4f", b.min_x, b.min_y, b.max_x, b.max_y);
  return text;
}

// Streets elsewhere would leave every job off the network without a word.
void check_region(const geo::StreetNetwork& network, const geo::Box& region) {
  geo::Box extent{180, 90, -180, -90};
  bool inside = false;
  for (const auto node : network.nodes) {
    const auto p = geo::to_lonlat(node);
    extent = {std::min(extent.min_x, p.lon), std::min(extent.min_y, p.lat), std::max(extent.max_x, p.lon),
              std::max(extent.max_y, p.lat)};
    inside |=
        p.lon >= region.min_x && p.lon <= region.max_x && p.lat >= region.min_y && p.lat <= region.max_y;
  }
  if (!inside)
    throw std::runtime_error("its streets (" + text_of(extent) +
                             ") lie outside the region of the database (" + text_of(region) +
                             "); --region says otherwise");
}

geo::Box region_of(const OsmOptions& options) {
  if (options.region) return parse_region(*options.region);
  if (is_blank_database(options.database)) return {-180, -90, 180, 90};
  Database db = Database::open_reader(options.database);
  check_is_jobmap(db);
  check_is_current(db);
  return read_rules(db, geo::Crs::wgs84, std::nullopt).region;
}

std::string percent(double share) {
  char text[16];
  std::snprintf(text, sizeof text, "%.1f %%", 100 * share);
  return text;
}

void check_complete(const osm::Extract::Missing& missing, bool force) {
  if (force || missing.share() <= most_missing) return;
  throw std::runtime_error("lacks " + std::to_string(missing.nodes) + " of the " +
                           std::to_string(missing.of) + " nodes that its streets name (" +
                           percent(missing.share()) + "; up to " + percent(most_missing) +
                           " are left to the edge of an extract): it was cut without them. Make it with "
                           "whole ways (osmium extract "
                           "--strategy complete_ways; Overpass: (._;>;);), or --force takes what there is");
}

void check_lost(const OsmOptions& options, const geo::StreetNetwork& network, OsmSummary& s) {
  if (is_blank_database(options.database)) return;
  std::optional<geo::StreetNetwork> before;
  try {
    Database db = Database::open_reader(options.database);
    before = read_streets(db);
  } catch (const std::runtime_error&) {
    return;  // a network that is damaged is no loss
  }
  if (!before) return;
  s.lost_share = osm::lost_share(*before, network);
  if (options.force || s.lost_share <= most_lost) return;
  throw std::runtime_error("would take away " + percent(s.lost_share) +
                           " of the streets that the database has: is it another place, or a part? --force "
                           "puts it in their place all the same");
}

std::vector<EntranceRecord> entrances_of(const osm::Extract& extract) {
  std::map<std::pair<osm::Kind, std::int64_t>, const osm::StopArea*> area_of;
  for (const auto& area : extract.stop_areas())
    for (const auto& member : area.members) area_of[{member.kind, member.id}] = &area;
  std::vector<EntranceRecord> records;
  for (const auto& entrance : extract.entrances()) {
    EntranceRecord record{entrance.name, {}, geo::to_lonlat(entrance.at)};
    if (const auto area = area_of.find({entrance.kind, entrance.id}); area != area_of.end())
      record.areas = area->second->names;
    records.push_back(std::move(record));
  }
  return records;
}

// Records where the layer is from, for everybody who reads it.
void put_source(Store& store, std::string_view layer, const OsmOptions& options) {
  char time[time_size];
  format_time(options.now, time);
  store.put_meta(layer, "source", std::filesystem::path(options.file).filename().string());
  store.put_meta(layer, "attribution", "© OpenStreetMap contributors");
  store.put_meta(layer, "licence",
                 "Open Database License (ODbL) 1.0, https://opendatacommons.org/licenses/odbl/1-0/: whoever "
                 "passes on this database, or shows what is made of it, names the contributors and keeps the "
                 "licence");
  store.put_meta(layer, "imported_at", std::string_view(time, time_size));
}

void put_provenance(Store& store, const OsmOptions& options, const OsmSummary& s) {
  char share[32], limit[32];
  std::snprintf(share, sizeof share, "%.4f", s.walk.share());
  std::snprintf(limit, sizeof limit, "%g", options.snap_limit_m);
  const auto put = [&](std::string_view key, std::string_view value) {
    store.put_meta("streets", key, value);
  };
  put_source(store, "streets", options);
  put("rules", options.rules.empty() ? "shipped" : std::filesystem::path(options.rules).filename().string());
  put("nodes", std::to_string(s.nodes));
  put("edges", std::to_string(s.edges));
  put("largest_component", share);
  put("closed_pieces", std::to_string(s.closed_pieces));
  put("snap_limit_m", limit);
  put("nodes_missing", std::to_string(s.nodes_missing));
  put("hours_ignored", std::to_string(s.with_hours));
}

bool has_six_digits(std::string_view code) {
  return code.size() == 6 && code.find_first_not_of("0123456789") == code.npos;
}

// A district without a code of its own, or with one of another form that the database doesn't know, is the one of
// that name which the database has.
void put_districts(Store& store, const osm::Areas& areas, const OsmOptions& options, OsmSummary& s) {
  const auto known = store.districts();
  std::set<std::string> used;
  for (const auto& area : areas.found()) {
    if (!area.is_district) continue;
    ++s.districts;
    if (!known.empty() && !options.districts) continue;
    const auto find = [&](auto is_it) { return std::find_if(known.begin(), known.end(), is_it); };
    auto old = find([&](const District& d) { return !area.code.empty() && d.adcode == area.code; });
    if (old == known.end() && !has_six_digits(area.code))
      old = find([&](const District& d) { return d.name == area.name; });
    if (area.code.empty() && old == known.end()) {
      s.without_code.push_back(area.name.empty() ? area.osm : area.name);
      continue;
    }
    const auto& code = old == known.end() ? area.code : old->adcode;
    if (!used.insert(code).second) {
      s.without_code.push_back(area.name.empty() ? area.osm : area.name);
      continue;
    }
    store.put(District{code, area.name.empty() ? code : area.name, area.geometry});
    ++s.taken, s.replaced += old != known.end();
  }
  if (s.taken > 0) put_source(store, "districts", options);
}

void put_water(Store& store, const osm::Areas& areas, const OsmOptions& options, OsmSummary& s) {
  std::vector<Water> water;
  for (const auto& area : areas.found())
    if (!area.is_district) water.push_back({area.osm, area.name, area.kind, area.geometry});
  store.put_water(water);
  s.water = water.size();
  if (s.water > 0) put_source(store, "water", options);
}

void summarise(const osm::Extract& extract, OsmSummary& s) {
  s.nodes_read = extract.nodes_read();
  s.ways_read = extract.ways_read();
  s.nodes_missing = extract.missing().nodes;
  s.missing_share = extract.missing().share();
  s.with_hours = extract.with_hours();
  s.squares = extract.squares_crossed();
  s.squares_cut_off = extract.squares_cut_off();
  s.closed_by_walls = extract.closed_by_walls();
  s.entrances = extract.entrances().size();
}

void summarise(const geo::StreetNetwork& network, OsmSummary& s) {
  s.nodes = static_cast<std::uint32_t>(network.nodes.size());
  s.edges = static_cast<std::uint32_t>(network.edges.size());
  for (const auto& e : network.edges)
    if (!(e.access & geo::StreetEdge::afloat)) s.street_km += e.length_mm / 1e6;
  s.walk = geo::connected(network, geo::TravelMode::walk);
  s.bike = geo::connected(network, geo::TravelMode::bike);
}

}  // namespace

OsmSummary import_osm(const OsmOptions& options) {
  if (!(options.snap_limit_m >= min_snap_limit_m && options.snap_limit_m <= max_snap_limit_m))
    throw std::runtime_error("the limit of snapping is 10 to 1000 m");
  const auto phase = [&](std::string_view name) {
    if (options.progress) options.progress(name, 0, 0);
  };
  const auto region = region_of(options);
  const auto rules = read_street_rules(options.rules);
  osm::Extract extract(rules);
  OsmSummary summary;
  geo::StreetNetwork network;
  try {
    osm::read(options.file, extract, [&](std::uint64_t done, std::uint64_t of) {
      if (options.progress) options.progress("reading", done, of);
    });
    if (extract.wants_ways()) {
      phase("reading areas");
      osm::read(options.file, extract.second_reading());
    }
    phase("joining streets");
    network = extract.streets();
    check_complete(extract.missing(), options.force);
    if (network.edges.empty()) throw std::runtime_error("has no street to walk or ride");
    check_region(network, region);
    check_lost(options, network, summary);
    phase("joining areas");
    extract.areas().assemble([&](std::int64_t node) { return extract.place_of(node); });
  } catch (const std::runtime_error& e) {
    throw std::runtime_error(options.file + ": " + e.what());
  }
  summarise(extract, summary);
  summarise(network, summary);
  for (const auto mode : {geo::TravelMode::walk, geo::TravelMode::bike})
    summary.closed_pieces += osm::close_small_pieces(network, mode);

  phase("writing");
  if (is_blank_database(options.database)) create_database(options.database);
  Store store(options.database);
  store.begin();
  store.put_streets(network);
  store.put_entrances(entrances_of(extract), rules.exit_within_m);
  const auto joined = store.count_exits();
  summary.exits = joined.exits;
  summary.stations = joined.stations;
  put_provenance(store, options, summary);
  put_water(store, extract.areas(), options, summary);
  put_districts(store, extract.areas(), options, summary);
  summary.areas_left_out = extract.areas().left_out();
  store.commit();
  return summary;
}

}  // namespace jobmap::data
