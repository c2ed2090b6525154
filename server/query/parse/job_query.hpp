#pragma once
// One parsed job query: what list, counts and tiles are all answered from.
//
//   Reader r(params);
//   JobQuery q = parse_filter(r, snapshot);     // where and what: shared by lists and tiles
//   parse_listing(r, q, snapshot);              // sort, limit, cursor, fields: lists only
//   r.finish();
//   if (r.failed()) return r.error();
//   Page page = evaluate(q, snapshot);
//
// Names of stations, lines, districts and service points are resolved against the snapshot, so a query
// belongs to the generation it was parsed on. canonical is the filter in one spelling: two spellings of a
// query share it.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "data/index/snapshot.hpp"
#include "data/model/shifts.hpp"
#include "geo/crs.hpp"
#include "geo/shifted_square.hpp"
#include "server/query/parse/cursor.hpp"
#include "server/query/parse/fields.hpp"
#include "server/query/parse/time_span.hpp"
#include "server/query/syntax/cql2/syntax.hpp"
#include "server/query/syntax/reader.hpp"

namespace jobmap::query {

enum class AnchorKind : std::uint8_t { none, near, station, line, reach };
enum class Sort : std::uint8_t { newest, distance, pay, minutes, relevance, properties };

// One key of an order by properties (server/query/list/property_order.hpp).
struct SortKey {
  int property = 0;  // index into job_queryables()
  bool descending = false;
};
enum class TravelMode : std::uint8_t { walk, bike, metro };
inline constexpr std::array<std::string_view, 3> travel_mode_names{"walk", "bike", "metro"};

// How far a quarter of an hour reaches where no street network is loaded: in answers as `method`.
struct StraightLine {
  double speed_kmh = 4.68;  // 1.3 m/s
  double detour = 1.22;
  double metres(double minutes) const { return minutes * 60 * (speed_kmh / 3.6) / detour; }
  double minutes(double metres) const { return metres * detour / (speed_kmh / 3.6) / 60; }
};

inline constexpr StraightLine cycling{15, 1.22};  // assumed: the speed of r5's city cyclists, 12 to 18 km/h

// The most that can be asked for: of reach, and of stations or lines.
inline constexpr double most_minutes = 120, most_station_minutes = 60;

// A place jobs must be reached from, and in how many minutes.
struct ReachPlace {
  geo::LonLat at;
  double minutes = 0;
  bool beyond_streets =
      false;  // by straight lines, though streets are loaded (server/query/parse/footing.hpp)
};

struct Area;
class Areas;

struct JobQuery {
  // What
  std::vector<std::string> terms;       // of q, as data/index/search_terms.hpp spells them; sorted, each once
  std::uint8_t categories = 0;          // bit per data::Category; 0 for all
  std::optional<std::int32_t> pay_min;  // fen
  data::PayUnit pay_unit = data::PayUnit::none;
  std::optional<data::Education> education;
  std::optional<int> experience_max;
  std::uint32_t industries = 0;  // bit per letter; 0 for all
  std::string occupation_prefix;
  std::optional<std::int64_t> posted_since;
  std::optional<data::Precision> precision;
  std::optional<TimeSpan> valid;  // some time between published_at and expires_at
  std::optional<data::ClockWindow> shift;
  std::shared_ptr<const cql2::Expression> filter;
  // Where
  AnchorKind anchor = AnchorKind::none;
  std::vector<geo::LonLat> anchors;     // the near point, or the stations: any of them
  std::vector<std::uint16_t> stations;  // of station and line: the anchors by index
  double radius_m = 0;
  std::vector<ReachPlace> reach;             // one or two: all must hold
  std::optional<double> station_minutes;     // on foot, of stations and lines; radius_m then encloses them
  TravelMode mode = TravelMode::walk;        // of reach
  std::optional<std::int64_t> depart;        // without it the metro runs
  bool circle_service = false;               // inside the circle of any service point
  std::vector<std::uint32_t> circle_points;  // inside the circle of any of these
  double circle_minutes = 15;
  std::optional<geo::Box> bbox;  // in bbox_crs; min_x > max_x crosses the antimeridian
  geo::Crs bbox_crs = geo::Crs::wgs84;
  std::shared_ptr<const Area> within;              // drawn by a caller
  std::optional<data::RowRange> cell;              // the rows of one cell of a tile
  std::optional<geo::ShiftedSquare> shifted_cell;  // the same of a tile in GCJ-02 or BD-09
  std::vector<std::uint8_t> districts;             // any of them
  StraightLine method;  // on foot: of circles, and of the minutes to stations and service points
  StraightLine travel;  // of reach and station_minutes: the same but by bicycle
  geo::Crs crs = geo::Crs::wgs84;
  bool y_first = false;  // coordinates of the answer as y, x: what OGC API says of some systems
  // List
  Sort sort = Sort::newest;
  bool reverse = false;
  std::vector<SortKey> order;  // of Sort::properties: at least one
  std::uint32_t limit = 50;
  std::optional<Cursor> after;        // the last job of the page before
  std::uint64_t fields = all_fields;  // bit per property (server/query/parse/fields.hpp)
  bool explain = false;               // asks for every estimate (server/query/filter/plan.hpp)

  // In one spelling, percent-encoded, so that either is also a query string that gives this query again.
  std::string canonical;       // of the filter
  std::string canonical_list;  // of sort, limit and fields; without the cursor

  // Names the order of the list: what a cursor belongs to.
  std::uint64_t order_hash() const;

  // Whether no place has streets, so that only straight lines are left.
  bool all_beyond_streets() const {
    for (const auto& place : reach)
      if (!place.beyond_streets) return false;
    return !reach.empty() && !has_circle();
  }
  bool has_circle() const { return circle_service || !circle_points.empty(); }
  bool has_distance() const { return anchor != AnchorKind::none && anchor != AnchorKind::reach; }
  bool has_minutes() const { return anchor == AnchorKind::reach || station_minutes.has_value(); }
  // A place other than a district: such a query leaves out jobs without a point.
  bool names_place() const {
    return anchor != AnchorKind::none || has_circle() || bbox || within || cell || shifted_cell;
  }
};

// When the metro can be boarded, in minutes after a departure; it is in service where that spans 0.
struct MetroHoursAt {
  double first = 0, last = 0;
  bool in_service() const { return first <= 0 && last >= 0; }
};
MetroHoursAt metro_hours(std::int64_t depart, const data::City& city);

// Without areas there is none that `within` could name.
JobQuery parse_filter(Reader& reader, const data::Snapshot& snapshot, const Areas* areas = nullptr);
void parse_listing(Reader& reader, JobQuery& query, const data::Snapshot& snapshot,
                   long long max_limit = 1000);
// sortby= in place of sort=: properties, comma-separated, each with + or - before it.
void parse_order(Reader& reader, JobQuery& query);
// properties= in place of fields=.
void parse_properties(Reader& reader, JobQuery& query);
// fields= and crs= alone, for a single job.
void parse_presentation(Reader& reader, JobQuery& query);

}  // namespace jobmap::query
