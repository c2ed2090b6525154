#include "query/service/site_circle.hpp"

#include "data/walks.hpp"
#include "geo/distance.hpp"

namespace jobmap::query {
namespace {

void set(geo::CoverSet& set, std::size_t element) {
  const auto word = static_cast<std::uint32_t>(element / 64);
  if (set.empty() || set.back().word != word) set.push_back({word, 0});
  set.back().elements |= 1ull << (element % 64);
}

}  // namespace

SiteCircles::SiteCircles(const data::Snapshot& snapshot, const StraightLine& method, double minutes)
    : snapshot_(snapshot),
      method_(method),
      minutes_(minutes),
      metres_(method.metres(minutes)),
      reach_m_(snapshot.walks
                   ? StraightLine{method.speed_kmh, snapshot.streets->least_detour()}.metres(minutes) + 1
                   : metres_) {}

geo::CoverSet SiteCircles::jobs(geo::LonLat at) const {
  const auto& tree = snapshot_.jobs->tree;
  const geo::DistanceFrom from(at);
  geo::CoverSet rows;
  const auto walk = [&](auto&& is_in) {
    tree.walk([&](const geo::BoxE7& box) { return from.relate(box, reach_m_); },
              [&](data::Row begin, data::Row end, bool inside) {
                for (auto row = begin; row < end; ++row)
                  if (is_in(row, inside)) set(rows, row);
              });
  };
  if (!snapshot_.walks) {
    walk([&](data::Row row, bool inside) { return inside || from.within(tree.point(row), metres_); });
    return rows;
  }
  const auto& walks = *snapshot_.walks;
  const auto& search = search_from(at);
  walk([&](data::Row row, bool) { return search.to(walks.on_foot[walks.spot[row]]).has_value(); });
  return rows;
}

const geo::StreetSearch& SiteCircles::search_from(geo::LonLat at) const {
  auto& search = geo::StreetSearch::of_this_thread();
  const auto limit_m = snapshot_.walks->snap_limit_m;
  const geo::Seed seed{snapshot_.streets->snap(geo::to_e7(at), geo::TravelMode::walk, limit_m), 0};
  search.run(*snapshot_.streets, geo::TravelMode::walk, {&seed, 1},
             geo::millimetres(minutes_, method_.speed_kmh));
  return search;
}

geo::CoverSet SiteCircles::people(geo::LonLat at) const {
  const geo::DistanceFrom from(at);
  const auto box = geo::enclosing_box(at, reach_m_);
  const auto* search = snapshot_.walks ? &search_from(at) : nullptr;
  geo::CoverSet cells;
  const auto& population = snapshot_.city->population;
  for (std::size_t i = 0; i < population.size(); ++i)
    if (box.contains(population[i].at) &&
        (search ? search->to(snapshot_.walks->residents_on_foot[i]).has_value()
                : from.within(population[i].at, metres_)))
      set(cells, i);
  return cells;
}

geo::CoverSet SiteCircles::cells(geo::LonLat at, const data::Ground& ground) const {
  const geo::DistanceFrom from(at);
  const auto* search = snapshot_.walks ? &search_from(at) : nullptr;
  geo::CoverSet cells;
  ground.visit(geo::enclosing_box(at, reach_m_), [&](std::uint32_t cell, const data::Ground::Sheet& sheet) {
    if (search ? search->to(snapshot_.walks->ground_on_foot[cell]).has_value()
               : from.within(geo::to_e7(sheet.centre(cell)), metres_))
      set(cells, cell);
  });
  return cells;
}

}  // namespace jobmap::query
