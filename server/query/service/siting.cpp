#include "server/query/service/siting.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <functional>
#include <set>

#include "data/index/walks.hpp"
#include "geo/deadline.hpp"
#include "geo/max_cover.hpp"
#include "server/query/filter/service_circle.hpp"
#include "server/query/parse/footing.hpp"
#include "server/query/service/site_circle.hpp"

namespace jobmap::query {
namespace {

// The demand to cover: elements with a place each, and the weight of those that nobody covers yet.
struct Demand {
  std::vector<std::uint32_t> weights;
  std::function<geo::PointE7(std::size_t)> place;
  std::function<geo::CoverSet(geo::LonLat)> covered_from;
};

Demand of_jobs(const SitingQuery& q, const data::Snapshot& s, const SiteCircles& circles) {
  const auto& t = *s.jobs;
  const ServiceCircle circle(s, q.circle.method, q.circle.circle_minutes);
  std::vector<std::uint32_t> weights(t.located);
  for (std::size_t w = 0; w * 64 < t.located; ++w) {
    geo::check_deadline();
    for (auto m = s.alive.word(w) & ~circle.word(w) & data::word_mask(w, 0, t.located); m; m &= m - 1) {
      const auto row = w * 64 + static_cast<unsigned>(std::countr_zero(m));
      weights[row] = q.of == ads ? 1 : static_cast<std::uint32_t>(t.openings[row]);
    }
  }
  return {std::move(weights), [&t](std::size_t i) { return t.tree.point(static_cast<data::Row>(i)); },
          [&circles](geo::LonLat at) { return circles.at(at).jobs(); }};
}

// Residents rounded to whole ones.
Demand of_people(const SitingQuery& q, const data::Snapshot& s, const SiteCircles& circles) {
  const auto limit = geo::millimetres(q.circle.circle_minutes, q.circle.method.speed_kmh);
  const auto& cells = s.city->population;
  std::vector<std::uint32_t> weights;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const bool covered =
        s.walks ? s.walks->resident_mm[i] <= limit : cells[i].service_point_m <= q.circle.metres();
    weights.push_back(covered ? 0 : static_cast<std::uint32_t>(std::llround(cells[i].residents)));
  }
  return {std::move(weights), [&cells](std::size_t i) { return cells[i].at; },
          [&circles](geo::LonLat at) { return circles.at(at).people(); }};
}

Demand of_ground(const data::Snapshot& s, const SiteCircles& circles, const data::Ground& ground) {
  std::vector<std::uint32_t> weights(ground.m2.size());
  for (std::size_t i = 0; i < weights.size(); ++i)
    weights[i] = static_cast<std::uint32_t>(std::llround(ground.m2[i]));
  for (const auto& site : s.city->service_points)
    for (auto [word, cells] : circles.at(geo::to_lonlat(site.at)).cells(ground))
      for (; cells; cells &= cells - 1)
        weights[std::size_t{word} * 64 + static_cast<unsigned>(std::countr_zero(cells))] = 0;
  const auto place = [&ground](std::size_t i) {
    const auto sheet = std::partition_point(ground.sheets.begin(), ground.sheets.end(),
                                            [&](const auto& sh) { return sh.end() <= i; });
    return geo::to_e7(sheet->centre(static_cast<std::uint32_t>(i)));
  };
  return {std::move(weights), place,
          [&circles, &ground](geo::LonLat at) { return circles.at(at).cells(ground); }};
}

// The middles of the cells of a grid in which something is not covered; nothing where they are too many.
std::optional<std::vector<geo::LonLat>> grid(double grid_m, const Demand& demand) {
  constexpr double degree_m = 111'195;
  const auto& weights = demand.weights;
  double middle = 0;
  std::size_t count = 0;
  for (std::size_t i = 0; i < weights.size(); i += 64) middle += demand.place(i).lat / 1e7, ++count;
  const double high = grid_m / degree_m,
               wide = high /
                      std::max(0.1, std::cos(middle / static_cast<double>(std::max<std::size_t>(count, 1)) *
                                             0.017453292519943295));
  std::set<std::pair<long, long>> cells;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (!weights[i]) continue;
    geo::check_deadline();
    const auto p = geo::to_lonlat(demand.place(i));
    cells.emplace(std::lround(std::floor(p.lat / high)), std::lround(std::floor(p.lon / wide)));
    if (cells.size() > max_candidates) return std::nullopt;
  }
  std::vector<geo::LonLat> candidates;
  for (const auto& [y, x] : cells)
    candidates.push_back(geo::to_lonlat(
        geo::to_e7({(static_cast<double>(x) + 0.5) * wide, (static_cast<double>(y) + 0.5) * high})));
  return candidates;
}

struct Candidates {
  std::vector<geo::LonLat> at;
  double grid_m = 0;
};

std::optional<Candidates> candidates_of(const SitingQuery& q, const Demand& demand) {
  constexpr double usual_m = 500, step_m = 100;
  if (q.candidates) return Candidates{*q.candidates, 0};
  for (double m = q.grid_m.value_or(usual_m);; m += step_m) {
    if (auto at = grid(m, demand)) return Candidates{std::move(*at), m};
    if (q.grid_m) return std::nullopt;
  }
}

// Measures the cover before and after the sites, by every circle of the band.
void weigh_sites(const SitingQuery& q, const data::Snapshot& s, Siting& siting) {
  WhatIf change{q.circle, {}, {}};
  change.query.of = 1u << q.of;
  for (const auto& site : siting.sites) change.add.push_back(site.at);
  const auto effect = weigh_whole(change, s);
  siting.total = effect.total[q.of], siting.before = effect.before[q.of];
  siting.after = siting.before + static_cast<double>(siting.covered);
  siting.band = effect.band;
}

}  // namespace

std::optional<Siting> choose_sites(const SitingQuery& q, const data::Snapshot& s) {
  const SiteCircles circles(s, q.circle.method, q.circle.circle_minutes);
  const auto ground = q.of != area ? data::Ground() : s.walks ? s.walks->ground : data::lay_ground(*s.city);
  auto demand = q.of == area         ? of_ground(s, circles, ground)
                : q.of == population ? of_people(q, s, circles)
                                     : of_jobs(q, s, circles);
  const auto candidates = candidates_of(q, demand);
  if (!candidates) return std::nullopt;
  geo::CoverProblem problem{std::move(demand.weights), {}};
  for (const auto at : candidates->at) problem.sets.push_back(demand.covered_from(at));
  const auto choice = geo::choose_cover(problem, q.sites);

  Siting siting;
  siting.candidates = candidates->at.size(), siting.grid_m = candidates->grid_m;
  siting.covered = choice.covered, siting.greedy = choice.greedy;
  siting.upper_bound = choice.upper_bound, siting.exact = choice.exact;
  for (const auto& sheet : ground.sheets) siting.coarsest_m = std::max(siting.coarsest_m, sheet.cell_m);
  for (const auto& pick : choice.picks) {
    Siting::Site site{candidates->at[pick.candidate], pick.gain, {}};
    if (q.candidates) site.candidate = pick.candidate;
    siting.sites.push_back(site);
  }
  if (s.walks && siting.sites.size() < q.sites)
    for (const auto at : candidates->at) {
      geo::check_deadline();
      siting.off_streets += footing(s, at, geo::TravelMode::walk) == Footing::off;
    }
  weigh_sites(q, s, siting);
  return siting;
}

}  // namespace jobmap::query
