#include "query/service/site_circle.hpp"

#include "data/walks.hpp"
#include "geo/deadline.hpp"

namespace jobmap::query {
namespace {

constexpr data::Row rows_a_check = 64;

void set(geo::CoverSet& set, std::size_t element) {
  const auto word = static_cast<std::uint32_t>(element / 64);
  if (set.empty() || set.back().word != word) set.push_back({word, 0});
  set.back().elements |= 1ull << (element % 64);
}

}  // namespace

SiteCircles::SiteCircles(const data::Snapshot& snapshot, const StraightLine& method, double minutes)
    : snapshot_(snapshot),
      metres_(method.metres(minutes)),
      reach_m_(snapshot.walks
                   ? StraightLine{method.speed_kmh, snapshot.streets->least_detour()}.metres(minutes) + 1
                   : metres_),
      limit_mm_(geo::millimetres(minutes, method.speed_kmh)) {}

SiteCircle SiteCircles::at(geo::LonLat place) const {
  if (!snapshot_.walks) return {snapshot_, place, metres_, reach_m_, nullptr};
  auto& search = geo::StreetSearch::of_this_thread();
  const auto limit_m = snapshot_.walks->snap_limit_m;
  const geo::Seed seed{snapshot_.streets->snap(geo::to_e7(place), geo::TravelMode::walk, limit_m), 0};
  search.run(*snapshot_.streets, geo::TravelMode::walk, {&seed, 1}, limit_mm_);
  return {snapshot_, place, metres_, reach_m_, &search};
}

geo::CoverSet SiteCircle::jobs() const {
  const auto& tree = snapshot_.jobs->tree;
  geo::CoverSet rows;
  const auto walk = [&](auto&& is_in) {
    tree.walk([&](const geo::BoxE7& box) { return from_.relate(box, reach_m_); },
              [&](data::Row begin, data::Row end, bool inside) {
                for (auto row = begin; row < end; ++row) {
                  if ((row - begin) % rows_a_check == 0) geo::check_deadline();
                  if (is_in(row, inside)) set(rows, row);
                }
              });
  };
  if (!search_) {
    walk([&](data::Row row, bool inside) { return inside || from_.within(tree.point(row), metres_); });
    return rows;
  }
  const auto& walks = *snapshot_.walks;
  walk([&](data::Row row, bool) { return search_->to(walks.on_foot[walks.spot[row]]).has_value(); });
  return rows;
}

geo::CoverSet SiteCircle::people() const {
  const auto box = geo::enclosing_box(from_.origin(), reach_m_);
  geo::CoverSet cells;
  const auto& population = snapshot_.city->population;
  for (std::size_t i = 0; i < population.size(); ++i) {
    if (i % 256 == 0) geo::check_deadline();
    if (box.contains(population[i].at) &&
        (search_ ? search_->to(snapshot_.walks->residents_on_foot[i]).has_value()
                 : from_.within(population[i].at, metres_)))
      set(cells, i);
  }
  return cells;
}

geo::CoverSet SiteCircle::cells(const data::Ground& ground) const {
  geo::CoverSet cells;
  ground.visit(geo::enclosing_box(from_.origin(), reach_m_),
               [&](std::uint32_t cell, const data::Ground::Sheet& sheet) {
                 geo::check_deadline();
                 if (search_ ? search_->to(snapshot_.walks->ground_on_foot[cell]).has_value()
                             : from_.within(geo::to_e7(sheet.centre(cell)), metres_))
                   set(cells, cell);
               });
  return cells;
}

}  // namespace jobmap::query
