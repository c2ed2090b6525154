#include "server/api/answer_cost.hpp"

#include <algorithm>
#include <cmath>

#include "data/index/walks.hpp"
#include "server/encode/city_geojson.hpp"
#include "server/encode/job_record.hpp"
#include "server/query/filter/expression_cost.hpp"
#include "server/query/list/property_order.hpp"
#include "server/query/parse/areas.hpp"
#include "server/query/tile/tile_budget.hpp"

namespace jobmap::api {
namespace {

using query::JobQuery;
using query::Sort;

// A circle of this radius round a place in a city holds about all there is; smaller ones their share of its
// area.
constexpr double whole_city_m = 5000;

double share_of_city(double radius_m, std::size_t circles) {
  return std::min(1.0, radius_m * radius_m * static_cast<double>(circles) / (whole_city_m * whole_city_m));
}

// How many of the rows the place lets through to the other predicates.
double reached_rows(const JobQuery& q, double rows) {
  double share = 1;
  if (q.has_distance()) share = share_of_city(q.radius_m, q.anchors.size());
  if (q.anchor == query::AnchorKind::reach && q.mode != query::TravelMode::metro)
    for (const auto& place : q.reach)
      share = std::min(share, share_of_city(q.travel.metres(place.minutes), 1));
  return std::max(rows * share, std::min(rows, 1000.0));
}

double place_ns(const JobQuery& q, const data::Snapshot& s, double rows, double reached) {
  double ns = 0;
  if (q.has_distance()) ns += reached * 2 * std::min<double>(static_cast<double>(q.anchors.size()), 60);
  if (!q.circle_points.empty())
    ns += rows * 2 * std::min<double>(static_cast<double>(q.circle_points.size()), 60);
  if (q.within) ns += rows * (20 + 0.7 * q.within->index.edges_a_strip());
  if (q.bbox) ns += rows * (geo::is_shifted(q.bbox_crs) ? 300 : geo::is_geographic(q.bbox_crs) ? 1 : 60);
  const bool metro = q.mode == query::TravelMode::metro;
  if (s.walks && (q.has_minutes() || !q.circle_points.empty())) {
    const double searches = static_cast<double>(std::max<std::size_t>(1, q.reach.size())) * (metro ? 2 : 1);
    const double spots = static_cast<double>(s.walks->on_foot.size());
    ns += searches * (3e6 + spots * 25) + reached * 20;
  } else if (q.has_minutes()) {
    ns += metro ? rows * 120 : reached * 30;
  }
  return ns;
}

// The cost of looking up the words of a query, and of checking the texts that may hold them.
double words_ns(const JobQuery& q, const data::Snapshot& s) {
  constexpr double posting_ns = 2, run_ns = 200, word_ns = 1500;
  const auto effort = s.jobs->texts->effort(q.terms);
  return static_cast<double>(effort.postings) * posting_ns + static_cast<double>(effort.runs) * run_ns +
         static_cast<double>(effort.words) * word_ns;
}

// The cost of finding the matches among so many rows and counting them.
double find_ns(const JobQuery& q, const data::Snapshot& s, double rows) {
  constexpr double shift_ns = 300, word_ns = 1;
  const double reached = reached_rows(q, rows);
  double ns = 30'000 + rows * 0.3 + place_ns(q, s, rows, reached);
  const double text_ns = (q.shift ? shift_ns : 0) + (q.filter ? query::row_ns(*q.filter, s) : 0);
  // A query that names a place also counts what matches all the rest and has no point.
  ns += (reached + (q.names_place() ? s.jobs->size - s.jobs->located : 0)) * text_ns;
  if (!q.terms.empty()) ns += 100'000 + rows * word_ns * static_cast<double>(q.terms.size()) + words_ns(q, s);
  if (q.pay_min || q.experience_max || q.posted_since || q.valid) ns += reached * 1;
  return ns;
}

// The cost of choosing a page of them in their order.
double order_ns(const JobQuery& q, double rows) {
  constexpr double metres_ns = 250, minutes_ns = 100, key_ns = 20;
  const double reached = reached_rows(q, rows), page = q.limit;
  const double anchors = 1 + static_cast<double>(q.anchors.size()) / 12;
  switch (q.sort) {
    case Sort::distance:
      return q.reverse ? reached * metres_ns * anchors : std::min(reached * 20, reached * 4 + page * 4000);
    case Sort::minutes:
      return reached * minutes_ns;
    case Sort::newest:  // from the newest on until the page is full: an expression may let few through
      return q.reverse || q.filter ? reached * key_ns : std::min(reached, page * 400) * key_ns;
    case Sort::pay:
      return reached * key_ns;
    case Sort::relevance:
      return reached * key_ns * 2;
    case Sort::properties:
      return reached * query::sort_ns(q.order);
  }
  return 0;
}

}  // namespace

Cost list_cost(const JobQuery& q, const data::Snapshot& s) {
  constexpr double row_ns = 2500, row_bytes = 1300, station_bytes = 110, leg_ns = 3000, leg_bytes = 600;
  const double rows = s.jobs->size, page = std::min<double>(q.limit, rows);
  double each_ns = row_ns, each_bytes = row_bytes;
  if (encode::station_reach_m(q) > data::station_reach_m) {
    each_ns += 8000;
    each_bytes += station_bytes * static_cast<double>(encode::most_stations);
  }
  if (q.mode == query::TravelMode::metro) each_ns += leg_ns, each_bytes += leg_bytes;
  if (!geo::is_wgs84(q.crs)) each_ns += 1000;
  const double ns = find_ns(q, s, rows) * (q.explain ? 1.5 : 1) + order_ns(q, rows) + page * each_ns;
  return {ns / 1000, 1000 + page * each_bytes};
}

Cost facets_cost(const JobQuery& q, const data::Snapshot& s, std::size_t facets, bool multi) {
  constexpr double value_ns = 6, minutes_ns = 60;
  const double rows = s.jobs->size, asked = static_cast<double>(facets);
  const double walks = multi ? asked + 2 : 2;  // and one for the totals
  const double each = value_ns + (q.has_minutes() ? minutes_ns / asked : 0);
  return {(find_ns(q, s, rows) * walks + reached_rows(q, rows) * asked * each) / 1000, 4000 * asked};
}

Cost tile_cost(const JobQuery& q, const data::Snapshot& s, std::size_t in_tile) {
  constexpr double feature_ns = 300, shifted_ns = 300, feature_bytes = 150;
  // Jobs one by one where they are few, else clusters, which are fewer.
  const double rows = static_cast<double>(in_tile),
               features = std::min(rows, static_cast<double>(query::crowd(geo::max_zoom)));
  double ns = 50'000 + find_ns(q, s, rows) + rows * 4 + features * feature_ns;
  if (geo::is_shifted(q.crs)) ns += std::max(rows, std::min<double>(s.jobs->size, 20'000)) * shifted_ns;
  return {ns / 1000, 500 + features * feature_bytes};
}

Cost explain_cost(const JobQuery& q, const data::Snapshot& snapshot) {
  return {(q.has_minutes() ? 15'000 : 1000) + words_ns(q, snapshot) / 1000, 20'000};
}

Cost city_cost(const data::City& city, encode::CityLayer layer, std::size_t limit, bool projected) {
  const auto rows = static_cast<double>(std::min(limit, encode::city_size(city, layer)));
  double points = rows;
  if (layer == encode::CityLayer::lines)
    for (const auto& line : city.lines)
      for (const auto& branch : line.geometry) points += static_cast<double>(branch.size());
  if (layer == encode::CityLayer::districts)
    for (const auto& district : city.districts)
      for (const auto& polygon : district.geometry)
        for (const auto& ring : polygon) points += static_cast<double>(ring.size());
  return {100 + 2.5 * rows + (projected ? 1 : 0.1) * points, 2000 + 400 * rows + 25 * points};
}

double html_us(double json_bytes) { return json_bytes * 0.02; }

Cost isochrone_cost(const JobQuery& travel, double minutes, const data::Snapshot& s) {
  constexpr double drawing_us = 2500, node_us = 0.4, nodes_a_km2 = 400, pi = 3.14, bytes = 60'000;
  if (!s.streets) return {drawing_us, bytes};
  const double km = travel.travel.metres(minutes) / 1000, nodes = s.streets->nodes();
  const bool far = travel.mode == query::TravelMode::metro && minutes > 15;  // at many doors
  return {drawing_us + node_us * (far ? nodes : std::min(nodes, nodes_a_km2 * pi * km * km)), bytes};
}

}  // namespace jobmap::api
