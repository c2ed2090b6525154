// Reads a database into a snapshot: two threads over halves of the jobs, each in its own read transaction of
// the same generation of the file.
#include "data/store/load.hpp"

#include <malloc.h>

#include <algorithm>
#include <exception>
#include <limits>
#include <map>
#include <thread>

#include "data/index/job_table_builder.hpp"
#include "data/index/walks.hpp"
#include "data/model/metro_service.hpp"
#include "data/store/geometry_blob.hpp"
#include "data/store/sqlite.hpp"
#include "data/store/street_store.hpp"

namespace jobmap::data {
namespace {

constexpr std::string_view jobs_sql =
    "SELECT id, title, employer, description, uscc, address, apply_url, contact, shifts, source, occupation, "
    "district,"
    " category, pay_unit, settlement, precision, education, industry, months, openings, pay_min, pay_max, "
    "stipend,"
    " experience, published_at, expires_at, geom FROM jobs WHERE pk BETWEEN ?1 AND ?2 AND expires_at >= ?3";

struct Span {
  std::int64_t first, last;
};

[[noreturn]] void bad_row(const Statement& s, const std::string& what) {
  throw std::runtime_error("job " + std::string(s.column_text(9)) + ":" + std::string(s.column_text(0)) +
                           ": " + what);
}

// Another program may have written the file, so a number out of range is refused.
std::int32_t number_or(const Statement& s, int column, std::int32_t otherwise, std::int32_t min,
                       std::int32_t max) {
  if (s.is_null(column)) return otherwise;
  const auto value = s.column_int64(column);
  if (value < min || value > max) bad_row(s, "the number " + std::to_string(value) + " is out of range");
  return static_cast<std::int32_t>(value);
}

RawJob read_job(const Statement& s) {
  constexpr auto most = std::numeric_limits<std::int32_t>::max();
  RawJob job;
  for (unsigned i = 0; i < JobText::count; ++i) job.text[i] = s.column_text(static_cast<int>(i));
  job.source = s.column_text(9), job.occupation = s.column_text(10), job.district = s.column_text(11);
  const auto category = parse_category(s.column_text(12));
  const auto precision = parse_precision(s.column_text(15));
  if (!category || !precision || job.source.empty()) bad_row(s, "no known category, precision or source");
  job.category = *category, job.precision = *precision;
  job.pay_unit = parse_pay_unit(s.column_text(13)).value_or(PayUnit::none);
  job.settlement = parse_settlement(s.column_text(14)).value_or(Settlement::none);
  if (const auto e = parse_education(s.column_text(16))) job.education = static_cast<std::uint8_t>(*e);
  const auto letter = s.column_text(17);
  if (letter.size() == 1 && letter[0] >= 'A' && letter[0] <= 'T')
    job.industry = static_cast<std::uint8_t>(letter[0] - 'A');
  job.months = static_cast<std::uint8_t>(number_or(s, 18, 0, 0, 255));
  job.openings = number_or(s, 19, 1, 1, most);
  job.pay_min = number_or(s, 20, no_value, 0, most), job.pay_max = number_or(s, 21, no_value, 0, most);
  job.stipend = number_or(s, 22, no_value, 0, most);
  job.experience = static_cast<std::int8_t>(number_or(s, 23, no_value, 0, 127));
  auto seconds = [&](int column) {
    const auto t = s.column_int64(column);
    if (t < 0 || t > std::numeric_limits<std::uint32_t>::max()) bad_row(s, "a time outside 1970 to 2106");
    return static_cast<std::uint32_t>(t);
  };
  job.published = seconds(24), job.expires = seconds(25);
  if (!s.is_null(26) && has_point(job.precision)) {
    const auto point = decode_point(s.column_blob(26));
    if (!point) bad_row(s, "its geometry is not a point on the globe");
    job.located = true;
    job.point = geo::to_e7(*point);
  }
  return job;
}

// A file of before there were revisions goes by its own id.
DataVersion version_of(Database& db) {
  return {db.query_text("SELECT value FROM meta WHERE layer = '' AND key IN ('revision', 'database_id') "
                        "ORDER BY key DESC LIMIT 1"),
          db.query_int64("SELECT CAST(value AS INTEGER) FROM meta WHERE layer = '' AND key = 'generation'")};
}

void go_on(const std::stop_token& stop) {
  if (stop.stop_requested()) throw LoadStopped();
}

// False where another version is there by now, or another file.
bool read_jobs(Database& db, const DataVersion& version, Span pks, std::int64_t alive_from,
               JobTableBuilder& out, const std::stop_token& stop) {
  Transaction read(db, Transaction::read);
  if (version_of(db) != version) return false;
  Statement s = db.prepare(jobs_sql);
  s.bind(1, pks.first).bind(2, pks.last).bind(3, alive_from);
  while (s.step()) go_on(stop), out.add(read_job(s));
  return true;
}

geo::PointE7 read_point(const Statement& s, int column) {
  const auto p = decode_point(s.column_blob(column));
  if (!p)
    throw std::runtime_error("the geometry of " + std::string(s.column_text(0)) +
                             " is not a point on the globe");
  return geo::to_e7(*p);
}

void read_stations_and_lines(Database& db, City& city) {
  std::map<std::string, std::uint16_t, std::less<>> station_of;
  read_stations(db, city);
  for (std::uint16_t s = 0; s < city.stations.size(); ++s) station_of[city.stations[s].id] = s;
  // Numbered lines in the order of their numbers, then those with names.
  Statement lines = db.prepare(
      "SELECT id, name, color, geom FROM lines ORDER BY CAST(id AS INTEGER) = 0, CAST(id AS INTEGER), id");
  while (lines.step()) {
    auto geometry = decode_multilinestring(lines.column_blob(3));
    if (!geometry)
      throw std::runtime_error("the geometry of line " + std::string(lines.column_text(0)) + " is not lines");
    city.lines.push_back({std::string(lines.column_text(0)),
                          std::string(lines.column_text(1)),
                          std::string(lines.column_text(2)),
                          {},
                          std::move(*geometry)});
  }
  for (std::uint16_t l = 0; l < city.lines.size(); ++l) {
    Statement order =
        db.prepare("SELECT branch, station FROM line_stations WHERE line = ?1 ORDER BY branch, seq");
    order.bind(1, std::string_view(city.lines[l].id));
    std::map<std::int64_t, std::vector<std::uint16_t>> branches;
    while (order.step()) {
      const auto it = station_of.find(order.column_text(1));
      if (it == station_of.end())
        throw std::runtime_error("line " + city.lines[l].id + " names a station that is not there");
      branches[order.column_int64(0)].push_back(it->second);
      auto& of_station = city.stations[it->second].lines;
      if (of_station.empty() || of_station.back() != l) of_station.push_back(l);
    }
    for (auto& [number, stops] : branches) city.lines[l].branches.push_back(std::move(stops));
  }
}

std::vector<Site> read_sites(Database& db, const std::string& table) {
  std::vector<Site> sites;
  Statement s = db.prepare("SELECT id, name, kind, address, hours, source, capacity, geom FROM " + table +
                           " ORDER BY id");
  while (s.step()) {
    auto text = [&](int i) { return std::string(s.column_text(i)); };
    sites.push_back({text(0), text(1), text(2), text(3), text(4), text(5), {}, read_point(s, 7)});
    if (!s.is_null(6)) sites.back().capacity = static_cast<std::int32_t>(s.column_int64(6));
  }
  return sites;
}

void read_population(Database& db, City& city) {
  if (!db.has_table("population")) return;  // early databases of version 1 lack it
  Statement s = db.prepare("SELECT lon, lat, residents FROM population");
  while (s.step()) {
    const geo::LonLat at{s.column_double(0), s.column_double(1)};
    const double residents = s.column_double(2);
    if (!geo::is_valid(at) || !std::isfinite(residents) || residents < 0)
      throw std::runtime_error("a cell of the population is not a number of residents on the globe");
    city.population.push_back({geo::to_e7(at), residents});
  }
}

void read_water(Database& db, City& city) {
  if (!db.has_table("water")) return;  // most databases of version 1 lack it
  Statement s = db.prepare("SELECT osm, name, kind, geom FROM water ORDER BY pk");
  while (s.step()) {
    auto geometry = decode_multipolygon(s.column_blob(3));
    if (!geometry)
      throw std::runtime_error("the geometry of water " + std::string(s.column_text(0)) + " is not an area");
    city.water.push_back({std::string(s.column_text(0)), std::string(s.column_text(1)),
                          std::string(s.column_text(2)), std::move(*geometry)});
  }
}

void read_metro_service(Database& db, City& city) {
  const auto toml = db.query_text(
      "SELECT coalesce(max(value), '') FROM meta WHERE layer = 'metro_service' AND key = 'toml'");
  if (toml.empty()) return;
  try {
    city.metro_service = std::make_shared<const MetroService>(parse_metro_service(toml, city.name));
  } catch (const std::runtime_error& e) {
    throw std::runtime_error(db.path() + ": its metro service: " + e.what());
  }
}

std::shared_ptr<const City> read_city(Database& db) {
  auto city = std::make_shared<City>();
  Statement credit = db.prepare("SELECT layer, value FROM meta WHERE key = 'attribution'");
  while (credit.step()) city->attribution.emplace(credit.column_text(0), credit.column_text(1));
  Statement meta = db.prepare("SELECT key, value FROM meta WHERE layer = ''");
  while (meta.step()) {
    if (meta.column_text(0) == "city") city->name = meta.column_text(1);
    if (meta.column_text(0) == "utc_offset") city->utc_offset = meta.column_text(1);
    if (meta.column_text(0) == "time_zone") city->time_zone = meta.column_text(1);
    if (meta.column_text(0) == "currency" && !meta.column_text(1).empty())
      city->currency = meta.column_text(1);
  }
  if (!city->time_zone.empty() && !TimeZone::named(city->time_zone))
    throw std::runtime_error(db.path() + ": its time zone " + city->time_zone +
                             " is not known; set another by jobmap init --time-zone");
  read_metro_service(db, *city);
  read_stations_and_lines(db, *city);
  Statement districts = db.prepare("SELECT adcode, name, geom FROM districts ORDER BY adcode");
  while (districts.step()) {
    auto geometry = decode_multipolygon(districts.column_blob(2));
    if (!geometry)
      throw std::runtime_error("the geometry of district " + std::string(districts.column_text(0)) +
                               " is not an area");
    city->districts.push_back(
        {std::string(districts.column_text(0)), std::string(districts.column_text(1)), std::move(*geometry)});
  }
  Statement abolished = db.prepare("SELECT adcode, name, note FROM abolished_districts ORDER BY adcode");
  while (abolished.step())
    city->abolished.push_back({std::string(abolished.column_text(0)), std::string(abolished.column_text(1)),
                               std::string(abolished.column_text(2))});
  city->service_points = read_sites(db, "service_points");
  city->venture_sites = read_sites(db, "venture_sites");
  read_population(db, *city);
  read_water(db, *city);
  city->finish();
  return city;
}

Streets load_streets(Database& db, const JobTable& jobs, const City& city) {
  auto network = read_streets(db);
  if (!network) return {};
  auto graph = std::make_shared<const geo::StreetGraph>(*std::move(network));
  auto walks = find_walks(*graph, jobs, city, read_snap_limit(db), read_ignored_hours(db));
  return {std::move(graph), std::move(walks)};
}

struct Loaded {
  std::shared_ptr<const JobTable> jobs;
  std::shared_ptr<const City> city;
  Streets streets;
  DataVersion version;
};

// Gives nothing if the file changed between the two threads' transactions.
std::optional<Loaded> try_load(const std::string& path, std::int64_t now, const std::stop_token& stop) {
  Database db = Database::open_reader(path);
  check_is_jobmap(db);
  Transaction read(db, Transaction::read);
  Loaded loaded;
  loaded.version = version_of(db);
  loaded.city = read_city(db);
  Statement extent = db.prepare("SELECT coalesce(min(pk), 0), coalesce(max(pk), -1) FROM jobs");
  extent.step();
  const std::int64_t first = extent.column_int64(0), last = extent.column_int64(1),
                     middle = first + (last - first) / 2;
  // Jobs whose lifetime (JobTable) is over are left out: they live in no later minute.
  const std::int64_t minute = now / 60, alive_from = (minute + 1) * 60;

  JobTableBuilder halves[2];
  // Room that is never touched costs nothing, and texts that never move need no second copy at the peak.
  const auto bytes =
      static_cast<std::size_t>(db.query_int64("PRAGMA page_count") * db.query_int64("PRAGMA page_size"));
  for (auto& half : halves) half.reserve(static_cast<std::size_t>((last - first) / 2 + 1), bytes);
  bool same = true;
  std::exception_ptr failure;
  std::thread second([&] {
    try {
      Database other = Database::open_reader(path);
      same = read_jobs(other, loaded.version, {middle + 1, last}, alive_from, halves[1], stop);
    } catch (...) {
      failure = std::current_exception();
    }
  });
  try {
    Statement s = db.prepare(jobs_sql);
    s.bind(1, first).bind(2, middle).bind(3, alive_from);
    while (s.step()) go_on(stop), halves[0].add(read_job(s));
  } catch (...) {
    second.join();
    throw;
  }
  second.join();
  if (failure) std::rethrow_exception(failure);
  if (!same) return std::nullopt;
  halves[0].append(std::move(halves[1]));
  go_on(stop);
  loaded.jobs = std::move(halves[0]).build(*loaded.city, minute);
  go_on(stop);
  loaded.streets = load_streets(db, *loaded.jobs, *loaded.city);
  if (db.may_have_changed()) return std::nullopt;
  return loaded;
}

}  // namespace

std::shared_ptr<const Snapshot> load_snapshot(const std::string& path, std::int64_t now,
                                              std::stop_token stop) {
  for (int attempt = 0; attempt < 10; ++attempt)
    if (auto loaded = try_load(path, now, stop)) {
      malloc_trim(0);  // what building needed goes back to the system before the server settles
      return make_snapshot(std::move(loaded->jobs), std::move(loaded->city),
                           std::move(loaded->version.revision), loaded->version.generation, now,
                           std::move(loaded->streets));
    }
  throw std::runtime_error(path + ": the file changed ten times while it was read");
}

DataVersion read_data_version(const std::string& path) {
  Database db = Database::open_reader(path);
  Transaction read(db, Transaction::read);
  return version_of(db);
}

}  // namespace jobmap::data
