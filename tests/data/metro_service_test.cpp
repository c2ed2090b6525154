#include "data/metro_service.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "data/city_data.hpp"

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
  const auto s = parse_metro_service(right);
  EXPECT_EQ(s.first_train, 5 * 60 + 55);
  EXPECT_EQ(s.last_train, 23 * 60);
  EXPECT_EQ(s.station.transfer_minutes, 3);
  EXPECT_EQ(s.line("x", "1").speed_kmh, 40);
  EXPECT_EQ(s.line("x", "2").speed_kmh, 40);
  EXPECT_EQ(s.line("x", "2").headway_minutes, 12.5);
  EXPECT_NE(s.line("y", "2").headway_minutes, 12.5);
}

TEST(MetroService, AValueWithoutAReasonOrOutOfRangeIsOurFault) {
  for (const auto& text :
       {with(R"({ value = 3, assumed = "a" })", "3"),
        with(R"(assumed = "a" }
[city)",
             R"(assumed = "" }
[city)"),
        with("speed_kmh", "speed_kph"), with("value = 40", "value = nan"), with("value = 40", "value = 900"),
        with("minutes = { value = 3,", "minutes = { value = 4,"), with("23:00", "05:00"),
        with("23:00", "24:00"), with("[station]", "[stations]"), with("[service]", "[service")})
    EXPECT_THROW(parse_metro_service(text), std::logic_error) << text;
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
