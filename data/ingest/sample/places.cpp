#include "data/ingest/sample/places.hpp"

#include <algorithm>
#include <stdexcept>
#include <string_view>

namespace jobmap::data::sample {
namespace {

// How many of 1000 buildings are placed in which way. The rest lies in the open country.
constexpr std::uint32_t at_stations = 480, in_quarters = 300, scattered = 185;
constexpr std::int32_t station_spread_m = 520, scatter_m = 3500, hub_m = 5000, near_station_m = 4000;
// A street runs through eight blocks of about 390 m.
constexpr std::uint64_t block_lon = 40'000, block_lat = 35'000, blocks = 8;

constexpr std::string_view road_words[] = {"禾", "砚", "栖", "朴", "岫", "澜", "舟", "荻", "棠", "谷", "锦",
                                           "枫", "苇", "澄", "桐", "屿", "蓼", "筠", "陌", "檀", "汐", "穗",
                                           "楠", "杉", "翎", "珂", "屏", "霁", "泊", "蕙", "霖", "砾"};
constexpr std::string_view road_ends[] = {"路", "路", "路", "街", "街", "大道", "巷"};

// Bell-shaped, with `spread` as its standard deviation.
std::int32_t bell(Random& random, std::int32_t spread) {
  return random.between(-spread, spread) + random.between(-spread, spread) + random.between(-spread, spread);
}

void add_weight(std::vector<std::uint32_t>& sums, std::uint32_t weight) {
  sums.push_back((sums.empty() ? 0 : sums.back()) + weight);
}

// 1e-7 degree from the edge of the map, so that blocks are counted alike in every quarter of the world.
std::uint64_t from_west(geo::PointE7 p) {
  return static_cast<std::uint64_t>(std::int64_t{p.lon} + 1'800'000'000);
}
std::uint64_t from_south(geo::PointE7 p) {
  return static_cast<std::uint64_t>(std::int64_t{p.lat} + 900'000'000);
}

std::string invented_name(Random& random) {
  std::string name(random.pick(road_words));
  return name += random.pick(road_words);
}

}  // namespace

std::size_t pick_weighted(Random& random, const std::vector<std::uint32_t>& sums) {
  return static_cast<std::size_t>(std::upper_bound(sums.begin(), sums.end(), random.below(sums.back())) -
                                  sums.begin());
}

Places::Places(const City& city, const Profile& profile, std::uint64_t seed, std::uint32_t count)
    : city_(city), profile_(profile), seed_(seed) {
  std::vector<bool> has_station(city.districts.size());
  for (const auto& district : city.districts) areas_.emplace_back(district.geometry);
  for (const auto& station : city.stations) {
    const auto around = std::count_if(city.stations.begin(), city.stations.end(), [&](const Station& other) {
      return profile.squared_m(station.at, other.at) < std::int64_t{hub_m} * hub_m;
    });
    add_weight(station_sums_, static_cast<std::uint32_t>((station.lines.size() + 1) *
                                                         static_cast<std::size_t>(around + 10)));
    if (const int d = district_of(station.at); d >= 0) has_station[static_cast<std::size_t>(d)] = true;
  }
  for (const auto& quarter : profile.quarters) add_weight(quarter_sums_, quarter.weight);
  for (const bool metro : has_station) add_weight(district_sums_, metro ? 1 : 3);
  places_.reserve(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    Random random(seed, Stream::place, i);
    places_.push_back(draw(random));
  }
}

int Places::district_of(geo::PointE7 p) const {
  for (std::size_t i = 0; i < areas_.size(); ++i)
    if (areas_[i].contains(p)) return static_cast<int>(i);
  return -1;
}

Kind Places::kind_at(geo::PointE7 p) const {
  const Quarter* nearest = nullptr;
  std::int64_t best = 0;
  for (const auto& quarter : profile_.quarters) {
    // Measured in radii, so that a small quarter keeps its ground beside a large one.
    const auto radius2 = std::int64_t{quarter.radius_m} * quarter.radius_m;
    const auto d = profile_.squared_m(p, quarter.at) * 1000 / radius2;
    if (d < 4000 && (!nearest || d < best)) nearest = &quarter, best = d;
  }
  if (nearest) return nearest->kind;
  const bool near_station = std::any_of(city_.stations.begin(), city_.stations.end(), [&](const Station& s) {
    return profile_.squared_m(p, s.at) < std::int64_t{near_station_m} * near_station_m;
  });
  return near_station ? Kind::residential : Kind::village;
}

geo::PointE7 Places::draw_country(Random& random) const {
  const auto box = areas_[pick_weighted(random, district_sums_)].bounds();
  return {random.between(box.min_lon, box.max_lon), random.between(box.min_lat, box.max_lat)};
}

geo::PointE7 Places::draw_point(Random& random) const {
  const auto u = random.below(1000);
  geo::PointE7 at;
  std::int32_t spread = station_spread_m;
  if (u < at_stations) {
    at = city_.stations[pick_weighted(random, station_sums_)].at;
  } else if (u < at_stations + in_quarters) {
    const auto& quarter = profile_.quarters[pick_weighted(random, quarter_sums_)];
    at = quarter.at;
    spread = quarter.radius_m * 2 / 3;
  } else if (u < at_stations + in_quarters + scattered) {
    at = random.pick(city_.stations).at;
    const auto east = random.between(-scatter_m, scatter_m), north = random.between(-scatter_m, scatter_m);
    return profile_.moved(at, east, north);
  } else {
    return draw_country(random);
  }
  const auto east = bell(random, spread), north = bell(random, spread);
  return profile_.moved(at, east, north);
}

Place Places::draw(Random& random) const {
  for (int attempt = 0; attempt < 1000; ++attempt) {
    const auto at = draw_point(random);
    const int district = district_of(at);
    if (district < 0 || profile_.in_water(at)) continue;
    return {at, static_cast<std::uint8_t>(district), kind_at(at)};
  }
  throw std::logic_error("the city's tables leave the sample no place");
}

Place Places::draw(Random& random, const std::vector<bool>& wanted) const {
  for (int attempt = 0; attempt < 10'000; ++attempt) {
    const Place place = draw(random);
    if (wanted[static_cast<std::size_t>(place.kind)]) return place;
  }
  throw std::logic_error("the city has no quarter of a kind that the table sites wants");
}

geo::PointE7 Places::street_point(const Place& place) const {
  const auto off_middle = [](std::uint64_t v, std::uint64_t block) {
    return static_cast<std::int32_t>(v % block) - static_cast<std::int32_t>(block / 2);
  };
  const geo::PointE7 at{place.at.lon - off_middle(from_west(place.at), block_lon),
                        place.at.lat - off_middle(from_south(place.at), block_lat)};
  return district_of(at) == place.district && !profile_.in_water(at) ? at : place.at;
}

std::string Places::address(const Place& place) const {
  // Every second block is on a street that runs east, the others on one that runs north.
  const auto lon = from_west(place.at), lat = from_south(place.at), column = lon / block_lon,
             row = lat / block_lat;
  const bool east = (column + row) % 2 == 0;
  const auto street = east ? row << 32 | column / blocks : column << 32 | row / blocks;
  Random random(seed_, Stream::road, street * 2 + east);
  const auto along = east ? lon % (block_lon * blocks) : lat % (block_lat * blocks);
  std::string text = district_name(place) + invented_name(random);
  text += random.pick(road_ends);
  return text += std::to_string(along / 1500 + 1) + "号";
}

std::string Places::community_address(const Place& place) const {
  const auto column = from_west(place.at) / (2 * block_lon), row = from_south(place.at) / (2 * block_lat);
  Random random(~seed_, Stream::road, column << 32 | row);
  return district_name(place) + invented_name(random) + "社区";
}

}  // namespace jobmap::data::sample
