// The log holds a target without a person's place, and everything else as it came.
#include "server/http/logged_target.hpp"
#include "data/model/split.hpp"
#include "server/query/syntax/number_text.hpp"
#include "server/query/syntax/percent_coding.hpp"
#include "server/query/syntax/query_string.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <random>
#include <vector>

namespace jobmap::http {
namespace {

TEST(LoggedTarget, PlacesAreRounded) {
  const std::pair<const char*, const char*> cases[] = {
      {"/v1/jobs", "/v1/jobs"},
      {"/v1/jobs?", "/v1/jobs?"},
      {"/v1/jobs?near=120.15937,30.25698&radius=800", "/v1/jobs?near=120.16,30.26&radius=800"},
      {"/v1/jobs?near=120.15937%2C30.25698", "/v1/jobs?near=120.16,30.26"},
      {"/v1/jobs?n%65ar=%3120.15937%2c30.25698", "/v1/jobs?n%65ar=120.16,30.26"},
      {"/v1/jobs?NEAR=120.15937,30.25698", "/v1/jobs?NEAR=120.16,30.26"},
      {"/v1/jobs?reach=120.15937,30.25;120.2149,30.2101&minutes=40;15",
       "/v1/jobs?reach=120.16,30.25;120.21,30.21&minutes=40;15"},
      {"/v1/isochrone?from=-0.001,-89.999&minutes=5", "/v1/isochrone?from=0.00,-90.00&minutes=5"},
      {"/v1/jobs?bbox=120.15123,30.24123,120.18123,30.26123", "/v1/jobs?bbox=120.15,30.24,120.18,30.26"},
      {"/v1/jobs?crs=EPSG:3857&near=13376423.51,3530499.7", "/v1/jobs?crs=EPSG:3857&near=13376000,3530000"},
      {"/v1/jobs?near=1.2015937e2,30.25698", "/v1/jobs?near=120.16,30.26"},
      {"/v1/jobs?near=120.16,30.25", "/v1/jobs?near=120.16,30.25"},
      {"/v1/jobs?lat=30.256981&lon=120.159370", "/v1/jobs?lat=30.26&lon=120.16"},
      {"/v1/jobs?q=120.15937&near=1,2", "/v1/jobs?q=120.15937&near=1.00,2.00"},
  };
  for (const auto& [target, logged] : cases) EXPECT_EQ(logged_target(target), logged) << target;
}

TEST(LoggedTarget, WhatIsNoPlaceIsLeftOut) {
  for (const char* value :
       {"home,120.15937", "120.15937 30.25698", "120.15937,,30.2", "nan,30.2", "%zz120.15937",
        "120.15937,30.25698;", "%ff", "+120.15937,30.2", "1e300,30.25698", "120.15937,30.25698x"})
    EXPECT_EQ(logged_target("/v1/jobs?limit=1&near=" + std::string(value) + "&f=pb"),
              "/v1/jobs?limit=1&near=-&f=pb")
        << value;
  EXPECT_EQ(logged_target("/v1/jobs?near%=120.15937,30.25698"), "/v1/jobs?near%=-");
  EXPECT_EQ(logged_target("/v1/jobs?near=&near&=1.2345"), "/v1/jobs?near=&near&=1.23");
}

// A cursor is a job and how far it is from the place that was asked for.
TEST(LoggedTarget, CursorsAreLeftOut) {
  EXPECT_EQ(logged_target("/v1/jobs?near=1,2&cursor=AAECAwQFBgc&limit=5"),
            "/v1/jobs?near=1.00,2.00&cursor=-&limit=5");
}

TEST(LoggedTarget, CoordinatesOfAFilterAreRounded) {
  const std::pair<const char*, const char*> cases[] = {
      {"pay_min > 8500 AND q = 3", "pay_min > 8500 AND q = 3"},
      {"S_INTERSECTS(geometry, POINT(120.15937 30.25698)) AND pay_min>8500",
       "S_INTERSECTS(geometry, POINT(120.16 30.26)) AND pay_min>8500"},
      {"s_within(geometry,bbox (13376423,3530499,13376500,3530600))",
       "s_within(geometry,bbox (13376000,3530000,13377000,3531000))"},
      {"S_WITHIN(geometry,MULTIPOLYGON(((120.1234 30,121 30,120.1234 31,120.1234 30))))",
       "S_WITHIN(geometry,MULTIPOLYGON(((120.12 30.00,121.00 30.00,120.12 31.00,120.12 30.00))))"},
      {R"({"op":"s_intersects","args":[{"property":"geometry"},{"bbox":[13376423,3530499,13376500,3530600]}]})",
       R"({"op":"s_intersects","args":[{"property":"geometry"},{"bbox":[13376000,3530000,13377000,3531000]}]})"},
      {"S_WITHIN(geometry,POINT 120.15937 30.25698", "S_WITHIN(geometry,POINT 120.16 30.26"},
      {"S_WITHIN(geometry,POINT(13376423 3530499", "S_WITHIN(geometry,POINT(13376000 3530000"},
  };
  for (const auto& [filter, logged] : cases) {
    const auto text = logged_target("/v1/jobs?filter=" + query::percent_encode(filter) + "&limit=1");
    const auto params = query::Params::parse(std::string_view(text).substr(text.find('?') + 1));
    ASSERT_TRUE(params) << text;
    EXPECT_EQ(*params->find("filter"), logged) << filter;
  }
  EXPECT_EQ(logged_target("/v1/jobs?filter=pay_min+>%208500"), "/v1/jobs?filter=pay_min+>%208500");
}

// Refused as they are, they are logged all the same.
TEST(LoggedTarget, WhateverItIsCalledNoPlaceIsTold) {
  for (auto target :
       {"/v1/jobs?a=1;near=120.1612345,30.2512345", "/v1/jobs?near%3D120.1612345,30.2512345",
        "/v1/jobs?limit=5?near=120.1612345,30.2512345", "/v1/jobs?%20near=120.1612345,30.2512345",
        "/v1/jobs;near=120.1612345,30.2512345", "/v1/jobs/120.1612345,30.2512345",
        "/v1/jobs%3Fnear=120.1612345,30.2512345", "/v1/jobs?120.1612345,30.2512345",
        "/v1/jobs?loc=120.1612345,30.2512345", "/v1/jobs?crs=120.1612345,30.2512345"})
    EXPECT_EQ(logged_target(target).find("120.161"), std::string::npos) << logged_target(target);
  EXPECT_EQ(
      logged_target("/v1/jobs?filter=S_INTERSECTS(geometry,POINT%09(13376451+3538765))").find("13376451"),
      std::string::npos);
}

struct Item {
  std::string text, name, value;
  std::vector<double> numbers;  // of a place
};

class Targets {
 public:
  explicit Targets(unsigned seed) : random_(seed) {}

  int pick(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }
  std::vector<Item> items() {
    std::vector<Item> all;
    for (int n = pick(6); n >= 0; --n) all.push_back(pick(2) ? place() : other());
    return all;
  }

 private:
  Item place() {
    static constexpr const char* names[] = {"near", "reach", "from", "bbox"};
    Item item{"", names[pick(4)], "", {}};
    for (int n = 1 + pick(4); n > 0; --n) {
      const double v = pick(4) ? pick(3'600'000) / 1e4 - 180 : pick(2'000'000'000) / 100.0 - 1e7;
      char digits[40];
      std::snprintf(digits, sizeof digits, "%.*f", pick(12), v);
      item.value += (item.value.empty() ? "" : pick(2) ? "," : ";") + std::string(digits);
      item.numbers.push_back(std::stod(digits));
    }
    item.text = coded(item.name) + '=' + coded(item.value);
    return item;
  }
  Item other() {
    static constexpr const char* names[] = {"q",       "station", "within", "cell",
                                            "minutes", "nearby",  "limit",  "名"};
    static constexpr const char* values[] = {"120.15937,30.25698", "龙翔桥", "", "a=b?c",
                                             "14/3/4/1/2",         "C++",    "-"};
    Item item{"", names[pick(8)], values[pick(7)], {}};
    item.text = coded(item.name) + '=' + coded(item.value);
    return item;
  }
  // Some characters percent-encoded, and those that must be.
  std::string coded(const std::string& text) {
    std::string out;
    char hex[8];
    for (const char c : text) {
      const bool must = c == '&' || c == '=' || c == '+' || c == '%' || c == '#';
      std::snprintf(hex, sizeof hex, pick(2) ? "%%%02X" : "%%%02x", static_cast<unsigned char>(c));
      out += must || pick(4) == 0 ? std::string(hex) : std::string(1, c);
    }
    return out;
  }
  std::mt19937 random_;
};

std::vector<std::string> split_items(std::string_view query) {
  std::vector<std::string> items;
  for (const auto item : data::split(query, '&')) items.emplace_back(item);
  return items;
}

TEST(LoggedTarget, OfRandomTargetsHoldsNoNumberBeyondTwoDecimalsAndAllElse) {
  Targets targets(99);
  int places = 0;
  for (int round = 0; round < 20'000; ++round) {
    const auto items = targets.items();
    std::string target = "/v1/jobs?";
    for (const auto& item : items) target += (target.back() == '?' ? "" : "&") + item.text;
    const auto logged = logged_target(target);
    ASSERT_TRUE(logged.starts_with("/v1/jobs?")) << target;
    ASSERT_TRUE(query::Params::parse(logged.substr(9), query::Repeats::last_wins)) << logged;
    const auto parts = split_items(logged.substr(9));
    ASSERT_EQ(parts.size(), items.size()) << logged;
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (items[i].numbers.empty()) {
        const bool precise = items[i].value.find("120.15937") != std::string::npos && items[i].name != "q";
        if (precise)
          ASSERT_TRUE(parts[i].ends_with("=120.16,30.26")) << target;
        else
          ASSERT_EQ(parts[i], items[i].text) << target;
        continue;
      }
      const auto one = query::Params::parse(parts[i]);
      ASSERT_TRUE(one) << parts[i];
      auto value = *one->find(items[i].name);
      std::replace(value.begin(), value.end(), ';', ',');
      const auto numbers = data::split(value, ',');
      ASSERT_EQ(numbers.size(), items[i].numbers.size()) << target << '\n' << logged;
      for (std::size_t n = 0; n < numbers.size(); ++n, ++places) {
        const auto dot = numbers[n].find('.');
        EXPECT_LE(dot == std::string_view::npos ? 0 : numbers[n].size() - dot - 1, 2u) << logged;
        const double was = items[i].numbers[n], is = query::parse_number(numbers[n]).value();
        const bool degrees = std::abs(was) <= 360;
        EXPECT_LE(std::abs(is - was), (degrees ? 0.005 : 500.0) + 1e-9) << logged;
        EXPECT_TRUE(degrees || std::fmod(is, 1000) == 0) << logged;
      }
    }
  }
  EXPECT_GT(places, 10'000);
}

}  // namespace
}  // namespace jobmap::http
