#include "data/ingest/table/import.hpp"

#include "data/store/geometry_blob.hpp"
#include "data/store/load.hpp"
#include "geo/datum.hpp"
#include "tests/data/import_fixture.hpp"

namespace jobmap::data {
namespace {

class Import : public ImportTest {};

TEST_F(Import, StoresEveryFieldAsItWasMeant) {
  const auto s = import(csv({with(good, {{"description", "a\nb"},
                                         {"uscc", "91330100799655058B"},
                                         {"pay_min", "22.5"},
                                         {"pay_max", "30"},
                                         {"pay_unit", "hour"},
                                         {"settlement", "day"},
                                         {"shifts", "09:00-12:00;18:00-02:00"},
                                         {"months", "6"},
                                         {"stipend", "2600"},
                                         {"education", "20"},
                                         {"experience", "3"},
                                         {"occupation", "2-02-10-03"},
                                         {"industry", "I"},
                                         {"address", "文三路1号"},
                                         {"district", "西湖"},
                                         {"apply_url", "https://example.com/a?b=%E4%B8%80"},
                                         {"contact", "0571-1"},
                                         {"published_at", "2026-11-23T08:00:00+08:00"}})}));
  ASSERT_EQ(s.refusals.size(), 0u) << s.refusals[0].reason;
  EXPECT_EQ(ask("SELECT description || '|' || uscc || '|' || pay_min || '|' || pay_max || '|' || pay_unit || "
                "'|' || settlement "
                "|| '|' || shifts || '|' || months || '|' || stipend || '|' || education || '|' || "
                "experience FROM jobs"),
            "a\nb|91330100799655058B|2250|3000|hour|day|09:00-12:00;18:00-02:00|6|260000|bachelor|3");
  EXPECT_EQ(ask("SELECT occupation || '|' || industry || '|' || address || '|' || district || '|' || "
                "apply_url || '|' || contact "
                "|| '|' || published_at || '|' || expires_at FROM jobs"),
            "2-02-10-03|I|文三路1号|330106|https://example.com/a?b=%E4%B8%80|0571-1|1795392000|1798732800");
}

TEST_F(Import, AJobWithoutAPointHasADistrictAndNoGeometry) {
  const auto s = import(csv({
      with(good,
           {{"id", "1"}, {"precision", "district"}, {"lon", "0"}, {"lat", "0"}, {"district", "滨江区"}}),
      with(good, {{"id", "2"},
                  {"precision", "community"},
                  {"lon", ""},
                  {"lat", ""},
                  {"address", "浙江省西湖区文三路"}}),
      with(good, {{"id", "3"}, {"precision", ""}, {"lon", ""}, {"lat", ""}, {"district", "330108"}}),
      with(good, {{"id", "4"}, {"precision", ""}}),
  }));
  ASSERT_EQ(s.refusals.size(), 0u) << s.refusals[0].reason;
  EXPECT_EQ(ask("SELECT group_concat(id || precision || coalesce(district, '') || (geom IS NULL), ' ') FROM "
                "(SELECT * FROM jobs "
                "ORDER BY id)"),
            "1district3301081 2community3301061 3district3301081 4street0");
}

TEST_F(Import, CountsWhatItDidAndRaisesTheGeneration) {
  const auto generation = [&] { return ask("SELECT value FROM meta WHERE key = 'generation'"); };
  const std::string before = generation();
  const TestRow a = with(good, {{"id", "a"}}), b = with(good, {{"id", "b"}}), c = with(good, {{"id", "c"}});
  auto s = import(csv({a, b}));
  EXPECT_EQ(s.inserted, 2u);
  const std::string first = generation();
  EXPECT_NE(first, before);
  s = import(csv({a, b}));
  EXPECT_EQ(s.unchanged, 2u);
  EXPECT_EQ(generation(), first) << "nothing has changed";
  s = import(csv(
      {a, with(b, {{"openings", "3"}}), c, with(c, {{"title", "again"}}), with(a, {{"source", "other"}})}));
  EXPECT_EQ(s.read, 5u);
  EXPECT_EQ(s.inserted, 2u);
  EXPECT_EQ(s.updated, 1u);
  EXPECT_EQ(s.unchanged, 1u);
  ASSERT_EQ(s.refusals.size(), 1u);
  EXPECT_EQ(s.refusals[0].reason, "has the source and id of line 4: test:c");
  EXPECT_EQ(s.refusals[0].line, 5u);
  EXPECT_NE(generation(), first);
  EXPECT_EQ(
      ask("SELECT group_concat(value, '|') FROM (SELECT * FROM meta WHERE layer = 'jobs' ORDER BY key)"),
      "wgs84|2026-11-23T11:00:00Z|4|in.csv");
}

TEST_F(Import, CountsWhatHadExpiredAlready) {
  const auto row = [](const char* id, const char* expires_at) {
    return with(good, {{"id", id}, {"expires_at", expires_at}});
  };
  const auto rows =
      csv({row("a", "2026-11-23T11:00:59Z"), row("b", "2026-11-23T11:01:00Z"), row("c", "2020-01-01")});
  const auto s = import(rows);  // at 11:00 UTC
  EXPECT_EQ(s.inserted, 3u);
  EXPECT_EQ(s.expired, 2u);
  const auto served = load_snapshot(db, 1795431600);
  EXPECT_EQ(served->sums(served->all_rows()).ads, 1u);
  EXPECT_EQ(import(rows).expired, 2u) << "unchanged, and expired all the same";
}

TEST_F(Import, NamesItsFileBesideWhatWasThereBefore) {
  const auto of = [&](const std::string& key) {
    return ask("SELECT value FROM meta WHERE layer = 'jobs' AND key = '" + key + "'");
  };
  import_file(options("spring.csv", csv({with(good, {{"id", "a"}})})));
  auto second = options("fair.csv", csv({with(good, {{"id", "b"}})}));
  second.datum = geo::Crs::cgcs2000;
  import_file(second);
  import_file(options("spring.csv", csv({with(good, {{"id", "c"}})})));
  EXPECT_EQ(of("source"), "spring.csv; fair.csv");
  EXPECT_EQ(of("datum"), "wgs84; cgcs2000");
  EXPECT_EQ(of("rows"), "3");
}

TEST_F(Import, StrictLeavesTheFileAsItIs) {
  import(csv({good}));
  auto o = options("in.csv", csv({with(good, {{"id", "2"}}), with(good, {{"openings", "0"}})}));
  o.strict = true;
  const std::string before = Scratch::read(db);
  const auto s = import_file(o);
  EXPECT_EQ(s.stored(), 0u);
  EXPECT_EQ(s.refusals.size(), 1u);
  EXPECT_EQ(Scratch::read(db), before);
  o.database = dir / "new.sqlite";
  import_file(o);
  EXPECT_FALSE(std::filesystem::exists(o.database));
}

TEST_F(Import, MakesAMissingDatabaseWithTheSchemaAlone) {
  auto o = options("in.csv", csv({good}));
  o.database = dir / "new.sqlite";
  const auto s = import_file(o);
  EXPECT_EQ(s.inserted, 1u);
  EXPECT_FALSE(s.region_is_known);
  Database made = Database::open_reader(o.database);
  EXPECT_EQ(made.query_int64("SELECT count(*) FROM stations"), 0);
  EXPECT_EQ(made.query_int64("SELECT count(*) FROM jobs"), 1);
}

TEST_F(Import, ConvertsTheDatum) {
  const geo::LonLat truth{120.5123456, 30.5654321};
  const struct {
    geo::Crs datum;
    geo::LonLat given;
  } cases[] = {{geo::Crs::wgs84, truth},
               {geo::Crs::cgcs2000, truth},
               {geo::Crs::gcj02, geo::wgs84_to_gcj02(truth)},
               {geo::Crs::bd09, geo::wgs84_to_bd09(truth)}};
  for (const auto& c : cases) {
    char lon[32], lat[32];
    std::snprintf(lon, sizeof lon, "%.12f", c.given.lon);
    std::snprintf(lat, sizeof lat, "%.12f", c.given.lat);
    auto o = options("in.csv", csv({with(good, {{"lon", lon}, {"lat", lat}})}));
    o.datum = c.datum;
    import_file(o);
    Database reader = Database::open_reader(db);
    Statement s = reader.prepare("SELECT geom FROM jobs");
    ASSERT_TRUE(s.step());
    EXPECT_EQ(decode_point(s.column_blob(0)), truth) << geo::name_of(c.datum);
    EXPECT_TRUE(ask("SELECT value FROM meta WHERE layer = 'jobs' AND key = 'datum'")
                    .ends_with(geo::name_of(c.datum)));
  }
}

TEST_F(Import, ARegionCanBeNamed) {
  auto o = options("in.csv", csv({with(good, {{"lon", "2.35"}, {"lat", "48.85"}})}));
  EXPECT_EQ(import_file(o).refusals.size(), 1u);
  o.region = "any";
  EXPECT_EQ(import_file(o).refusals.size(), 0u);
  o.region = "2,48,3,49";
  EXPECT_EQ(import_file(o).refusals.size(), 0u);
  for (const char* bad : {"", "1,2,3", "3,2,1,4", "1,2,3,nan", "1,2,3,4,5", "0,0,200,1"}) {
    o.region = bad;
    EXPECT_NE(error_of([&] { import_file(o); }).find("is neither 'any' nor"), std::string::npos) << bad;
  }
}

TEST_F(Import, TheCityComesAsCsvAndGeoJson) {
  EXPECT_EQ(import("name,pinyin,lon,lat\n绿汀路,lü ting lu,120.2,30.2\n", ImportLayer::stations).inserted,
            1u);
  EXPECT_EQ(ask("SELECT id || name_en || initials FROM stations WHERE name = '绿汀路'"), "lütinglultl");
  auto s = import(
      "id,name,color,stations\n1,1号线,#FC0601,longxiangqiao;凤起路|fengqilu;龙翔桥\n2,x,red,a;b\n3,y,#"
      "000000,龙翔桥;nowhere\n",
      ImportLayer::lines);
  EXPECT_EQ(s.inserted, 1u);
  ASSERT_EQ(s.refusals.size(), 2u);
  EXPECT_NE(s.refusals[1].reason.find("stops at 'nowhere'"), std::string::npos);
  EXPECT_EQ(ask("SELECT group_concat(branch || station, ' ') FROM (SELECT * FROM line_stations ORDER BY "
                "branch, seq)"),
            "1longxiangqiao 1fengqilu 2fengqilu 2longxiangqiao");
  s = import("id,name,kind,lon,lat,capacity\na,站,就业驿站,120.2,30.2,20\nb,站,就业驿站,30.2,120.2,\n",
             ImportLayer::service_points);
  EXPECT_EQ(s.inserted, 1u);
  EXPECT_EQ(s.refusals.size(), 1u);
  s = import_file(options("d.geojson", R"({"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"adcode":"330106","name":"西湖区"},"geometry":{"type":"Polygon","coordinates":[[[119,30],[121,30],[121,31],[119,30]]]}},
{"type":"Feature","properties":{"adcode":"330110","name":"余杭区"},"geometry":{"type":"Polygon","coordinates":[[[0,0],[4,4],[4,0],[0,4],[0,0]]]}},
{"type":"Feature","properties":{"adcode":"33,011","name":"余杭区"},"geometry":{"type":"Polygon","coordinates":[[[0,0],[4,4],[4,0],[0,0]]]}}]})",
                          ImportLayer::districts));
  EXPECT_EQ(s.updated, 1u);
  ASSERT_EQ(s.refusals.size(), 2u);
  EXPECT_NE(s.refusals[0].reason.find("its geometry is not valid"), std::string::npos)
      << s.refusals[0].reason;
}

TEST_F(Import, AFileThatCannotBeReadIsNamed) {
  const auto words = [&](const ImportOptions& o) { return error_of([&] { import_file(o); }); };
  auto o = options("in.csv", "id,nope\n");
  EXPECT_NE(words(o).find("in.csv: the column 'nope'"), std::string::npos);
  o = options("in.txt", "x");
  EXPECT_NE(words(o).find("is neither .csv nor .geojson"), std::string::npos);
  o.file = dir / "missing.csv";
  EXPECT_NE(words(o).find("missing.csv: can't be read"), std::string::npos);
  o = options("in.csv", csv({good}));
  o.database = dir.write("foreign.sqlite", std::string(9000, 'x'));
  EXPECT_NE(words(o).find("foreign.sqlite"), std::string::npos);
}

TEST_F(Import, PopulationIsResidentsAtAPlace) {
  const auto summary = import(
      "lon,lat,residents\n120.5,30.5,100\n120.6,30.5,0.5\n120.7,30.5,-1\n120.8,30.5,\n120.9,30.5,many\n"
      "10,30.5,5\n120.5,30.5,7\n120.5,30.6,nan\n",
      ImportLayer::population);
  EXPECT_EQ(summary.inserted, 2u);
  std::vector<std::uint64_t> lines;
  for (const auto& refusal : summary.refusals) lines.push_back(refusal.line);
  EXPECT_EQ(lines, (std::vector<std::uint64_t>{4, 5, 6, 7, 8, 9}))
      << "negative, missing, no number, out of the region, twice, not finite";
  EXPECT_EQ(ask("SELECT count(*) || ' ' || sum(residents) FROM population"), "2 100.5");
  const auto snapshot = load_snapshot(db, 1795431600);
  ASSERT_EQ(snapshot->city->population.size(), 2u);
  EXPECT_EQ(snapshot->city->population[0].district, 0);
  EXPECT_EQ(import("lon,lat,residents\n120.5,30.5,120\n", ImportLayer::population).updated, 1u);
}

// Names of districts and of values, in any spelling that looks alike.
TEST_F(Import, ReadsNamesHoweverTheyAreWritten) {
  std::vector<TestRow> rows;
  const TestRow unplaced = with(good, {{"precision", "district"}, {"lon", ""}, {"lat", ""}});
  for (const char* district : {"西湖區", "西湖 区", "⻄湖区", "３３０１０６", "西\u200b湖区", "西湖"})
    rows.push_back(with(unplaced, {{"id", std::to_string(rows.size())}, {"district", district}}));
  rows.push_back(with(unplaced, {{"id", "a"}, {"district", ""}, {"address", "杭州市西湖區文三路"}}));
  rows.push_back(with(good, {{"id", "b"}, {"category", "Full_Time"}, {"precision", "ＥＸＡＣＴ"}}));
  EXPECT_EQ(import(csv(rows)).stored(), rows.size());
  EXPECT_EQ(ask("SELECT count(*) FROM jobs WHERE district = '330106' AND precision = 'district'"), "7");
  EXPECT_EQ(ask("SELECT category || ' ' || precision FROM jobs WHERE id = 'b'"), "full_time exact");
}

}  // namespace
}  // namespace jobmap::data
