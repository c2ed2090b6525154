#include <algorithm>
#include <limits>

#include "data/model/city.hpp"
#include "geo/distance.hpp"
#include "geo/polygon_index.hpp"

namespace jobmap::data {
namespace {

void assign_districts(City& city, const geo::RTree& cells) {
  for (std::size_t d = city.districts.size(); d-- > 0;) {
    const geo::PolygonIndex area(city.districts[d].geometry);
    cells.walk([&](const geo::BoxE7& box) { return area.relate(box); },
               [&](std::uint32_t begin, std::uint32_t end, bool inside) {
                 for (auto i = begin; i < end; ++i)
                   if (inside || area.contains(cells.point(i)))
                     city.population[cells.order()[i]].district = static_cast<std::uint8_t>(d);
               });
  }
}

}  // namespace

// The cells in the order of the map, each with its district and its nearest service point.
void City::place_population() {
  if (population.empty()) return;
  std::vector<geo::PointE7> points, sites;
  for (const auto& cell : population) points.push_back(cell.at);
  for (const auto& site : service_points) sites.push_back(site.at);
  const auto cells = geo::RTree::build(points), services = geo::RTree::build(sites);
  assign_districts(*this, cells);
  std::vector<PopulationCell> ordered;
  for (const auto i : cells.order()) ordered.push_back(population[i]);
  population = std::move(ordered);
  for (auto& cell : population) {
    const geo::DistanceFrom from(geo::to_lonlat(cell.at));
    double best = std::numeric_limits<double>::infinity();
    services.nearest([&](const geo::BoxE7& box) { return from.at_least_m(box); }, [&] { return best; },
                     [&](std::uint32_t begin, std::uint32_t end) {
                       for (auto i = begin; i < end; ++i) {
                         const auto at = services.point(i);
                         if (from.at_least_m({at.lon, at.lat, at.lon, at.lat}) <= best)
                           best = std::min(best, from.metres(at));
                       }
                     });
    cell.service_point_m = best;
  }
}

}  // namespace jobmap::data
