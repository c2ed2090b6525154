#include "data/import/import.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <map>
#include <random>
#include <thread>

#include "data/city_data.hpp"
#include "data/geometry_blob.hpp"
#include "data/snapshot.hpp"
#include "data/sqlite.hpp"
#include "data/store.hpp"
#include "geo/datum.hpp"
#include "tests/data/scratch.hpp"

namespace jobmap::data {
namespace {

// Two square districts side by side, one abolished, one station.
class Import : public testing::Test {
 protected:
  Import() {
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

using Row = std::map<std::string, std::string>;
const Row good{{"id", "1"},
               {"source", "test"},
               {"title", "软件工程师"},
               {"category", "full_time"},
               {"openings", "2"},
               {"employer", "甲公司"},
               {"lon", "120.5"},
               {"lat", "30.5"},
               {"precision", "exact"},
               {"expires_at", "2026-12-31"}};

std::string csv(const std::vector<Row>& rows) {
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
Row with(Row row, const Row& changes) {
  for (const auto& [name, value] : changes) row[name] = value;
  return row;
}

TEST_F(Import, RefusesWhatCannotBeRightAndSaysWhy) {
  const struct {
    Row changes;
    const char* words;
  } cases[] = {
      {{{"id", ""}}, "id is missing"},
      {{{"title", ""}}, "title is missing"},
      {{{"employer", " "}}, "employer ' ' is blank"},
      {{{"expires_at", ""}}, "expires_at is missing"},
      {{{"source", "a:b"}}, "must be without a colon"},
      {{{"category", "fulltime"}}, "must be full_time, gig or internship"},
      {{{"openings", "0"}}, "openings '0' must be a whole number from 1"},
      {{{"openings", "2.5"}}, "openings '2.5' must be a whole number"},
      {{{"uscc", "91330100799655058C"}}, "right check digit"},
      {{{"pay_min", "9000"}, {"pay_max", "8000"}, {"pay_unit", "month"}},
       "pay_min 9000 is more than pay_max 8000"},
      {{{"pay_min", "9000"}}, "has pay without a pay_unit"},
      {{{"pay_min", "9k"}, {"pay_unit", "month"}}, "pay_min '9k' must be yuan"},
      {{{"pay_min", "-1"}, {"pay_unit", "month"}}, "pay_min '-1' must be yuan"},
      {{{"pay_min", "1.005"}, {"pay_unit", "hour"}}, "at most two decimals"},
      {{{"pay_min", "nan"}, {"pay_unit", "hour"}}, "pay_min 'nan' must be yuan"},
      {{{"pay_max", "99999999999"}, {"pay_unit", "hour"}}, "must be yuan up to 21474836.47"},
      {{{"pay_unit", "year"}}, "must be month, day, hour or piece"},
      {{{"settlement", "never"}}, "must be day, week, month or job"},
      {{{"shifts", "9:00-12:00"}}, "must be HH:MM-HH:MM"},
      {{{"shifts", "09:00-24:00"}}, "must be HH:MM-HH:MM"},
      {{{"shifts", "09:00-12:00;"}}, "must be HH:MM-HH:MM"},
      {{{"months", "2"}}, "months '2' must be a whole number from 3 to 12"},
      {{{"months", "13"}}, "from 3 to 12"},
      {{{"education", "phd"}}, "GB/T 4658"},
      {{{"experience", "61"}}, "from 0 to 60"},
      {{{"industry", "U"}}, "A to T"},
      {{{"occupation", "9-01"}}, "occupation classification"},
      {{{"occupation", "2-1"}}, "occupation classification"},
      {{{"apply_url", "javascript:alert(1)"}}, "must be an http or https URL"},
      {{{"apply_url", "https://"}}, "must be an http or https URL"},
      {{{"apply_url", "https://user:pw@example.com/"}}, "must be an http or https URL"},
      {{{"lon", "30.5"}, {"lat", "120.5"}}, "swapped?"},
      {{{"lon", "0"}, {"lat", "0"}}, "empty place"},
      {{{"lon", "122.01"}}, "out of the region"},
      {{{"lon", "181"}}, "not on the globe"},
      {{{"lon", "inf"}}, "lon 'inf' must be a finite number"},
      {{{"lon", "nan"}}, "lon 'nan' must be a finite number"},
      {{{"lon", "1e400"}}, "must be a finite number"},
      {{{"lon", "120,5"}}, "must be a finite number"},
      {{{"lat", ""}}, "has a lon but no lat"},
      {{{"lon", ""}, {"lat", ""}}, "precision exact needs lon and lat"},
      {{{"precision", "rough"}}, "must be exact, address, street, community or district"},
      {{{"precision", "district"}}, "has no place"},
      {{{"precision", "district"}, {"district", "西湖区"}, {"lon", "abc"}},
       "lon 'abc' must be a finite number"},
      {{{"precision", "community"}, {"district", "西湖区"}, {"lat", "nan"}},
       "lat 'nan' must be a finite number"},
      {{{"precision", "district"}, {"district", "西湖区"}, {"lon", "180.5"}}, "must be from -180 to 180"},
      {{{"precision", "district"}, {"district", "西湖区"}, {"lat", "-91"}}, "must be from -90 to 90"},
      {{{"openings", "1000001"}}, "from 1 to 1000000"},
      {{{"published_at", "1970-01-01"}}, "published_at '1970-01-01' must be a date"},
      {{{"district", "330199"}}, "is not the adcode or the name of a district"},
      {{{"district", "330104"}}, "is no longer in use: merged in 2021"},
      {{{"district", "江干区"}}, "is no longer in use: merged in 2021"},
      {{{"precision", "district"}, {"address", "江干区某路"}},
       "330104 (江干区) is no longer in use: merged in 2021"},
      {{{"precision", "district"}, {"address", "西湖区与滨江区"}}, "names two districts"},
      {{{"expires_at", "2026-02-30"}}, "must be a date"},
      {{{"expires_at", "31.12.2026"}}, "must be a date"},
      {{{"published_at", "2027-01-02"}}, "expires_at 2026-12-31 is before published_at 2027-01-02"},
      {{{"title", "a\xFF"}}, "is not valid text"},
      {{{"title", "a\u202Eb"}}, "bidirectional control"},
      {{{"title", std::string("a\0b", 3)}}, "NUL"},
      {{{"title", "a\nb"}}, "line break"},
  };
  for (const auto& c : cases) {
    // Between two rows that are right, and must go in.
    const auto s =
        import(csv({with(good, {{"id", "before"}}), with(good, c.changes), with(good, {{"id", "after"}})}));
    ASSERT_EQ(s.refusals.size(), 1u) << c.words;
    EXPECT_NE(s.refusals[0].reason.find(c.words), std::string::npos)
        << s.refusals[0].reason << " != " << c.words;
    EXPECT_EQ(s.refusals[0].line, 3u) << c.words;
    EXPECT_EQ(s.read, 3u);
    EXPECT_EQ(s.stored(), 2u);
  }
}

TEST_F(Import, SaysTheLimitOfALongField) {
  const Row limits{{"title", "200"}, {"employer", "200"}, {"description", "20000"}, {"address", "500"},
                   {"id", "128"},    {"source", "64"},    {"contact", "200"}};
  for (const auto& [name, limit] : limits) {
    std::string text;
    for (int i = std::stoi(limit); i > 0; --i) text += "杭";
    EXPECT_EQ(import(csv({with(good, {{name, text}})})).refusals.size(), 0u) << name;
    const auto s = import(csv({with(good, {{name, text + "州"}})}));
    ASSERT_EQ(s.refusals.size(), 1u) << name;
    EXPECT_NE(s.refusals[0].reason.find(limit + " are allowed"), std::string::npos) << s.refusals[0].reason;
  }
}

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
  const Row a = with(good, {{"id", "a"}}), b = with(good, {{"id", "b"}}), c = with(good, {{"id", "c"}});
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
{"type":"Feature","properties":{"adcode":"33011","name":"余杭区"},"geometry":{"type":"Polygon","coordinates":[[[0,0],[4,4],[4,0],[0,0]]]}}]})",
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

// What a bulk load leaves must be what row by row leaves: same rows, same index, same triggers.
TEST_F(Import, InBulkOrRowByRowTheDatabaseIsTheSame) {
  constexpr unsigned seed = 60'000;
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  std::vector<Row> rows;
  for (int i = 0; i < 21'000; ++i) {
    const auto degrees = [&](int whole) {
      return std::to_string(whole) + "." + std::to_string(1'000'000 + random() % 9'000'000);
    };
    Row row = with(good, {{"id", std::to_string(i)}, {"lon", degrees(120)}, {"lat", degrees(30)}});
    if (i % 3 == 0) row = with(row, {{"precision", "district"}, {"district", "西湖区"}});
    rows.push_back(std::move(row));
  }
  import(csv({rows.begin(), rows.begin() + 7000}));  // row by row
  EXPECT_EQ(ask("SELECT rtreecheck('idx_jobs_geom')"), "ok");
  rows[0]["openings"] = "9";
  const auto s = import(csv(rows));  // in bulk
  EXPECT_EQ(s.inserted, 14'000u);
  EXPECT_EQ(s.updated, 1u);
  EXPECT_EQ(s.unchanged, 6'999u);
  EXPECT_EQ(ask("SELECT rtreecheck('idx_jobs_geom')"), "ok");
  EXPECT_EQ(ask("PRAGMA integrity_check"), "ok");
  EXPECT_EQ(ask("SELECT count(*) FROM idx_jobs_geom"), "14000");
  EXPECT_EQ(ask("SELECT count(*) FROM jobs j JOIN idx_jobs_geom i ON i.pkid = j.pk WHERE j.geom IS NULL"),
            "0");
  EXPECT_EQ(ask("SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'jobs'"),
            ask("SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'stations'"));
  EXPECT_EQ(ask("SELECT count(*) FROM sqlite_master WHERE name = 'jobs_source_id'"), "1");
  EXPECT_EQ(import(csv(rows)).unchanged, 21'000u);
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
  // A database from before there was population.
  Database::open_writer(db).execute("DROP TABLE population");
  EXPECT_TRUE(load_snapshot(db, 1795431600)->city->population.empty());
  EXPECT_EQ(import("lon,lat,residents\n120.5,30.5,120\n", ImportLayer::population).inserted, 1u);
}

// The real program, killed at random moments: the database is the one before or the one after, and always
// sound.
TEST_F(Import, AKilledImportIsAllOrNothing) {
  constexpr unsigned seed = 9;
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  import(csv({with(good, {{ "id", "old" }})}));
  std::vector<Row> rows;
  for (int i = 0; i < 30'000; ++i) rows.push_back(with(good, {{"id", std::to_string(i)}}));
  const std::string file = dir.write("big.csv", csv(rows));
  int killed = 0;
  for (int n = 0; n < 12; ++n) {
    const char* argv[] = {JOBMAP_PROGRAM, "import",  "--db",  db.c_str(),   "--layer",
                          "jobs",         "--datum", "wgs84", file.c_str(), nullptr};
    pid_t pid = 0;
    ASSERT_EQ(posix_spawn(&pid, argv[0], nullptr, nullptr, const_cast<char**>(argv), environ), 0);
    std::this_thread::sleep_for(std::chrono::milliseconds(random() % 600));
    kill(pid, SIGKILL);
    int status = 0;
    waitpid(pid, &status, 0);
    killed += WIFSIGNALED(status);
    const std::string count = ask("SELECT count(*) FROM jobs");
    EXPECT_TRUE(count == "1" || count == "30001") << count;
    EXPECT_EQ(ask("PRAGMA integrity_check"), "ok");
    EXPECT_EQ(ask("SELECT rtreecheck('idx_jobs_geom')"), "ok");
    if (count != "1") break;
  }
  EXPECT_GT(killed, 0);
  EXPECT_EQ(import_file(options("big.csv", csv(rows))).refusals.size(), 0u)
      << "and it can still be written to";
}

}  // namespace
}  // namespace jobmap::data
