#include "query/what_if.hpp"

#include <algorithm>
#include <map>

#include "geo/circle_union.hpp"
#include "geo/distance.hpp"
#include "query/site_circle.hpp"

namespace jobmap::query {
namespace {

using Words = std::map<std::uint32_t, std::uint64_t>;  // elements by word

void unite(Words& to, const geo::CoverSet& set) {
  for (const auto& [word, elements] : set) to[word] |= elements;
}
void take_away(Words& from, const Words& what) {
  for (auto& [word, elements] : from)
    if (const auto it = what.find(word); it != what.end()) elements &= ~it->second;
}

class Weighing {
 public:
  Weighing(const WhatIf& change, const data::Snapshot& s)
      : c_(change), s_(s), city_(*s.city), circles_(s, change.query.method, change.query.circle_minutes) {
    for (std::uint32_t i = 0; i < city_.service_points.size(); ++i) {
      const auto at = geo::to_lonlat(city_.service_points[i].at);
      (std::find(change.remove.begin(), change.remove.end(), i) == change.remove.end() ? stay_ : go_)
          .push_back(at);
    }
    for (const auto i : change.remove) going_.push_back(geo::to_lonlat(city_.service_points[i].at));
  }

  WhatIfEffect run() {
    WhatIfEffect effect;
    const auto coverage = measure_coverage(c_.query, s_);
    const auto& all = coverage.rows.front();
    for (unsigned m = 0; m < measures; ++m) {
      effect.total[m] = all.of[m].total;
      effect.before[m] = all.of[m].covered;
    }
    auto standing = stay_;
    standing.insert(standing.end(), going_.begin(), going_.end());
    effect.after = sum(effect.before, difference(standing, go_, c_.add));
    for (const auto at : c_.add) effect.gain_of_add.push_back(difference(standing, {}, {at}));
    for (const auto at : going_) effect.gain_of_remove.push_back(difference(standing, {at}, {}));
    return effect;
  }

 private:
  static Amounts sum(Amounts a, const Amounts& b) {
    for (unsigned m = 0; m < measures; ++m) a[m] += b[m];
    return a;
  }

  // What changes where `gone` of the standing points go and `come` come.
  Amounts difference(const std::vector<geo::LonLat>& standing, const std::vector<geo::LonLat>& gone,
                     const std::vector<geo::LonLat>& come) const {
    auto changed = gone;
    changed.insert(changed.end(), come.begin(), come.end());
    std::vector<geo::LonLat> before = near(standing, changed), after = come;
    auto left = gone;  // each place that goes leaves once, should two stand on it
    for (const auto at : before) {
      const auto it = std::find(left.begin(), left.end(), at);
      if (it == left.end())
        after.push_back(at);
      else
        left.erase(it);
    }
    Amounts amounts{};
    const auto gain = [&](auto set_of, auto weigh_words) {
      Words was, will;
      for (const auto at : before) unite(was, set_of(at));
      for (const auto at : after) unite(will, set_of(at));
      Words more = will, less = was;
      take_away(more, was), take_away(less, will);
      weigh_words(more, 1.0), weigh_words(less, -1.0);
    };
    gain([&](geo::LonLat at) { return circles_.jobs(at); },
         [&](const Words& words, double sign) { add_jobs(words, sign, amounts); });
    if (!city_.population.empty())
      gain([&](geo::LonLat at) { return circles_.people(at); },
           [&](const Words& words, double sign) { add_people(words, sign, amounts); });
    if (c_.query.wants(area)) amounts[area] = covered_area(after) - covered_area(before);
    return amounts;
  }

  // Those whose circles may touch a circle of the others.
  std::vector<geo::LonLat> near(const std::vector<geo::LonLat>& points,
                                const std::vector<geo::LonLat>& others) const {
    std::vector<geo::LonLat> found;
    for (const auto p : points)
      if (std::any_of(others.begin(), others.end(),
                      [&](geo::LonLat o) { return geo::distance_m(p, o) <= 2 * circles_.reach_m() + 1; }))
        found.push_back(p);
    return found;
  }

  void add_jobs(const Words& words, double sign, Amounts& amounts) const {
    const auto& t = *s_.jobs;
    for (const auto& [w, rows] : words) {
      const auto alive = rows & s_.alive.word(w);
      amounts[ads] += sign * std::popcount(alive);
      for (std::size_t b = 0; b < t.openings_bit.size(); ++b)
        amounts[openings] +=
            sign * static_cast<double>(
                       static_cast<std::uint64_t>(std::popcount(alive & t.openings_bit[b].word(w))) << b);
    }
  }
  void add_people(const Words& words, double sign, Amounts& amounts) const {
    for (auto [w, cells] : words)
      for (; cells; cells &= cells - 1)
        amounts[population] +=
            sign *
            city_.population[std::size_t{w} * 64 + static_cast<unsigned>(std::countr_zero(cells))].residents;
  }
  double covered_area(const std::vector<geo::LonLat>& sites) const {
    const geo::CircleUnion circles(sites, c_.query.metres());
    double sum = 0;
    for (const auto& d : city_.districts) sum += circles.area_m2(d.geometry);
    return sum;
  }

  const WhatIf& c_;
  const data::Snapshot& s_;
  const data::City& city_;
  SiteCircles circles_;
  std::vector<geo::LonLat> stay_, go_, going_;
};

}  // namespace

WhatIfEffect weigh(const WhatIf& change, const data::Snapshot& snapshot) {
  return Weighing(change, snapshot).run();
}

}  // namespace jobmap::query
