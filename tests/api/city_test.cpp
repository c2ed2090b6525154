// The city as GeoJSON, and the search for a station.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <set>

#include "data/index/job_table_builder.hpp"
#include "data/index/station_search.hpp"
#include "data/ingest/city_data.hpp"
#include "geo/crs.hpp"
#include "server/api/app.hpp"
#include "server/api/log.hpp"

namespace jobmap::api {
namespace {

namespace json = boost::json;

class CityPages : public testing::Test {
 protected:
  CityPages() {
    city_->service_points = {
        {"p1", "a \"quoted\" \\ name\n", "kind", "", "9-17", "synthetic", 3, geo::to_e7({120.1, 30.2})},
        {"p2", "乙", "kind", "somewhere", "", "synthetic", std::nullopt, geo::to_e7({-179.5, 10})}};
    city_->finish();
    data::JobTableBuilder builder;
    snapshot_ = data::make_snapshot(std::move(builder).build(*city_), city_, "x", 1, 1'800'000'000);
  }
  Response ask(const std::string& target) {
    Request request;
    request.target = target;
    request.path = std::string_view(target).substr(0, target.find('?'));
    if (auto mark = target.find('?'); mark != target.npos)
      request.query = std::string_view(target).substr(mark + 1);
    auto plan = app_.plan(request, snapshot_);
    if (auto* response = std::get_if<Response>(&plan)) return std::move(*response);
    return std::get<Work>(plan).run();
  }
  json::object collection(const std::string& target) {
    const auto response = ask(target);
    EXPECT_EQ(response.status, 200u) << target << ' ' << *response.body;
    EXPECT_EQ(response.content_type, "application/geo+json");
    auto object = json::parse(*response.body).as_object();
    EXPECT_EQ(object.at("type").as_string(), "FeatureCollection");
    EXPECT_EQ(object.at("generation").as_string(), snapshot_->generation);
    EXPECT_EQ(object.at("numberReturned").to_number<std::size_t>(), object.at("features").as_array().size());
    return object;
  }
  std::vector<std::string> ids(const std::string& target) {
    std::vector<std::string> found;
    const auto page = collection(target);
    for (const auto& f : page.at("features").as_array()) {
      EXPECT_EQ(f.at("type").as_string(), "Feature");
      found.emplace_back(f.at("id").as_string());
    }
    return found;
  }
  std::string first_name(const std::string& text) {
    const auto found = data::search_stations(*city_, text);
    return found.empty() ? "" : city_->stations[found[0]].name;
  }

  std::shared_ptr<data::City> city_ =
      std::make_shared<data::City>(data::read_city(data::shipped_cities()[0]));
  Generation snapshot_;
  Log log_{stderr};
  App app_{{}, log_};
};

TEST_F(CityPages, AStationIsFoundHoweverItIsTyped) {
  for (const char* text : {"龙翔桥", "龙翔", "翔桥", "longx", "lxq", "Longxiang", "LONGXIANGQIAO",
                           "long xiang qiao", "long xiang", "龙翔桥站", "龙翔桥地铁站"})
    EXPECT_EQ(first_name(text), "龙翔桥") << text;
  for (const char* text : {"", "   ", "zzzzzz", "站站站"}) EXPECT_EQ(first_name(text), "") << text;
}

TEST_F(CityPages, EveryStationIsFirstByItsOwnNameAndFoundByItsInitials) {
  for (std::size_t i = 0; i < city_->stations.size(); ++i) {
    const auto& s = city_->stations[i];
    for (const auto& name : {s.name, s.id, s.pinyin, s.name_en}) {
      const auto found = data::search_stations(*city_, name);
      ASSERT_FALSE(found.empty()) << name;
      const auto& first = city_->stations[found[0]];
      EXPECT_TRUE(data::fold_name(first.name) == data::fold_name(name) ||
                  data::fold_name(first.id) == data::fold_name(name) ||
                  data::fold_name(first.pinyin) == data::fold_name(name) ||
                  data::fold_name(first.name_en) == data::fold_name(name))
          << name << " gives " << first.name;
    }
    for (const auto& part : {s.initials, s.name.substr(0, 3), s.id.substr(0, 4)}) {
      const auto found = data::search_stations(*city_, part);
      EXPECT_NE(std::find(found.begin(), found.end(), i), found.end()) << part << " misses " << s.name;
    }
  }
}

TEST_F(CityPages, WholeNamesBeforeBeginningsBeforeTheRest) {
  data::City c;
  const auto add = [&](const char* id, const char* name, const char* initials) {
    c.stations.push_back({id, name, "", id, initials, {}, {}});
  };
  add("beixihu", "北西湖", "bxh");
  add("xihuwenhua", "西湖文化", "xhwh");
  add("xihu", "西湖", "xh");
  add("xinhe", "新河", "xh");
  c.finish();
  const auto names = [&](const char* text) {
    std::string all;
    for (auto i : data::search_stations(c, text)) all += c.stations[i].name + ' ';
    return all;
  };
  EXPECT_EQ(names("西湖"), "西湖 西湖文化 北西湖 ");
  EXPECT_EQ(names("xihu"), "西湖 西湖文化 北西湖 ");
  EXPECT_EQ(names("xh"), "西湖 新河 西湖文化 ");
}

TEST_F(CityPages, StationsSearchLimitAndBox) {
  EXPECT_EQ(ids("/v1/stations").size(), city_->stations.size());
  EXPECT_EQ(ids("/v1/stations?q=longx")[0], "longxiangqiao");
  EXPECT_EQ(ids("/v1/stations?q=%E9%BE%99%E7%BF%94")[0], "longxiangqiao");
  const auto some = collection("/v1/stations?limit=7");
  EXPECT_EQ(some.at("features").as_array().size(), 7u);
  EXPECT_EQ(some.at("numberMatched").to_number<std::size_t>(), city_->stations.size());
  EXPECT_TRUE(ids("/v1/stations?q=zzzz").empty());

  std::set<std::string> want;
  for (const auto& s : city_->stations) {
    const auto p = geo::to_lonlat(s.at);
    if (p.lon >= 120.15 && p.lon <= 120.2 && p.lat >= 30.25 && p.lat <= 30.3) want.insert(s.id);
  }
  const auto got = ids("/v1/stations?bbox=120.15,30.25,120.2,30.3");
  EXPECT_EQ(std::set<std::string>(got.begin(), got.end()), want);
  EXPECT_GT(want.size(), 3u);
  const auto p = geo::to_lonlat(city_->stations[0].at);  // a box of one point is closed
  char text[64];
  std::snprintf(text, sizeof text, "%.7f,%.7f", p.lon, p.lat);
  EXPECT_EQ(ids("/v1/stations?bbox=" + std::string(text) + "," + text),
            std::vector<std::string>{city_->stations[0].id});
}

TEST_F(CityPages, PropertiesOfAStation) {
  const auto feature = collection("/v1/stations?q=longxiangqiao").at("features").at(0);
  const auto& s = city_->stations[city_->find_stations("longxiangqiao").at(0)];
  const auto& p = feature.at("properties");
  EXPECT_EQ(p.at("id").as_string(), s.id);
  EXPECT_EQ(p.at("name").as_string(), s.name);
  EXPECT_EQ(p.at("name_en").as_string(), s.name_en);
  EXPECT_EQ(p.at("pinyin").as_string(), s.pinyin);
  EXPECT_EQ(p.at("initials").as_string(), s.initials);
  ASSERT_EQ(p.at("lines").as_array().size(), s.lines.size());
  EXPECT_EQ(p.at("lines").at(0).as_string(), city_->lines[s.lines[0]].id);
  EXPECT_EQ(feature.at("geometry").at("type").as_string(), "Point");
}

TEST_F(CityPages, CoordinatesComeInTheSystemAskedFor) {
  const auto& s = city_->stations[city_->find_stations("longxiangqiao").at(0)];
  const auto at = geo::to_lonlat(s.at);
  for (const char* name :
       {"wgs84", "cgcs2000", "gcj02", "bd09", "EPSG:4326", "EPSG:4490", "EPSG:3857", "EPSG:4549"}) {
    const auto crs = *geo::parse_crs(name);
    const auto page = collection("/v1/stations?q=longxiangqiao&crs=" + std::string(name));
    EXPECT_EQ(page.at("crs").as_string(), name);
    const auto& position = page.at("features").at(0).at("geometry").at("coordinates").as_array();
    const auto want = geo::from_wgs84(crs, at);
    const double half = geo::is_geographic(crs) ? 0.51e-7 : 0.51e-3;
    EXPECT_NEAR(position.at(0).to_number<double>(), want.x, half) << name;
    EXPECT_NEAR(position.at(1).to_number<double>(), want.y, half) << name;
    // A box in the same system finds it, one beside it doesn't.
    const double d = geo::is_geographic(crs) ? 1e-4 : 10;
    const auto box = [&](double x) {
      char text[200];
      std::snprintf(text, sizeof text, "&bbox=%.9f,%.9f,%.9f,%.9f", x - d, want.y - d, x + d, want.y + d);
      return ids("/v1/stations?q=longxiangqiao&crs=" + std::string(name) + text).size();
    };
    EXPECT_EQ(box(want.x), 1u) << name;
    EXPECT_EQ(box(want.x + 3 * d), 0u) << name;
  }
}

TEST_F(CityPages, LinesAndDistrictsKeepTheirGeometry) {
  const auto lines = collection("/v1/lines");
  ASSERT_EQ(lines.at("features").as_array().size(), city_->lines.size());
  for (std::size_t i = 0; i < city_->lines.size(); ++i) {
    const auto& f = lines.at("features").at(i);
    EXPECT_EQ(f.at("properties").at("color").as_string(), city_->lines[i].color);
    EXPECT_EQ(f.at("properties").at("branches").as_array().size(), city_->lines[i].branches.size());
    EXPECT_EQ(f.at("properties").at("branches").at(0).at(0).as_string(),
              city_->stations[city_->lines[i].branches[0][0]].id);
    EXPECT_EQ(f.at("geometry").at("type").as_string(), "MultiLineString");
    ASSERT_EQ(f.at("geometry").at("coordinates").as_array().size(), city_->lines[i].geometry.size());
  }
  const auto districts = collection("/v1/districts");
  for (std::size_t i = 0; i < city_->districts.size(); ++i) {
    const auto& f = districts.at("features").at(i);
    EXPECT_EQ(f.at("id").as_string(), city_->districts[i].adcode);
    EXPECT_EQ(f.at("properties").at("name").as_string(), city_->districts[i].name);
    const auto& polygons = f.at("geometry").at("coordinates").as_array();
    ASSERT_EQ(polygons.size(), city_->districts[i].geometry.size());
    const auto& ring = city_->districts[i].geometry[0][0];
    ASSERT_EQ(polygons.at(0).at(0).as_array().size(), ring.size());
    for (std::size_t k = 0; k < ring.size(); ++k) {
      EXPECT_NEAR(polygons.at(0).at(0).at(k).at(0).to_number<double>(), ring[k].lon, 0.51e-7);
      EXPECT_NEAR(polygons.at(0).at(0).at(k).at(1).to_number<double>(), ring[k].lat, 0.51e-7);
    }
  }
}

TEST_F(CityPages, SitesAreEscapedAndFoundAcrossTheAntimeridian) {
  const auto page = collection("/v1/service-points");
  const auto& first = page.at("features").at(0).at("properties");
  EXPECT_EQ(first.at("name").as_string(), "a \"quoted\" \\ name\n");
  EXPECT_EQ(first.at("capacity").to_number<int>(), 3);
  EXPECT_FALSE(first.as_object().contains("address"));
  EXPECT_FALSE(page.at("features").at(1).at("properties").as_object().contains("capacity"));
  EXPECT_EQ(ids("/v1/service-points?bbox=170,-90,-170,90"), std::vector<std::string>{"p2"});
  EXPECT_EQ(ids("/v1/service-points?bbox=-170,-90,170,90"), std::vector<std::string>{"p1"});
  EXPECT_TRUE(ids("/v1/venture-sites").empty());
}

TEST_F(CityPages, RefuseWhatTheyDoNotKnow) {
  for (const char* target :
       {"/v1/stations?q=", "/v1/stations?q=%20", "/v1/stations?limit=0", "/v1/stations?limit=10001",
        "/v1/stations?limit=x", "/v1/stations?bbox=1,2,3", "/v1/stations?bbox=1,2,3,nan",
        "/v1/stations?bbox=0,10,1,5", "/v1/stations?bbox=-4000,0,1,5", "/v1/stations?crs=EPSG:9999",
        "/v1/stations?crs=EPSG:4549&bbox=10,0,5,1", "/v1/stations?near=1,2", "/v1/stations?q=a&q=b",
        "/v1/lines?q=1", "/v1/lines?bbox=1,2,3,4", "/v1/districts?limit=1", "/v1/service-points?q=a",
        "/v1/stations?f=pb", "/v1/stations?q=%ff"}) {
    const auto response = ask(target);
    EXPECT_EQ(response.status, 400u) << target;
    EXPECT_EQ(response.content_type, "application/problem+json") << target;
  }
}

}  // namespace
}  // namespace jobmap::api
