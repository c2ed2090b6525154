// Explains the parameters that ask for a job's position.
#include <cmath>
#include <limits>

#include "data/index/walks.hpp"
#include "geo/crs.hpp"
#include "server/query/explain/explain.hpp"
#include "server/query/filter/reach.hpp"
#include "server/query/syntax/number_text.hpp"

namespace jobmap::query {
namespace {

// 1240.4 as "1,240".
std::string grouped(double v) {
  auto text = std::to_string(std::llround(v));
  for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3)
    text.insert(static_cast<std::size_t>(at), 1, ',');
  return text;
}

double tenths(double v) { return std::round(v * 10) / 10; }

struct Nearest {
  std::size_t index = 0;
  double metres = std::numeric_limits<double>::infinity();
};
template <typename Places, typename At>
Nearest nearest(const Places& places, geo::LonLat from, At&& at) {
  Nearest best;
  for (std::size_t i = 0; i < places.size(); ++i)
    if (const double m = geo::geodesic_distance_m(from, at(places[i])); m < best.metres) best = {i, m};
  return best;
}

// False where the job has no point, which is then said.
bool has_point(const Subject& s, Verdict& v) {
  if (s.row < s.snapshot.jobs->located) return true;
  v.text = "the job has no point";
  return false;
}
geo::LonLat point(const Subject& s) { return geo::to_lonlat(s.snapshot.jobs->tree.point(s.row)); }

// Whether the job meets a street that its mode can use.
bool has_way(const Subject& s) {
  const auto& walks = s.snapshot.walks;
  if (!walks || beyond_streets(s.query, s.snapshot).any()) return true;
  const auto& spots = s.query.mode == TravelMode::bike ? walks->by_bike : walks->on_foot;
  return static_cast<bool>(spots[walks->spot[s.row]]);
}

// Searched as far as minutes can be asked for, so that what is late says by how much.
void say_minutes(const Subject& s, Verdict& v) {
  JobQuery farthest = s.query;
  for (auto& place : farthest.reach) place.minutes = most_minutes;
  if (farthest.station_minutes) farthest.station_minutes = most_station_minutes;
  const auto reaches = reaches_of(farthest, s.snapshot);
  const double beyond = std::numeric_limits<double>::infinity();
  double minutes = 0, limit = 0;
  std::size_t place = 0;
  for (std::size_t i = 0; i < reaches.size(); ++i) {
    const double asked =
        s.query.station_minutes.value_or(i < s.query.reach.size() ? s.query.reach[i].minutes : 0);
    const double takes = reaches[i]->leaf(s.row, s.row + 1) ? reaches[i]->minutes(s.row) : beyond;
    if (i == 0 || takes - asked > minutes - limit) minutes = takes, limit = asked, place = i;
  }
  v.limit = limit;
  const std::string from =
      reaches.size() > 1 ? place ? " from the second place" : " from the first place" : "";
  if (!has_way(s)) {
    v.text = "no way to it is known, limit " + shortest_decimal(limit) + " minutes";
  } else if (minutes == beyond) {
    const auto more =
        "more than " + shortest_decimal(s.query.station_minutes ? most_station_minutes : most_minutes);
    v.actual = more;
    v.text = more + " minutes" + from + ", limit " + shortest_decimal(limit);
  } else {
    const double shown = v.passed ? tenths(minutes) : std::ceil(minutes * 10) / 10;
    v.actual = shown;
    v.text = shortest_decimal(shown) + " minutes" + from + ", limit " + shortest_decimal(limit);
  }
}

}  // namespace

void say_anchor(const Subject& s, Verdict& v) {
  if (!has_point(s, v)) return;
  if (s.query.has_minutes()) return say_minutes(s, v);
  const auto near = nearest(s.query.anchors, point(s), [](auto p) { return p; });
  const bool named = near.index < s.query.stations.size();
  v.actual = tenths(near.metres), v.limit = s.query.radius_m;
  v.text = grouped(near.metres) + " m from " +
           (named ? s.snapshot.city->stations[s.query.stations[near.index]].name : "the place") + ", limit " +
           grouped(s.query.radius_m) + " m";
}

void say_circle(const Subject& s, Verdict& v) {
  if (!has_point(s, v)) return;
  const auto& all = s.snapshot.city->service_points;
  std::vector<std::uint32_t> points = s.query.circle_points;
  for (std::uint32_t i = 0; s.query.circle_service && i < all.size(); ++i) points.push_back(i);
  if (points.empty()) {
    v.text = "there are no service points";
    return;
  }
  const auto near = nearest(points, point(s), [&](auto i) { return geo::to_lonlat(all[i].at); });
  v.actual = tenths(near.metres);
  v.text = grouped(near.metres) + " m from " + all[points[near.index]].name;
  if (method_name(s.query, s.snapshot) == "network") {
    v.text += " in a straight line, limit " + shortest_decimal(s.query.circle_minutes) +
              " minutes along the streets";
  } else {
    const double limit = s.query.method.metres(s.query.circle_minutes);
    v.limit = tenths(limit);
    v.text += ", limit " + grouped(limit) + " m";
  }
}

void say_place(const Subject& s, Verdict& v) {
  v.limit = v.value;
  if (!has_point(s, v)) return;
  const auto crs = s.query.bbox ? s.query.bbox_crs : s.query.crs;
  const auto at = geo::from_wgs84(crs, point(s));
  const double scale = geo::is_geographic(crs) ? 1e7 : 100;
  const auto position = shortest_decimal(std::round(at.x * scale) / scale) + ',' +
                        shortest_decimal(std::round(at.y * scale) / scale);
  v.actual = position;
  const std::string name = s.query.bbox ? "the box" : s.query.within ? "the area" : "the cell";
  v.text = position + (v.passed ? " is inside " : " is outside ") + name;
}

}  // namespace jobmap::query
