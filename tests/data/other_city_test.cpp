// A city elsewhere: codes of another form, stations without pinyin, colours as other sources write them, and
// no districts at all.
#include "data/model/metro_service.hpp"
#include "data/store/load.hpp"
#include "tests/data/import_fixture.hpp"

namespace jobmap::data {
namespace {

class OtherCity : public ImportTest {
 protected:
  OtherCity() {
    db = dir / "other.sqlite";
    create_database(db, {.city = "", .utc_offset = "+01:00", .region = "any"});
  }
};

TEST_F(OtherCity, WithoutDistrictsCodesAreKeptAsTheyAre) {
  std::vector<TestRow> rows;
  for (const std::string code : {"0180", "2A004", "330106000000", "75056-11", "Östermalm", "A"}) {
    rows.push_back(with(good, {{"id", "point " + code}, {"district", code}}));
    rows.push_back(
        with(good, {{"id", code}, {"district", code}, {"precision", "district"}, {"lon", ""}, {"lat", ""}}));
  }
  EXPECT_EQ(import(csv(rows)).refusals.size(), 0u);
  const auto s = load_snapshot(db, 1795431600);
  ASSERT_EQ(s->jobs->size, rows.size());
  for (Row row = 0; row < s->jobs->size; ++row) {
    std::string id = s->jobs->public_id(row).substr(5);
    if (id.starts_with("point ")) id.erase(0, 6);
    EXPECT_EQ(s->district_code(s->jobs->district[row]), id);
    EXPECT_EQ(s->find_district(id), s->jobs->district[row]);
  }
  const auto refused = import(csv({with(good, {{"district", "1,2"}})})).refusals;
  ASSERT_EQ(refused.size(), 1u);
  EXPECT_NE(refused[0].reason.find("district '1,2' must be without a comma"), std::string::npos);
}

TEST_F(OtherCity, MoreCodesThanThereIsRoomForAreRefusedAtTheImport) {
  std::vector<TestRow> rows;
  for (int i = 0; i < 255; ++i)
    rows.push_back(with(good, {{"id", std::to_string(i)}, {"district", "c" + std::to_string(i)}}));
  EXPECT_NE(error_of([&] { import(csv(rows)); }).find("more than 254 districts and codes of districts"),
            std::string::npos);
  EXPECT_EQ(ask("SELECT count(*) FROM jobs"), "0");
  rows.pop_back();
  EXPECT_EQ(import(csv(rows)).inserted, 254u);
}

TEST_F(OtherCity, CodesOfDistrictsMayHaveAnyForm) {
  const auto square = [](int x) {
    const auto at = [&](int dx, int dy) {
      return "[" + std::to_string(x + dx) + "," + std::to_string(30 + dy) + "]";
    };
    return "{\"type\":\"Polygon\",\"coordinates\":[[" + at(0, 0) + "," + at(1, 0) + "," + at(1, 1) + "," +
           at(0, 1) + "," + at(0, 0) + "]]}";
  };
  const auto feature = [&](const std::string& code, const std::string& name, int x) {
    return R"({"type":"Feature","properties":{"adcode":")" + code + R"(","name":")" + name +
           R"("},"geometry":)" + square(x) + "}";
  };
  auto o = options("d.geojson",
                   R"({"type":"FeatureCollection","features":[)" + feature("0180", "Zone 12", 120) + "," +
                       feature("2A004", "Zone 1", 121) + "," + feature("", "none", 122) + "]}",
                   ImportLayer::districts);
  const auto summary = import_file(o);
  EXPECT_EQ(summary.inserted, 2u);
  EXPECT_EQ(summary.refusals.size(), 1u);
  EXPECT_EQ(
      import(csv({with(good, {{"district", ""}}), with(good, {{"id", "2"}, {"lon", "121.5"}})})).inserted,
      2u);
  const auto s = load_snapshot(db, 1795431600);
  EXPECT_EQ(s->district_code(s->jobs->district[*s->jobs->find("test:1")]), "0180");
  EXPECT_EQ(s->district_code(s->jobs->district[*s->jobs->find("test:2")]), "2A004");
  EXPECT_EQ(s->district_code(*s->find_district("Zone 1")), "2A004") << "no short name of Zone 12";
  EXPECT_EQ(s->district_code(*s->find_district("0180")), "0180");
}

TEST_F(OtherCity, StationsNeedNoPinyinAndColoursComeInAnyCase) {
  auto s = import(
      "id,name,lon,lat\nS1,Central Station,120.16,30.27\n,Old Town,120.17,30.27\n,\"A, B\",120.18,30.27\n",
      ImportLayer::stations);
  EXPECT_EQ(s.inserted, 2u);
  ASSERT_EQ(s.refusals.size(), 1u);
  EXPECT_NE(s.refusals[0].reason.find("a comma in its name"), std::string::npos);
  // The column may be there and empty, as in an export for a city that has no pinyin.
  EXPECT_EQ(import("id,name,pinyin,lon,lat\nS3,中央车站,,120.19,30.27\n", ImportLayer::stations).inserted,
            1u);
  s = import(
      "id,name,color,stations\n1,One,#0a84ff,S1;OldTown\n2,Two,0A84fF,S1;S3\n3,Three,#f0a,S1;S3\n"
      "4,Four,#12345,S1;S3\n5,Five,red,S1;S3\n",
      ImportLayer::lines);
  EXPECT_EQ(s.inserted, 3u);
  ASSERT_EQ(s.refusals.size(), 2u);
  EXPECT_NE(s.refusals[0].reason.find("color '#12345' must be # and six digits"), std::string::npos);
  EXPECT_EQ(ask("SELECT group_concat(color, ' ') FROM (SELECT color FROM lines ORDER BY id)"),
            "#0A84FF #0A84FF #FF00AA");
  const auto snapshot = load_snapshot(db, 1795431600);
  const auto& city = *snapshot->city;
  EXPECT_EQ(city.find_stations("old town").size(), 1u);
  EXPECT_EQ(city.find_stations("中央车站").size(), 1u);
  EXPECT_TRUE(city.find_stations("").empty());
}

// A day of a city with summer time ends 23 or 25 hours after it began.
TEST_F(OtherCity, DatesAreDaysOfItsTimeZone) {
  Store store(db);
  store.begin();
  store.put_meta("", "time_zone", "Europe/Berlin"), store.put_meta("", "currency", "EUR");
  store.commit();
  EXPECT_EQ(
      import(csv({with(good, {{"published_at", "2026-07-01"}, {"expires_at", "2026-10-25"}}),
                  with(good, {{"id", "2"}, {"published_at", "2026-03-29"}, {"expires_at", "2026-12-01"}})}))
          .inserted,
      2u);
  EXPECT_EQ(
      ask("SELECT group_concat(strftime('%Y-%m-%dT%H', published_at, 'unixepoch') || ' ' || "
          "strftime('%Y-%m-%dT%H', expires_at, 'unixepoch'), ', ') FROM (SELECT * FROM jobs ORDER BY id)"),
      "2026-06-30T22 2026-10-25T23, 2026-03-28T23 2026-12-01T23");
  const auto s = load_snapshot(db, 1795431600);
  EXPECT_EQ(s->city->local_time(), "Europe/Berlin");
  EXPECT_EQ(s->city->currency, "EUR");
  EXPECT_EQ(s->city->zone.offset_at(1782864000), 7200);  // 2026-07-01
  store.begin();
  store.put_meta("", "time_zone", "Europe/Atlantis");
  store.commit();
  EXPECT_NE(
      error_of([&] { load_snapshot(db, 1795431600); }).find("its time zone Europe/Atlantis is not known"),
      std::string::npos);
  EXPECT_NE(error_of([&] { import(csv({good})); }).find("time_zone Europe/Atlantis is not known"),
            std::string::npos);
}

TEST_F(OtherCity, HowItsMetroRunsIsDataOfTheDatabase) {
  import("id,name,lon,lat\na,A,120.16,30.27\nb,B,120.18,30.27\n", ImportLayer::stations);
  import("id,name,color,stations\nU1,One,#000,a;b\n", ImportLayer::lines);
  const auto service = [&](const std::string& toml) {
    return import_metro_service(db, dir.write("service.toml", toml), 1795431600);
  };
  const std::string toml =
      "[service]\nfirst_train = \"04:00\"\nlast_train = \"25:00\"\n[lines.U1]\nheadway_minutes = 2\n";
  const auto before = load_snapshot(db, 1795431600);
  EXPECT_TRUE(service(toml));
  EXPECT_FALSE(service(toml)) << "the same again changes nothing";
  const auto s = load_snapshot(db, 1795431600);
  EXPECT_NE(s->generation, before->generation) << "a running server notices";
  EXPECT_EQ(s->city->metro_service->first_train, 240);
  EXPECT_EQ(s->city->metro_service->line("U1").headway_minutes, 2);
  EXPECT_EQ(before->city->metro_service->line("U1").headway_minutes,
            before->city->metro_service->any_line.headway_minutes);
  EXPECT_NE(error_of([&] {
              service("[lines.U2]\nheadway_minutes = 2\n");
            }).find("lines.U2 is no line of the database"),
            std::string::npos);
  EXPECT_NE(error_of([&] {
              service("[line]\nheadway = 2\n");
            }).find("service.toml: line.headway (line 2) is no setting"),
            std::string::npos);
  EXPECT_EQ(load_snapshot(db, 1795431600)->generation, s->generation) << "what was refused changed nothing";
}

}  // namespace
}  // namespace jobmap::data
