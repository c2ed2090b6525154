#include "query/service/what_if.hpp"

#include <algorithm>
#include <bit>
#include <map>
#include <mutex>

#include "data/walks.hpp"
#include "geo/circle_union.hpp"
#include "geo/distance.hpp"
#include "query/filter/service_circle.hpp"
#include "query/service/site_circle.hpp"

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

geo::BoxE7 bounds_of(const geo::MultiPolygon& area) {
  geo::Box box{180, 90, -180, -90};
  for (const auto& polygon : area)
    for (const auto& p : polygon.front())
      box = {std::min(box.min_x, p.lon), std::min(box.min_y, p.lat), std::max(box.max_x, p.lon),
             std::max(box.max_y, p.lat)};
  const auto low = geo::to_e7({box.min_x, box.min_y}), high = geo::to_e7({box.max_x, box.max_y});
  return {low.lon, low.lat, high.lon, high.lat};
}

struct Area {
  double total = 0, covered = 0;
};

// The area of a city that its circles cover takes longer than all else of a plan and is the same for every
// plan, so the last few are kept. A city in a snapshot never changes; the weak pointer tells it from another
// at its address.
class KnownAreas {
 public:
  Area of(const std::shared_ptr<const data::City>& city, double metres) {
    {
      const std::lock_guard lock(mutex_);
      for (const auto& k : kept_)
        if (k.metres == metres && !k.city.owner_before(city) && !city.owner_before(k.city)) return k.area;
    }
    const Area area = measure(*city, metres);
    const std::lock_guard lock(mutex_);
    if (kept_.size() == most) kept_.erase(kept_.begin());
    kept_.push_back({city, metres, area});
    return area;
  }

 private:
  static Area measure(const data::City& city, double metres) {
    std::vector<geo::LonLat> sites;
    for (const auto& site : city.service_points) sites.push_back(geo::to_lonlat(site.at));
    const geo::CircleUnion circles(sites, metres);
    Area area;
    for (const auto& d : city.districts)
      area.total += geo::area_m2(d.geometry), area.covered += circles.area_m2(d.geometry);
    return area;
  }

  static constexpr std::size_t most = 16;
  struct Kept {
    std::weak_ptr<const data::City> city;
    double metres;
    Area area;
  };
  std::mutex mutex_;
  std::vector<Kept> kept_;
};

class Weighing {
 public:
  Weighing(const WhatIf& change, const data::Snapshot& s)
      : c_(change),
        s_(s),
        city_(*s.city),
        circles_(s, change.query.method, change.query.circle_minutes),
        limit_mm_(geo::millimetres(change.query.circle_minutes, change.query.method.speed_kmh)) {
    for (std::uint32_t i = 0; i < city_.service_points.size(); ++i) {
      const auto at = geo::to_lonlat(city_.service_points[i].at);
      (std::find(change.remove.begin(), change.remove.end(), i) == change.remove.end() ? stay_ : go_)
          .push_back(at);
    }
    for (const auto i : change.remove) going_.push_back(geo::to_lonlat(city_.service_points[i].at));
  }

  WhatIfEffect run(bool each_gain) {
    WhatIfEffect effect;
    measure_whole(effect);
    auto standing = stay_;
    standing.insert(standing.end(), going_.begin(), going_.end());
    const auto all = difference(standing, go_, c_.add);
    effect.after = sum(effect.before, all);
    if (!each_gain) return effect;
    if (c_.add.size() + going_.size() == 1) {
      (going_.empty() ? effect.gain_of_add : effect.gain_of_remove).push_back(all);
      return effect;
    }
    for (const auto at : c_.add) effect.gain_of_add.push_back(difference(standing, {}, {at}));
    for (const auto at : going_) effect.gain_of_remove.push_back(difference(standing, {at}, {}));
    return effect;
  }

 private:
  static Amounts sum(Amounts a, const Amounts& b) {
    for (unsigned m = 0; m < measures; ++m) a[m] += b[m];
    return a;
  }

  // What stands, without a band: counted by words, not by rows.
  void measure_whole(WhatIfEffect& effect) const {
    const auto& t = *s_.jobs;
    const ServiceCircle circle(s_, c_.query.method, c_.query.circle_minutes);
    for (std::uint32_t w = 0; std::size_t{w} * 64 < t.located; ++w) {
      const auto located = data::word_mask(w, 0, t.located);
      add_jobs(w, located, 1, effect.total), add_jobs(w, located & circle.word(w), 1, effect.before);
    }
    for (std::size_t i = 0; i < city_.population.size(); ++i) {
      const auto& cell = city_.population[i];
      effect.total[population] += cell.residents;
      if (s_.walks ? s_.walks->resident_mm[i] <= limit_mm_ : cell.service_point_m <= c_.query.metres())
        effect.before[population] += cell.residents;
    }
    if (!c_.query.wants(area)) return;
    if (s_.walks) {
      for (std::size_t i = 0; i < s_.walks->ground_mm.size(); ++i) {
        const double m2 = s_.walks->ground.m2[i];
        effect.total[area] += m2;
        if (s_.walks->ground_mm[i] <= limit_mm_) effect.before[area] += m2;
      }
      return;
    }
    static KnownAreas known;
    const auto area_now = known.of(s_.city, c_.query.metres());
    effect.total[area] = area_now.total, effect.before[area] = area_now.covered;
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
         [&](const Words& words, double sign) {
           for (const auto& [w, rows] : words) add_jobs(w, rows, sign, amounts);
         });
    if (!city_.population.empty())
      gain([&](geo::LonLat at) { return circles_.people(at); },
           [&](const Words& words, double sign) { add_people(words, sign, amounts); });
    if (!c_.query.wants(area)) return amounts;
    if (!s_.walks) {
      amounts[area] = area_gained(before, after, changed);
      return amounts;
    }
    const auto& ground = s_.walks->ground;
    gain([&](geo::LonLat at) { return circles_.cells(at, ground); },
         [&](const Words& words, double sign) {
           for (auto [w, cells] : words)
             for (; cells; cells &= cells - 1)
               amounts[area] +=
                   sign * ground.m2[std::size_t{w} * 64 + static_cast<unsigned>(std::countr_zero(cells))];
         });
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

  void add_jobs(std::uint32_t w, std::uint64_t rows, double sign, Amounts& amounts) const {
    const auto alive = rows & s_.alive.word(w);
    if (!alive) return;
    amounts[ads] += sign * std::popcount(alive);
    amounts[openings] += sign * static_cast<double>(s_.jobs->openings_sums.sum(w, alive));
  }
  void add_people(const Words& words, double sign, Amounts& amounts) const {
    for (auto [w, cells] : words)
      for (; cells; cells &= cells - 1)
        amounts[population] +=
            sign *
            city_.population[std::size_t{w} * 64 + static_cast<unsigned>(std::countr_zero(cells))].residents;
  }
  // Only districts that a changed circle touches can differ.
  double area_gained(const std::vector<geo::LonLat>& before, const std::vector<geo::LonLat>& after,
                     const std::vector<geo::LonLat>& changed) const {
    const double metres = c_.query.metres();
    const geo::CircleUnion was(before, metres), will(after, metres);
    double sum = 0;
    for (const auto& d : city_.districts) {
      const auto bounds = bounds_of(d.geometry);
      if (std::any_of(changed.begin(), changed.end(), [&](geo::LonLat at) {
            return geo::enclosing_box(at, 1.01 * metres).intersects(bounds);
          }))
        sum += will.area_m2(d.geometry) - was.area_m2(d.geometry);
    }
    return sum;
  }

  const WhatIf& c_;
  const data::Snapshot& s_;
  const data::City& city_;
  SiteCircles circles_;
  std::uint32_t limit_mm_;  // along the streets
  std::vector<geo::LonLat> stay_, go_, going_;
};

}  // namespace

static WhatIfEffect weigh_band(const WhatIf& change, const data::Snapshot& snapshot, bool each_gain) {
  auto effect = Weighing(change, snapshot).run(each_gain);
  for (const bool high : {false, true}) {
    auto bound = change;
    bound.query.method = high ? change.query.high : change.query.low;
    const auto at = Weighing(bound, snapshot).run(false);
    effect.band[high] = {at.before, at.after};
  }
  return effect;
}

WhatIfEffect weigh(const WhatIf& change, const data::Snapshot& snapshot) {
  return weigh_band(change, snapshot, true);
}

WhatIfEffect weigh_whole(const WhatIf& change, const data::Snapshot& snapshot) {
  return weigh_band(change, snapshot, false);
}

}  // namespace jobmap::query
