#include "query/siting.hpp"

#include <cmath>
#include <set>

#include "geo/max_cover.hpp"
#include "query/service_circle.hpp"
#include "query/site_circle.hpp"

namespace jobmap::query {
namespace {

// The weight of each element that nobody covers yet; residents rounded to whole ones.
std::vector<std::uint32_t> open_weights(const SitingQuery& q, const data::Snapshot& s) {
  std::vector<std::uint32_t> weights;
  if (q.of == population) {
    for (const auto& cell : s.city->population)
      weights.push_back(cell.service_point_m <= q.circle.metres()
                            ? 0
                            : static_cast<std::uint32_t>(std::llround(cell.residents)));
    return weights;
  }
  const auto& t = *s.jobs;
  const ServiceCircle circle(s, q.circle.method, q.circle.circle_minutes);
  weights.resize(t.located);
  for (std::size_t w = 0; w * 64 < t.located; ++w)
    for (auto m = s.alive.word(w) & ~circle.word(w) & data::word_mask(w, 0, t.located); m; m &= m - 1) {
      const auto row = w * 64 + static_cast<unsigned>(std::countr_zero(m));
      weights[row] = q.of == ads ? 1 : static_cast<std::uint32_t>(t.openings[row]);
    }
  return weights;
}

// The middles of the cells of a grid in which something is not covered; nothing where they are too many.
std::optional<std::vector<geo::LonLat>> grid(const SitingQuery& q, const data::Snapshot& s,
                                             const std::vector<std::uint32_t>& weights) {
  const auto point = [&](std::size_t i) {
    return q.of == population ? s.city->population[i].at : s.jobs->tree.point(static_cast<data::Row>(i));
  };
  constexpr double degree_m = 111'195;
  double middle = 0;
  std::size_t count = 0;
  for (std::size_t i = 0; i < weights.size(); i += 64) middle += point(i).lat / 1e7, ++count;
  const double high = q.grid_m / degree_m,
               wide = high /
                      std::max(0.1, std::cos(middle / static_cast<double>(std::max<std::size_t>(count, 1)) *
                                             0.017453292519943295));
  std::set<std::pair<long, long>> cells;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (!weights[i]) continue;
    const auto p = geo::to_lonlat(point(i));
    cells.emplace(std::lround(std::floor(p.lat / high)), std::lround(std::floor(p.lon / wide)));
    if (cells.size() > max_candidates) return std::nullopt;
  }
  std::vector<geo::LonLat> candidates;
  for (const auto& [y, x] : cells)
    candidates.push_back(geo::to_lonlat(
        geo::to_e7({(static_cast<double>(x) + 0.5) * wide, (static_cast<double>(y) + 0.5) * high})));
  return candidates;
}

}  // namespace

std::optional<Siting> choose_sites(const SitingQuery& q, const data::Snapshot& s) {
  geo::CoverProblem problem{open_weights(q, s), {}};
  const auto candidates = q.candidates ? q.candidates : grid(q, s, problem.weights);
  if (!candidates) return std::nullopt;
  const SiteCircles circles(s, q.circle.method, q.circle.circle_minutes);
  for (const auto at : *candidates)
    problem.sets.push_back(q.of == population ? circles.people(at) : circles.jobs(at));
  const auto choice = geo::choose_cover(problem, q.sites);

  Siting siting;
  siting.candidates = candidates->size();
  siting.covered = choice.covered, siting.greedy = choice.greedy;
  siting.upper_bound = choice.upper_bound, siting.exact = choice.exact;
  auto circle = q.circle;
  circle.of = 1u << q.of;
  const auto all = measure_coverage(circle, s).rows.front();
  siting.total = all.of[q.of].total, siting.before = all.of[q.of].covered;
  siting.after = siting.before + static_cast<double>(choice.covered);
  for (const auto& pick : choice.picks) {
    Siting::Site site{(*candidates)[pick.candidate], pick.gain, {}};
    if (q.candidates) site.candidate = pick.candidate;
    siting.sites.push_back(site);
  }
  return siting;
}

}  // namespace jobmap::query
