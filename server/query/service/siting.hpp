#pragma once
// Chooses places for the next service points: the few of many candidates that cover most of what none covers yet.
//
//   SitingQuery q; q.sites = 5; q.of = openings;          // no candidates: a grid over where there is demand
//   const auto siting = choose_sites(q, snapshot);        // nothing: the grid would be too fine
//   for (const auto& site : siting->sites) use(site.at, site.gain);
//
// Service points that stand are fixed. The method is that of coverage, the choice that of geo/max_cover.hpp:
// greedy with its bound, exact where branch and bound comes to its end. Area is gained by cells of ground
// (data/index/ground.hpp), whatever the method.
#include "server/query/service/what_if.hpp"

namespace jobmap::query {

struct SitingQuery {
  CoverageQuery circle;  // its minutes and method
  std::size_t sites = 1;
  Measure of = openings;
  std::optional<std::vector<geo::LonLat>> candidates;
  // Between candidates, without a list; where it isn't said 500, or as many hundreds more as it takes for the
  // candidates to be no more than max_candidates.
  std::optional<double> grid_m;
};

struct Siting {
  struct Site {
    geo::LonLat at;
    std::uint64_t gain = 0;
    std::optional<std::size_t> candidate;  // its place in the list
  };
  std::vector<Site> sites;
  std::size_t candidates = 0;
  std::size_t off_streets = 0;  // of them, where fewer sites were found than asked for: they reach nothing
  double grid_m = 0;            // without a list
  double total = 0, before = 0, after = 0;
  std::array<WhatIfEffect::Bound, 2> band{};  // of `of` alone: low, high, with these sites
  double coarsest_m = 0;                      // of area: the side of the largest cell it is counted by
  std::uint64_t greedy = 0, covered = 0, upper_bound = 0;  // of what is gained
  bool exact = false;
};

inline constexpr std::size_t max_sites = 100, max_candidates = 20'000;

// Nothing where the grid asked for has more than max_candidates: a wider one is asked for.
std::optional<Siting> choose_sites(const SitingQuery& query, const data::Snapshot& snapshot);

}  // namespace jobmap::query
