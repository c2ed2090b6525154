#pragma once
// What an answer says of one job, before it is JSON or protobuf: both are written from this.
//
//   JobRecord r;                               // one for many jobs: its memory is used again
//   make_record(query, snapshot, hit, r);
//   use(r.text.field[data::JobText::title], r.stations, r.service_point);
//
// Views and indices into the snapshot; distances in geodesic metres, nearest first.
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "server/query/list/evaluate.hpp"

namespace jobmap::encode {

struct NearPlace {
  std::uint32_t index = 0;  // into City::stations or City::service_points
  double metres = 0;
  double minutes = -1;  // on foot; -1 where no way along the streets is known
};

// A job names no more stations than this, the nearest ones, however wide the query's radius is.
inline constexpr std::size_t most_stations = 20;

struct JobRecord {
  data::Row row = 0;
  const data::JobNumbers* numbers = nullptr;
  data::JobText text;
  bool located = false;
  geo::LonLat at;
  double distance_m = -1;            // negative where the query has no anchor
  double minutes = -1;               // negative where it isn't by minutes
  unsigned place = 0;                // of two places of reach the one that takes them, 1 or 2
  std::span<const query::Leg> legs;  // of the hit, by metro
  std::vector<NearPlace> stations;   // the nearest within station_reach_m(query), at most most_stations
  bool has_service_point = false;
  NearPlace service_point;  // the nearest

  // The search for stations works here, so that a list allocates once.
  struct Scratch {
    std::vector<std::int32_t> lon, lat;  // of all stations of the city
    std::vector<float> metres2;
    std::vector<std::pair<float, std::uint32_t>> near;
  } scratch;
};

// How far the stations named with a job may be: the query's radius where it is anchored at stations, else the
// snapshot's station_reach_m.
double station_reach_m(const query::JobQuery& query);

// Fills the record, whose storage is used again from job to job.
void make_record(const query::JobQuery& query, const data::Snapshot& snapshot, const query::Hit& hit,
                 JobRecord& record);

// Brings what make_record and the writers will read of these rows towards the cache.
void prefetch(const data::Snapshot& snapshot, const std::vector<query::Hit>& hits);

}  // namespace jobmap::encode
