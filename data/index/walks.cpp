#include "data/index/walks.hpp"

#include <algorithm>
#include <future>
#include <numeric>
#include <optional>
#include <utility>

#include "data/index/footing.hpp"

namespace jobmap::data {
namespace {

using geo::Snap;
using geo::TravelMode;

void find_spots(Walks& w, const JobTable& jobs) {
  w.spot.resize(jobs.located);
  for (Row row = 0; row < jobs.located; ++row) {
    if (row == 0 || jobs.tree.point(row) != jobs.tree.point(row - 1)) w.spot_begin.push_back(row);
    w.spot[row] = static_cast<std::uint32_t>(w.spot_begin.size() - 1);
  }
  w.spot_begin.push_back(jobs.located);
  const auto spots = w.spot_begin.size() - 1;
  w.on_foot.resize(spots), w.by_bike.resize(spots);
  w.service_point.assign(spots, no_value);
  w.service_point_mm.assign(spots, Walks::unreached);
}

// Neighbours in the order of rows are neighbours on the map, so the last street is a good first guess.
void snap_spots(Walks& w, const geo::StreetGraph& g, const JobTable& jobs, std::size_t begin,
                std::size_t end) {
  std::uint32_t foot = Snap::no_edge, bike = Snap::no_edge;
  for (auto i = begin; i < end; ++i) {
    const auto p = jobs.tree.point(w.spot_begin[i]);
    w.on_foot[i] = g.snap(p, TravelMode::walk, w.snap_limit_m, foot);
    if (w.on_foot[i]) foot = w.on_foot[i].edge;
    w.by_bike[i] = g.snap(p, TravelMode::bike, w.snap_limit_m, w.on_foot[i] ? foot : bike);
    if (w.by_bike[i]) bike = w.by_bike[i].edge;
  }
}

// Every second sheet, so that two threads share the city. One cell beyond the district too, so that its edge
// can be drawn.
void snap_ground(Walks& w, const geo::StreetGraph& g, std::size_t first) {
  for (auto i = first; i < w.ground.sheets.size(); i += 2) {
    const auto& sheet = w.ground.sheets[i];
    std::uint32_t near = Snap::no_edge;
    const auto is_in = [&](std::int64_t x, std::int64_t y) {
      return x >= 0 && y >= 0 && x < sheet.columns && y < sheet.rows &&
             w.ground.m2[sheet.begin + static_cast<std::size_t>(y) * sheet.columns +
                         static_cast<std::size_t>(x)] > 0;
    };
    for (auto cell = sheet.begin; cell < sheet.end(); ++cell) {
      const std::int64_t x = (cell - sheet.begin) % sheet.columns, y = (cell - sheet.begin) / sheet.columns;
      if (!is_in(x, y) && !is_in(x - 1, y) && !is_in(x + 1, y) && !is_in(x, y - 1) && !is_in(x, y + 1))
        continue;
      w.ground_on_foot[cell] = g.snap(geo::to_e7(sheet.centre(cell)), TravelMode::walk, w.snap_limit_m, near);
      if (w.ground_on_foot[cell]) near = w.ground_on_foot[cell].edge;
    }
  }
}

void snap_city(Walks& w, const geo::StreetGraph& g, const City& city) {
  const auto snap = [&](geo::PointE7 p) { return g.snap(p, TravelMode::walk, w.snap_limit_m); };
  for (const auto& cell : city.population) w.residents_on_foot.push_back(snap(cell.at));
  for (const Site& site : city.service_points) w.service_points.push_back(snap(site.at));
  for (const Station& station : city.stations) {
    auto& doors = w.stations.emplace_back();
    for (const auto& exit : station.exits) doors.push_back(snap(exit.at));
    if (doors.empty()) doors.push_back(snap(station.at));
  }
}

std::vector<geo::Seed> seeds_at(const std::vector<Snap>& places) {
  std::vector<geo::Seed> seeds;
  for (const Snap& s : places) seeds.push_back({s, 0});
  return seeds;
}

void walk_from_service_points(Walks& w, const geo::StreetGraph& g) {
  w.ground_mm.assign(w.ground_on_foot.size(), Walks::unreached);
  w.resident_mm.assign(w.residents_on_foot.size(), Walks::unreached);
  if (w.service_points.empty()) return;
  geo::StreetSearch search;
  search.run(g, TravelMode::walk, seeds_at(w.service_points), geo::StreetSearch::no_limit);
  for (std::size_t i = 0; i < w.on_foot.size(); ++i)
    if (const auto way = search.to(w.on_foot[i])) {
      w.service_point[i] = static_cast<std::int32_t>(way->seed);
      w.service_point_mm[i] = way->mm;
    }
  const auto measure = [&](const std::vector<Snap>& places, std::vector<std::uint32_t>& mm) {
    for (std::size_t i = 0; i < places.size(); ++i)
      if (const auto way = search.to(places[i])) mm[i] = way->mm;
  };
  measure(w.ground_on_foot, w.ground_mm), measure(w.residents_on_foot, w.resident_mm);
}

// The nearest of some service points by the straight line.
class StraightLines {
 public:
  StraightLines(const City& city, const std::vector<std::uint32_t>& numbers) : numbers_(numbers) {
    std::vector<geo::PointE7> points;
    for (const auto i : numbers) points.push_back(city.service_points[i].at);
    points_ = geo::RTree::build(points);
    for (std::uint32_t i = 0; i < points_.size(); ++i) from_.emplace_back(geo::to_lonlat(points_.point(i)));
  }

  // The number of a service point that is nearer than `mm`, which then becomes its length. Places come
  // in the order of the map, so the one nearest to the last place is tried first.
  std::optional<std::uint32_t> nearer(geo::PointE7 at, std::uint32_t& mm) {
    const geo::DistanceFrom place(geo::to_lonlat(at));
    std::optional<std::uint32_t> found;
    const auto bound_m = [&] { return std::min(mm, longest_mm) / (1000 * usual_detour); };
    const auto consider = [&](std::uint32_t i) {
      if (least_m(place, i) <= bound_m() && shorten(i, at, mm)) found = i;
    };
    consider(last_);
    points_.nearest([&](const geo::BoxE7& box) { return place.at_least_m(box); }, bound_m,
                    [&](std::uint32_t begin, std::uint32_t end) {
                      for (auto i = begin; i < end; ++i) consider(i);
                    });
    if (!found) return std::nullopt;
    last_ = *found;
    return numbers_[points_.order()[*found]];
  }

  // The same of all cells of a sheet, block by block: of a block only few points are the nearest of any cell.
  void shorten_all(const Ground::Sheet& sheet, std::vector<std::uint32_t>& mm) const {
    constexpr std::uint32_t side = 16;
    const double radius_m =
        side * sheet.cell_m;  // from the middle of a block to its corners it is 0.71 of that
    std::vector<std::uint32_t> near;
    for (std::uint32_t y = 0; y < sheet.rows; y += side)
      for (std::uint32_t x = 0; x < sheet.columns; x += side) {
        const auto end_x = std::min(x + side, sheet.columns), end_y = std::min(y + side, sheet.rows);
        const auto cell = [&](std::uint32_t column, std::uint32_t row) {
          return sheet.begin + row * sheet.columns + column;
        };
        find_near(sheet.centre(cell((x + end_x) / 2, (y + end_y) / 2)), radius_m, near);
        for (auto row = y; row < end_y && !near.empty(); ++row)
          for (auto column = x; column < end_x; ++column) {
            const auto here = cell(column, row);
            for (const auto i : near) shorten(i, geo::to_e7(sheet.centre(here)), mm[here]);
          }
      }
  }

 private:
  static constexpr std::uint32_t longest_mm = 30'000'000;  // an hour at 30 km/h: no circle is larger

  double least_m(const geo::DistanceFrom& place, std::uint32_t i) const {
    const auto p = points_.point(i);
    return place.at_least_m({p.lon, p.lat, p.lon, p.lat});
  }
  bool shorten(std::uint32_t i, geo::PointE7 at, std::uint32_t& mm) const {
    const auto length = straight_mm(from_[i], at);
    if (length > longest_mm || length >= mm) return false;
    mm = length;
    return true;
  }
  // The points that may be the nearest of a place within so many metres of a middle.
  void find_near(geo::LonLat middle, double radius_m, std::vector<std::uint32_t>& near) const {
    const geo::DistanceFrom from(middle);
    double most_m = longest_mm / (1000 * usual_detour) - radius_m;
    for (std::uint32_t i = 0; i < points_.size(); ++i) {
      const auto p = points_.point(i);
      most_m = std::min(most_m, from.at_most_m({p.lon, p.lat, p.lon, p.lat}));
    }
    near.clear();
    for (std::uint32_t i = 0; i < points_.size(); ++i)
      if (least_m(from, i) <= most_m + 2 * radius_m) near.push_back(i);
  }

  const std::vector<std::uint32_t>& numbers_;
  geo::RTree points_;
  std::vector<geo::DistanceFrom> from_;  // by rows of the tree
  std::uint32_t last_ = 0;
};

// If an extract has only a part of the city, the rest has circles by straight lines.
void go_straight_from_beyond(Walks& w, const geo::StreetGraph& g, const JobTable& jobs, const City& city) {
  for (std::uint32_t i = 0; i < city.service_points.size(); ++i)
    if (!w.service_points[i] &&
        footing(g, city.service_points[i].at, TravelMode::walk, w.snap_limit_m) == Footing::beyond)
      w.service_points_beyond.push_back(i);
  if (w.service_points_beyond.empty()) return;
  StraightLines lines(city, w.service_points_beyond);
  for (std::size_t i = 0; i < w.on_foot.size(); ++i)
    if (const auto point = lines.nearer(jobs.tree.point(w.spot_begin[i]), w.service_point_mm[i]))
      w.service_point[i] = static_cast<std::int32_t>(*point);
  for (std::size_t i = 0; i < w.resident_mm.size(); ++i)
    lines.nearer(city.population[i].at, w.resident_mm[i]);
  for (const auto& sheet : w.ground.sheets) lines.shorten_all(sheet, w.ground_mm);
}

struct WalkToStation {
  std::uint32_t spot, mm;
  std::uint16_t station;
};

// The spots on the edges of each node: what a search that reaches the node may reach.
struct SpotsByNode {
  std::vector<std::uint32_t> begin, spot;
};

SpotsByNode spots_by_node(const std::vector<Snap>& on_foot, const geo::StreetGraph& g) {
  SpotsByNode by;
  by.begin.assign(std::size_t{g.nodes()} + 1, 0);
  const auto each_end = [&](auto visit) {
    for (std::uint32_t i = 0; i < on_foot.size(); ++i)
      if (on_foot[i]) visit(g.edge(on_foot[i].edge).from, i), visit(g.edge(on_foot[i].edge).to, i);
  };
  each_end([&](std::uint32_t node, std::uint32_t) { ++by.begin[node + 1]; });
  std::partial_sum(by.begin.begin(), by.begin.end(), by.begin.begin());
  by.spot.resize(by.begin.back());
  auto next = by.begin;
  each_end([&](std::uint32_t node, std::uint32_t i) { by.spot[next[node]++] = i; });
  return by;
}

// Takes every second station, so that two threads share the city.
std::vector<WalkToStation> walk_from_stations(const Walks& w, const geo::StreetGraph& g,
                                              const SpotsByNode& by, std::size_t first) {
  std::vector<WalkToStation> pairs;
  geo::StreetSearch search;
  std::vector<std::uint32_t> asked_for(w.spots(), 0xFFFFFFFF);
  for (auto s = static_cast<std::uint32_t>(first); s < w.stations.size(); s += 2) {
    search.run(g, TravelMode::walk, seeds_at(w.stations[s]), w.station_limit_mm);
    const auto ask = [&](std::uint32_t node) {
      for (auto i = by.begin[node]; i < by.begin[node + 1]; ++i) {
        const auto spot = by.spot[i];
        if (std::exchange(asked_for[spot], s) == s) continue;
        if (const auto way = search.to(w.on_foot[spot]))
          pairs.push_back({spot, way->mm, static_cast<std::uint16_t>(s)});
      }
    };
    for (const auto node : search.nodes()) ask(node);
    for (const Snap& door : w.stations[s])  // a street so long that neither end is in reach
      if (door) ask(g.edge(door.edge).from);
  }
  return pairs;
}

void keep_stations(Walks& w, const std::vector<WalkToStation>& one, const std::vector<WalkToStation>& other) {
  w.station_begin.assign(std::size_t{w.spots()} + 1, 0);
  for (const auto* pairs : {&one, &other})
    for (const WalkToStation& p : *pairs) ++w.station_begin[p.spot + 1];
  std::partial_sum(w.station_begin.begin(), w.station_begin.end(), w.station_begin.begin());
  std::vector<std::uint64_t> near(w.station_begin.back());  // way above, station below
  auto next = w.station_begin;
  for (const auto* pairs : {&one, &other})
    for (const WalkToStation& p : *pairs) near[next[p.spot]++] = std::uint64_t{p.mm} << 32 | p.station;
  w.station.resize(near.size()), w.station_mm.resize(near.size());
  for (std::uint32_t spot = 0; spot < w.spots(); ++spot)
    std::sort(near.begin() + w.station_begin[spot], near.begin() + w.station_begin[spot + 1]);
  for (std::size_t i = 0; i < near.size(); ++i) {
    w.station[i] = static_cast<std::uint16_t>(near[i]);
    w.station_mm[i] = static_cast<std::uint32_t>(near[i] >> 32);
  }
}

// Both halves at once. Joined by its destructor where this thread throws; what it throws comes out of get().
template <typename Work>
auto on_two_threads(Work work) {
  auto second = std::async(std::launch::async, [&] { return work(1); });
  auto first = work(0);
  return std::pair(std::move(first), second.get());
}

}  // namespace

std::shared_ptr<const Walks> find_walks(const geo::StreetGraph& streets, const JobTable& jobs,
                                        const City& city, double snap_limit_m, std::int64_t hours_ignored) {
  auto walks = std::make_shared<Walks>();
  Walks& w = *walks;
  w.snap_limit_m = snap_limit_m;
  w.hours_ignored = hours_ignored;
  w.station_limit_mm = geo::millimetres(station_walk_minutes, station_walk_kmh);
  find_spots(w, jobs);
  snap_city(w, streets, city);
  w.ground = lay_ground(city);
  w.ground_on_foot.resize(w.ground.m2.size());
  on_two_threads([&](unsigned half) {
    const std::size_t middle = w.on_foot.size() / 2;
    snap_spots(w, streets, jobs, half ? middle : 0, half ? w.on_foot.size() : middle);
    snap_ground(w, streets, half);
    return 0;
  });
  const auto by_node = spots_by_node(w.on_foot, streets);
  const auto pairs = on_two_threads([&](unsigned half) {
    if (half == 1) {
      walk_from_service_points(w, streets);
      go_straight_from_beyond(w, streets, jobs, city);
    }
    return walk_from_stations(w, streets, by_node, half);
  });
  keep_stations(w, pairs.first, pairs.second);
  return walks;
}

std::size_t Walks::memory_bytes() const {
  return (spot.capacity() + spot_begin.capacity() + service_point.capacity() + service_point_mm.capacity() +
          station_begin.capacity() + station_mm.capacity()) *
             4 +
         (ground.m2.capacity() + ground_mm.capacity() + resident_mm.capacity()) * 4 +
         (ground_on_foot.capacity() + residents_on_foot.capacity()) * sizeof(Snap) + station.capacity() * 2 +
         (on_foot.capacity() + by_bike.capacity()) * sizeof(Snap);
}

}  // namespace jobmap::data
