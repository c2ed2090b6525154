#include "data/store/street_store.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <map>
#include <numeric>
#include <span>
#include <stdexcept>

#include "data/index/walks.hpp"
#include "data/store/geometry_blob.hpp"

namespace jobmap::data {
namespace {

static_assert(std::endian::native == std::endian::little, "blobs are little-endian and are read as they are");
static_assert(sizeof(geo::PointE7) == 8);

constexpr std::size_t blob_bytes = 8 << 20;

struct StoredEdge {
  std::uint32_t from, to, length_mm, access;
};

template <typename T>
void write_part(Database& db, std::string_view part, const std::vector<T>& values) {
  Statement s = db.prepare("INSERT INTO street_blobs (part, data) VALUES (?1, ?2)");
  for (auto bytes = std::as_bytes(std::span(values)); !bytes.empty();) {
    const auto piece = bytes.first(std::min(bytes.size(), blob_bytes));
    s.bind(1, part).bind(2, piece).run();
    bytes = bytes.subspan(piece.size());
  }
}

template <typename T>
std::vector<T> read_part(Database& db, std::string_view part) {
  Statement size = db.prepare("SELECT coalesce(sum(length(data)), 0) FROM street_blobs WHERE part = ?1");
  size.bind(1, part).step();
  const auto bytes = static_cast<std::size_t>(size.column_int64(0));
  if (bytes % sizeof(T) != 0)
    throw std::runtime_error(db.path() + ": the street network is damaged: its " + std::string(part) +
                             " end in the middle of one");
  std::vector<T> values(bytes / sizeof(T));
  auto rest = std::as_writable_bytes(std::span(values));
  Statement s = db.prepare("SELECT data FROM street_blobs WHERE part = ?1 ORDER BY pk");
  for (s.bind(1, part); s.step();) {
    const auto piece = s.column_blob(0);
    std::copy(piece.begin(), piece.end(), rest.begin());
    rest = rest.subspan(piece.size());
  }
  return values;
}

}  // namespace

void write_streets(Database& db, const geo::StreetNetwork& n) {
  db.execute("DELETE FROM street_blobs");
  write_part(db, "nodes", n.nodes);
  std::vector<StoredEdge> edges;
  edges.reserve(n.edges.size());
  for (const auto& e : n.edges) edges.push_back({e.from, e.to, e.length_mm, e.access});
  write_part(db, "edges", edges);
  if (n.shape_begin.empty()) return;
  std::vector<std::uint32_t> bends(n.shape_begin.size());
  std::adjacent_difference(n.shape_begin.begin(), n.shape_begin.end(), bends.begin());
  bends.erase(bends.begin());
  write_part(db, "bends", bends);
  write_part(db, "shape", n.shape);
}

std::optional<geo::StreetNetwork> read_streets(Database& db) {
  if (!db.has_table("street_blobs")) return std::nullopt;
  const auto stored = read_part<StoredEdge>(db, "edges");
  if (stored.empty()) return std::nullopt;
  geo::StreetNetwork n;
  n.nodes = read_part<geo::PointE7>(db, "nodes");
  n.edges.reserve(stored.size());
  for (const auto& e : stored)
    n.edges.push_back({e.from, e.to, e.length_mm, static_cast<std::uint8_t>(e.access)});
  const auto bends = read_part<std::uint32_t>(db, "bends");
  if (bends.empty()) return n;
  n.shape_begin.resize(bends.size() + 1);
  std::partial_sum(bends.begin(), bends.end(), n.shape_begin.begin() + 1);
  n.shape = read_part<geo::PointE7>(db, "shape");
  return n;
}

double read_snap_limit(Database& db) {
  Statement s =
      db.prepare("SELECT CAST(value AS REAL) FROM meta WHERE layer = 'streets' AND key = 'snap_limit_m'");
  if (!s.step()) return default_snap_limit_m;
  const double limit = s.column_double(0);
  if (limit >= min_snap_limit_m && limit <= max_snap_limit_m) return limit;
  throw std::runtime_error(db.path() +
                           ": snap_limit_m of the street network is not a number from 10 to 1000");
}

std::int64_t read_ignored_hours(Database& db) {
  return db.query_int64(
      "SELECT coalesce(max(CAST(value AS INTEGER)), 0) FROM meta WHERE layer = 'streets' AND key = "
      "'hours_ignored'");
}

static void read_exits(Database& db, City& city) {
  if (!db.has_table("station_exits")) return;
  std::map<std::string_view, Station*> by_id;
  for (Station& station : city.stations) by_id[station.id] = &station;
  Statement s =
      db.prepare("SELECT station, name, lon, lat FROM station_exits ORDER BY station, name, lon, lat");
  while (s.step()) {
    const geo::LonLat at{s.column_double(2), s.column_double(3)};
    if (!geo::is_valid(at))
      throw std::runtime_error(db.path() + ": an exit of a station is not on the globe");
    if (const auto it = by_id.find(s.column_text(0)); it != by_id.end())
      it->second->exits.push_back({std::string(s.column_text(1)), geo::to_e7(at)});
  }
}

void read_stations(Database& db, City& city) {
  Statement s = db.prepare("SELECT id, name, name_en, pinyin, initials, geom FROM stations ORDER BY id");
  while (s.step()) {
    const auto text = [&](int i) { return std::string(s.column_text(i)); };
    const auto at = decode_point(s.column_blob(5));
    if (!at) throw std::runtime_error("the geometry of " + text(0) + " is not a point on the globe");
    city.stations.push_back({text(0), text(1), text(2), text(3), text(4), geo::to_e7(*at), {}});
  }
  read_exits(db, city);
}

bool write_water(Database& db, const std::vector<Water>& water) {
  if (water.empty() && db.query_int64("SELECT EXISTS (SELECT 1 FROM water)") == 0) return false;
  db.execute("DELETE FROM water");
  Statement s = db.prepare("INSERT INTO water (osm, name, kind, geom) VALUES (?1, ?2, ?3, ?4)");
  for (const auto& w : water) {
    const Bytes blob = encode_multipolygon(w.geometry);
    s.bind(1, std::string_view(w.osm)).bind(2, std::string_view(w.name)).bind(3, std::string_view(w.kind));
    s.bind(4, std::span<const std::byte>(blob)).run();
  }
  return true;
}

}  // namespace jobmap::data
