// Exits follow the stations: they are joined again whenever those change, whoever changes them.
#include "data/store/station_exits.hpp"

#include <gtest/gtest.h>

#include "data/store/load.hpp"
#include "data/store/store.hpp"
#include "tests/data/scratch.hpp"

namespace jobmap::data {
namespace {

class StationExits : public testing::Test {
 protected:
  Scratch dir_;
  std::string path_ = dir_ / "a.sqlite";
  void SetUp() override { create_database(path_); }

  void change(const std::function<void(Store&)>& by) {
    Store store(path_);
    store.begin();
    by(store);
    store.commit();
  }
  static Station station(const std::string& id, const std::string& name, double lon) {
    return {id, name, name, id, "x", geo::to_e7({lon, 30.2}), {}};
  }
  // "east: A B" for each station that has exits.
  std::string exits() const {
    std::string out;
    const auto city = load_snapshot(path_, 0)->city;
    for (const auto& s : city->stations) {
      if (s.exits.empty()) continue;
      out += (out.empty() ? "" : ", ") + s.id + ":";
      for (const auto& e : s.exits) out += " " + e.name;
    }
    return out;
  }
  const std::vector<EntranceRecord> entrances_{
      {"A", {}, {120.1, 30.2}}, {"B", {"东站地铁站"}, {120.1001, 30.2}}, {"C", {}, {120.12, 30.2}}};
};

TEST_F(StationExits, come_with_the_stations_whichever_is_first) {
  change([&](Store& s) { s.put_entrances(entrances_, 500); });
  EXPECT_EQ(exits(), "");
  change([](Store& s) { s.put(station("west", "西", 120.1)); });
  EXPECT_EQ(exits(), "west: A B");
  change([](Store& s) { s.put(station("east", "东", 120.109)); });
  EXPECT_EQ(exits(), "west: A B") << "not named after it";
  change([](Store& s) { s.put(station("east", "东站", 120.109)); });
  EXPECT_EQ(exits(), "east: B, west: A") << "its stop area is";
  change([](Store& s) { s.put(station("east", "东", 120.121)); });
  EXPECT_EQ(exits(), "east: C, west: A B") << "a station that is moved takes what is near";
  change([](Store& s) { s.put(station("west", "西", 120.3)); });
  EXPECT_EQ(exits(), "east: C");
}

TEST_F(StationExits, go_with_a_station_that_is_deleted) {
  change([&](Store& s) {
    s.put(station("west", "西", 120.1));
    s.put(station("also", "旁", 120.1002));
    s.put_entrances(entrances_, 500);
  });
  EXPECT_EQ(exits(), "also: B, west: A");
  Database::open_writer(path_).execute("DELETE FROM stations WHERE id = 'also'");
  EXPECT_EQ(exits(), "west: A") << "no exit holds a station";
  change([](Store& s) { s.put(station("far", "远", 121)); });
  EXPECT_EQ(exits(), "west: A B") << "and what it left is joined to another";
}

TEST_F(StationExits, stay_where_the_stations_do) {
  change([&](Store& s) {
    s.put(station("west", "西", 120.1));
    s.put_entrances(entrances_, 500);
  });
  Store store(path_);
  const auto before = store.generation();
  store.begin();
  store.put(station("west", "西", 120.1));
  store.commit();
  EXPECT_EQ(store.generation(), before);
  EXPECT_EQ(exits(), "west: A B");
}

// A database whose exits an older program has written keeps them until its streets are imported again.
TEST_F(StationExits, of_an_older_import_are_left_alone) {
  change([](Store& s) { s.put(station("west", "西", 120.1)); });
  Database::open_writer(path_).execute(
      "INSERT INTO station_exits (station, name, lon, lat) VALUES ('west', 'old', 120.1, 30.2)");
  change([](Store& s) { s.put(station("east", "东", 120.109)); });
  EXPECT_EQ(exits(), "west: old");
  change([&](Store& s) { s.put_entrances(entrances_, 500); });
  EXPECT_EQ(exits(), "west: A B");
}

}  // namespace
}  // namespace jobmap::data
