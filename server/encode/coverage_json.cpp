#include "server/encode/coverage.hpp"

#include <algorithm>

#include "data/index/walks.hpp"
#include "server/encode/geojson_geometry.hpp"
#include "server/encode/travel.hpp"

namespace jobmap::encode {
namespace {

using query::CoverageRow;
using query::Covered;

constexpr std::string_view ground_note =
    "cells of the districts' ground by the way along the streets to their middles; error_m2: one in three "
    "times "
    "it is off by more";
constexpr std::string_view area_note =
    "union of circles in the districts, by their arcs on the ellipsoid, straight lines; each district "
    "within 0.02 % for the outlines given";

void share(JsonWriter& w, std::string_view key, double part, double total) {
  w.raw(key);
  if (total > 0)
    w.real(part / total, decimals::share);
  else
    w.raw("null");  // of nothing
}

void covered(JsonWriter& w, const Covered& c, bool band) {
  number(w, R"({"total":)", c.total, decimals::amount);
  number(w, R"(,"covered":)", c.covered, decimals::amount);
  share(w, R"(,"share":)", c.covered, c.total);
  if (band) share(w, R"(,"low":)", c.low, c.total), share(w, R"(,"high":)", c.high, c.total);
  w.raw("}");
}

class Writer {
 public:
  Writer(JsonWriter& w, const CoverageAnswer& a) : w_(w), a_(a), city_(*a.snapshot.city) {}

  // The members of a row, without braces.
  void row(const CoverageRow& row) {
    const char* comma = "";
    const auto name = [&](std::string_view key, std::string_view value) {
      w_.raw(comma), w_.text(key), w_.raw(":"), w_.text(value), comma = ",";
    };
    if (row.district == CoverageRow::outside) name("district", "outside");
    if (row.district >= 0) {
      const auto d = static_cast<std::size_t>(row.district);
      name("district", a_.snapshot.district_code(d)), name("name", a_.snapshot.district_name(d));
    }
    if (row.category >= 0) name("category", data::category_names[static_cast<std::size_t>(row.category)]);
    for (unsigned m = 0; m < query::measures; ++m) {
      const bool whole = m == query::area || m == query::population;
      if (!a_.query.wants(query::Measure(m)) || (whole && row.category >= 0)) continue;
      w_.raw(comma), w_.text(query::measure_names[m]), w_.raw(":"), covered(w_, row.of[m], true), comma = ",";
    }
    if (a_.query.wants(query::openings))
      w_.raw(comma), w_.raw(R"("openings_near_station":)"), covered(w_, row.near_station, false), comma = ",";
    w_.raw(comma), w_.raw(R"("unlocated":{"ads":)"), w_.integer(static_cast<std::int64_t>(row.unlocated));
    w_.raw(R"(,"openings":)"), w_.integer(static_cast<std::int64_t>(row.unlocated_openings)), w_.raw("}");
  }

  void gap(const query::Gap& gap, std::size_t rank) {
    const auto& d = city_.districts[gap.district];
    w_.raw(R"("gap":)"), w_.integer(static_cast<std::int64_t>(rank));
    w_.raw(R"(,"district":)"), w_.text(d.adcode), w_.raw(R"(,"name":)"), w_.text(d.name);
    number(w_, R"(,"area":)", gap.area_m2, decimals::square_metres);
    w_.raw(R"(,"ads":)"), w_.integer(static_cast<std::int64_t>(gap.ads));
    w_.raw(R"(,"openings":)"), w_.integer(static_cast<std::int64_t>(gap.openings));
    if (!city_.population.empty()) number(w_, R"(,"population":)", gap.residents, decimals::amount);
  }

  void point(const query::PointCircle& point) {
    const auto& site = city_.service_points[point.point];
    w_.raw(R"("service_point":)"), w_.text(site.id), w_.raw(R"(,"name":)"), w_.text(site.name);
    w_.raw(R"(,"ads":)"), w_.integer(static_cast<std::int64_t>(point.ads));
    w_.raw(R"(,"openings":)"), w_.integer(static_cast<std::int64_t>(point.openings));
  }

  void head() {
    w_.raw(R"("generation":)"), w_.text(a_.snapshot.generation), w_.raw(",");
    w_.raw(R"("crs":)"), w_.text(geo::name_of(a_.query.crs)), w_.raw(",");
    write_coverage_method(w_, a_.query, a_.snapshot);
    if (a_.coverage.area_error_m2 > 0)
      number(w_, R"(,"area_error_m2":)", a_.coverage.area_error_m2, decimals::square_metres);
    w_.raw(R"(,"all":{)"), row(a_.coverage.rows.front()), w_.raw("}");
  }

 private:
  JsonWriter& w_;
  const CoverageAnswer& a_;
  const data::City& city_;
};

}  // namespace

std::array<double, 2> cell_sides(const data::Snapshot& snapshot) {
  double finest = 0, coarsest = 0;
  for (const auto& sheet : snapshot.walks->ground.sheets) {
    finest = finest > 0 ? std::min(finest, sheet.cell_m) : sheet.cell_m;
    coarsest = std::max(coarsest, sheet.cell_m);
  }
  return {finest, coarsest};
}

void write_coverage_method(JsonWriter& w, const query::CoverageQuery& q, const data::Snapshot& snapshot) {
  const auto circle = [&](const query::StraightLine& m) {
    number(w, R"("speed_kmh":)", m.speed_kmh, decimals::setting),
        number(w, R"(,"detour":)", m.detour, decimals::setting);
    number(w, R"(,"circle_m":)", m.metres(q.circle_minutes), decimals::metres);
  };
  w.raw(R"("method":{"name":)"), w.plain_text(snapshot.walks ? "network" : "straight_line");
  if (snapshot.walks)
    write_beyond_streets(w, {{}, {}, snapshot.walks->service_points_beyond}, *snapshot.city);
  number(w, R"(,"circle_minutes":)", q.circle_minutes, decimals::setting), w.raw(","), circle(q.method);
  w.raw(R"(,"low":{)"), circle(q.low), w.raw(R"(},"high":{)"), circle(q.high), w.raw("}");
  if (q.wants(query::area)) w.raw(R"(,"area":)"), w.text(snapshot.walks ? ground_note : area_note);
  if (q.wants(query::area) && snapshot.walks) {
    const auto [finest, coarsest] = cell_sides(snapshot);
    number(w, R"(,"area_cell_m":[)", finest, decimals::cell_metres),
        number(w, ",", coarsest, decimals::cell_metres), w.raw("]");
  }
  if (q.wants(query::population))
    w.raw(R"(,"population":)"), w.text(snapshot.walks ? "along the streets from the middle of each cell"
                                                      : "straight lines from the middle of each cell");
  number(w, R"(,"station_reach_m":)", data::station_reach_m, decimals::metres);
  if (q.gaps)
    number(w, R"(,"least_gap_m2":)", query::least_gap_m2, decimals::square_metres), w.raw(R"(,"gaps":)"),
        w.text(snapshot.walks ? "outside what is reached along the streets, drawn between "
                                "the middles of the cells of area"
                              : "circles of 64 sides of the same area, straight lines");
  w.raw("}");
}

std::string coverage_geojson(const CoverageAnswer& a) {
  std::string body;
  JsonWriter w(body);
  Writer writer(w, a);
  w.raw(R"({"type":"FeatureCollection",)"), writer.head(), w.raw(R"(,"features":[)");
  const char* comma = "\n";
  for (std::size_t i = 1; i < a.coverage.rows.size(); ++i) {
    const auto& row = a.coverage.rows[i];
    w.raw(comma), w.raw(R"({"type":"Feature","geometry":)"), comma = ",\n";
    const auto& districts = a.snapshot.city->districts;
    if (row.district >= 0 && static_cast<std::size_t>(row.district) < districts.size())
      GeometryWriter(w, a.query.crs)
          .multi_polygon(districts[static_cast<std::size_t>(row.district)].geometry);
    else
      w.raw("null");
    w.raw(R"(,"properties":{)"), writer.row(row), w.raw("}}");
  }
  for (std::size_t i = 0; i < a.coverage.gaps.size(); ++i) {
    w.raw(comma), w.raw(R"({"type":"Feature","geometry":)"), comma = ",\n";
    GeometryWriter(w, a.query.crs).multi_polygon(a.coverage.gaps[i].area);
    w.raw(R"(,"properties":{)"), writer.gap(a.coverage.gaps[i], i + 1), w.raw("}}");
  }
  for (const auto& point : a.coverage.points) {
    w.raw(comma), w.raw(R"({"type":"Feature","geometry":)"), comma = ",\n";
    GeometryWriter(w, a.query.crs).point(a.snapshot.city->service_points[point.point].at);
    w.raw(R"(,"properties":{)"), writer.point(point), w.raw("}}");
  }
  w.raw("\n]}\n");
  w.finish();
  return body;
}

std::string coverage_json(const CoverageAnswer& a) {
  std::string body;
  JsonWriter w(body);
  Writer writer(w, a);
  w.raw("{"), writer.head(), w.raw(R"(,"rows":[)");
  for (std::size_t i = 1; i < a.coverage.rows.size(); ++i)
    w.raw(i > 1 ? ",\n{" : "\n{"), writer.row(a.coverage.rows[i]), w.raw("}");
  w.raw(R"(],"gaps":[)");
  for (std::size_t i = 0; i < a.coverage.gaps.size(); ++i)
    w.raw(i ? ",\n{" : "\n{"), writer.gap(a.coverage.gaps[i], i + 1), w.raw("}");
  w.raw(R"(],"service_points":[)");
  for (std::size_t i = 0; i < a.coverage.points.size(); ++i)
    w.raw(i ? ",\n{" : "\n{"), writer.point(a.coverage.points[i]), w.raw("}");
  w.raw("]}\n");
  w.finish();
  return body;
}

namespace {

// RFC 4180: quoted where it has to be, with quotes doubled.
std::string csv_text(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) quoted.append(c == '"' ? 2 : 1, c);
  return quoted + '"';
}

}  // namespace

std::string coverage_csv(const CoverageAnswer& a) {
  // The mark tells a spreadsheet that this is UTF-8; without it names in Chinese come out garbled.
  std::string body =
      "\xEF\xBB\xBF"
      "district,name,category,measure,total,covered,share,share_low,share_high,method,circle_minutes,"
      "speed_kmh,detour,low_speed_kmh,low_detour,high_speed_kmh,high_detour,area_cell_m,area_error_m2,"
      "generation\n";
  const auto& q = a.query;
  JsonWriter w(body);
  const auto cell = [&](double value, int places) { w.raw(","), w.real(value, places); };
  for (const auto& row : a.coverage.rows)
    for (unsigned m = 0; m < query::measures; ++m) {
      const bool whole = m == query::area || m == query::population;
      if (!q.wants(query::Measure(m)) || (whole && row.category >= 0)) continue;
      const auto d = static_cast<std::size_t>(row.district);
      if (row.district >= 0)
        w.raw(csv_text(a.snapshot.district_code(d)));
      else
        w.raw(row.district == CoverageRow::outside ? "outside" : "all");
      w.raw(",");
      if (row.district >= 0) w.raw(csv_text(a.snapshot.district_name(d)));
      w.raw(",");
      if (row.category >= 0) w.raw(data::category_names[static_cast<std::size_t>(row.category)]);
      w.raw(","), w.raw(query::measure_names[m]);
      const auto& c = row.of[m];
      cell(c.total, decimals::amount), cell(c.covered, decimals::amount);
      for (const double part : {c.covered, c.low, c.high})
        if (c.total > 0)
          cell(part / c.total, decimals::share);
        else
          w.raw(",");
      w.raw(","), w.raw(a.snapshot.walks ? "network" : "straight_line");
      cell(q.circle_minutes, decimals::setting);
      for (const auto& line : {q.method, q.low, q.high})
        cell(line.speed_kmh, decimals::setting), cell(line.detour, decimals::setting);
      const bool by_cells = m == query::area && a.snapshot.walks;
      w.raw(",");
      if (by_cells) w.real(cell_sides(a.snapshot)[1], decimals::cell_metres);  // the largest
      w.raw(",");
      if (by_cells && row.district == CoverageRow::all)
        w.real(a.coverage.area_error_m2, decimals::square_metres);
      w.raw(","), w.raw(a.snapshot.generation), w.raw("\n");
    }
  w.finish();
  return body;
}

}  // namespace jobmap::encode
