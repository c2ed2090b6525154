// jobmap.v1.Coverage, field by field as proto/jobmap.proto numbers it.
#include "data/index/walks.hpp"
#include "server/encode/coverage.hpp"
#include "server/encode/wire.hpp"

namespace jobmap::encode {
namespace {

constexpr std::size_t expected_coverage_bytes = 60;

void circle(WireWriter& w, unsigned field, const query::StraightLine& line, double minutes) {
  const auto nested = w.begin(field, expected_coverage_bytes);
  w.real(1, line.speed_kmh, decimals::setting), w.real(2, line.detour, decimals::setting);
  w.real(3, line.metres(minutes), decimals::metres);
  w.end(nested);
}

void covered(WireWriter& w, unsigned field, std::string_view measure, const query::Covered& c) {
  const auto nested = w.begin(field, expected_coverage_bytes);
  w.string(1, measure);
  for (unsigned number = 2; const double value : {c.total, c.covered, c.low, c.high})
    w.real(number++, value, decimals::amount);
  w.end(nested);
}

void write_row(WireWriter& w, const CoverageAnswer& a, const query::CoverageRow& row) {
  const auto nested = w.begin(7, 4 * expected_coverage_bytes);
  if (row.district >= 0) w.string(1, a.snapshot.district_code(static_cast<std::size_t>(row.district)));
  if (row.district == query::CoverageRow::outside) w.string(1, "outside");
  if (row.category >= 0) w.string(2, data::category_names[static_cast<std::size_t>(row.category)]);
  for (unsigned m = 0; m < query::measures; ++m) {
    const bool whole = m == query::area || m == query::population;
    if (a.query.wants(query::Measure(m)) && !(whole && row.category >= 0))
      covered(w, 3, query::measure_names[m], row.of[m]);
  }
  covered(w, 4, "openings_near_station", row.near_station);
  w.uint(5, row.unlocated), w.uint(6, row.unlocated_openings);
  w.end(nested);
}

}  // namespace

std::string coverage_pb(const CoverageAnswer& a) {
  std::string body;
  WireWriter w(body);
  w.string(1, a.snapshot.generation);
  w.string(2, a.snapshot.walks ? "network" : "straight_line");
  w.real(3, a.query.circle_minutes, decimals::setting);
  circle(w, 4, a.query.method, a.query.circle_minutes), circle(w, 5, a.query.low, a.query.circle_minutes);
  circle(w, 6, a.query.high, a.query.circle_minutes);
  for (const auto& row : a.coverage.rows) write_row(w, a, row);
  for (const auto& gap : a.coverage.gaps) {
    const auto nested = w.begin(8, expected_coverage_bytes);
    w.string(1, a.snapshot.city->districts[gap.district].adcode);
    w.real(2, gap.area_m2, decimals::square_metres), w.uint(3, gap.ads), w.uint(4, gap.openings);
    w.real(5, gap.residents, decimals::amount);
    w.end(nested);
  }
  if (a.query.wants(query::area) && a.snapshot.walks) {
    w.real(9, a.coverage.area_error_m2, decimals::square_metres);
    const auto sides = w.begin(10, 16);  // packed
    for (const double m : cell_sides(a.snapshot)) w.packed(m, decimals::cell_metres);
    w.end(sides);
  }
  if (a.snapshot.walks)
    for (const auto i : a.snapshot.walks->service_points_beyond)
      w.string(11, a.snapshot.city->service_points[i].id);
  w.finish();
  return body;
}

}  // namespace jobmap::encode
