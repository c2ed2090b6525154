#pragma once
// A small city to import into, and rows to import: for the tests of the import.
//
//   class Import : public ImportTest {};
//   import(csv({with(good, {{"openings", "0"}})})).refusals
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "data/ingest/table/import.hpp"
#include "data/store/sqlite.hpp"
#include "data/store/store.hpp"
#include "tests/data/scratch.hpp"

namespace jobmap::data {

// Two square districts side by side, one abolished, one station.
class ImportTest : public testing::Test {
 protected:
  ImportTest() {
    create_database(db, {.city = "testville", .utc_offset = "+08:00"});
    Store store(db);
    store.begin();
    const auto square = [](double x, double y) {
      return geo::MultiPolygon{{{{x, y}, {x + 1, y}, {x + 1, y + 1}, {x, y + 1}, {x, y}}}};
    };
    store.put(District{"330106", "西湖区", square(120, 30)});
    store.put(District{"330108", "滨江区", square(121, 30)});
    store.put(AbolishedDistrict{"330104", "江干区", "merged in 2021"});
    store.put(Station{
        "longxiangqiao", "龙翔桥", "Longxiangqiao", "long xiang qiao", "lxq", {1201593700, 302569800}, {}});
    store.put(Station{"fengqilu", "凤起路", "Fengqi Road", "feng qi lu", "fql", {1201580000, 302650000}, {}});
    store.commit();
  }

  ImportOptions options(std::string_view name, std::string_view text, ImportLayer layer = ImportLayer::jobs) {
    ImportOptions o;
    o.database = db;
    o.file = dir.write(name, text);
    o.layer = layer;
    o.now = 1795431600;
    return o;
  }
  ImportSummary import(std::string_view text, ImportLayer layer = ImportLayer::jobs) {
    return import_file(options("in.csv", text, layer));
  }
  std::string ask(const std::string& sql) { return Database::open_reader(db).query_text(sql); }

  Scratch dir;
  std::string db = dir / "a.sqlite";
};

using TestRow = std::map<std::string, std::string>;
inline const TestRow good{{"id", "1"},
                          {"source", "test"},
                          {"title", "软件工程师"},
                          {"category", "full_time"},
                          {"openings", "2"},
                          {"employer", "甲公司"},
                          {"lon", "120.5"},
                          {"lat", "30.5"},
                          {"precision", "exact"},
                          {"expires_at", "2026-12-31"}};

inline std::string csv(const std::vector<TestRow>& rows) {
  std::map<std::string, bool> names;
  for (const auto& row : rows)
    for (const auto& [name, value] : row) names[name] = true;
  std::string out;
  for (const auto& [name, _] : names) out += (out.empty() ? "" : ",") + name;
  out += '\n';
  for (const auto& row : rows) {
    bool first = true;
    for (const auto& [name, _] : names) {
      out += (first ? "\"" : ",\"") + (row.count(name) ? row.at(name) : "") + "\"";
      first = false;
    }
    out += '\n';
  }
  return out;
}
inline TestRow with(TestRow row, const TestRow& changes) {
  for (const auto& [name, value] : changes) row[name] = value;
  return row;
}

}  // namespace jobmap::data
