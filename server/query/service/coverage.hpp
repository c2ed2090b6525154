#pragma once
// The city's circle for planners: how much of its area, its jobs and its people lie within so many minutes of
// a service point, by district and in all, and how sure that is.
//
//   CoverageQuery q = parse_coverage(reader);
//   Coverage c = measure_coverage(q, snapshot);
//   c.rows[0].of[openings].covered / c.rows[0].of[openings].total;        // rows[0] is the whole city
//
// Each measure has a band: low by a slow walker with a long detour (3.6 km/h, 1.3), high by a fast one with a
// short detour (5.1 km/h, 1.2); what is asked for always lies in it. Area is that of the union of circles in
// the districts (geo/circle_union.hpp) or, where the snapshot has streets, that of the cells of ground within
// the time along them (data/index/ground.hpp); jobs and residents go along the streets there too. Jobs without a
// point are in no total and are said beside it. Amounts: square metres, ads, openings, residents.
#include <array>

#include "server/query/parse/job_query.hpp"

namespace jobmap::query {

enum Measure : std::uint8_t { area, ads, openings, population, measures };
inline constexpr std::array<std::string_view, measures> measure_names{"area", "ads", "openings",
                                                                      "population"};

struct CoverageQuery {
  double circle_minutes = 15;
  StraightLine method, low{3.6, 1.3}, high{5.1, 1.2};
  unsigned of = (1u << measures) - 1;  // bit per Measure
  bool by_district = false, by_category = false, gaps = false;
  bool circles = false;            // the two circles told apart: gaps, and what each service point reaches
  geo::Crs crs = geo::Crs::wgs84;  // of the answer
  std::string canonical;

  bool wants(Measure m) const { return of >> m & 1; }
  double metres() const { return method.metres(circle_minutes); }
};

struct Covered {
  double total = 0, covered = 0, low = 0, high = 0;
};

struct CoverageRow {
  static constexpr int all = -1, outside = -2;  // of no district
  int district = all, category = all;
  std::array<Covered, measures> of;  // of a category without area and population
  Covered near_station;              // openings within data::station_reach_m of a metro station: no band
  std::uint64_t unlocated = 0, unlocated_openings = 0;
};

// A piece of a district out of reach of every service point, and what lies in it.
struct Gap {
  std::size_t district = 0;
  geo::MultiPolygon area;
  double area_m2 = 0, residents = 0;
  std::uint64_t ads = 0, openings = 0;
};
// The jobs in the circle of one service point, whichever others reach them too.
struct PointCircle {
  std::size_t point = 0;  // index into City::service_points
  std::uint64_t ads = 0, openings = 0;
};
inline constexpr double least_gap_m2 = 10'000;  // smaller ones are left out

struct Coverage {
  double area_error_m2 = 0;  // along the streets: what a count of cells may be off by, one in three times
  std::vector<CoverageRow> rows;    // all, then by category, by district, by both
  std::vector<Gap> gaps;            // jobs and no service: most openings first, then residents, then area
  std::vector<PointCircle> points;  // service and no jobs: fewest openings first
};

CoverageQuery parse_coverage(Reader& reader);
// Widens the band so that it holds the method that was set.
void widen_band(CoverageQuery& query);
Coverage measure_coverage(const CoverageQuery& query, const data::Snapshot& snapshot);

// In coverage_gaps.cpp.
std::vector<Gap> find_gaps(const CoverageQuery& query, const data::Snapshot& snapshot);
std::vector<PointCircle> reach_of_points(const CoverageQuery& query, const data::Snapshot& snapshot);

}  // namespace jobmap::query
