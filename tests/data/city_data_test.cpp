// The shipped cities: what must hold of any, and the known figures of each.
#include "data/ingest/city_data.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <regex>
#include <set>

#include "geo/crs.hpp"
#include "geo/polygon.hpp"
#include "geo/polygon_index.hpp"

namespace jobmap::data {
namespace {

class ShippedCity : public testing::TestWithParam<std::string_view> {
 protected:
  const CityTables& tables = *find_city_tables(GetParam());
  const City city = read_city(tables);
};
INSTANTIATE_TEST_SUITE_P(All, ShippedCity, testing::Values("hangzhou"),
                         [](const auto& each) { return std::string(each.param); });

TEST(CityData, EveryShippedCityIsUnderTest) {
  ASSERT_EQ(shipped_cities().size(), 1u);
  EXPECT_EQ(find_city_tables("none"), nullptr);
  EXPECT_EQ(find_city_tables(""), nullptr);
}

TEST(CityData, HangzhouHasTheKnownFigures) {
  const City city = read_city(*find_city_tables("hangzhou"));
  EXPECT_EQ(city.stations.size(), 259u);
  EXPECT_EQ(city.lines.size(), 12u);
  EXPECT_EQ(city.districts.size(), 13u);
  EXPECT_EQ(city.abolished.size(), 2u);
  std::size_t branches = 0;
  for (const auto& line : city.lines) branches += line.branches.size();
  EXPECT_EQ(branches, 14u);
  EXPECT_EQ(city.utc_offset, "+08:00");
}

TEST_P(ShippedCity, IdsAreUniqueAndFollowTheirRules) {
  std::set<std::string> stations, lines, districts;
  for (const auto& s : city.stations) {
    EXPECT_TRUE(stations.insert(s.id).second) << s.id;
    std::string joined = s.pinyin, initials;
    for (std::size_t i = 0; i < s.pinyin.size(); ++i)
      if (i == 0 || s.pinyin[i - 1] == ' ') initials += s.pinyin[i];
    std::erase(joined, ' ');
    // A second station of one pinyin is told apart by "-2".
    EXPECT_TRUE(s.id == joined || s.id.starts_with(joined + "-")) << s.id;
    EXPECT_EQ(s.initials, initials);
    EXPECT_FALSE(s.name.empty() || s.name_en.empty()) << s.id;
  }
  for (const auto& l : city.lines) {
    EXPECT_TRUE(lines.insert(l.id).second) << l.id;
    EXPECT_TRUE(std::regex_match(l.color, std::regex("#[0-9A-F]{6}"))) << l.id << ' ' << l.color;
    EXPECT_TRUE(l.name.starts_with(l.id));
  }
  for (const auto& d : city.districts) {
    EXPECT_TRUE(districts.insert(d.adcode).second) << d.adcode;
    EXPECT_TRUE(std::regex_match(d.adcode, std::regex("[0-9]{6}"))) << d.adcode;
  }
  for (const auto& d : city.abolished)
    EXPECT_FALSE(districts.contains(d.adcode)) << d.adcode << " is both gone and in use";
}

TEST_P(ShippedCity, NeighboursOnABranchAreAStopApart) {
  std::set<std::size_t> served;
  for (const auto& line : city.lines) {
    ASSERT_EQ(line.geometry.size(), line.branches.size());
    for (std::size_t b = 0; b < line.branches.size(); ++b) {
      const auto& stops = line.branches[b];
      ASSERT_GE(stops.size(), 2u);
      ASSERT_EQ(line.geometry[b].size(), stops.size());
      EXPECT_EQ(std::set(stops.begin(), stops.end()).size(), stops.size())
          << "a stop twice on line " << line.id;
      for (std::size_t i = 0; i < stops.size(); ++i) {
        served.insert(stops[i]);
        const auto& station = city.stations[stops[i]];
        EXPECT_EQ(geo::to_e7(line.geometry[b][i]), station.at);
        if (i == 0) continue;
        const auto& before = city.stations[stops[i - 1]];
        const double m = geo::geodesic_distance_m(geo::to_lonlat(before.at), geo::to_lonlat(station.at));
        // 600 m in town; 9.4 km on the airport express.
        EXPECT_GT(m, 600) << before.name << ' ' << station.name;
        EXPECT_LT(m, 9500) << before.name << ' ' << station.name;
      }
    }
  }
  EXPECT_EQ(served.size(), city.stations.size()) << "a station without a line";
}

TEST_P(ShippedCity, StationsKnowTheirLines) {
  for (std::size_t s = 0; s < city.stations.size(); ++s) {
    std::set<std::uint16_t> expected;
    for (std::size_t l = 0; l < city.lines.size(); ++l)
      for (const auto& branch : city.lines[l].branches)
        if (std::find(branch.begin(), branch.end(), s) != branch.end())
          expected.insert(static_cast<std::uint16_t>(l));
    EXPECT_EQ(city.stations[s].lines, std::vector(expected.begin(), expected.end())) << city.stations[s].name;
  }
}

double signed_area(const geo::Ring& ring) {
  double twice = 0;
  for (std::size_t i = 1; i < ring.size(); ++i)
    twice += ring[i - 1].lon * ring[i].lat - ring[i].lon * ring[i - 1].lat;
  return twice / 2;
}

TEST_P(ShippedCity, OutlinesAreClosedRightHandedAndValid) {
  for (const auto& district : city.districts) {
    EXPECT_EQ(geo::invalid_reason(district.geometry).value_or(""), "") << district.name;
    for (const auto& polygon : district.geometry)
      for (std::size_t r = 0; r < polygon.size(); ++r) {
        EXPECT_EQ(polygon[r].front(), polygon[r].back());
        EXPECT_EQ(signed_area(polygon[r]) > 0, r == 0) << district.name << ", ring " << r;
      }
  }
}

TEST_P(ShippedCity, EveryStationLiesInExactlyOneDistrict) {
  std::vector<geo::PolygonIndex> areas;
  for (const auto& district : city.districts) areas.emplace_back(district.geometry);
  for (const auto& station : city.stations)
    EXPECT_EQ(
        std::count_if(areas.begin(), areas.end(), [&](const auto& a) { return a.contains(station.at); }), 1)
        << station.name;
}

TEST_P(ShippedCity, EverythingIsFoundByEachOfItsNames) {
  for (std::size_t i = 0; i < city.stations.size(); ++i) {
    const auto& s = city.stations[i];
    std::string shouted = s.name_en;
    for (auto& c : shouted) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    for (const auto& name : {s.id, s.name, s.name_en, s.pinyin, shouted}) {
      const auto found = city.find_stations(name);
      EXPECT_TRUE(std::find(found.begin(), found.end(), i) != found.end()) << name;
    }
  }
  for (std::size_t i = 0; i < city.lines.size(); ++i)
    for (const auto& name : {city.lines[i].id, city.lines[i].name})
      EXPECT_EQ(city.find_line(name), i) << name;
  for (std::size_t i = 0; i < city.districts.size(); ++i)
    for (const auto& name : {city.districts[i].adcode, city.districts[i].name})
      EXPECT_EQ(city.find_district(name), i) << name;
}

TEST(CityData, LookupsKnowTheSpellingsOfHangzhou) {
  const City city = read_city(*find_city_tables("hangzhou"));
  const auto one = [&](std::string_view text) {
    const auto found = city.find_stations(text);
    return found.size() == 1 ? city.stations[found[0]].name : "found " + std::to_string(found.size());
  };
  for (const auto* text : {"龙翔桥", "longxiangqiao", "long xiang qiao", "Longxiangqiao", "LONGXIANGQIAO"})
    EXPECT_EQ(one(text), "龙翔桥") << text;
  // ü is typed in many ways, and its dots may be a character of their own.
  for (const auto* text : {"lütinglu", "LÜTINGLU", "lvtinglu", "lutinglu", "lü ting lu", "lu\u0308tinglu"})
    EXPECT_EQ(one(text), "绿汀路") << text;
  for (const auto* text : {"", " ", "long", "龙翔", "不存在", "1", "西湖区"})
    EXPECT_EQ(one(text), "found 0") << text;
  EXPECT_EQ(city.find_district("西湖"), city.find_district("330106"));
  EXPECT_TRUE(city.find_district("淳安").has_value());
  for (const auto* text : {"", "西", "330103", "江干区", "3301"})
    EXPECT_FALSE(city.find_district(text)) << text;
  EXPECT_EQ(city.find_line("16"), city.find_line("16号线"));
  for (const auto* text : {"", "11", "号线", "01"}) EXPECT_FALSE(city.find_line(text)) << text;
  EXPECT_FALSE(city.find_service_point("x"));
}

TEST(CityData, AnUnfinishedOrEmptyCityFindsNothing) {
  City city;
  EXPECT_TRUE(city.find_stations("a").empty());
  city.finish();
  EXPECT_TRUE(city.find_stations("a").empty());
  EXPECT_FALSE(city.find_line("1"));
  EXPECT_FALSE(city.find_district(""));
}

TEST(CityData, TwoStationsOfOneNameAreBothFound) {
  City city;
  city.stations.resize(3);
  city.stations[0] = {"b", "人民广场", "People's Square", "ren min", "rm", {}, {}};
  city.stations[2] = {"a", "人民广场", "Renmin Square", "ren min", "rm", {}, {}};
  city.finish();
  EXPECT_EQ(city.find_stations("人民广场"), (std::vector<std::uint16_t>{0, 2}));
  EXPECT_EQ(city.find_stations("people's square"), (std::vector<std::uint16_t>{0}));
}

TEST(CityData, AFaultyTableIsNamedWithItsLine) {
  const auto message = [](std::string_view table) -> std::string {
    try {
      for_each_row(table, "id,lon", [](auto fields) { table_number(fields[1]); });
    } catch (const std::logic_error& e) {
      return e.what();
    }
    return "";
  };
  EXPECT_EQ(message("id,lon\na,1.5\n"), "");
  EXPECT_EQ(message("id,lat\na,1.5\n"), "table id,lon, line 1: wrong header");
  EXPECT_EQ(message("id,lon\na,1.5\nb\n"), "table id,lon, line 3: wrong number of columns");
  EXPECT_EQ(message("id,lon\na,nan\n"), "table id,lon, line 2: not a number: nan");
  EXPECT_EQ(message("id,lon\na,1x\n"), "table id,lon, line 2: not a number: 1x");
}

class CityInAFile : public testing::Test {
 protected:
  void SetUp() override { create_database(path); }
  void TearDown() override {
    for (const auto* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(path + suffix);
  }
  const std::string path =
      (std::filesystem::temp_directory_path() / ("jobmap-city-" + std::to_string(getpid()) + ".sqlite"))
          .string();
};

TEST_F(CityInAFile, IsWrittenOnceAndThenLeftAlone) {
  const auto& tables = *find_city_tables("hangzhou");
  Store store(path);
  for (const bool first : {true, false}) {
    const auto written = write_city(store, tables);
    ASSERT_EQ(written.size(), 3u);
    const std::int64_t rows[] = {259, 12, 13};
    for (std::size_t i = 0; i < 3; ++i) {
      EXPECT_EQ(written[i].added, first ? rows[i] : 0) << written[i].name;
      EXPECT_EQ(written[i].kept, first ? 0 : rows[i]) << written[i].name;
      EXPECT_EQ(store.count(written[i].name), rows[i]);
      EXPECT_EQ(store.meta(written[i].name, "datum"), "wgs84");
      EXPECT_NE(store.meta(written[i].name, "source"), "");
    }
    EXPECT_EQ(store.meta("", "city"), "hangzhou");
  }
}

TEST_F(CityInAFile, RunningAgainIsNoChangeOfData) {
  Store store(path);
  write_city(store, *find_city_tables("hangzhou"));
  const auto generation = store.generation();
  write_city(store, *find_city_tables("hangzhou"));
  EXPECT_EQ(store.generation(), generation);
}

TEST_F(CityInAFile, AnOperatorsOwnDistrictsStay) {
  Store store(path);
  store.begin();
  const District own{"330102", "上城区", {{{{120, 30}, {121, 30}, {121, 31}, {120, 30}}}}};
  store.put(own);
  store.commit();
  const auto written = write_city(store, *find_city_tables("hangzhou"));
  EXPECT_EQ(written[2].added, 0);
  EXPECT_EQ(written[2].kept, 1);
  EXPECT_EQ(store.count("districts"), 1);
  EXPECT_EQ(store.count("stations"), 259);
}

TEST_F(CityInAFile, LinesThatMissTheirStationsAreRefusedByName) {
  Store store(path);
  store.begin();
  store.put(Station{"elsewhere", "别处", "Elsewhere", "bie chu", "bc", {1'200'000'000, 300'000'000}, {}});
  store.commit();
  try {
    write_city(store, *find_city_tables("hangzhou"));
    ADD_FAILURE() << "took lines without stations";
  } catch (const std::runtime_error& e) {
    EXPECT_NE(std::string(e.what()).find("line 1 stops at an unknown station xianghu"), std::string::npos)
        << e.what();
  }
  store.rollback();
  EXPECT_EQ(store.count("lines"), 0);
  EXPECT_EQ(store.count("districts"), 0);
}

TEST_F(CityInAFile, AnotherCitysDatabaseIsRefused) {
  Store store(path);
  store.begin();
  store.put_meta("", "city", "elsewhere");
  store.commit();
  EXPECT_THROW(write_city(store, *find_city_tables("hangzhou")), std::runtime_error);
  EXPECT_EQ(store.count("stations"), 0);
}

}  // namespace
}  // namespace jobmap::data
