#include "tools/verify_questions.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "data/model/time.hpp"
#include "geo/cell.hpp"
#include "server/query/parse/job_query.hpp"
#include "server/query/syntax/percent_coding.hpp"
#include "tools/verify_expressions.hpp"
#include "tools/verify_words.hpp"

namespace jobmap::tools {
namespace {

std::string number(double v) {
  char text[40];
  return {text, static_cast<std::size_t>(std::snprintf(text, sizeof text, "%.7f", v))};
}
std::string point(geo::LonLat p) { return "MakePoint(" + number(p.lon) + ", " + number(p.lat) + ", 4326)"; }
std::string metres_to(geo::LonLat p) { return "ST_Distance(geom, " + point(p) + ", 1)"; }

// The parts in a group, and groups of groups: SQLite takes 127 arguments of a function, and expressions only
// so deep.
std::string in_groups(std::vector<std::string> parts, std::string_view before, std::string_view between) {
  constexpr std::size_t most = 100;
  while (parts.size() > 1) {
    std::vector<std::string> groups;
    for (std::size_t begin = 0; begin < parts.size(); begin += most) {
      std::string group = parts[begin];
      const auto end = std::min(parts.size(), begin + most);
      for (auto i = begin + 1; i < end; ++i) group.append(between).append(parts[i]);
      groups.push_back(end - begin == 1 ? group : std::string(before) + "(" + group + ")");
    }
    parts = std::move(groups);
  }
  return parts.front();
}

// SpatiaLite's own index narrows the search; so it is part of what is compared. It knows no antimeridian, so
// what lies across is asked for by itself.
std::string frame(geo::LonLat p, double radius_m) {
  const double y = radius_m / 110'000, x = y / std::cos(p.lat * 0.0174532925) * 1.01;
  std::vector<std::string> frames;
  const auto add = [&](double lon) {
    frames.push_back(
        "pk IN (SELECT rowid FROM SpatialIndex WHERE f_table_name = 'jobs' AND f_geometry_column = 'geom' "
        "AND search_frame = BuildMbr(" +
        number(lon - x) + ", " + number(p.lat - y) + ", " + number(lon + x) + ", " + number(p.lat + y) +
        ", 4326))");
  };
  add(p.lon);
  if (p.lon + x > 180) add(p.lon - 360);
  if (p.lon - x < -180) add(p.lon + 360);
  return in_groups(std::move(frames), "", " OR ");
}

template <std::size_t N>
std::string some_of(const std::array<std::string_view, N>& names, std::size_t first, std::size_t last) {
  std::string list;
  for (auto i = first; i <= last; ++i) list += (list.empty() ? "'" : ", '") + std::string(names[i]) + "'";
  return "(" + list + ")";
}

void join(std::string& conditions, const std::string& condition) {
  conditions += (conditions.empty() ? "" : " AND ") + condition;
}

}  // namespace

std::string column_of_grid(unsigned zoom) {
  return "min(CAST((ST_X(geom) / 360 + 0.5) * " + std::to_string(1u << zoom) + " AS INTEGER), " +
         std::to_string((1u << zoom) - 1) + ")";
}

std::string row_of_grid(unsigned zoom) {
  // Beyond the square of the map's projection a place lies on its edge.
  const std::string sine = "sin(radians(max(min(ST_Y(geom), 85.0511287798), -85.0511287798)))";
  return "max(min(CAST((0.5 - ln((1 + " + sine + ") / (1 - " + sine + ")) / (4 * pi())) * " +
         std::to_string(1u << zoom) + " AS INTEGER), " + std::to_string((1u << zoom) - 1) + "), 0)";
}

void Question::add(const std::string& parameter, const std::string& condition) {
  query += (query.empty() ? "" : "&") + parameter;
  what += " AND " + condition;
}

Question Asker::ask() {
  Question q;
  ask_where(q);
  ask_kind(q);
  ask_pay(q);
  ask_requirements(q);
  if (pick(6) == 0) ask_shift(q);
  if (pick(3) == 0) ask_words(q);
  if (pick(3) == 0) ask_filter(q);
  return q;
}

void Asker::ask_where(Question& q) {
  if (s_.jobs->located == 0) return;
  auto at = geo::to_lonlat(s_.jobs->tree.point(pick(s_.jobs->located)));
  // At the antimeridian too, where hardly a city lies: what finds nothing there finds too much or nothing
  // alike.
  if (pick(8) == 0) at.lon = (pick(2) ? 1 : -1) * (180 - (1 + pick(3)) * 0.0005);
  switch (pick(6)) {
    case 0:
      near_point(q, at);
      break;
    case 1:
      near_stations(q, false);
      break;
    case 2:
      near_stations(q, pick(3) == 0);
      break;
    case 3:
      in_box(q, at);
      break;
    default:
      break;
  }
  if (pick(8) == 0) in_circle(q);
  if (pick(8) == 0) in_area(q, at);
  if (pick(8) == 0) in_cell(q, at);
  if (pick(5) == 0 && s_.districts() > 0) in_district(q);
}

// A job with a point is in a district by geometry; one without, or outside every district, by its code.
void Asker::in_district(Question& q) {
  const auto number = pick(static_cast<unsigned>(s_.districts()));
  const auto code = std::string(s_.district_code(number));
  const std::string place =
      "(SELECT adcode FROM districts AS d WHERE ST_Covers(d.geom, jobs.geom) ORDER BY adcode LIMIT 1)";
  const auto named = "district = " + literal(code), lies = place + " = " + literal(code);
  q.add("district=" + query::percent_encode(code),
        number < s_.city->districts.size()
            ? "coalesce(CASE WHEN geom IS NULL THEN " + named + " ELSE " + lies + " END, 0)"
            : "(coalesce(" + named + ", 0) AND (geom IS NULL OR " + place + " IS NULL))");
}

void Asker::near_point(Question& q, geo::LonLat at) {
  const double radius = std::round(std::pow(10.0, 1 + pick(2400) / 1000.0));
  q.add("near=" + number(at.lon) + "," + number(at.lat) + "&radius=" + number(radius), "1");
  q.distance = metres_to(at);
  join(q.where, frame(at, radius) + " AND " + q.distance + " <= " + number(radius));
}

void Asker::near_stations(Question& q, bool whole_line) {
  const auto& city = *s_.city;
  if (city.stations.empty() || city.lines.empty()) return;
  const double radius = 100 + pick(1500);
  std::vector<std::uint16_t> stations;
  std::string names;
  if (whole_line) {
    const auto& line = city.lines[pick(static_cast<unsigned>(city.lines.size()))];
    for (const auto& branch : line.branches) stations.insert(stations.end(), branch.begin(), branch.end());
    names = "line=" + line.id;
  } else {
    for (unsigned n = 1 + pick(3); n > 0; --n) {
      stations.push_back(static_cast<std::uint16_t>(pick(static_cast<unsigned>(city.stations.size()))));
      names += (names.empty() ? "station=" : ",") + city.stations[stations.back()].id;
    }
  }
  if (stations.empty()) return;
  std::vector<std::string> distances, frames;
  for (const auto s : stations) {
    const auto at = geo::to_lonlat(city.stations[s].at);
    distances.push_back(metres_to(at));
    frames.push_back(frame(at, radius));
  }
  q.add(names + "&radius=" + number(radius), "1");
  q.distance = in_groups(std::move(distances), "min", ", ");
  join(q.where,
       "(" + in_groups(std::move(frames), "", " OR ") + ") AND " + q.distance + " <= " + number(radius));
}

void Asker::in_box(Question& q, geo::LonLat at) {
  const double east = at.lon + (1 + pick(500)) * 1e-4;
  const auto x0 = number(at.lon), y0 = number(at.lat), x1 = number(east > 180 ? east - 360 : east),
             y1 = number(std::min(90.0, at.lat + (1 + pick(500)) * 1e-4));
  // A box may lie in a copy of the world, as a map that repeats the world asks for it.
  const double copy = 360.0 * (static_cast<int>(pick(5)) - 2);
  q.add("bbox=" + (copy == 0 ? x0 : number(at.lon + copy)) + "," + y0 + "," +
            (copy == 0 ? x1 : number(east + copy)) + "," + y1,
        "1");
  const std::string in_x = east > 180 ? "(ST_X(geom) >= " + x0 + " OR ST_X(geom) <= " + x1 + ")"
                                      : "ST_X(geom) BETWEEN " + x0 + " AND " + x1;
  join(q.where, in_x + " AND ST_Y(geom) BETWEEN " + y0 + " AND " + y1);
}

void Asker::in_circle(Question& q) {
  const auto& points = s_.city->service_points;
  if (points.empty()) return;
  const unsigned minutes = 1 + pick(30);
  const double metres = query::StraightLine{}.metres(minutes);
  const auto& one = points[pick(static_cast<unsigned>(points.size()))].id;
  const bool all =
      one.find_first_not_of("0123456789abcdefghijklmnopqrstuvwxyz-_") != std::string::npos || pick(2);
  q.add("circle=" + (all ? "service" : one) + "&circle_minutes=" + std::to_string(minutes), "1");
  const std::string y = number(metres / 110'000), x = number(metres / 80'000);
  join(q.where,
       "EXISTS (SELECT 1 FROM service_points AS p WHERE " + (all ? "1" : "p.id = '" + one + "'") +
           " AND abs(ST_Y(p.geom) - ST_Y(jobs.geom)) <= " + y +
           " AND min(abs(ST_X(p.geom) - ST_X(jobs.geom)), 360 - abs(ST_X(p.geom) - ST_X(jobs.geom))) "
           "<= " +
           x + " AND ST_Distance(p.geom, jobs.geom, 1) <= " + number(metres) + ")");
}

void Asker::in_area(Question& q, geo::LonLat at) {
  const auto outline = some_polygon(at, random_);
  geo::Polygon polygon;
  double lon = 0, lat = 0;
  int used = 0;
  for (const char* p = outline.c_str() + std::string_view("POLYGON(").size(); *p;) {
    if (*p == '(') polygon.emplace_back();
    if (std::sscanf(p, "%lf %lf%n", &lon, &lat, &used) == 2)
      polygon.back().push_back({lon, lat}), p += used;
    else
      ++p;
  }
  const auto area = areas_.keep({polygon});
  q.add("within=" + (*area)->id, "1");
  join(q.where, "ST_Intersects(GeomFromText('" + outline + "', 4326), geom) = 1");
}

void Asker::in_cell(Question& q, geo::LonLat at) {
  const auto z = 6 + pick(12);
  const auto shift = geo::grid_bits - z - geo::CellId::levels;
  const auto grid = geo::to_grid(geo::to_e7(at));
  const auto x = grid.x >> shift, y = grid.y >> shift;
  const auto side = z + geo::CellId::levels;
  q.add("cell=" + geo::CellId{{z, x >> 3, y >> 3}, x & 7, y & 7}.name(), "1");
  join(q.where, column_of_grid(side) + " = " + std::to_string(x) + " AND " + row_of_grid(side) + " = " +
                    std::to_string(y));
}

void Asker::ask_shift(Question& q) {
  const auto clock = [&](unsigned minutes) {
    char text[6];
    std::snprintf(text, sizeof text, "%02u:%02u", minutes / 60 % 24, minutes % 60);
    return std::string(text);
  };
  const auto begin = pick(48) * 30, length = 30 + pick(47) * 30;
  const auto from = std::to_string(begin), to = std::to_string(begin + length);
  // Each shift of a gig in minutes of the day, its end a day later where it crosses midnight, and once more
  // as the next day's.
  q.add(
      "shift=" + clock(begin) + "-" + clock(begin + length),
      "category = 'gig' AND shifts <> '' AND EXISTS (WITH shift(b, e) AS (SELECT substr(value, 1, 2) * 60 + "
      "substr(value, 4, 2), substr(value, 7, 2) * 60 + substr(value, 10, 2) FROM json_each('[\"' || "
      "replace(shifts, ';', '\",\"') || '\"]')), day(b, e) AS (SELECT b, e + (e < b) * 1440 FROM shift WHERE "
      "b <> "
      "e AND b < 1440) SELECT 1 FROM day, (SELECT 0 AS later UNION ALL SELECT 1440) WHERE b + later >= " +
          from + " AND e + later <= " + to + ")");
}

void Asker::ask_words(Question& q) {
  const auto words = some_words(s_, random_);
  if (words.q.empty()) return;
  q.add("q=" + query::percent_encode(words.q), words.condition);
  q.score = words.score;
}

void Asker::ask_filter(Question& q) {
  const auto said = ExpressionAsker(s_, random_).ask(pick(4));
  q.add("filter=" + query::percent_encode(said.cql), "(" + said.sql + ")");
}

void Asker::ask_kind(Question& q) {
  if (pick(2)) {
    const auto name = std::string(data::category_names[pick(3)]);
    q.add("category=" + name, "category = '" + name + "'");
  }
  if (pick(8) == 0) q.add("industry=C,I,M", "industry IN ('C', 'I', 'M')");
  if (pick(8) == 0) {
    const auto prefix = std::to_string(1 + pick(6)) + "-0" + std::to_string(1 + pick(9));
    q.add("occupation=" + prefix, "occupation GLOB '" + prefix + "*'");
  }
  if (pick(8) == 0) {
    const auto least = pick(5);
    q.add("precision=" + std::string(data::precision_names[least]),
          "precision IN " + some_of(data::precision_names, 0, least));
  }
  if (pick(8) == 0 && s_.jobs->size > 0) {
    const auto since = s_.jobs->published[pick(s_.jobs->size)];
    char text[data::time_size];
    data::format_time(since, text);
    q.add("posted_since=" + std::string(text, data::time_size),
          "coalesce(published_at, 0) >= " + std::to_string(since));
  }
}

void Asker::ask_pay(Question& q) {
  if (pick(4)) return;
  const auto unit = std::string(data::pay_unit_names[1 + pick(4)]);
  const auto least = pick(30'000);
  q.has_pay_unit = true;
  q.add("pay_unit=" + unit, "pay_unit = '" + unit + "'");
  if (pick(2))
    q.add("pay_min=" + std::to_string(least), "coalesce(pay_max, pay_min) >= " + std::to_string(least * 100));
}

void Asker::ask_requirements(Question& q) {
  if (pick(5) == 0) {
    const auto years = std::to_string(pick(11));
    q.add("experience_max=" + years, "coalesce(experience, 0) <= " + years);
  }
  if (pick(6) == 0) {
    const auto most = pick(9);
    q.add("education=" + std::string(data::education_names[most]),
          "(education IS NULL OR education IN " + some_of(data::education_names, 0, most) + ")");
  }
}

}  // namespace jobmap::tools
