#pragma once
// Random job queries, as a user would write them, and what they should give by a loop over the postings: from
// the parameters themselves and not from the parsed query.
//
//   Oracle o(city);  add_place(o), add_rest(o);
//   auto q = parse(o.text, *city.snapshot);
//   o.matches(posting);      // whether the list has it
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "data/model/time.hpp"
#include "geo/cell.hpp"
#include "geo/crs.hpp"
#include "server/query/parse/job_query.hpp"
#include "tests/query/small_city.hpp"

namespace jobmap::query {

using data::Posting;
using test::SmallCity;

inline JobQuery parse(const std::string& text, const data::Snapshot& s) {
  const auto params = Params::parse(text);
  EXPECT_TRUE(params.has_value()) << text;
  Reader r(*params);
  auto q = parse_filter(r, s);
  parse_listing(r, q, s);
  r.finish();
  if (r.failed()) ADD_FAILURE() << text << ": " << r.error().parameter << " " << r.error().message;
  return q;
}

struct Oracle {
  explicit Oracle(SmallCity& small) : c(small) {}

  SmallCity& c;
  std::string text;
  std::vector<geo::LonLat> anchors, circles;
  double radius = 0, circle_m = 0;
  bool has_anchor = false, has_circle = false, has_box = false;
  geo::Box box;  // at home
  std::optional<geo::CellId> cell;
  std::vector<std::function<bool(const Posting&)>> rest;

  void add(const std::string& parameter) { text += (text.empty() ? "" : "&") + parameter; }

  static double distance(const std::vector<geo::LonLat>& from, geo::LonLat p) {
    double best = 1e18;
    for (const auto& a : from) best = std::min(best, geo::geodesic_distance_m(a, p));
    return best;
  }
  bool alive(const Posting& p) const { return test::is_shown(p); }
  bool placed(const Posting& p) const {
    if (!p.point) return false;
    if (has_anchor && distance(anchors, *p.point) > radius) return false;
    if (has_circle && distance(circles, *p.point) > circle_m) return false;
    if (cell && !in_square(*p.point, cell->square())) return false;
    const double lon = c.at_home(p.point->lon);
    return !has_box ||
           (lon >= box.min_x && lon <= box.max_x && p.point->lat >= box.min_y && p.point->lat <= box.max_y);
  }
  bool names_place() const { return has_anchor || has_circle || has_box || cell; }
  // Half-open, by the unit square.
  static bool in_square(geo::LonLat p, geo::TileId square) {
    const auto m = geo::to_mercator(p);
    const double n = std::exp2(square.z);
    return std::floor(m.x * n) == square.x && std::floor(m.y * n) == square.y;
  }
  bool others(const Posting& p) const {
    return alive(p) && std::all_of(rest.begin(), rest.end(), [&](const auto& f) { return f(p); });
  }
  bool matches(const Posting& p) const { return others(p) && (!names_place() || placed(p)); }
};

inline std::string number(double v) {
  char text[40];
  return {text, static_cast<std::size_t>(std::snprintf(text, sizeof text, "%.7f", v))};
}

inline void add_place(Oracle& o) {
  auto& c = o.c;
  const int anchor = c.pick(5);
  if (anchor == 0) {
    const auto p = c.place();
    o.anchors = {p}, o.add("near=" + number(p.lon) + "," + number(p.lat)), o.radius = 1000;
  } else if (anchor == 1) {
    const int a = c.pick(8), b = c.pick(8);
    o.anchors = {geo::to_lonlat(c.city->stations[a].at), geo::to_lonlat(c.city->stations[b].at)};
    o.add("station=s" + std::to_string(a) + ",Stop+" + std::to_string(b)), o.radius = 800;
  } else if (anchor == 2) {
    const int l = c.pick(2);
    for (const auto s : c.city->lines[l].branches[0])
      o.anchors.push_back(geo::to_lonlat(c.city->stations[s].at));
    o.add(l ? "line=2号线" : "line=1"), o.radius = 800;
  }
  o.has_anchor = anchor < 3;
  if (o.has_anchor && c.pick(2)) {
    o.radius = std::round(std::pow(10.0, c.uniform(1, 4.69)));
    o.add("radius=" + std::to_string(static_cast<int>(o.radius)));
  }
  if (c.pick(4) == 0) {
    double minutes = 15;
    const bool all = c.pick(2);
    o.add(all ? "circle=service" : "circle=p1,p4");
    if (c.pick(2))
      minutes = 1 + c.pick(60), o.add("circle_minutes=" + std::to_string(static_cast<int>(minutes)));
    o.has_circle = true, o.circle_m = minutes * 60 * 1.3 / 1.22;
    for (std::size_t i = 0; i < c.city->service_points.size(); ++i)
      if (all || i == 1 || i == 4) o.circles.push_back(geo::to_lonlat(c.city->service_points[i].at));
  }
  if (c.pick(4) == 0) {
    auto a = c.place(), b = c.place();
    a.lon = c.at_home(a.lon), b.lon = c.at_home(b.lon);
    o.box = {std::min(a.lon, b.lon), std::min(a.lat, b.lat), std::max(a.lon, b.lon), std::max(a.lat, b.lat)};
    double west = c.away(o.box.min_x), east = c.away(o.box.max_x);
    // Where the city isn't at home, by turns as the standard says it and as maps do that repeat the world.
    if (c.east > 0 && o.text.size() % 3 > 0) {
      const double copy = o.text.size() % 3 == 1 ? 360 : -720;
      east += copy + (east < west ? 360 : 0), west += copy;
    }
    o.has_box = true, o.add("bbox=" + number(west) + "," + number(o.box.min_y) + "," + number(east) + "," +
                            number(o.box.max_y));
  }
  if (c.pick(6) == 0) {
    const auto z = static_cast<unsigned>(c.pick(23));
    const auto m = geo::to_mercator(c.place());
    const auto x = static_cast<std::uint32_t>(std::ldexp(m.x, static_cast<int>(z) + 3)),
               y = static_cast<std::uint32_t>(std::ldexp(m.y, static_cast<int>(z) + 3));
    o.cell = geo::CellId{{z, x >> 3, y >> 3}, x & 7, y & 7};
    o.add("cell=" + o.cell->name());
  }
}

inline void add_rest(Oracle& o) {
  auto& c = o.c;
  if (c.pick(2)) {
    const int a = c.pick(3), b = c.pick(3);
    o.add("category=" + std::string(data::category_names[a]) + "," + std::string(data::category_names[b]));
    o.rest.push_back([=](const Posting& p) {
      return static_cast<int>(p.category) == a || static_cast<int>(p.category) == b;
    });
  }
  if (c.pick(4) == 0) {
    const bool east = c.pick(2);
    o.add(east ? "district=东区" : "district=990002");
    o.rest.push_back([=, &c](const Posting& p) {
      if (!p.point) return p.district == (east ? "990001" : "990002");
      const double lon = c.at_home(p.point->lon);
      const bool in_east = lon >= 120.0 && lon <= 120.17, in_west = lon > 120.17 && lon <= 120.4;
      return p.point->lat >= 30.1 && p.point->lat <= 30.3 && (east ? in_east : in_west);
    });
  }
  if (c.pick(3) == 0) {
    const auto unit = static_cast<data::PayUnit>(1 + c.pick(4));
    o.add("pay_unit=" + std::string(name_of(unit)));
    const int least = c.pick(2) ? c.pick(250) : -1;
    if (least >= 0) o.add("pay_min=" + std::to_string(least));
    o.rest.push_back([=](const Posting& p) {
      return p.pay_unit == unit && (least < 0 || p.pay_max.value_or(p.pay_min.value_or(-1)) >= least * 100);
    });
  }
  if (c.pick(5) == 0) {
    const int level = c.pick(9);
    o.add("education=" + std::string(data::education_names[level]));
    o.rest.push_back(
        [=](const Posting& p) { return !p.education || static_cast<int>(*p.education) <= level; });
  }
  if (c.pick(5) == 0) {
    const int years = c.pick(11);
    o.add("experience_max=" + std::to_string(years));
    o.rest.push_back([=](const Posting& p) { return p.experience.value_or(0) <= years; });
  }
  if (c.pick(5) == 0) {
    o.add("industry=I,C,A");
    o.rest.push_back(
        [](const Posting& p) { return p.industry == "I" || p.industry == "C" || p.industry == "A"; });
  }
  if (c.pick(5) == 0) {
    const std::string prefix = c.pick(2) ? "2-0" : "3-02-1";
    o.add("occupation=" + prefix);
    o.rest.push_back([=](const Posting& p) { return p.occupation.starts_with(prefix); });
  }
  if (c.pick(5) == 0) {
    const std::int64_t since = test::now - 60 * c.pick(2000);
    char text[data::time_size];
    data::format_time(since, text);
    o.add("posted_since=" + std::string(text, data::time_size));
    o.rest.push_back([=](const Posting& p) { return p.published_at.value_or(0) >= since; });
  }
  if (c.pick(5) == 0) {
    const std::int64_t from = test::now + 60 * (c.pick(4000) - 2000), until = from + 60 * c.pick(900);
    const bool open = c.pick(2);
    o.add("datetime=" + (open ? "" : to_text({from, from}).substr(0, data::time_size)) + "/" +
          to_text({until, until}).substr(0, data::time_size));
    o.rest.push_back([=](const Posting& p) {
      return p.published_at.value_or(0) <= until && (open || p.expires_at >= from);
    });
  }
  if (c.pick(5) == 0) {
    const int least = c.pick(5);
    o.add("precision=" + std::string(data::precision_names[least]));
    o.rest.push_back([=](const Posting& p) { return static_cast<int>(p.precision) <= least; });
  }
}

}  // namespace jobmap::query
