#pragma once
// Finds what lies near each job: its stations within station_reach_m, nearest first, and its nearest service point.
//
//   find_near_places(table, city);    // fills station_begin, station, service_point, service_point_m
//
// One bounded search a station, one nearest search a job; two threads.
#include "data/index/snapshot.hpp"

namespace jobmap::data {

void find_near_places(JobTable& table, const City& city);

}  // namespace jobmap::data
