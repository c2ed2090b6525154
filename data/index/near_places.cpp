#include "data/index/near_places.hpp"

#include <algorithm>
#include <cmath>
#include <future>
#include <limits>

#include "geo/distance.hpp"

namespace jobmap::data {
namespace {

struct RowNearPlace {
  Row row;
  std::uint16_t station;
  float metres;
};

void find_stations(JobTable& t, const City& city) {
  std::vector<RowNearPlace> pairs;
  for (std::uint16_t s = 0; s < city.stations.size(); ++s) {
    const geo::DistanceFrom from(geo::to_lonlat(city.stations[s].at));
    t.tree.walk([&](const geo::BoxE7& box) { return from.relate(box, station_reach_m); },
                [&](Row begin, Row end, bool inside) {
                  for (Row row = begin; row < end; ++row)
                    if (inside || from.within(t.tree.point(row), station_reach_m))
                      pairs.push_back({row, s, static_cast<float>(from.metres(t.tree.point(row)))});
                });
  }
  t.station_begin.assign(std::size_t{t.located} + 1, 0);
  for (const RowNearPlace& p : pairs) ++t.station_begin[p.row + 1];
  for (Row row = 0; row < t.located; ++row) t.station_begin[row + 1] += t.station_begin[row];
  std::vector<RowNearPlace> by_row(pairs.size());
  auto next = t.station_begin;
  for (const RowNearPlace& p : pairs) by_row[next[p.row]++] = p;
  t.station.resize(pairs.size());
  t.station_m.resize(pairs.size());
  for (Row row = 0; row < t.located; ++row) {
    const auto begin = by_row.begin() + t.station_begin[row], end = by_row.begin() + t.station_begin[row + 1];
    std::sort(begin, end, [](const RowNearPlace& a, const RowNearPlace& b) {
      return a.metres != b.metres ? a.metres < b.metres : a.station < b.station;
    });
    for (auto it = begin; it != end; ++it) {
      t.station[it - by_row.begin()] = it->station;
      t.station_m[it - by_row.begin()] = it->metres;
    }
  }
}

// Single precision tells but for the last centimetres.
void find_default_circle(JobTable& t, const City& city) {
  constexpr double doubtful_m = 0.05;
  for (Row row = 0; row < t.located; ++row) {
    const double d = t.service_point_m[row];
    bool inside = d <= default_circle_m;
    if (std::abs(d - default_circle_m) <= doubtful_m) {
      const auto& site = city.service_points[static_cast<std::size_t>(t.service_point[row])];
      inside = geo::DistanceFrom(geo::to_lonlat(site.at)).within(t.tree.point(row), default_circle_m);
    }
    if (inside) t.in_default_circle.set(row);
  }
}

void find_service_points(JobTable& t, const geo::RTree& sites) {
  for (Row row = 0; row < t.located; ++row) {
    if (row > 0 && t.tree.point(row) == t.tree.point(row - 1)) {  // one building, many jobs
      t.service_point[row] = t.service_point[row - 1];
      t.service_point_m[row] = t.service_point_m[row - 1];
      continue;
    }
    const geo::DistanceFrom from(geo::to_lonlat(t.tree.point(row)));
    double best = std::numeric_limits<double>::infinity();
    std::uint32_t site = 0;
    auto consider = [&](std::uint32_t i) {
      const auto at = sites.point(i);
      // A leaf reaches far where sites are rare, and the geodesic of a far one costs fifty times this bound.
      if (from.at_least_m({at.lon, at.lat, at.lon, at.lat}) > best) return;
      const double d = from.metres(at);
      const auto id = sites.order()[i];
      if (d < best || (d == best && id < site)) best = d, site = id;
    };
    sites.nearest([&](const geo::BoxE7& box) { return from.at_least_m(box); }, [&] { return best; },
                  [&](std::uint32_t first, std::uint32_t last) {
                    for (auto i = first; i < last; ++i) consider(i);
                  });
    t.service_point[row] = static_cast<std::int32_t>(site);
    t.service_point_m[row] = static_cast<float>(best);
  }
}

}  // namespace

void find_near_places(JobTable& t, const City& city) {
  t.service_point.assign(t.located, no_value);
  t.service_point_m.assign(t.located, std::numeric_limits<float>::infinity());
  t.in_default_circle = Bitmap(t.size);
  std::vector<geo::PointE7> points;
  for (const Site& site : city.service_points) points.push_back(site.at);
  const auto sites = geo::RTree::build(points);
  if (points.empty()) return find_stations(t, city);
  // Joined by its destructor where this thread throws; what it throws itself comes out of get().
  auto services = std::async(std::launch::async, [&] { find_service_points(t, sites); });
  find_stations(t, city);
  services.get();
  find_default_circle(t, city);
}

}  // namespace jobmap::data
