#pragma once
// The buildings of the synthetic sample: dense round stations and in the quarters of a city, scattered over
// what lies near its stations, thin in the open country, none in the water. Streets, numbers and communities
// are invented.
//
//   Places places(city, profile, seed, 8000);
//   const Place& p = places[random.below(places.size())];
//   places.address(p);                                      // 西湖区禾砚路128号
//
// The same arguments give the same buildings.
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "data/ingest/sample/profile.hpp"
#include "data/ingest/sample/random.hpp"
#include "geo/polygon_index.hpp"

namespace jobmap::data::sample {

struct Place {
  geo::PointE7 at;
  std::uint8_t district = 0;  // index into City::districts
  Kind kind = Kind::residential;
};

class Places {
 public:
  Places(const City& city, const Profile& profile, std::uint64_t seed, std::uint32_t count);

  std::uint32_t size() const { return static_cast<std::uint32_t>(places_.size()); }
  const Place& operator[](std::uint32_t i) const { return places_[i]; }
  // One more place, of a kind that is wanted.
  Place draw(Random& random, const std::vector<bool>& wanted) const;

  // The point of a geocoder that finds only the street: a point of the street, or of the building if that
  // one would lie in another district.
  geo::PointE7 street_point(const Place& place) const;
  std::string address(const Place& place) const;            // 西湖区禾砚路128号
  std::string community_address(const Place& place) const;  // 西湖区云朴社区
  const std::string& district_name(const Place& place) const { return city_.districts[place.district].name; }

 private:
  Place draw(Random& random) const;
  geo::PointE7 draw_point(Random& random) const;
  geo::PointE7 draw_country(Random& random) const;
  int district_of(geo::PointE7 p) const;  // -1: outside the city
  Kind kind_at(geo::PointE7 p) const;

  const City& city_;
  const Profile& profile_;
  std::uint64_t seed_;
  std::vector<geo::PolygonIndex> areas_;
  std::vector<std::uint32_t> station_sums_, quarter_sums_, district_sums_;  // cumulative weights
  std::vector<Place> places_;
};

// The index drawn from cumulative weights.
std::size_t pick_weighted(Random& random, const std::vector<std::uint32_t>& sums);

}  // namespace jobmap::data::sample
