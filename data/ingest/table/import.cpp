#include "data/ingest/table/import.hpp"

#include <algorithm>
#include <filesystem>
#include <set>
#include <stdexcept>

#include "data/ingest/table/bulk_jobs.hpp"
#include "data/ingest/table/charset.hpp"
#include "data/ingest/table/layers.hpp"
#include "data/ingest/table/read_file.hpp"
#include "data/model/split.hpp"
#include "data/model/time.hpp"
#include "data/store/store.hpp"

namespace jobmap::data {
namespace {

struct LayerInfo {
  std::string_view name;  // of the table and in meta
  const LayerColumns& columns;
};
LayerInfo info_of(ImportLayer layer) {
  switch (layer) {
    case ImportLayer::jobs:
      return {"jobs", posting_columns()};
    case ImportLayer::service_points:
      return {"service_points", site_columns()};
    case ImportLayer::venture_sites:
      return {"venture_sites", site_columns()};
    case ImportLayer::stations:
      return {"stations", station_columns()};
    case ImportLayer::lines:
      return {"lines", line_columns()};
    case ImportLayer::districts:
      return {"districts", district_columns()};
    case ImportLayer::population:
      return {"population", population_columns()};
  }
  throw std::logic_error("no such layer");
}

std::unique_ptr<RowSource> open_rows(const ImportOptions& options, std::string_view text) {
  const auto extension = std::filesystem::path(options.file).extension();
  const auto& columns = info_of(options.layer).columns;
  if (extension == ".geojson" || extension == ".json") return open_geojson(text, columns);
  if (extension != ".csv") throw std::runtime_error("is neither .csv nor .geojson by its name");
  if (options.layer == ImportLayer::districts)
    throw std::runtime_error("districts are areas: give GeoJSON, not CSV");
  return open_csv(text, columns);
}

// Districts may reach beyond those they replace, so only a region that somebody has named binds them.
Rules make_rules(const ImportOptions& options) {
  std::optional<std::string_view> region = options.region;
  if (!region && options.layer == ImportLayer::districts) region = "any";
  if (!is_blank_database(options.database)) {
    Database db = Database::open_reader(options.database);
    check_is_jobmap(db);
    check_is_current(db);
    return read_rules(db, options.datum, region);
  }
  Rules rules;
  rules.datum = options.datum;
  rules.zone = TimeZone::named(DatabaseOptions{}.utc_offset).value();
  if (region) {
    rules.region = parse_region(*region);
    rules.region_is_known = true;
  }
  return rules;
}

// Adds a file to the sources of a layer, unless it is among them already.
std::string with(const std::string& before, std::string_view name) {
  for (const auto part : split(before, ';'))
    if (part.substr(part.starts_with(' ') ? 1 : 0) == name) return before;
  return before.empty() ? std::string(name) : before + "; " + std::string(name);
}

void put_provenance(Store& store, const ImportOptions& options, std::string_view layer) {
  char time[time_size];
  format_time(options.now, time);
  store.put_meta(layer, "datum", with(store.meta(layer, "datum"), geo::name_of(options.datum)));
  store.put_meta(layer, "source",
                 with(store.meta(layer, "source"), std::filesystem::path(options.file).filename().string()));
  store.put_meta(layer, "imported_at", std::string_view(time, time_size));
  store.put_meta(layer, "rows", std::to_string(store.count(layer)));
}

void count(ImportSummary& summary, Change change) {
  ++(change == Change::inserted  ? summary.inserted
     : change == Change::updated ? summary.updated
                                 : summary.unchanged);
}

// The layers of a city are small: all records are read, then put.
template <typename Record, typename Read, typename KeyOf>
std::vector<Record> read_records(const RowSource& rows, ImportSummary& summary, Read&& read, KeyOf&& key_of) {
  std::vector<Record> records;
  std::set<std::string> keys;
  SourceRow row;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows.read(i, row);
    Record record;
    Reason reason = read(row, record);
    if (!reason && !keys.insert(key_of(record)).second)
      reason = "has the id of a row before it: " + key_of(record);
    if (reason)
      summary.refusals.push_back({row.line, std::move(*reason)});
    else
      records.push_back(std::move(record));
  }
  return records;
}

class Import {
 public:
  explicit Import(const ImportOptions& options)
      : options_(options),
        text_(to_utf8(read_file(options.file), options.charset)),
        rows_(open_rows(options, text_)) {
    summary_.read = rows_->size();
  }

  ImportSummary run() {
    rules_ = make_rules(options_);
    summary_.region_is_known = rules_.region_is_known;
    switch (options_.layer) {
      case ImportLayer::jobs:
        run_jobs();
        break;
      case ImportLayer::service_points:
        run_sites(SiteLayer::service_points);
        break;
      case ImportLayer::venture_sites:
        run_sites(SiteLayer::venture_sites);
        break;
      case ImportLayer::stations:
        run_layer<Station>(read_station, &Station::id);
        break;
      case ImportLayer::lines:
        run_layer<LineRecord>(read_line, &LineRecord::id);
        break;
      case ImportLayer::districts:
        run_layer<District>(read_district, &District::adcode);
        break;
      case ImportLayer::population:
        run_population();
        break;
    }
    return std::move(summary_);
  }

 private:
  bool nothing_to_store(std::size_t accepted) const {
    return accepted == 0 || (options_.strict && !summary_.refusals.empty());
  }

  template <typename Put>
  void store(Put&& put) {
    if (is_blank_database(options_.database)) create_database(options_.database);
    Store store(options_.database);
    store.begin();
    put(store);
    put_provenance(store, options_, info_of(options_.layer).name);
    if (options_.progress) options_.progress("indexing and writing", 0, 0);
    store.commit();
  }

  void run_jobs() {
    const CheckedJobs checked = check_jobs(*rows_, rules_, options_.progress, summary_.refusals);
    if (nothing_to_store(checked.order.size())) return;
    store([&](Store& s) {
      put_jobs(s, *rows_, rules_, checked, options_.progress, [&](const Posting& p, Change c) {
        count(summary_, c);
        // A snapshot counts by the minute.
        if (p.expires_at / 60 <= options_.now / 60)
          ++summary_.expired;
        else if (p.published_at.value_or(0) / 60 > options_.now / 60)
          ++summary_.unpublished;
      });
    });
  }

  void run_sites(SiteLayer layer) {
    run_layer<Site>(read_site, &Site::id, [layer](Store& s, const Site& site) { return s.put(layer, site); });
  }

  void run_population() {
    const auto cells = read_records<PopulationCell>(
        *rows_, summary_,
        [&](const SourceRow& row, PopulationCell& out) { return read_population(row, rules_, out); },
        [](const PopulationCell& c) { return std::to_string(c.at.lon) + "," + std::to_string(c.at.lat); });
    if (nothing_to_store(cells.size())) return;
    store([&](Store& s) {
      for (const auto& cell : cells) count(summary_, s.put(cell));
    });
  }

  template <typename Record, typename Put>
  void run_layer(Reason (*read)(const SourceRow&, const Rules&, Record&), std::string Record::*key,
                 Put&& put) {
    const auto records = read_records<Record>(
        *rows_, summary_, [&](const SourceRow& row, Record& out) { return read(row, rules_, out); },
        [&](const Record& r) -> const std::string& { return r.*key; });
    if (nothing_to_store(records.size())) return;
    store([&](Store& s) {
      for (const auto& record : records) count(summary_, put(s, record));
    });
  }
  template <typename Record>
  void run_layer(Reason (*read)(const SourceRow&, const Rules&, Record&), std::string Record::*key) {
    run_layer<Record>(read, key, [](Store& s, const Record& record) { return s.put(record); });
  }

  const ImportOptions& options_;
  std::string text_;
  std::unique_ptr<RowSource> rows_;
  Rules rules_;
  ImportSummary summary_;
};

}  // namespace

ImportSummary import_file(const ImportOptions& options) {
  std::optional<Import> import;
  try {
    import.emplace(options);
  } catch (const std::runtime_error& e) {
    throw std::runtime_error(options.file + ": " + e.what());
  }
  return import->run();
}

}  // namespace jobmap::data
