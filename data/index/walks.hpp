#pragma once
// The ways between a snapshot's jobs and the street network, found once when it is built: where each job meets
// the streets, how far it is on foot from the nearest service point, and from every station within half an hour.
//
//   if (const data::Walks* w = snapshot.walks.get()) {           // null: no network, so straight lines
//     const auto spot = w->spot[row];
//     if (w->service_point_mm[spot] <= geo::millimetres(15, 4.68)) use(spot);
//     for (auto i = w->station_begin[spot]; i < w->station_begin[spot + 1]; ++i)
//       use(w->station[i], w->station_mm[i]);                     // nearest first
//   }
//
// Jobs at one point are one spot; spots lie in the order of rows, so a spot is a run of rows and a search is
// asked once for a building. Lengths are along the streets in whole millimetres, with the ways to and off the
// street in them (geo/street_search.hpp): minutes are a length by a speed. What lies farther from the streets
// than the limit has no length, never 0. A station is its exits, or its own place where none are known. From
// service points beyond the streets (data/index/footing.hpp) it is straight lines with the usual detour, which
// lengths hold too.
#include <cstdint>
#include <memory>
#include <vector>

#include "data/index/ground.hpp"
#include "data/index/snapshot.hpp"
#include "geo/street_search.hpp"

namespace jobmap::data {

inline constexpr double default_snap_limit_m = 250;
// How far the precomputed ways from stations go. A longer way is searched for when a query asks for it.
inline constexpr double station_walk_minutes = 30, station_walk_kmh = 4.68;

struct Walks {
  static constexpr std::uint32_t unreached = 0xFFFFFFFF;

  double snap_limit_m = default_snap_limit_m;
  std::int64_t hours_ignored = 0;      // gates and streets with hours, which the import has counted
  std::uint32_t station_limit_mm = 0;  // how far the ways from stations go

  std::vector<std::uint32_t> spot;          // of each row with a point
  std::vector<Row> spot_begin;              // the rows of spot i: spot_begin[i] to spot_begin[i + 1]
  std::vector<geo::Snap> on_foot, by_bike;  // of each spot

  // The nearest service point of each spot on foot, or no_value, and the length of the way, or unreached.
  std::vector<std::int32_t> service_point;
  std::vector<std::uint32_t> service_point_mm;

  // The stations of each spot within station_limit_mm on foot, nearest first.
  std::vector<std::uint32_t> station_begin;
  std::vector<std::uint16_t> station;
  std::vector<std::uint32_t> station_mm;

  // The same of the ground and of the residents, by whom coverage is measured.
  Ground ground;
  std::vector<geo::Snap> ground_on_foot;     // of each cell of a district, and of those next to one
  std::vector<std::uint32_t> ground_mm;      // of each cell: from the nearest service point, or unreached
  std::vector<geo::Snap> residents_on_foot;  // of each of City::population
  std::vector<std::uint32_t> resident_mm;

  // Where a search from a place of the city begins: its snapped doors, on foot.
  std::vector<geo::Snap> service_points;             // of each
  std::vector<std::uint32_t> service_points_beyond;  // numbers of those beyond the streets
  std::vector<std::vector<geo::Snap>> stations;      // of each: its exits

  std::uint32_t spots() const { return static_cast<std::uint32_t>(on_foot.size()); }
  std::size_t memory_bytes() const;
};

std::shared_ptr<const Walks> find_walks(const geo::StreetGraph& streets, const JobTable& jobs,
                                        const City& city, double snap_limit_m = default_snap_limit_m,
                                        std::int64_t hours_ignored = 0);

}  // namespace jobmap::data
