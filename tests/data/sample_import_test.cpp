// The sample and the importer agree: what `jobmap sample --csv` writes, `jobmap import` takes whole, and the
// rows are those that `jobmap sample --db` stores.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "data/ingest/sample/csv.hpp"
#include "data/ingest/sample/sample.hpp"
#include "data/ingest/table/import.hpp"
#include "data/store/sqlite.hpp"
#include "data/store/store.hpp"

namespace jobmap::data::sample {
namespace {

constexpr std::int64_t now = 1'795'000'000;

class SampleImport : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directory(directory); }
  void TearDown() override { std::filesystem::remove_all(directory); }

  std::string path(const char* name) const { return (directory / name).string(); }

  std::string new_database(const char* name) const {
    create_database(path(name));
    Store store(path(name));
    write_city(store, tables);
    return path(name);
  }

  ImportSummary import_csv(const std::string& database) const {
    ImportOptions options;
    options.database = database;
    options.file = path("jobs.csv");
    options.now = now;
    return import_file(options);
  }

  const CityTables& tables = *find_city_tables("hangzhou");
  const City city = read_city(tables);
  const std::filesystem::path directory =
      std::filesystem::temp_directory_path() / ("jobmap-sample-" + std::to_string(getpid()));
};

// Every column of every job, as SQL literals.
std::vector<std::string> rows_of(const std::string& path) {
  Database db = Database::open_reader(path);
  Statement jobs = db.prepare(
      "SELECT quote(source)||quote(id)||quote(title)||quote(description)||quote(category)||quote(openings)||"
      "quote(employer)||quote(uscc)||quote(pay_min)||quote(pay_max)||quote(pay_unit)||quote(settlement)||"
      "quote(shifts)||"
      "quote(months)||quote(stipend)||quote(education)||quote(experience)||quote(occupation)||quote(industry)"
      "||"
      "quote(address)||quote(district)||quote(precision)||quote(apply_url)||quote(contact)||quote(published_"
      "at)||"
      "quote(expires_at)||quote(geom) FROM jobs ORDER BY source, id");
  std::vector<std::string> rows;
  while (jobs.step()) rows.emplace_back(jobs.column_text(0));
  return rows;
}

TEST_F(SampleImport, TheImporterTakesEveryRowAsItIs) {
  constexpr std::uint32_t number = 5000;
  for (const std::uint64_t seed : {1, 2, 3}) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const Sample sample(tables, city, {seed, number, now});
    const auto stored = new_database(("stored" + std::to_string(seed)).c_str());
    const auto imported = new_database(("imported" + std::to_string(seed)).c_str());
    std::string csv(csv_header);
    {
      Store store(stored);
      store.begin();
      store.begin_bulk_jobs();
      Posting posting;
      for (const auto i : sample.hilbert_order()) {
        sample.make(i, posting);
        EXPECT_EQ(store.put(posting), Change::inserted);
        append_csv(posting, csv);
      }
      store.commit();
    }
    std::ofstream(path("jobs.csv"), std::ios::binary) << csv;
    const auto summary = import_csv(imported);
    for (const auto& refusal : summary.refusals)
      ADD_FAILURE() << "line " << refusal.line << ": " << refusal.reason;
    EXPECT_EQ(summary.inserted, number);
    const auto expected = rows_of(stored), got = rows_of(imported);
    ASSERT_EQ(expected.size(), number);
    ASSERT_EQ(got.size(), number);
    for (std::uint32_t i = 0; i < number; ++i) ASSERT_EQ(got[i], expected[i]);
    const auto again = import_csv(stored);
    EXPECT_EQ(again.unchanged, number) << "the file says what the database holds";
  }
}

}  // namespace
}  // namespace jobmap::data::sample
