#include "server/query/service/site_circle.hpp"

#include <algorithm>
#include <boost/iterator/counting_iterator.hpp>
#include <cmath>
#include <utility>

#include "data/index/walks.hpp"
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
      straight_{method.metres(minutes)},
      reach_m_(snapshot.walks
                   ? StraightLine{method.speed_kmh, snapshot.streets->least_detour()}.metres(minutes) + 1
                   : straight_.metres),
      limit_mm_(geo::millimetres(minutes, method.speed_kmh)) {
  if (snapshot.walks) straight_.limit_mm = limit_mm_;
}

bool SiteCircles::is_beyond(geo::LonLat place) const {
  return data::footing(*snapshot_.streets, geo::to_e7(place), geo::TravelMode::walk,
                       snapshot_.walks->snap_limit_m) == data::Footing::beyond;
}

SiteCircle SiteCircles::at(geo::LonLat place) const {
  if (!snapshot_.walks || is_beyond(place)) return {snapshot_, place, straight_, reach_m_, nullptr};
  auto& search = geo::StreetSearch::of_this_thread();
  const auto limit_m = snapshot_.walks->snap_limit_m;
  const geo::Seed seed{snapshot_.streets->snap(geo::to_e7(place), geo::TravelMode::walk, limit_m), 0};
  search.run(*snapshot_.streets, geo::TravelMode::walk, {&seed, 1}, limit_mm_);
  return {snapshot_, place, straight_, reach_m_, &search};
}

AnyCircle SiteCircles::any_of(std::span<const geo::LonLat> places) const {
  std::vector<geo::DistanceFrom> from;
  std::vector<geo::Seed> seeds;
  for (const auto place : places)
    if (!snapshot_.walks || is_beyond(place))
      from.emplace_back(place);
    else
      seeds.push_back(
          {snapshot_.streets->snap(geo::to_e7(place), geo::TravelMode::walk, snapshot_.walks->snap_limit_m),
           0});
  if (seeds.empty()) return {snapshot_, std::move(from), straight_, nullptr};
  auto& search = geo::StreetSearch::of_this_thread();
  search.run(*snapshot_.streets, geo::TravelMode::walk, seeds, limit_mm_);
  return {snapshot_, std::move(from), straight_, &search};
}

// Places are asked for in the order of the tree, so most lie in the circle that held the last one: it is
// asked first.
bool AnyCircle::is_near(geo::PointE7 at) {
  geo::check_deadline();
  for (auto& from : from_)
    if (straight_.holds(from, at)) {
      std::swap(from, from_.front());
      return true;
    }
  return false;
}
bool AnyCircle::has_job(data::Row row) {
  const auto* walks = snapshot_.walks.get();
  return (walks && is_reached(walks->on_foot[walks->spot[row]])) || is_near(snapshot_.jobs->tree.point(row));
}
bool AnyCircle::has_resident(std::size_t index) {
  const auto* walks = snapshot_.walks.get();
  return (walks && is_reached(walks->residents_on_foot[index])) ||
         is_near(snapshot_.city->population[index].at);
}
bool AnyCircle::has_cell(std::size_t cell) {
  geo::check_deadline();
  const auto& walks = *snapshot_.walks;
  if (is_reached(walks.ground_on_foot[cell])) return true;
  if (from_.empty()) return false;
  const auto& sheets = walks.ground.sheets;
  const auto next = std::upper_bound(sheets.begin(), sheets.end(), cell,
                                     [](std::size_t at, const auto& sheet) { return at < sheet.begin; });
  return is_near(geo::to_e7(std::prev(next)->centre(static_cast<std::uint32_t>(cell))));
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
    // Measured in millimetres, what lies in a box inside is not in for certain.
    const bool is_certain = !straight_.limit_mm;
    walk([&](data::Row row, bool inside) { return (inside && is_certain) || has(tree.point(row)); });
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
        (search_ ? search_->to(snapshot_.walks->residents_on_foot[i]).has_value() : has(population[i].at)))
      set(cells, i);
  }
  return cells;
}

geo::CoverSet SiteCircle::cells(const data::Ground& ground) const {
  geo::CoverSet cells;
  const auto box = geo::enclosing_box(from_.origin(), reach_m_);
  if (search_) {
    ground.visit(box, [&](std::uint32_t cell, const data::Ground::Sheet&) {
      geo::check_deadline();
      if (search_->to(snapshot_.walks->ground_on_foot[cell])) set(cells, cell);
    });
    return cells;
  }
  // Along a row the distance falls to the cell nearest in longitude and rises behind it, so that the cells in
  // the circle are neighbours: their ends are found by bisection.
  ground.visit_rows(box, [&](std::uint32_t begin, std::uint32_t end, const data::Ground::Sheet& sheet) {
    geo::check_deadline(8);
    const auto is_in = [&](std::uint32_t cell) { return has(geo::to_e7(sheet.centre(cell))); };
    const double columns = std::round((from_.origin().lon - sheet.centre(begin).lon) / sheet.dx);
    const auto nearest =
        begin + static_cast<std::uint32_t>(std::clamp(columns, 0.0, double(end - begin - 1)));
    if (!is_in(nearest)) return;
    using Column = boost::counting_iterator<std::uint32_t>;
    const auto is_out = [&](std::uint32_t cell) { return !is_in(cell); };
    const auto first = *std::partition_point(Column(begin), Column(nearest), is_out);
    const auto last = *std::partition_point(Column(nearest), Column(end), is_in) - 1;
    for (auto cell = first; cell <= last; ++cell)
      if (ground.m2[cell] > 0) set(cells, cell);
  });
  return cells;
}

}  // namespace jobmap::query
