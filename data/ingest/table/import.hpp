#pragma once
// Brings a CSV or GeoJSON file into a database: every row checked, the wrong ones refused by line, the right
// ones put by key, in one transaction. A database that isn't there is made, the schema alone.
//
//   ImportSummary s = import_file({.database = "jobs.sqlite", .file = "jobs.csv", .layer = ImportLayer::jobs,
//                                  .datum = geo::Crs::gcj02, .now = time(nullptr)});
//   for (const auto& r : s.refusals) say(r.line, r.reason);
//
// A file that can't be read at all, an unknown column, a missing one, a database that isn't ours:
// std::runtime_error, and nothing is changed.
//
// How a million rows get in fast: the text is read once and rows are views into it. Two or more threads check
// all rows and keep of each only its key on the Hilbert curve and a hash of its id; then one thread reads the
// rows again, in the order of the curve, while another inserts, because the spatial index is built twice as
// fast from neighbours.
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "geo/crs.hpp"

namespace jobmap::data {

enum class ImportLayer : std::uint8_t {
  jobs,
  service_points,
  venture_sites,
  stations,
  lines,
  districts,
  population
};

struct ImportOptions {
  std::string database, file;
  ImportLayer layer = ImportLayer::jobs;
  geo::Crs datum = geo::Crs::wgs84;
  std::string charset = "UTF-8";
  std::optional<std::string> region;  // "minx,miny,maxx,maxy" or "any"
  bool strict = false;                // one refusal, and nothing is stored
  std::int64_t now = 0;               // seconds since 1970: for the provenance, and what has expired
  std::function<void(std::string_view phase, std::size_t done, std::size_t of)> progress;  // may be empty
};

struct Refusal {
  std::uint64_t line = 0;
  std::string reason;
};

struct ImportSummary {
  std::size_t read = 0, inserted = 0, updated = 0, unchanged = 0;
  std::size_t expired = 0;        // of those stored, jobs that had expired already: no answer holds them
  std::size_t unpublished = 0;    // and those whose published_at is to come: they are shown from then on
  std::vector<Refusal> refusals;  // by line
  bool region_is_known = false;   // else coordinates were only checked to be on the globe
  std::size_t stored() const { return inserted + updated + unchanged; }
};

ImportSummary import_file(const ImportOptions& options);
// How the metro runs, as data/model/metro_service.hpp reads it (TOML), in place of what the database said. Its
// lines and stations must be there. False where the database said the same. Throws std::runtime_error, with
// the place in the file.
bool import_metro_service(const std::string& database, const std::string& file, std::int64_t now);

}  // namespace jobmap::data
