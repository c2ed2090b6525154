#include "server/query/service/what_if.hpp"

#include <algorithm>
#include <bit>
#include <span>

#include "data/index/walks.hpp"
#include "geo/circle_union.hpp"
#include "geo/deadline.hpp"
#include "geo/distance.hpp"
#include "server/query/filter/service_circle.hpp"
#include "server/query/service/site_circle.hpp"
#include "server/query/service/standing_area.hpp"

namespace jobmap::query {
namespace {

using geo::CoverSet;

// Calls combine(elements of a, elements of b) for each word that either has.
template <typename Combine>
CoverSet merged(const CoverSet& a, const CoverSet& b, Combine combine) {
  CoverSet out;
  out.reserve(a.size() + b.size());
  for (auto i = a.begin(), j = b.begin(); i != a.end() || j != b.end();) {
    const bool left = j == b.end() || (i != a.end() && i->word <= j->word);
    const bool right = i == a.end() || (j != b.end() && j->word <= i->word);
    const auto elements = combine(left ? i->elements : 0, right ? j->elements : 0);
    if (elements) out.push_back({left ? i->word : j->word, elements});
    i += left, j += right;
  }
  return out;
}
CoverSet united(const CoverSet& a, const CoverSet& b) {
  return merged(a, b, [](std::uint64_t x, std::uint64_t y) { return x | y; });
}
CoverSet without(const CoverSet& a, const CoverSet& b) {
  return merged(a, b, [](std::uint64_t x, std::uint64_t y) { return x & ~y; });
}

// Those elements of a set that are not in the circles.
template <typename IsIn>
CoverSet outside(CoverSet set, IsIn is_in) {
  for (auto& [word, elements] : set)
    for (auto left = elements; left; left &= left - 1) {
      const auto bit = static_cast<unsigned>(std::countr_zero(left));
      if (is_in(std::size_t{word} * 64 + bit)) elements &= ~(1ull << bit);
    }
  return set;
}

template <typename Visit>
void visit_elements(const CoverSet& set, Visit visit) {
  for (auto [word, elements] : set)
    for (; elements; elements &= elements - 1)
      visit(std::size_t{word} * 64 + static_cast<unsigned>(std::countr_zero(elements)));
}

// The contents of circles: rows, residents and, along the streets, cells of ground.
struct Inside {
  CoverSet jobs, people, cells;
};
void unite(Inside& to, const Inside& more) {
  to.jobs = united(to.jobs, more.jobs);
  to.people = united(to.people, more.people);
  to.cells = united(to.cells, more.cells);
}

geo::BoxE7 bounds_of_outlines(const geo::MultiPolygon& area) {
  geo::Box box{180, 90, -180, -90};
  for (const auto& polygon : area)
    for (const auto& p : polygon.front())
      box = {std::min(box.min_x, p.lon), std::min(box.min_y, p.lat), std::max(box.max_x, p.lon),
             std::max(box.max_y, p.lat)};
  const auto low = geo::to_e7({box.min_x, box.min_y}), high = geo::to_e7({box.max_x, box.max_y});
  return {low.lon, low.lat, high.lon, high.lat};
}

// The present cover of each job, resident and cell was found when the snapshot was built. So only the circles
// of points that change, and of those that stay near a point that goes, are looked at.
class Weighing {
 public:
  Weighing(const WhatIf& change, const data::Snapshot& s)
      : q_(change.query),
        s_(s),
        city_(*s.city),
        circles_(s, q_.method, q_.circle_minutes),
        served_(s, q_.method, q_.circle_minutes),
        limit_mm_(geo::millimetres(q_.circle_minutes, q_.method.speed_kmh)) {
    for (const auto& site : city_.service_points) standing_.push_back(geo::to_lonlat(site.at));
    for (const auto at : change.add) come_.push_back({at, {}, inside(at)});
    for (const auto i : change.remove) go_.push_back({standing_[i], i, inside(standing_[i])});
  }

  WhatIfEffect run(bool each_gain) const {
    WhatIfEffect effect;
    measure_whole(effect);
    const auto all = difference(go_, come_);
    for (unsigned m = 0; m < measures; ++m) effect.after[m] = effect.before[m] + all[m];
    if (!each_gain) return effect;
    const bool one = come_.size() + go_.size() == 1;
    for (const auto& point : come_) effect.gain_of_add.push_back(one ? all : difference({}, {&point, 1}));
    for (const auto& point : go_) effect.gain_of_remove.push_back(one ? all : difference({&point, 1}, {}));
    return effect;
  }

 private:
  struct Point {
    geo::LonLat at;
    std::uint32_t site = 0;  // of one that goes
    Inside inside;           // of its circle
  };
  using Points = std::span<const Point>;

  Inside inside(geo::LonLat at) const {
    const auto circle = circles_.at(at);
    Inside in{circle.jobs(), {}, {}};
    if (!city_.population.empty()) in.people = circle.people();
    if (s_.walks && q_.wants(area)) in.cells = circle.cells(s_.walks->ground);
    return in;
  }

  // The present amounts without a band, counted by words and not by rows.
  void measure_whole(WhatIfEffect& effect) const {
    const auto& t = *s_.jobs;
    for (std::uint32_t w = 0; std::size_t{w} * 64 < t.located; ++w) {
      geo::check_deadline();
      const auto located = data::word_mask(w, 0, t.located);
      add_jobs(w, located, 1, effect.total), add_jobs(w, located & served_.word(w), 1, effect.before);
    }
    for (std::size_t i = 0; i < city_.population.size(); ++i) {
      effect.total[population] += city_.population[i].residents;
      if (is_served(i)) effect.before[population] += city_.population[i].residents;
    }
    if (!q_.wants(area)) return;
    const auto now = standing_area(q_, s_);
    effect.total[area] = now.total, effect.before[area] = now.covered;
  }

  bool is_served(std::size_t resident) const {
    return s_.walks ? s_.walks->resident_mm[resident] <= limit_mm_
                    : city_.population[resident].service_point_m <= q_.metres();
  }

  // Amounts that only new points reach, less those that only removed points reached.
  Amounts difference(Points go, Points come) const {
    Inside more, less;
    for (const auto& point : come) unite(more, point.inside);
    std::vector<geo::LonLat> gone;
    for (const auto& point : go) unite(less, point.inside), gone.push_back(point.at);
    less = {without(less.jobs, more.jobs), without(less.people, more.people),
            without(less.cells, more.cells)};
    const auto lost = go.empty() ? less : out_of_reach(less, stay_near(gone, go));
    Amounts amounts{};
    for (const auto [w, rows] : more.jobs) add_jobs(w, rows & ~served_.word(w), 1, amounts);
    for (const auto [w, rows] : lost.jobs) add_jobs(w, rows, -1, amounts);
    const auto residents = [&](std::size_t i) { return city_.population[i].residents; };
    visit_elements(more.people,
                   [&](std::size_t i) { amounts[population] += is_served(i) ? 0 : residents(i); });
    visit_elements(lost.people, [&](std::size_t i) { amounts[population] -= residents(i); });
    if (!q_.wants(area)) return amounts;
    if (!s_.walks) {
      amounts[area] = area_gained(go, come);
      return amounts;
    }
    const auto& walks = *s_.walks;
    visit_elements(more.cells, [&](std::size_t i) {
      if (walks.ground_mm[i] > limit_mm_) amounts[area] += walks.ground.m2[i];
    });
    visit_elements(lost.cells, [&](std::size_t i) { amounts[area] -= walks.ground.m2[i]; });
    return amounts;
  }

  // Keeps the elements that lie in no circle of these places. One search finds them for all places.
  Inside out_of_reach(const Inside& in, const std::vector<geo::LonLat>& places) const {
    auto circles = circles_.any_of(places);
    return {outside(in.jobs, [&](std::size_t i) { return circles.has_job(static_cast<data::Row>(i)); }),
            outside(in.people, [&](std::size_t i) { return circles.has_resident(i); }),
            outside(in.cells, [&](std::size_t i) { return circles.has_cell(i); })};
  }

  // Existing, kept points whose circle may overlap a candidate's.
  std::vector<geo::LonLat> stay_near(const std::vector<geo::LonLat>& places, Points go) const {
    std::vector<geo::LonLat> found;
    for (std::uint32_t i = 0; i < standing_.size(); ++i) {
      geo::check_deadline(static_cast<unsigned>(places.size()));
      const auto goes = [&](const Point& p) { return p.site == i; };
      const auto touches = [&](geo::LonLat at) {
        return geo::distance_m(standing_[i], at) <= 2 * circles_.reach_m() + 1;
      };
      if (std::none_of(go.begin(), go.end(), goes) && std::any_of(places.begin(), places.end(), touches))
        found.push_back(standing_[i]);
    }
    return found;
  }

  void add_jobs(std::uint32_t w, std::uint64_t rows, double sign, Amounts& amounts) const {
    const auto alive = rows & s_.alive.word(w);
    if (!alive) return;
    amounts[ads] += sign * std::popcount(alive);
    amounts[openings] += sign * static_cast<double>(s_.jobs->openings_sums.sum(w, alive));
  }

  // The gain by straight lines. Only districts that a changed circle touches can differ, and not those that lie in one
  // that stays.
  double area_gained(Points go, Points come) const {
    std::vector<geo::LonLat> changed;
    for (const auto points : {go, come})
      for (const auto& point : points) changed.push_back(point.at);
    auto before = stay_near(changed, go);
    const double metres = q_.metres();
    std::vector<const geo::MultiPolygon*> districts;
    for (const auto& d : city_.districts) {
      const auto bounds = bounds_of_outlines(d.geometry);
      const auto touches = [&](geo::LonLat at) {
        return geo::enclosing_box(at, 1.01 * metres).intersects(bounds);
      };
      const auto holds = [&](geo::LonLat at) {
        return geo::DistanceFrom(at).at_most_m(bounds) < 0.99 * metres;
      };
      if (std::any_of(changed.begin(), changed.end(), touches) &&
          std::none_of(before.begin(), before.end(), holds))
        districts.push_back(&d.geometry);
    }
    if (districts.empty()) return 0;
    auto after = before;
    for (const auto& point : go) before.push_back(point.at);
    for (const auto& point : come) after.push_back(point.at);
    const geo::CircleUnion was(before, metres), will(after, metres);
    double sum = 0;
    for (const auto* d : districts) sum += will.area_m2(*d) - was.area_m2(*d);
    return sum;
  }

  const CoverageQuery& q_;
  const data::Snapshot& s_;
  const data::City& city_;
  SiteCircles circles_;
  ServiceCircle served_;    // by what stands
  std::uint32_t limit_mm_;  // along the streets
  std::vector<geo::LonLat> standing_;
  std::vector<Point> come_, go_;
};

WhatIfEffect weigh_band(const WhatIf& change, const data::Snapshot& snapshot, bool each_gain) {
  auto effect = Weighing(change, snapshot).run(each_gain);
  for (const bool high : {false, true}) {
    auto bound = change;
    bound.query.method = high ? change.query.high : change.query.low;
    const auto at = Weighing(bound, snapshot).run(false);
    effect.band[high] = {at.before, at.after};
  }
  return effect;
}

}  // namespace

WhatIfEffect weigh(const WhatIf& change, const data::Snapshot& snapshot) {
  return weigh_band(change, snapshot, true);
}

WhatIfEffect weigh_whole(const WhatIf& change, const data::Snapshot& snapshot) {
  return weigh_band(change, snapshot, false);
}

}  // namespace jobmap::query
