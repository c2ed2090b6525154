// Whatever import accepts, the server loads: the importer's limits against those of the snapshot.
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "data/ingest/table/import.hpp"
#include "data/store/load.hpp"
#include "data/store/sqlite.hpp"
#include "data/store/store.hpp"
#include "tests/data/scratch.hpp"

namespace jobmap::data {
namespace {

std::string repeat(std::string_view what, std::size_t times) {
  std::string out;
  for (; times > 0; --times) out += what;
  return out;
}

struct Column {
  std::string name;
  std::vector<std::string> values;  // a plain one, then the extremes on both sides of every limit
};

const std::vector<Column>& columns() {
  static const std::vector<Column> all{
      {"source", {"test", repeat("源", 64), repeat("𠮷", 64), repeat("x", 65), "a:b", "\xFF"}},
      {"title", {"工程师", repeat("𠮷", 200), repeat("x", 201), "a\"\"b\\c", "a\xC3"}},
      {"description",
       {"", repeat("述", 20'000), repeat("述", 20'001), repeat("𠮷", 16'383), repeat("𠮷", 16'384), "a\nb\tc",
        "a\x01"}},
      {"category", {"full_time", "gig", "internship", "job"}},
      {"openings", {"1", "1000000", "1000001", "0", "-1", "2147483648"}},
      {"employer", {"甲公司", repeat("𠮷", 200), repeat("x", 201)}},
      {"uscc", {"", "91330100799655058B", "91330100799655058C"}},
      {"pay_min", {"", "0", "21474836.47", "21474836.48"}},
      {"pay_max", {"", "21474836.47", "0.01", "99999999999999999999"}},
      {"pay_unit", {"month", "day", "hour", "piece", ""}},
      {"settlement", {"", "day", "job", "never"}},
      {"shifts", {"", "00:00-23:59", repeat("09:00-12:00;", 15) + "09:00-12:00", "24:00-01:00"}},
      {"months", {"", "3", "12", "2", "13"}},
      {"stipend", {"", "0", "21474836.47", "-1"}},
      {"education", {"", "none", "doctor", "11", "90", "12"}},
      {"experience", {"", "0", "60", "61", "-1"}},
      {"occupation", {"", "1", "8-99-99-99", "0", "2-1"}},
      {"industry", {"", "A", "T", "U"}},
      {"address", {"", repeat("𠮷", 500), repeat("x", 501), "西湖区某路"}},
      {"district", {"330106", "西湖", "", "330199"}},
      {"lon", {"120.5", "-180", "180", "179.99999999", "-180.00000001", "", "nan", "abc", "0"}},
      {"lat", {"30.5", "-90", "90", "89.99999999", "90.00000001", "", "inf", "0"}},
      {"precision", {"exact", "address", "street", "community", "district", "", "rough"}},
      {"apply_url",
       {"", "https://example.com/" + repeat("x", 1980), "https://example.com/" + repeat("x", 1981),
        "ftp://a"}},
      {"contact", {"", repeat("𠮷", 200), repeat("x", 201)}},
      {"published_at",
       {"", "1970-01-01", "1970-01-02", "1970-01-01T00:00:00Z", "1970-01-01T07:59:59+08:00",
        "1969-12-31T23:59:59Z", "2105-12-31T23:59:59-23:59", "2106-01-01"}},
      {"expires_at",
       {"2105-12-31", "1970-01-01", "1970-01-02", "2105-12-31T23:59:59-23:59", "2106-02-07",
        "1970-01-01T00:00:00Z"}},
  };
  return all;
}

std::string header() {
  std::string line = "id";
  for (const auto& c : columns()) line += "," + c.name;
  return line + "\n";
}
// `pick` chooses the value of a column.
template <typename Pick>
std::string csv_row(const std::string& id, Pick&& pick) {
  std::string line = id;
  for (const auto& c : columns()) line += ",\"" + c.values[pick(c)] + "\"";
  return line + "\n";
}

class ImportLimits : public testing::Test {
 protected:
  ImportLimits() { create_database(db, {.city = "testville", .utc_offset = "+08:00", .region = "any"}); }

  void put_district() {
    Store store(db);
    store.begin();
    store.put(District{"330106", "西湖区", {{{{120, 30}, {121, 30}, {121, 31}, {120, 30}}}}});
    store.commit();
  }
  ImportSummary import(const std::string& name, std::string_view text,
                       ImportLayer layer = ImportLayer::jobs) {
    return import_file(
        {.database = db, .file = dir.write(name, text), .layer = layer, .region = "any", .progress = {}});
  }
  std::int64_t rows() { return Database::open_reader(db).query_int64("SELECT count(*) FROM jobs"); }
  // Every job that can't have expired by the first minute after 1970.
  void expect_all_loaded() {
    const auto snapshot = load_snapshot(db, 0);
    EXPECT_EQ(snapshot->jobs->size,
              Database::open_reader(db).query_int64("SELECT count(*) FROM jobs WHERE expires_at >= 60"));
  }

  Scratch dir;
  std::string db = dir / "a.sqlite";
};

TEST_F(ImportLimits, EveryExtremeOfEveryFieldThatIsAcceptedIsLoaded) {
  put_district();
  std::string file = header();
  int id = 0;
  for (const auto& column : columns())
    for (std::size_t value = 0; value < column.values.size(); ++value)
      file += csv_row(std::to_string(++id), [&](const Column& c) { return &c == &column ? value : 0; });
  const auto s = import("in.csv", file);
  EXPECT_EQ(s.read, static_cast<std::size_t>(id));
  EXPECT_GT(s.inserted, 60u);
  EXPECT_GT(s.refusals.size(), 30u);
  expect_all_loaded();
}

TEST_F(ImportLimits, WhateverIsAcceptedIsLoaded) {
  put_district();
  constexpr unsigned seed = 20'261'123;
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  std::string file = header();
  // Mostly plain values: a row with one wrong field is refused, and proves nothing.
  for (int id = 0; id < 3000; ++id)
    file += csv_row(std::to_string(id),
                    [&](const Column& c) { return random() % 8 ? 0 : random() % c.values.size(); });
  const auto s = import("in.csv", file);
  EXPECT_GT(s.inserted, 500u);
  EXPECT_GT(s.refusals.size(), 500u);
  expect_all_loaded();
}

TEST_F(ImportLimits, ATextHasALimitInBytesToo) {
  put_district();
  const auto& description = columns()[2];
  ASSERT_EQ(description.name, "description");
  const auto row = [&](std::size_t value) {
    return header() + csv_row("1", [&](const Column& c) { return &c == &description ? value : 0; });
  };
  EXPECT_EQ(import("in.csv", row(3)).refusals.size(), 0u);
  const auto s = import("in.csv", row(4));
  ASSERT_EQ(s.refusals.size(), 1u);
  EXPECT_NE(s.refusals[0].reason.find("has 65536 bytes, 65535 are allowed"), std::string::npos)
      << s.refusals[0].reason;
}

// A file of jobs, each of a source of its own.
std::string sources(int first, int last) {
  std::string file = header();
  for (int i = first; i <= last; ++i) {
    std::string row = csv_row("1", [](const Column&) { return 0; });
    file += "1,\"s" + std::to_string(i) + row.substr(row.find("\"test") + 5);
  }
  return file;
}

TEST_F(ImportLimits, As255SourcesOfTheDatabaseAndTheFileTogether) {
  put_district();
  EXPECT_EQ(import("in.csv", sources(1, 100)).inserted, 100u);
  EXPECT_EQ(import("in.csv", sources(51, 255)).inserted, 155u);
  expect_all_loaded();
  const auto words = error_of([&] { import("in.csv", sources(255, 256)); });
  EXPECT_NE(words.find("would hold more than 255 sources of jobs"), std::string::npos) << words;
  EXPECT_EQ(rows(), 255);
  EXPECT_EQ(import("in.csv", sources(1, 255)).unchanged, 255u) << "and it can still be written to";
  expect_all_loaded();
}

TEST_F(ImportLimits, As254Districts) {
  const auto districts = [](int first, int last) {
    std::string file = R"({"type":"FeatureCollection","features":[)";
    for (int i = first; i <= last; ++i)
      file += (i > first ? "," : "") + std::string(R"({"type":"Feature","properties":{"adcode":")") +
              std::to_string(100'000 + i) + R"(","name":"d)" + std::to_string(i) +
              R"("},"geometry":{"type":"Polygon","coordinates":[[[120,30],[121,30],[121,31],[120,30]]]}})";
    return file + "]}";
  };
  EXPECT_EQ(import("d.geojson", districts(1, 254), ImportLayer::districts).inserted, 254u);
  expect_all_loaded();
  const auto words = error_of([&] { import("d.geojson", districts(255, 255), ImportLayer::districts); });
  EXPECT_NE(words.find("would hold more than 254 districts"), std::string::npos) << words;
  expect_all_loaded();
}

}  // namespace
}  // namespace jobmap::data
