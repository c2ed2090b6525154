#include "data/index/station_search.hpp"
#include "data/model/fold.hpp"
#include "data/model/split.hpp"
#include "geo/cell.hpp"
#include "server/query/parse/areas.hpp"
#include "server/query/parse/canonical_text.hpp"
#include "server/query/parse/crs_parameter.hpp"
#include "server/query/parse/parameter_groups.hpp"
#include "server/query/syntax/box.hpp"
#include "server/query/syntax/number_text.hpp"

namespace jobmap::query {
namespace {

std::string abolished(const data::City& city, const std::string& name) {
  const auto label = data::fold_label(name);
  for (const auto& d : city.abolished)
    if (data::fold_label(d.adcode) == label || data::fold_label(d.name) == label)
      return "this district is abolished: " + d.note;
  return "there is no such district";
}

// The first few, as in "龙翔桥 (longxiangqiao), 龙坞 (longwu) or 3 others".
std::string names_of(const data::City& city, const std::vector<std::uint16_t>& stations) {
  constexpr std::size_t most_named = 5;
  const auto named = std::min(stations.size(), most_named);
  std::string text;
  for (std::size_t i = 0; i < named; ++i) {
    const auto& s = city.stations[stations[i]];
    const bool is_last = i + 1 == stations.size();
    text += (i == 0 ? "" : is_last ? " or " : ", ") + s.name + " (" + s.id + ")";
  }
  if (const auto more = stations.size() - named)
    text += more == 1 ? " or another" : " or " + std::to_string(more) + " others";
  return text;
}

void stations(Parsing& p, std::string_view parameter) {
  p.query.anchor = parameter == "line" ? AnchorKind::line : AnchorKind::station;
  std::vector<std::uint16_t> found;
  std::vector<std::string> ids;
  auto names = p.reader.list(parameter).value_or(std::vector<std::string>{});
  sort_unique(names);
  std::size_t searched = 0;
  for (const auto& name : names) {
    if (p.query.anchor == AnchorKind::line) {
      const auto line = p.city.find_line(name);
      if (!line) return p.reader.fail("line", name, "there is no such line", "an id or a name of /v1/lines");
      ids.push_back(p.city.lines[*line].id);
      for (const auto& branch : p.city.lines[*line].branches)
        found.insert(found.end(), branch.begin(), branch.end());
    } else {
      constexpr std::size_t most_searched = 100;  // each looks at all stations
      const auto [matches, is_clear, is_searched] = data::choose_stations(p.city, name);
      searched += is_searched;
      if (searched > most_searched)
        return p.reader.fail("station", name, "these are too many stations by a part of their names",
                             "at most 100; ids and whole names of any number");
      if (matches.empty())
        return p.reader.fail("station", name, "there is no such station",
                             "an id or a name of /v1/stations, or what finds one station there as q");
      if (!is_clear)
        return p.reader.fail("station", name, "this may be " + names_of(p.city, matches),
                             "the id or the whole name of one of them");
      found.insert(found.end(), matches.begin(), matches.end());
      for (const auto s : matches) ids.push_back(p.city.stations[s].id);
    }
  }
  if (found.empty())
    return p.reader.fail(parameter, "", "the line has no stations", "a line of /v1/lines with stations");
  sort_unique(found), sort_unique(ids);
  for (const auto s : found) p.query.anchors.push_back(geo::to_lonlat(p.city.stations[s].at));
  p.query.stations = found;
  std::string value;
  for (const auto& id : ids) value += (value.empty() ? "" : ",") + id;
  p.canonical.add(parameter, value);
}

void anchor(Parsing& p) {
  static constexpr std::string_view names[] = {"near", "station", "line", "reach"};
  std::string_view given;
  for (const auto name : names) {
    if (!p.reader.has(name)) continue;
    if (!given.empty())
      return p.reader.fail(name, p.reader.raw(name),
                           "a query has one anchor; " + std::string(given) + " is given too",
                           "near, station, line or reach");
    given = name;
  }
  if (given.empty()) {
    if (const auto radius = p.reader.number("radius", 1, 50000))
      p.reader.fail("radius", shortest_decimal(*radius), "a radius needs an anchor", "near, station or line");
    if (p.reader.has("minutes"))
      p.reader.fail("minutes", p.reader.raw("minutes"), "minutes need an anchor", "reach, station or line");
    return;
  }
  if (given == "reach") {
    if (p.reader.has("radius"))
      p.reader.fail("radius", p.reader.raw("radius"), "reach is by minutes", "minutes");
    return parse_reach(p);
  }
  const auto radius = p.reader.number("radius", 1, 50000);
  if (given == "near") {
    if (p.reader.has("minutes"))
      p.reader.fail("minutes", p.reader.raw("minutes"), "near is by radius",
                    "radius, or reach instead of near");
    p.query.anchor = AnchorKind::near;
    if (const auto at = p.position("near")) p.query.anchors.push_back(*at);
  } else {
    stations(p, given);
    if (p.reader.has("minutes")) return parse_station_minutes(p);
  }
  p.query.radius_m = radius.value_or(given == "near" ? 1000 : 800);
  p.canonical.add("radius", p.query.radius_m);
}

void circle(Parsing& p) {
  const auto names = p.reader.list("circle");
  const auto minutes = p.reader.number("circle_minutes", 1, 60);
  if (!names) {
    if (minutes)
      p.reader.fail("circle_minutes", shortest_decimal(*minutes), "circle_minutes needs circle",
                    "circle=service, or ids of service points");
    return;
  }
  p.query.circle_minutes = minutes.value_or(15);
  std::string value;
  if (names->size() == 1 && (*names)[0] == "service") {
    p.query.circle_service = true;
    value = "service";
  } else {
    for (const auto& id : *names) {
      const auto point = p.city.find_service_point(id);
      if (!point)
        return p.reader.fail("circle", id, "there is no such service point",
                             "service, or ids of /v1/service-points");
      p.query.circle_points.push_back(*point);
    }
    sort_unique(p.query.circle_points);
    for (const auto at : p.query.circle_points)
      value += (value.empty() ? "" : ",") + p.city.service_points[at].id;
  }
  p.canonical.add("circle", value);
  p.canonical.add("circle_minutes", p.query.circle_minutes);
}

void bbox(Parsing& p) {
  const auto v = p.reader.numbers("bbox", 4);
  auto& crs = p.query.bbox_crs = p.query.crs;
  if (!v && !p.reader.raw("bbox-crs").empty())
    p.reader.fail("bbox-crs", p.reader.raw("bbox-crs"), "bbox-crs needs bbox", "bbox=minx,miny,maxx,maxy");
  read_crs(p.reader, "bbox-crs", crs);
  if (!v) return;
  const auto box = check_box(p.reader, crs, {(*v)[0], (*v)[1], (*v)[2], (*v)[3]});
  if (!box) return;
  p.query.bbox = box;
  p.canonical.add("bbox", to_text(*box));
  if (crs != p.query.crs) p.canonical.add("bbox-crs", geo::name_of(crs));
}

void within(Parsing& p) {
  const auto id = p.reader.text("within");
  if (!id) return;
  if (p.areas) p.query.within = p.areas->find(*id);
  if (!p.query.within)
    return p.reader.fail("within", *id, "there is no such area, or it is kept no longer",
                         "the id that POST /v1/areas gave; post the area again");
  p.canonical.add("within", *id);
}

void cell(Parsing& p) {
  const auto text = p.reader.text("cell");
  if (!text) return;
  const auto parts = data::split(*text, '/');
  std::vector<std::uint32_t> n;
  for (const auto part : parts)
    if (const auto value = parse_index(part)) n.push_back(*value);
  if (parts.size() == 5 && n.size() == 5)
    if (const geo::CellId id{{n[0], n[1], n[2]}, n[3], n[4]}; id.is_valid()) {
      if (geo::is_shifted(p.query.crs))
        p.query.shifted_cell = geo::ShiftedSquare(p.query.crs, id.square());
      else
        p.query.cell = p.snapshot.jobs->rows_in_tile(id.square());
      return p.canonical.add("cell", id.name());
    }
  p.reader.fail(
      "cell", *text, "there is no such cell",
      "z/x/y/i/j as a cluster names it: z from 0 to 22, x and y from 0 to 2^z - 1, i and j from 0 to 7");
}

void districts(Parsing& p) {
  const auto named = p.either("district", "in_district");
  const auto names = p.reader.list(named);
  if (!names) return;
  std::string value;
  for (const auto& name : *names) {
    const auto d = p.snapshot.find_district(name);
    if (!d)
      return p.reader.fail(named, name, abolished(p.city, name),
                           "an adcode or a name of /v1/districts, or a code that jobs name");
    p.query.districts.push_back(*d);
  }
  sort_unique(p.query.districts);
  for (const auto d : p.query.districts) (value += value.empty() ? "" : ",") += p.snapshot.district_code(d);
  p.canonical.add("district", value);
}

}  // namespace

std::optional<geo::LonLat> Parsing::position(std::string_view name) {
  const auto xy = reader.numbers(name, 2);
  if (!xy) return std::nullopt;
  const auto p = geo::to_wgs84(query.crs, (*xy)[0], (*xy)[1]);
  if (p && geo::is_valid(*p)) {
    canonical.add(name, shortest_decimal((*xy)[0]) + "," + shortest_decimal((*xy)[1]));
    return p;
  }
  reader.fail(name, shortest_decimal((*xy)[0]) + "," + shortest_decimal((*xy)[1]),
              "this is no place on the earth in " + std::string(geo::name_of(query.crs)),
              geo::is_geographic(query.crs) ? "longitude -180 to 180, latitude -90 to 90, longitude first"
                                            : "east, north in metres, within the system's area");
  return std::nullopt;
}

void parse_where(Parsing& p) {
  anchor(p);
  circle(p);
  bbox(p);
  within(p);
  cell(p);
  districts(p);
}

}  // namespace jobmap::query
