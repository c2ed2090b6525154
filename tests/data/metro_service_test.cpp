#include "data/model/metro_service.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <memory>

#include "data/ingest/city_data.hpp"

namespace jobmap::data {
namespace {

const std::string right = R"(
[service]
first_train = { value = "05:55", assumed = "a" }
last_train = { value = "23:00", assumed = "a" }
[station]
transfer_minutes = { value = 3, assumed = "a" }
[line]
speed_kmh = { value = 40, assumed = "a" }
[city.x.line.2]
headway_minutes = { value = 12.5, assumed = "a" }
)";

std::string with(std::string_view what, std::string_view instead) {
  auto text = right;
  return text.replace(text.find(what), what.size(), instead);
}

TEST(MetroService, ALineHasItsOwnValuesAndTheOthersOfAnyLine) {
  const auto s = parse_metro_service(right, "x");
  EXPECT_EQ(s.first_train, 5 * 60 + 55);
  EXPECT_EQ(s.last_train, 23 * 60);
  EXPECT_EQ(s.station.transfer_minutes, 3);
  EXPECT_EQ(s.line("1").speed_kmh, 40);
  EXPECT_EQ(s.line("2").speed_kmh, 40);
  EXPECT_EQ(s.line("2").headway_minutes, 12.5);
  EXPECT_NE(parse_metro_service(right, "y").line("2").headway_minutes, 12.5);
  EXPECT_TRUE(s.assumed);
}

TEST(MetroService, ValuesThatAreKnownNeedNoReason) {
  const std::string known = R"(
[service]
first_train = "04:45"
last_train = "24:30"
[station]
access_minutes = 1
egress_minutes = 1.5
transfer_minutes = 2
walk_between_m = 300
[line]
speed_kmh = 35
headway_minutes = 4
track_factor = 1.05
[lines.U1]
headway_minutes = 2.5
runs = [{ from = "a", to = "b", minutes = 1.5 }, { from = "b", to = "c", minutes = 3 }]
)";
  const auto s = parse_metro_service(known, "");
  EXPECT_FALSE(s.assumed);
  EXPECT_EQ(s.last_train, 24 * 60 + 30);
  EXPECT_EQ(s.line("U1").headway_minutes, 2.5);
  EXPECT_EQ(s.line("U1").speed_kmh, 35);
  ASSERT_EQ(s.lines.at("U1").runs.size(), 2u);
  // A value that is left out is assumed, and said to be.
  const auto part = parse_metro_service("[line]\nheadway_minutes = 4\n", "");
  EXPECT_TRUE(part.assumed);
  EXPECT_EQ(part.any_line.headway_minutes, 4);
  EXPECT_EQ(part.any_line.speed_kmh, shipped_metro_service("").any_line.speed_kmh);
  EXPECT_TRUE(part.lines.empty()) << "Hangzhou's lines are no other city's";
}

TEST(MetroService, WhatIsWrongIsNamedWithItsPlace) {
  const auto reason = [](const std::string& text) {
    try {
      parse_metro_service(text, "x");
    } catch (const std::runtime_error& e) {
      return std::string(e.what());
    }
    return std::string();
  };
  for (const auto& [text, expected] : std::vector<std::pair<std::string, std::string>>{
           {with(R"(assumed = "a" }
[city)",
                 R"(assumed = "" }
[city)"),
            "line.speed_kmh (line 8) must be a value, or {value, assumed}"},
           {with("speed_kmh", "speed_kph"),
            "line.speed_kph (line 8) is no setting; allowed are headway_minutes"},
           {with("value = 40", "value = nan"), "line.speed_kmh (line 8) must be a number from 10 to 200"},
           {with("value = 40", "value = 900"), "must be a number from 10 to 200"},
           {with("minutes = { value = 3,", "minutes = { value = 4,"), "station.transfer_minutes"},
           {with("23:00", "05:00"), "service.first_train (line 2) must be before last_train"},
           {with("23:00", "31:00"), "service.last_train (line 4) must be a time HH:MM"},
           {with("23:00", "9:00"), "must be a time HH:MM"},
           {with("[station]", "[stations]"), "stations (line 5) is no table of settings"},
           {with("[service]", "[service"), "(line 2)"},
           {right + "runs = [{ from = \"a\", to = \"b\" }]\n",
            "city.x.line.2.runs (line 11) must be {from, to, minutes}"},
           {right + "runs = 3\n", "must be a list"},
           {"line = 3\n", "line (line 1) must be a table"}})
    EXPECT_NE(reason(text).find(expected), std::string::npos) << text << "gives: " << reason(text);
}

// A run takes what is said, either way, and the hops beside it what their distance takes.
TEST(MetroService, RunTimesAreRiddenAndChecked) {
  City city;
  for (int i = 0; i < 3; ++i)
    city.stations.push_back(
        {std::string(1, static_cast<char>('a' + i)), "S", "", "", "", {i * 200'000, 0}, {0}});
  city.lines = {{"1", "One", "#000000", {{0, 1, 2}}, {}}};
  const auto rides = [&](const std::string& toml) {
    city.metro_service = std::make_shared<const MetroService>(parse_metro_service(toml, ""));
    check_metro_service(*city.metro_service, city);
    city.finish();
    std::array<double, 2> minutes;
    for (const bool back : {false, true}) {
      const auto times = city.metro.search({{{static_cast<std::uint16_t>(back ? 2 : 0), 0}}, 1, 1e9, {}});
      double sum = 0;
      for (const auto& leg : times.legs(back ? 0 : 2))
        if (leg.kind == geo::MetroLegKind::ride) sum += leg.minutes;
      minutes[back] = sum;
    }
    EXPECT_NEAR(minutes[0], minutes[1], 1e-9);
    return minutes[0];
  };
  const double assumed = rides("[line]\nspeed_kmh = 30\n");
  const double hop = assumed / 2;
  EXPECT_NEAR(
      rides("[line]\nspeed_kmh = 30\n[lines.1]\nruns = [{ from = \"b\", to = \"a\", minutes = 7 }]\n"),
      7 + hop, 1e-6);
  EXPECT_THROW(rides("[lines.1]\nruns = [{ from = \"a\", to = \"c\", minutes = 7 }]\n"), std::runtime_error);
  EXPECT_THROW(rides("[lines.2]\nspeed_kmh = 30\n"), std::runtime_error);
}

TEST(MetroService, EveryStationOfAShippedCityIsReachedFromEveryOther) {
  for (const auto& tables : shipped_cities()) {
    const auto city = read_city(tables);
    ASSERT_EQ(city.metro.stations(), city.stations.size());
    const auto times = city.metro.search({{{0, 0}}, 1.22 / 78, 1e9, {}});
    for (std::uint16_t s = 0; s < city.stations.size(); ++s) {
      EXPECT_TRUE(std::isfinite(times.minutes(s))) << city.stations[s].name;
      EXPECT_LT(times.minutes(s), 240) << city.stations[s].name;
    }
  }
}

}  // namespace
}  // namespace jobmap::data
