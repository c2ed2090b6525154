// jobmap info: what a database holds and where it is from. Reads only.
#include <cstdio>
#include <ctime>
#include <stdexcept>
#include <string>
#include <string_view>

#include "data/model/time.hpp"
#include "data/store/sqlite.hpp"
#include "tools/commands.hpp"

namespace jobmap::tools {
namespace {

constexpr std::string_view info_help =
    "jobmap info --db FILE\n\n"
    "Prints the layers of a database with their rows and provenance, and its identity, versions and "
    "generation.\n";

void print_jobs(data::Database& db) {
  data::Statement s = db.prepare(
      "SELECT count(*), coalesce(sum(openings), 0), count(*) FILTER (WHERE expires_at / 60 <= ?1 / 60), "
      "count(*) FILTER (WHERE expires_at / 60 > ?1 / 60 AND published_at / 60 > ?1 / 60), "
      "count(*) FILTER (WHERE geom IS NULL) FROM jobs");
  s.bind(1, static_cast<std::int64_t>(std::time(nullptr)));
  s.step();
  const auto number = [&](int column) { return static_cast<long long>(s.column_int64(column)); };
  std::printf(
      "  %lld ads with %lld openings: %lld alive, %lld expired, %lld not published yet; %lld without a "
      "point\n",
      number(0), number(1), number(0) - number(2) - number(3), number(2), number(3), number(4));
}

void print_meta(data::Database& db, std::string_view layer) {
  data::Statement s = db.prepare("SELECT key, value FROM meta WHERE layer = ?1 ORDER BY key");
  s.bind(1, layer);
  while (s.step()) {
    const std::string key(s.column_text(0)), value(s.column_text(1));
    std::printf("  %-12s %s\n", key.c_str(), value.c_str());
  }
}

void print_streets(data::Database& db) {
  const auto edges =
      db.query_text("SELECT coalesce(max(value), '') FROM meta WHERE layer = 'streets' AND key = 'edges'");
  std::printf("streets: %s\n", edges.empty() ? "no network, so minutes go by straight lines" : edges.c_str());
  print_meta(db, "streets");
}

}  // namespace

int run_info(Arguments args) {
  if (args.size() == 1 && std::string_view(args[0]) == "--help") {
    std::fwrite(info_help.data(), 1, info_help.size(), stdout);
    return 0;
  }
  if (args.size() != 2 || std::string_view(args[0]) != "--db")
    throw std::runtime_error("needs --db FILE and nothing else");
  data::Database db = data::Database::open_reader(args[1]);
  data::check_is_jobmap(db);
  data::Transaction read(db, data::Transaction::read);
  std::printf("%s\n", args[1]);
  const auto version = data::schema_version_of(db);
  std::printf("  %-12s %lld%s, SQLite %s, SpatiaLite %s\n", "schema", static_cast<long long>(version),
              version < data::schema_version ? " (jobmap upgrade)" : "", data::sqlite_version().c_str(),
              data::spatialite_version_text().c_str());
  print_meta(db, "");
  for (const char* layer : {"jobs", "stations", "lines", "districts", "service_points", "venture_sites"}) {
    const auto rows = db.query_int64("SELECT count(*) FROM " + std::string(layer));
    std::printf("%s: %lld\n", layer, static_cast<long long>(rows));
    if (std::string_view(layer) == "jobs") print_jobs(db);
    print_meta(db, layer);
  }
  if (db.has_table("water")) {
    std::printf("water: %lld\n", static_cast<long long>(db.query_int64("SELECT count(*) FROM water")));
    print_meta(db, "water");
  }
  print_streets(db);
  const bool own =
      db.query_int64("SELECT count(*) FROM meta WHERE layer = 'metro_service' AND key = 'toml'") > 0;
  std::printf("metro service: %s\n", own ? "of this database" : "assumed, by the program's own settings");
  return 0;
}

}  // namespace jobmap::tools
