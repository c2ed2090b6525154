#include "data/index/walks.hpp"

#include <gtest/gtest.h>

#include "data/index/footing.hpp"
#include "tests/query/small_city.hpp"
#include "tests/street_grid.hpp"

namespace jobmap::data {
namespace {

constexpr unsigned seed = 330106;

class WalksTest : public testing::Test {
 protected:
  test::SmallCity city_{seed, 2000};
  geo::StreetGraph streets_{street_grid({120.17, 30.2}, 120, 150)};
  std::shared_ptr<const Walks> walks_ = find_walks(streets_, *city_.snapshot->jobs, *city_.city);
  const JobTable& jobs_ = *city_.snapshot->jobs;

  std::optional<geo::Way> way(const std::vector<geo::Snap>& from, std::uint32_t limit, const geo::Snap& to) {
    std::vector<geo::Seed> seeds;
    for (const auto& s : from) seeds.push_back({s, 0});
    geo::StreetSearch search;
    search.run(streets_, geo::TravelMode::walk, seeds, limit);
    return search.to(to);
  }
};

TEST_F(WalksTest, a_spot_is_a_run_of_rows_at_one_point) {
  ASSERT_EQ(walks_->spot.size(), jobs_.located);
  EXPECT_LT(walks_->spots(), jobs_.located);
  for (std::uint32_t i = 0; i < walks_->spots(); ++i) {
    for (Row row = walks_->spot_begin[i]; row < walks_->spot_begin[i + 1]; ++row) {
      EXPECT_EQ(walks_->spot[row], i);
      EXPECT_EQ(jobs_.tree.point(row), jobs_.tree.point(walks_->spot_begin[i]));
    }
    const auto p = jobs_.tree.point(walks_->spot_begin[i]);
    EXPECT_EQ(walks_->on_foot[i], streets_.snap(p, geo::TravelMode::walk, 250));
    EXPECT_EQ(walks_->by_bike[i], streets_.snap(p, geo::TravelMode::bike, 250));
  }
  EXPECT_EQ(walks_->spot_begin.back(), jobs_.located);
}

TEST_F(WalksTest, stations_are_those_a_search_from_the_station_finds) {
  std::size_t found = 0;
  for (std::uint16_t s = 0; s < city_.city->stations.size(); ++s) {
    std::vector<geo::Seed> seeds;
    for (const auto& door : walks_->stations[s]) seeds.push_back({door, 0});
    geo::StreetSearch search;
    search.run(streets_, geo::TravelMode::walk, seeds, walks_->station_limit_mm);
    for (std::uint32_t i = 0; i < walks_->spots(); ++i) {
      const auto begin = walks_->station.begin() + walks_->station_begin[i],
                 end = walks_->station.begin() + walks_->station_begin[i + 1], at = std::find(begin, end, s);
      const auto expected = search.to(walks_->on_foot[i]);
      ASSERT_EQ(expected.has_value(), at != end) << "station " << s << " spot " << i;
      if (!expected) continue;
      EXPECT_EQ(walks_->station_mm[at - walks_->station.begin()], expected->mm);
      ++found;
    }
  }
  EXPECT_GT(found, 100u);
  for (std::uint32_t i = 0; i < walks_->spots(); ++i)
    EXPECT_TRUE(std::is_sorted(walks_->station_mm.begin() + walks_->station_begin[i],
                               walks_->station_mm.begin() + walks_->station_begin[i + 1]));
}

TEST_F(WalksTest, the_service_point_is_the_nearest_of_searches_from_each) {
  std::vector<std::uint32_t> best(walks_->spots(), Walks::unreached);
  std::vector<std::int32_t> which(walks_->spots(), no_value);
  for (std::size_t s = 0; s < walks_->service_points.size(); ++s) {
    const geo::Seed one{walks_->service_points[s], 0};
    geo::StreetSearch search;
    search.run(streets_, geo::TravelMode::walk, {&one, 1}, geo::StreetSearch::no_limit);
    for (std::uint32_t i = 0; i < walks_->spots(); ++i)
      if (const auto found = search.to(walks_->on_foot[i]); found && found->mm < best[i])
        best[i] = found->mm, which[i] = static_cast<std::int32_t>(s);
  }
  for (const auto s : walks_->service_points_beyond)
    for (std::uint32_t i = 0; i < walks_->spots(); ++i) {
      const geo::DistanceFrom from(geo::to_lonlat(jobs_.tree.point(walks_->spot_begin[i])));
      const auto mm = straight_mm(from, city_.city->service_points[s].at);
      if (mm <= 30'000'000 && mm < best[i]) best[i] = mm, which[i] = static_cast<std::int32_t>(s);
    }
  EXPECT_FALSE(walks_->service_points_beyond.empty());
  EXPECT_EQ(walks_->service_point_mm, best);
  EXPECT_EQ(walks_->service_point, which);
}

TEST_F(WalksTest, a_station_with_exits_begins_at_them) {
  auto city = *city_.city;
  const auto at = city.stations[0].at;
  city.stations[0].exits = {{"A", {at.lon + 30'000, at.lat}}, {"B", {at.lon - 30'000, at.lat}}};
  const auto walks = find_walks(streets_, jobs_, city);
  ASSERT_EQ(walks->stations[0].size(), 2u);
  EXPECT_EQ(walks->stations[0][0], streets_.snap(city.stations[0].exits[0].at, geo::TravelMode::walk, 250));
  EXPECT_NE(walks->station_mm, walks_->station_mm);
}

TEST_F(WalksTest, a_tick_keeps_the_network) {
  const auto graph = std::make_shared<const geo::StreetGraph>(street_grid({120.17, 30.2}, 20, 150));
  const auto snapshot = make_snapshot(city_.snapshot->jobs, city_.city, "x", 1, test::now,
                                      {graph, find_walks(*graph, jobs_, *city_.city)});
  const auto later = tick(*snapshot, snapshot->unchanged.until * 60);
  ASSERT_TRUE(later);
  EXPECT_EQ(later->streets, snapshot->streets);
  EXPECT_EQ(later->walks, snapshot->walks);
}

TEST(Walks, an_empty_table_and_an_empty_city_have_no_walks) {
  const geo::StreetGraph streets(street_grid({120.17, 30.2}, 5, 100));
  const auto walks = find_walks(streets, JobTable{}, City{});
  EXPECT_EQ(walks->spots(), 0u);
  EXPECT_EQ(walks->station_begin, std::vector<std::uint32_t>{0});
}

}  // namespace
}  // namespace jobmap::data
