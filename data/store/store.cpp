#include "data/store/store.hpp"

#include <array>
#include <optional>
#include <stdexcept>
#include <utility>

#include "data/store/geometry_blob.hpp"
#include "data/store/spatial_index.hpp"
#include "data/store/sqlite.hpp"
#include "data/store/station_exits.hpp"
#include "data/store/street_store.hpp"
#include "data/store/table.hpp"

namespace jobmap::data {
namespace {

geo::LonLat on_grid(geo::LonLat p) { return geo::to_lonlat(geo::to_e7(p)); }

// The snapshot numbers these in one or two bytes. Sources are skipped through by the index on (source, id); codes
// of districts have none, so jobs are only looked through where there can be new ones: where there are
// districts an import takes no others, but keeps those it took before.
void check_room(Database& db, bool districts_changed) {
  constexpr std::int64_t most_districts = 254;
  const struct {
    std::string_view what, count;
    std::int64_t most;
  } limits[] = {
      {"sources of jobs",
       "WITH RECURSIVE s (v, n) AS (SELECT min(source), 0 FROM jobs UNION ALL "
       "SELECT (SELECT min(source) FROM jobs WHERE source > v), n + 1 FROM s WHERE v IS NOT NULL AND n < "
       "256) "
       "SELECT count(v) FROM s",
       255},
      {"districts and codes of districts",
       "SELECT (SELECT count(*) FROM districts) + (SELECT count(DISTINCT district) FROM jobs "
       "WHERE district NOT IN (SELECT adcode FROM districts))",
       most_districts},
      {"stations", "SELECT count(*) FROM stations", 65'535},
      {"lines", "SELECT count(*) FROM lines", 65'535},
  };
  const bool codes_are_known = !districts_changed && db.query_int64("SELECT count(*) FROM districts") > 0;
  for (const auto& l : limits)
    if ((l.most != most_districts || !codes_are_known) && db.query_int64(l.count) > l.most)
      throw DatabaseError(db.path() + ": would hold more than " + std::to_string(l.most) + ' ' +
                              std::string(l.what) + ", the most that can be served",
                          0);
}

// An empty text is NULL.
void bind_text(Statement& s, int index, std::string_view text) {
  text.empty() ? s.bind_null(index) : s.bind(index, text);
}

}  // namespace

namespace {
Table site_table(Database& db, std::string_view name) {
  return Table(db, name, {"id", "name", "kind", "address", "hours", "capacity", "source", "geom"}, 1);
}
}  // namespace

struct Store::Impl {
  explicit Impl(const std::string& path) : db(Database::open_writer(path)) {}

  void begin_bulk();
  void end_bulk();
  void forget_bulk() {
    bulk = false;
    jobs.assume_new(false);
  }

  Database db;
  Table jobs{db,
             "jobs",
             {"source",    "id",        "title",      "description",  "category",   "openings", "employer",
              "uscc",      "pay_min",   "pay_max",    "pay_unit",     "settlement", "shifts",   "months",
              "stipend",   "education", "experience", "occupation",   "industry",   "address",  "district",
              "precision", "apply_url", "contact",    "published_at", "expires_at", "geom"},
             2};
  Table stations{db, "stations", {"id", "name", "name_en", "pinyin", "initials", "geom"}, 1};
  Table lines{db, "lines", {"id", "name", "color", "geom"}, 1};
  Table districts{db, "districts", {"adcode", "name", "geom"}, 1};
  Table abolished{db, "abolished_districts", {"adcode", "name", "note"}, 1};
  Table service_points = site_table(db, "service_points");
  Table venture_sites = site_table(db, "venture_sites");
  Table population{db, "population", {"lon", "lat", "residents"}, 2};
  Table meta{db, "meta", {"layer", "key", "value"}, 2};
  std::optional<Transaction> transaction;
  bool changed = false, districts_changed = false;
  bool bulk = false;
  std::string stations_before;  // as the transaction found them
  std::string triggers;         // of jobs, while they are away

  Change note(Change c) {
    changed |= c != Change::unchanged;
    return c;
  }
};

Store::Store(const std::string& path) : impl_(std::make_unique<Impl>(path)) {}
Store::~Store() = default;
Store::Store(Store&&) noexcept = default;
Store& Store::operator=(Store&&) noexcept = default;

void Store::begin() {
  impl_->transaction.emplace(impl_->db, Transaction::write);
  impl_->changed = false;
  impl_->districts_changed = false;
  impl_->stations_before = stations_to_join(impl_->db);
  impl_->forget_bulk();
  impl_->triggers.clear();
}

void Store::commit() {
  if (impl_->bulk) impl_->end_bulk();
  if (stations_to_join(impl_->db) != impl_->stations_before) join_exits(impl_->db);
  check_room(impl_->db, impl_->districts_changed);
  if (impl_->changed) {
    put_meta("", "generation", std::to_string(generation() + 1));
    put_meta("", "revision", random_revision());
  }
  impl_->transaction->commit();
  impl_->transaction.reset();
}

void Store::rollback() {
  impl_->forget_bulk();
  impl_->transaction.reset();
}

void Store::begin_bulk_jobs() { impl_->begin_bulk(); }

// The triggers check each geometry, keep the index and note the time of the change; they come back as they
// were.
void Store::Impl::begin_bulk() {
  bulk = true;
  db.execute(
      "PRAGMA cache_size = -262144");  // 256 MiB: an index grows all over, and shouldn't through the log
  std::string drop;
  for (Statement s =
           db.prepare("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'jobs'");
       s.step();) {
    drop += "DROP TRIGGER \"" + std::string(s.column_text(0)) + "\";";
    triggers += std::string(s.column_text(1)) + ";";
  }
  db.execute(drop);
  if (db.query_int64("SELECT EXISTS (SELECT 1 FROM jobs)") == 0) {
    db.execute("DROP INDEX jobs_source_id");
    jobs.assume_new(true);
  }
}

void Store::Impl::end_bulk() {
  forget_bulk();
  db.execute("CREATE UNIQUE INDEX IF NOT EXISTS jobs_source_id ON jobs (source, id)");
  rebuild_spatial_index(db, "jobs");
  db.execute(triggers);
  db.execute("PRAGMA cache_size = -2000");
}

Change Store::put(const Posting& p) {
  std::array<std::byte, point_blob_size> blob;
  return impl_->note(impl_->jobs.put([&](Statement& s) {
    s.bind(1, std::string_view(p.source)).bind(2, std::string_view(p.id)).bind(3, std::string_view(p.title));
    bind_text(s, 4, p.description);
    s.bind(5, name_of(p.category)).bind(6, std::int64_t{p.openings}).bind(7, std::string_view(p.employer));
    bind_text(s, 8, p.uscc);
    s.bind(9, p.pay_min).bind(10, p.pay_max);
    bind_text(s, 11, name_of(p.pay_unit));
    bind_text(s, 12, settlement_names[static_cast<std::size_t>(p.settlement)]);
    bind_text(s, 13, p.shifts);
    s.bind(14, p.months).bind(15, p.stipend);
    bind_text(s, 16, p.education ? name_of(*p.education) : std::string_view());
    s.bind(17, p.experience);
    bind_text(s, 18, p.occupation);
    bind_text(s, 19, p.industry);
    bind_text(s, 20, p.address);
    bind_text(s, 21, p.district);
    s.bind(22, name_of(p.precision));
    bind_text(s, 23, p.apply_url);
    bind_text(s, 24, p.contact);
    s.bind(25, p.published_at).bind(26, p.expires_at);
    if (!p.point || !has_point(p.precision)) {
      s.bind_null(27);
      return;
    }
    blob = encode_point(on_grid(*p.point));
    s.bind(27, std::span<const std::byte>(blob));
  }));
}

Change Store::put(const Station& station) {
  const auto blob = encode_point(geo::to_lonlat(station.at));
  return impl_->note(impl_->stations.put([&](Statement& s) {
    s.bind(1, std::string_view(station.id)).bind(2, std::string_view(station.name));
    s.bind(3, std::string_view(station.name_en)).bind(4, std::string_view(station.pinyin));
    s.bind(5, std::string_view(station.initials)).bind(6, std::span<const std::byte>(blob));
  }));
}

Change Store::put(const District& district) {
  const Bytes blob = encode_multipolygon(district.geometry);
  impl_->districts_changed = true;
  return impl_->note(impl_->districts.put([&](Statement& s) {
    s.bind(1, std::string_view(district.adcode)).bind(2, std::string_view(district.name));
    s.bind(3, std::span<const std::byte>(blob));
  }));
}

// The branches of a line as stored; of a line that isn't there, none.
static std::vector<std::vector<std::string>> read_branches(Database& db, std::string_view line) {
  std::vector<std::vector<std::string>> branches;
  Statement s = db.prepare("SELECT branch, station FROM line_stations WHERE line = ?1 ORDER BY branch, seq");
  s.bind(1, line);
  for (std::optional<std::int64_t> last; s.step(); last = s.column_int64(0)) {
    if (last != s.column_int64(0)) branches.emplace_back();
    branches.back().emplace_back(s.column_text(1));
  }
  return branches;
}

static geo::MultiLineString draw_straight(Database& db, const LineRecord& line) {
  geo::MultiLineString geometry;
  Statement s = db.prepare("SELECT geom FROM stations WHERE id = ?1");
  for (const auto& branch : line.branches) {
    auto& points = geometry.emplace_back();
    for (const auto& id : branch) {
      s.bind(1, std::string_view(id));
      const auto point = s.step() ? decode_point(s.column_blob(0)) : std::nullopt;
      if (!point)
        throw DatabaseError(db.path() + ": line " + line.id + " stops at an unknown station " + id, 0);
      points.push_back(*point);
      s.reset();
    }
  }
  return geometry;
}

Change Store::put(const LineRecord& line) {
  Database& db = impl_->db;
  const Bytes blob = encode_multilinestring(line.geometry.empty() ? draw_straight(db, line) : line.geometry);
  const Change change = impl_->lines.put([&](Statement& s) {
    s.bind(1, std::string_view(line.id))
        .bind(2, std::string_view(line.name))
        .bind(3, std::string_view(line.color));
    s.bind(4, std::span<const std::byte>(blob));
  });
  if (read_branches(db, line.id) == line.branches) return impl_->note(change);
  Statement clear = db.prepare("DELETE FROM line_stations WHERE line = ?1");
  clear.bind(1, std::string_view(line.id)).run();
  Statement insert =
      db.prepare("INSERT INTO line_stations (line, branch, seq, station) VALUES (?1, ?2, ?3, ?4)");
  for (std::size_t b = 0; b < line.branches.size(); ++b)
    for (std::size_t i = 0; i < line.branches[b].size(); ++i)
      insert.bind(1, std::string_view(line.id))
          .bind(2, static_cast<std::int64_t>(b + 1))
          .bind(3, static_cast<std::int64_t>(i + 1))
          .bind(4, std::string_view(line.branches[b][i]))
          .run();
  return impl_->note(change == Change::inserted ? change : Change::updated);
}

void Store::put(const City& city) {
  for (const auto& station : city.stations) put(station);
  for (const auto& line : city.lines) {
    LineRecord record{line.id, line.name, line.color, {}, line.geometry};
    for (const auto& branch : line.branches) {
      auto& ids = record.branches.emplace_back();
      for (auto station : branch) ids.push_back(city.stations[station].id);
    }
    put(record);
  }
  for (const auto& district : city.districts) put(district);
  for (const auto& district : city.abolished) put(district);
}

Change Store::put(const AbolishedDistrict& district) {
  return impl_->note(impl_->abolished.put([&](Statement& s) {
    s.bind(1, std::string_view(district.adcode)).bind(2, std::string_view(district.name));
    s.bind(3, std::string_view(district.note));
  }));
}

Change Store::put(SiteLayer layer, const Site& site) {
  const auto blob = encode_point(geo::to_lonlat(site.at));
  Table& table = layer == SiteLayer::service_points ? impl_->service_points : impl_->venture_sites;
  return impl_->note(table.put([&](Statement& s) {
    s.bind(1, std::string_view(site.id))
        .bind(2, std::string_view(site.name))
        .bind(3, std::string_view(site.kind));
    bind_text(s, 4, site.address);
    bind_text(s, 5, site.hours);
    s.bind(6, site.capacity);
    bind_text(s, 7, site.source);
    s.bind(8, std::span<const std::byte>(blob));
  }));
}

Change Store::put(const PopulationCell& cell) {
  const auto at = geo::to_lonlat(cell.at);
  return impl_->note(impl_->population.put(
      [&](Statement& s) { s.bind(1, at.lon).bind(2, at.lat).bind(3, cell.residents); }));
}

void Store::put_streets(const geo::StreetNetwork& network) {
  write_streets(impl_->db, network);
  impl_->changed = true;
}

void Store::put_entrances(const std::vector<EntranceRecord>& entrances, double within_m) {
  write_entrances(impl_->db, entrances, within_m);
  join_exits(impl_->db);
  impl_->stations_before = stations_to_join(impl_->db);
  impl_->changed = true;
}

ExitCount Store::count_exits() { return data::count_exits(impl_->db); }

void Store::put_water(const std::vector<Water>& water) { impl_->changed |= write_water(impl_->db, water); }

std::vector<District> Store::districts() {
  std::vector<District> districts;
  Statement s = impl_->db.prepare("SELECT adcode, name FROM districts ORDER BY adcode");
  while (s.step()) districts.push_back({std::string(s.column_text(0)), std::string(s.column_text(1)), {}});
  return districts;
}

City Store::stations() {
  City city;
  read_stations(impl_->db, city);
  city.finish();
  return city;
}

void Store::put_meta(std::string_view layer, std::string_view key, std::string_view value) {
  const auto change = impl_->meta.put([&](Statement& s) { s.bind(1, layer).bind(2, key).bind(3, value); });
  // The settings of the city are in answers; those of a layer only say where its data are from.
  if (layer.empty() || layer == "metro_service") impl_->note(change);
}

std::string Store::meta(std::string_view layer, std::string_view key) {
  Statement s = impl_->db.prepare("SELECT value FROM meta WHERE layer = ?1 AND key = ?2");
  s.bind(1, layer).bind(2, key);
  return s.step() ? std::string(s.column_text(0)) : std::string();
}

std::int64_t Store::count(std::string_view layer) {
  for (std::string_view known :
       {"jobs", "stations", "lines", "districts", "service_points", "venture_sites", "population"})
    if (layer == known) return impl_->db.query_int64("SELECT count(*) FROM " + std::string(known));
  throw std::invalid_argument("no such layer: " + std::string(layer));
}

std::int64_t Store::generation() {
  return impl_->db.query_int64("SELECT value FROM meta WHERE layer = '' AND key = 'generation'");
}

}  // namespace jobmap::data
