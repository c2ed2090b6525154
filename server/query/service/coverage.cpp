#include "server/query/service/coverage.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "data/index/walks.hpp"
#include "geo/circle_union.hpp"
#include "geo/deadline.hpp"
#include "server/query/filter/service_circle.hpp"
#include "server/query/parse/canonical_text.hpp"
#include "server/query/parse/crs_parameter.hpp"
#include "server/query/syntax/reader.hpp"

namespace jobmap::query {
namespace {

using data::Row;

constexpr std::size_t no_district = data::no_district;
constexpr std::uint32_t cells_a_check = 256;

// Amounts by how many of the three circles, high, default and low, hold them.
struct Levels {
  std::array<std::uint64_t, 4> at{};
  Covered covered() const {
    const auto sum = [&](std::size_t from) {
      double s = 0;
      for (std::size_t i = from; i < at.size(); ++i) s += static_cast<double>(at[i]);
      return s;
    };
    return {sum(0), sum(2), sum(3), sum(1)};
  }
};

struct Tally {
  Levels ads, openings;
  std::uint64_t near_station = 0, unlocated = 0, unlocated_openings = 0;
};
using Tallies = std::vector<std::array<Tally, 3>>;  // by district, no_district the last; by category

Tallies tally_jobs(const CoverageQuery& q, const data::Snapshot& s) {
  const auto& t = *s.jobs;
  const ServiceCircle low(s, q.low, q.circle_minutes), middle(s, q.method, q.circle_minutes),
      high(s, q.high, q.circle_minutes);
  Tallies tallies(no_district + 1);
  for (std::size_t w = 0; w * 64 < t.size; ++w) {
    geo::check_deadline();
    auto alive = s.alive.word(w);
    if (!alive) continue;
    const std::uint64_t in_low = low.word(w), in_middle = middle.word(w), in_high = high.word(w);
    for (; alive; alive &= alive - 1) {
      const auto bit = static_cast<unsigned>(std::countr_zero(alive));
      const auto row = static_cast<Row>(w * 64 + bit);
      auto& tally = tallies[t.district[row]][t.category[row]];
      const auto places = static_cast<std::uint64_t>(t.openings[row]);
      if (row >= t.located) {
        ++tally.unlocated, tally.unlocated_openings += places;
        continue;
      }
      const auto level = (in_low >> bit & 1) + (in_middle >> bit & 1) + (in_high >> bit & 1);
      ++tally.ads.at[level], tally.openings.at[level] += places;
      if (t.station_begin[row] < t.station_begin[row + 1]) tally.near_station += places;
    }
  }
  return tallies;
}

// The larger of two readings of one thing, so that the band holds what is asked for.
Covered ordered(Covered c) {
  c.low = std::min(c.low, c.covered), c.high = std::max(c.high, c.covered);
  return c;
}

// Adds amounts to a measure by the length of their way, in mm.
class Ways {
 public:
  explicit Ways(const CoverageQuery& q)
      : low_(geo::millimetres(q.circle_minutes, q.low.speed_kmh)),
        middle_(geo::millimetres(q.circle_minutes, q.method.speed_kmh)),
        high_(geo::millimetres(q.circle_minutes, q.high.speed_kmh)) {}
  void add(Covered& c, std::uint32_t mm, double amount) const {
    c.total += amount;
    if (mm <= low_) c.low += amount;
    if (mm <= middle_) c.covered += amount;
    if (mm <= high_) c.high += amount;
  }

 private:
  std::uint32_t low_, middle_, high_;
};

std::vector<Covered> measure_ground(const CoverageQuery& q, const data::Walks& walks) {
  const Ways ways(q);
  std::vector<Covered> areas;
  for (const auto& sheet : walks.ground.sheets) {
    auto& covered = areas.emplace_back();
    for (auto cell = sheet.begin; cell < sheet.end(); ++cell) {
      if (cell % cells_a_check == 0) geo::check_deadline();
      ways.add(covered, walks.ground_mm[cell], walks.ground.m2[cell]);
    }
  }
  return areas;
}

// Each cell that the edge cuts through is off by an even share of itself, whichever way: 0.29 of it squared.
double ground_error_m2(const CoverageQuery& q, const data::Walks& walks) {
  const auto limit = geo::millimetres(q.circle_minutes, q.method.speed_kmh);
  double squares = 0;
  for (const auto& s : walks.ground.sheets) {
    const auto is_in = [&](std::uint32_t cell) { return walks.ground_mm[cell] <= limit; };
    for (auto cell = s.begin; cell + s.columns < s.end(); ++cell) {
      if (cell % cells_a_check == 0) geo::check_deadline();
      const bool edge = is_in(cell) != is_in(cell + 1) || is_in(cell) != is_in(cell + s.columns);
      if (edge && walks.ground.m2[cell] > 0) squares += walks.ground.m2[cell] * double{walks.ground.m2[cell]};
    }
  }
  return 0.29 * std::sqrt(squares);
}

std::vector<Covered> measure_areas(const CoverageQuery& q, const data::Snapshot& s) {
  if (s.walks) return measure_ground(q, *s.walks);
  const auto& city = *s.city;
  std::vector<geo::LonLat> sites;
  for (const auto& site : city.service_points) sites.push_back(geo::to_lonlat(site.at));
  const geo::CircleUnion middle(sites, q.metres()), low(sites, q.low.metres(q.circle_minutes)),
      high(sites, q.high.metres(q.circle_minutes));
  std::vector<Covered> areas;
  for (const auto& d : city.districts)
    areas.push_back(ordered({geo::area_m2(d.geometry), middle.area_m2(d.geometry), low.area_m2(d.geometry),
                             high.area_m2(d.geometry)}));
  return areas;
}

std::vector<Covered> measure_people(const CoverageQuery& q, const data::Snapshot& s) {
  const auto& city = *s.city;
  std::vector<Covered> people(no_district + 1);
  if (s.walks) {
    const Ways ways(q);
    for (std::size_t i = 0; i < city.population.size(); ++i)
      ways.add(people[city.population[i].district], s.walks->resident_mm[i], city.population[i].residents);
    return people;
  }
  const double middle = q.metres(), low = q.low.metres(q.circle_minutes),
               high = q.high.metres(q.circle_minutes);
  for (const auto& cell : city.population) {
    auto& c = people[cell.district];
    c.total += cell.residents;
    if (cell.service_point_m <= low) c.low += cell.residents;
    if (cell.service_point_m <= middle) c.covered += cell.residents;
    if (cell.service_point_m <= high) c.high += cell.residents;
  }
  return people;
}

void add(Covered& to, const Covered& more) {
  to.total += more.total, to.covered += more.covered, to.low += more.low, to.high += more.high;
}

void add(CoverageRow& row, const Tally& tally) {
  add(row.of[ads], tally.ads.covered());
  add(row.of[openings], tally.openings.covered());
  row.near_station.total = row.of[openings].total;
  row.near_station.covered += static_cast<double>(tally.near_station);
  row.unlocated += tally.unlocated, row.unlocated_openings += tally.unlocated_openings;
}

class CoverageTable {
 public:
  CoverageTable(const CoverageQuery& q, const data::Snapshot& s)
      : q_(q),
        outlined_(s.city->districts.size()),
        districts_(s.districts()),
        tallies_(tally_jobs(q, s)),
        people_(measure_people(q, s)) {
    if (q.wants(area)) areas_ = measure_areas(q, s);
  }

  // Over districts [first, last], and one category or all.
  CoverageRow row(int district, int category, std::size_t first, std::size_t last) const {
    CoverageRow row{district, category, {}, {}, 0, 0};
    for (std::size_t d = first; d <= last; ++d) {
      for (std::size_t c = 0; c < 3; ++c)
        if (category == CoverageRow::all || static_cast<std::size_t>(category) == c) add(row, tallies_[d][c]);
      if (category != CoverageRow::all) continue;
      if (d < areas_.size()) add(row.of[area], areas_[d]);
      add(row.of[population], people_[d]);
    }
    return row;
  }
  CoverageRow district(std::size_t d, int category) const {
    return row(d == no_district ? CoverageRow::outside : static_cast<int>(d), category, d, d);
  }

  std::vector<CoverageRow> rows() const {
    std::vector<CoverageRow> rows{row(CoverageRow::all, CoverageRow::all, 0, no_district)};
    const auto categories = [&](const auto& make) {
      for (int c = 0; q_.by_category && c < 3; ++c) rows.push_back(make(c));
    };
    categories([&](int c) { return row(CoverageRow::all, c, 0, no_district); });
    if (!q_.by_district) return rows;
    for (std::size_t d = 0; d <= no_district; ++d) {
      if (d >= districts_ && d < no_district) continue;
      const auto whole = district(d, CoverageRow::all);
      const bool empty = whole.of[ads].total == 0 && whole.unlocated == 0 && whole.of[population].total == 0;
      // A district without jobs is a district; a code without jobs, or the outside, is nothing.
      if (d >= outlined_ && empty) continue;
      rows.push_back(whole);
      categories([&](int c) { return district(d, c); });
    }
    return rows;
  }

 private:
  const CoverageQuery& q_;
  std::size_t outlined_, districts_;  // with an outline, and with those that are codes alone
  Tallies tallies_;
  std::vector<Covered> people_, areas_;
};

}  // namespace

void widen_band(CoverageQuery& q) {
  q.low = {std::min(q.low.speed_kmh, q.method.speed_kmh), std::max(q.low.detour, q.method.detour)};
  q.high = {std::max(q.high.speed_kmh, q.method.speed_kmh), std::min(q.high.detour, q.method.detour)};
}

CoverageQuery parse_coverage(Reader& r) {
  CoverageQuery q;
  Canonical canonical;
  if (const auto minutes = r.number("circle_minutes", 1, 60)) q.circle_minutes = *minutes;
  if (const auto speed = r.number("speed_kmh", 2, 30)) q.method.speed_kmh = *speed;
  if (const auto detour = r.number("detour", 1, 2)) q.method.detour = *detour;
  widen_band(q);
  for (const auto& name : r.list("by").value_or(std::vector<std::string>{})) {
    if (name != "district" && name != "category")
      r.fail("by", name, "coverage is not told apart by this", "district, category");
    (name == "district" ? q.by_district : q.by_category) = true;
  }
  if (const auto names = r.list("of")) {
    q.of = 0;
    for (const auto& name : *names) {
      const auto it = std::find(measure_names.begin(), measure_names.end(), name);
      if (it == measure_names.end()) {
        r.fail("of", name, "this is not measured", joined(measure_names));
        break;
      }
      q.of |= 1u << (it - measure_names.begin());
    }
  }
  read_crs(r, "crs", q.crs);
  q.gaps = r.boolean("gaps").value_or(false);
  if (const auto report = r.text("report")) {
    if (*report != "circles") r.fail("report", *report, "there is no such report", "circles");
    if (r.has("gaps") && !q.gaps)
      r.fail("gaps", "false", "report=circles has the gaps", "gaps=true, or leave gaps out");
    q.circles = q.gaps = true;
  }
  canonical.add("circle_minutes", q.circle_minutes);
  canonical.add("speed_kmh", q.method.speed_kmh), canonical.add("detour", q.method.detour);
  if (q.by_district || q.by_category)
    canonical.add("by", q.by_district ? q.by_category ? "district,category" : "district" : "category");
  std::string of;
  for (unsigned m = 0; m < measures; ++m)
    if (q.of >> m & 1) of += (of.empty() ? "" : ",") + std::string(measure_names[m]);
  canonical.add("of", of);
  if (q.gaps) canonical.add("gaps", "true");
  if (q.circles) canonical.add("report", "circles");
  if (q.crs != geo::Crs::wgs84) canonical.add("crs", geo::name_of(q.crs));
  q.canonical = canonical.take();
  return q;
}

Coverage measure_coverage(const CoverageQuery& q, const data::Snapshot& snapshot) {
  Coverage coverage{0, CoverageTable(q, snapshot).rows(), {}, {}};
  if (snapshot.walks && q.wants(area)) coverage.area_error_m2 = ground_error_m2(q, *snapshot.walks);
  if (q.gaps) coverage.gaps = find_gaps(q, snapshot);
  if (q.circles) coverage.points = reach_of_points(q, snapshot);
  return coverage;
}

}  // namespace jobmap::query
