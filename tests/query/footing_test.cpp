// Where a place stands to the streets, and what is asked from beyond them: by straight lines, as where there
// are no streets at all.
#include "server/query/parse/footing.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <set>

#include "server/query/filter/reach.hpp"
#include "server/query/filter/service_circle.hpp"
#include "server/query/list/evaluate.hpp"
#include "server/query/service/site_circle.hpp"
#include "tests/query/street_city.hpp"

namespace jobmap::query {
namespace {

using test::StreetCity;

constexpr double lon = 120.17, lat = 30.2;

geo::LonLat metres_off(double east, double north) {
  const auto scale = geo::local_scale(lat);
  return {lon + east / scale.x / 1e7, lat + north / scale.y / 1e7};
}

// Four streets round a block.
geo::StreetGraph block(double side_m) {
  geo::StreetNetwork n;
  for (const auto& [x, y] : {std::pair(0, 0), std::pair(1, 0), std::pair(1, 1), std::pair(0, 1)})
    n.nodes.push_back(geo::to_e7(metres_off(x * side_m, y * side_m)));
  for (std::uint32_t i = 0; i < 4; ++i)
    n.edges.push_back({i, (i + 1) % 4, static_cast<std::uint32_t>(side_m * 1000), geo::StreetEdge::walk});
  return geo::StreetGraph(geo::hilbert_ordered(std::move(n)));
}

TEST(Footing, on_off_and_beyond) {
  const StreetCity city(1, 10, block(1500));
  const auto at = [&](double x, double y, geo::TravelMode mode = geo::TravelMode::walk) {
    return footing(*city.snapshot, metres_off(x, y), mode);
  };
  EXPECT_EQ(at(750, 0), Footing::on);
  EXPECT_EQ(at(750, 100), Footing::on) << "within the limit of 180 m";
  EXPECT_EQ(at(-100, -100), Footing::on) << "also outside the box";
  EXPECT_EQ(at(750, 750), Footing::off) << "in the middle of the block: a lake";
  EXPECT_EQ(at(750, -300), Footing::beyond);
  EXPECT_EQ(at(50'000, 750), Footing::beyond);
  EXPECT_EQ(at(750, 0, geo::TravelMode::bike), Footing::beyond) << "there is no street to ride";
  const StreetCity wide(1, 10, block(6000));
  EXPECT_EQ(footing(*wide.snapshot, metres_off(3000, 3000), geo::TravelMode::walk), Footing::beyond)
      << "3 km from every street, inside the box round them";
}

std::vector<std::pair<std::string, double>> list(const std::string& text, const data::Snapshot& s,
                                                 std::string* error = nullptr) {
  const auto params = Params::parse(text);
  Reader r(*params);
  auto q = parse_filter(r, s);
  parse_listing(r, q, s);
  r.finish();
  if (error) *error = r.failed() ? r.error().parameter : "";
  if (r.failed()) return {};
  std::vector<std::pair<std::string, double>> found;
  for (const Hit& hit : evaluate(q, s).hits) found.emplace_back(s.jobs->public_id(hit.row), hit.minutes);
  return found;
}

TEST(Footing, from_beyond_the_streets_is_as_without_streets) {
  const StreetCity city(330106, 2000, block(1500));
  const auto& streets = *city.snapshot;
  const auto plain =
      data::make_snapshot(streets.jobs, streets.city, "0123456789abcdef", 1, test::now, {nullptr, nullptr});
  std::size_t found = 0;
  for (const auto* mode : {"walk", "bike", "metro"})
    for (const auto* place : {"120.22,30.22", "120.13,30.18", "120.3,30.25"}) {
      const auto text = std::string("reach=") + place + "&minutes=40&limit=500&sort=minutes&mode=" + mode;
      const auto ours = list(text, streets);
      EXPECT_EQ(ours, list(text, *plain)) << text;
      found += ours.size();
    }
  EXPECT_GT(found, 500u);
  std::string error;
  char off[80];
  const auto lake = metres_off(750, 750);
  std::snprintf(off, sizeof off, "reach=%.7f,%.7f&minutes=10", lake.lon, lake.lat);
  list(off, streets, &error);
  EXPECT_EQ(error, "reach") << "a lake is no place beyond";
}

TEST(Footing, the_method_says_which_place_is_beyond) {
  const StreetCity city(330106, 50, block(1500));
  const auto parse = [&](const std::string& text) {
    const auto params = Params::parse(text);
    Reader r(*params);
    return parse_filter(r, *city.snapshot);
  };
  const auto on = parse("reach=120.175,30.2&minutes=10"), off = parse("reach=120.3,30.25&minutes=10"),
             both = parse("reach=120.175,30.2;120.3,30.25&minutes=10");
  EXPECT_EQ(method_name(on, *city.snapshot), "network");
  EXPECT_EQ(method_name(off, *city.snapshot), "straight_line");
  EXPECT_EQ(method_name(both, *city.snapshot), "network");
  EXPECT_FALSE(beyond_streets(on, *city.snapshot).any());
  EXPECT_EQ(beyond_streets(off, *city.snapshot).places, std::vector<int>{1});
  EXPECT_EQ(beyond_streets(both, *city.snapshot).places, std::vector<int>{2});
}

// Stations and service points beyond the streets are straight lines, the others not: the union.
TEST(Footing, of_stations_and_points_some_may_lie_beyond) {
  const StreetCity city(330106, 2000, block(1500));
  const auto& streets = *city.snapshot;
  const auto plain =
      data::make_snapshot(streets.jobs, streets.city, "0123456789abcdef", 1, test::now, {nullptr, nullptr});
  const auto ids = [](const std::string& text, const data::Snapshot& s) {
    std::set<std::string> found;
    for (const auto& [id, minutes] : list(text, s)) found.insert(id);
    return found;
  };
  const auto check = [&](const std::string& asked, const std::string& id, bool beyond) {
    const auto text = asked + id + "&limit=1000";
    const auto params = Params::parse(text);
    Reader r(*params);
    const auto q = parse_filter(r, streets);
    EXPECT_EQ(beyond_streets(q, streets).any(), beyond) << text;
    EXPECT_EQ(method_name(q, streets), beyond ? "straight_line" : "network") << text;
    if (beyond) {
      EXPECT_EQ(ids(text, streets), ids(text, *plain)) << text;
    }
    return ids(text, streets);
  };
  std::size_t beyond = 0;
  std::set<std::string> each, all;
  std::string list_of;
  for (std::uint32_t i = 0; i < streets.city->service_points.size(); ++i) {
    const auto& point = streets.city->service_points[i];
    const bool far = footing(streets, geo::to_lonlat(point.at), geo::TravelMode::walk) == Footing::beyond;
    beyond += far;
    each.merge(check("circle_minutes=40&circle=", point.id, far));
    list_of += (list_of.empty() ? "" : ",") + point.id;
  }
  EXPECT_GT(beyond, 0u);
  EXPECT_EQ(ids("limit=1000&circle_minutes=40&circle=" + list_of, streets), each);
  for (std::size_t i = 0; i < streets.city->stations.size(); ++i) {
    const auto& station = streets.city->stations[i];
    const bool far = footing(streets, geo::to_lonlat(station.at), geo::TravelMode::walk) == Footing::beyond;
    check("minutes=30&station=", station.id, far);
  }
}

// One search, one filter and the lists of each point agree, on the streets and beyond them.
TEST(Footing, the_service_circle_is_that_of_its_points) {
  const StreetCity city(330106, 2000);
  const auto& s = *city.snapshot;
  EXPECT_FALSE(s.walks->service_points_beyond.empty());
  EXPECT_LT(s.walks->service_points_beyond.size(), s.city->service_points.size());
  for (const double minutes : {15.0, 40.0}) {
    const auto asked = "limit=1000&circle_minutes=" + std::to_string(minutes) + "&circle=";
    const SiteCircles circles(s, {}, minutes);
    const ServiceCircle served(s, {}, minutes);
    std::vector<geo::LonLat> places;
    std::set<std::string> each;
    for (const auto& point : s.city->service_points) {
      places.push_back(geo::to_lonlat(point.at));
      std::set<std::string> listed, weighed;
      for (const auto& [id, when] : list(asked + point.id, s)) listed.insert(id);
      for (const auto& [w, rows] : circles.at(places.back()).jobs())
        for (auto m = rows & s.alive.word(w); m; m &= m - 1)
          weighed.insert(s.jobs->public_id(w * 64 + static_cast<data::Row>(std::countr_zero(m))));
      EXPECT_EQ(listed, weighed) << point.id;
      each.merge(listed);
    }
    std::set<std::string> all;
    for (const auto& [id, when] : list(asked + "service", s)) all.insert(id);
    EXPECT_EQ(all, each) << minutes;
    EXPECT_GT(all.size(), 100u);
    auto any = circles.any_of(places);
    for (data::Row row = 0; row < s.jobs->located; ++row)
      ASSERT_EQ(any.has_job(row), served.contains(row)) << row;
    auto cells = circles.any_of(places);
    for (std::size_t i = 0; i < s.walks->ground.m2.size(); ++i) {
      if (s.walks->ground.m2[i] > 0) {
        ASSERT_EQ(cells.has_cell(i),
                  s.walks->ground_mm[i] <= geo::millimetres(minutes, StraightLine{}.speed_kmh))
            << i;
      }
    }
  }
}

}  // namespace
}  // namespace jobmap::query
