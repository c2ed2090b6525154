#pragma once
// The data as a value. A Snapshot is built once from a database, never changes, and is shared by
// shared_ptr<const Snapshot>; a change of data, or of the minute to one in which other jobs live, makes
// another.
//
//   auto snapshot = load_snapshot("hangzhou.sqlite", now);           // data/store/load.hpp
//   auto later = tick(*snapshot, now + 60);                          // null where the same jobs live
//   for (auto row = range.begin; row < range.end; ++row)
//     if (snapshot->alive.test(row)) use(snapshot->jobs->text(row).field[JobText::title]);
//
// Rows [0, located) have a point and lie in Hilbert order (geo/hilbert.hpp), so an aligned tile is one range
// of rows; rows [located, size) have none. Within equal positions, and among the rows without a point, rows
// lie in the order they were added in; what must not depend on that goes by id_rank. Money is fen, times are
// seconds since 1970 UTC. Publication and expiry count by the minute: a job is shown from the minute of
// published_at on (from the first where it doesn't say) and absent from the minute in which it expires.
// Which jobs live is a function of the table and the minute (JobTable::lifetime), so a clock that goes back
// brings back what it took and takes what it had published. Jobs already expired when the file is read are
// not in the table: for an earlier minute than its `complete_from` the file has to be read again.
#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "data/index/bit_slices.hpp"
#include "data/index/bitmap.hpp"
#include "data/index/row_set.hpp"
#include "data/index/text_index.hpp"
#include "data/model/city.hpp"
#include "data/model/posting.hpp"
#include "geo/rtree.hpp"
#include "geo/street_graph.hpp"
#include "geo/tile_id.hpp"

namespace jobmap::data {

using Row = std::uint32_t;
struct RowRange {
  Row begin = 0, end = 0;
  bool empty() const { return begin >= end; }
};

inline constexpr std::uint8_t no_district = 255;
inline constexpr std::int32_t no_value = -1;  // of pay, stipend, experience, occupation, service point

inline constexpr auto first_minute = std::numeric_limits<std::int64_t>::min();  // before all others
inline constexpr auto last_minute = std::numeric_limits<std::int64_t>::max();

// Minutes [from, until) since 1970.
struct Minutes {
  std::int64_t from = first_minute, until = last_minute;
  bool contain(std::int64_t minute) const { return from <= minute && minute < until; }
};

// The texts of one job, views into the table. `escape` has bit i set where text i needs escaping inside JSON.
struct JobText {
  enum Field : unsigned {
    id,
    title,
    employer,
    description,
    uscc,
    address,
    apply_url,
    contact,
    shifts,
    count
  };
  std::array<std::string_view, count> field;
  std::uint32_t bytes = 0;  // of all fields
  std::uint16_t escape = 0;
};

// All numbers of one job, in one cache line: for whoever writes out a few rows from anywhere, where each
// column would be another wait for memory. The columns have the same, for whoever looks at one number of many
// rows.
struct alignas(64) JobNumbers {
  std::uint32_t text_at = 0, published = 0, expires = 0;
  geo::PointE7 at;  // of a row with a point
  std::int32_t openings = 0, pay_min = no_value, pay_max = no_value, stipend = no_value,
               occupation = no_value;
  std::uint32_t station_begin = 0;  // of `stations` entries
  std::int32_t service_point = no_value;
  float service_point_m = 0;
  std::uint16_t stations = 0;
  std::uint8_t category = 0, pay_unit = 0, settlement = 0, education = 0, precision = 0, industry = 0,
               months = 0, source = 0, district = 0;
  std::int8_t experience = no_value;
};
static_assert(sizeof(JobNumbers) == 64);

// The columns. Every vector has `size` entries unless it says otherwise.
struct JobTable {
  Row size = 0, located = 0;
  std::int64_t complete_from = first_minute;  // jobs whose lifetime ended by this minute may be missing
  geo::RTree tree;                            // over rows [0, located), whose points are tree.point(row)

  std::vector<std::int32_t> openings;
  std::vector<std::uint8_t> category, pay_unit, settlement, education, precision, industry,
      months;  // enumerators;
  // industry: letter - 'A', or 255; education: enumerator, or 255 for not said; months: 0 for none
  std::vector<std::int32_t> pay_min, pay_max, stipend;  // fen, or no_value
  std::vector<std::int32_t> pay_reach;  // pay_max, or pay_min where that is alone, or no_value
  // Its distinct values, ascending and no_value first, and of each row the number of its own: what many rows
  // are counted by. Empty where there are more than 65,536.
  std::vector<std::int32_t> pays;
  std::vector<std::uint16_t> pay_rank;
  std::vector<std::int8_t> experience;   // years, or no_value
  std::vector<std::int32_t> occupation;  // index into occupations, or no_value
  std::vector<std::uint8_t> source;      // index into sources
  // The number of its district, or no_district: of City::districts by geometry where there is a point, else
  // by adcode. A code that no district bears has a number too, behind them all: City::districts.size() and
  // its place in district_codes. A job whose point lies in no district keeps such a code.
  std::vector<std::uint8_t> district;
  std::vector<std::uint32_t> published;  // seconds, 0 for none
  std::vector<std::uint32_t> expires;    // seconds

  std::vector<std::string> occupations, sources, district_codes;  // sorted

  // Rows with a point have the stations within station_reach_m, nearest first, and the nearest service point
  // with its distance in metres, exact to 1 cm.
  std::vector<std::uint32_t> station_begin;  // located + 1 offsets into station
  std::vector<std::uint16_t> station;
  std::vector<float> station_m;             // of each entry of station: its metres from the job
  std::vector<std::int32_t> service_point;  // located entries, or no_value
  std::vector<float> service_point_m;       // located entries
  Bitmap in_default_circle;                 // within default_circle_m of it

  std::size_t longest_label = 0;         // bytes of "source:id" and title, of any row
  std::vector<std::uint64_t> block_key;  // hilbert_key of rows 0, 64, 128, ... that have a point

  std::vector<Row> by_published;  // all rows, newest first, then by "source:id"

  // One bitmap per value; a predicate on such a column is an AND of words.
  std::array<RowSet, 3> is_category;
  std::array<RowSet, 5> is_pay_unit;
  std::array<RowSet, 9> education_at_most;  // asks no more than this; a job that doesn't say asks for nothing
  std::array<RowSet, 5> precision_at_least;
  std::vector<RowSet> in_district;
  std::array<RowSet, 20> in_industry;
  BitSlices openings_sums;

  std::vector<JobNumbers> numbers;

  JobText text(Row row) const { return text(record(row)); }
  static JobText text(const char* record);
  struct IdAndTitle {
    std::string_view id, title;
  };
  IdAndTitle id_and_title(Row row) const;  // the same texts, for tiles that show thousands of jobs
  const char* record(Row row) const { return record_at(text_at[row]); }  // where its texts begin
  const char* record_at(std::uint32_t at) const {
    return text_parts[at >> 31].data() + std::size_t{at & 0x7FFFFFFF} * 4;
  }
  std::string public_id(Row row) const;  // "source:id"
  // When a job is shown. Nothing else decides whether it is alive. A lifetime that is empty begins and ends
  // before all minutes, so that no tick is made for it.
  Minutes lifetime(Row row) const {
    const std::int64_t from = published[row] / 60, until = expires[row] / 60;
    return from < until ? Minutes{from, until} : Minutes{first_minute, first_minute};
  }
  // The row of "source:id".
  std::optional<Row> find(std::string_view public_id) const;
  // How many public ids are less than this one; equal ids are found by the rank of their row.
  std::uint32_t rank_of(std::string_view public_id) const;
  // The rows of a tile: those whose grid cell lies in it. Contiguous, by the order of rows. The zoom may lie
  // beyond max_zoom, up to geo::grid_bits.
  RowRange rows_in_tile(geo::TileId tile) const;
  // The first row of the range whose place on the curve isn't before the key; its end where there is none.
  Row first_at(std::uint64_t key, RowRange range) const;
  std::uint64_t hilbert_key(Row row) const;
  std::size_t memory_bytes() const;

  // Texts, where the file had them: the record of a row starts at 4 * (text_at & 0x7FFFFFFF) of the part that
  // the top bit of text_at names. Two parts, because two threads read a file.
  std::vector<std::uint32_t> text_at;
  std::array<std::vector<char>, 2> text_parts;
  std::shared_ptr<const TextIndex> texts;  // finds jobs by their words
  std::vector<Row> by_id;                  // rows in the order of "source:id"
  std::vector<std::uint32_t> id_rank;      // the inverse: ties in any other order are broken by it
};

inline constexpr double station_reach_m = 800;
// The service circle most ask for, 15 minutes on foot at 1.3 m/s with a detour of 1.22, is found ahead.
inline constexpr double default_circle_m = 15 * 60 * 1.3 / 1.22;

struct Sums {
  std::uint64_t ads = 0, openings = 0;
};

// The counts of a cluster: rows with a point by category, and the sums of their positions.
struct Tally {
  struct Of {
    std::uint64_t ads = 0, openings = 0;
  };
  std::array<Of, 3> category{};
  std::int64_t lon = 0, lat = 0;  // 1e-7 degree

  std::uint64_t ads() const { return category[0].ads + category[1].ads + category[2].ads; }
  std::uint64_t openings() const {
    return category[0].openings + category[1].openings + category[2].openings;
  }
};

struct Walks;

// The street network and what it says of the jobs (data/index/walks.hpp): both, or neither where there is none.
struct Streets {
  std::shared_ptr<const geo::StreetGraph> graph;
  std::shared_ptr<const Walks> walks;
};

// Which data a file holds. The number alone isn't enough: another file may have come to lie at the same path,
// or a copy of it that was changed as often.
struct DataVersion {
  std::string revision;  // random, of the last change
  std::int64_t generation = 0;
  bool operator==(const DataVersion&) const = default;
};

class Snapshot {
 public:
  std::shared_ptr<const JobTable> jobs;
  std::shared_ptr<const City> city;
  std::shared_ptr<const geo::StreetGraph> streets;  // null where the database has no street network
  std::shared_ptr<const Walks> walks;               // null with it
  Bitmap alive;                                     // of jobs->size rows: whose lifetime contains `minute`
  std::string generation;  // revision, data version, minute, rows and build: never names other bytes
  std::string revision;
  std::int64_t data_version = 0;
  std::int64_t minute = 0;  // of the tick: floor(now / 60)
  Minutes unchanged;        // in which the same jobs live as in `minute`

  // Jobs of a category (alive) in [range), from prefix sums; all categories where it is absent.
  enum class Where { anywhere, in_default_circle };
  Sums sums(RowRange range, std::optional<Category> category = std::nullopt,
            Where where = Where::anywhere) const;
  // The same and more of located rows, for some categories (a bit each; 0 for all).
  Tally tally(RowRange range, std::uint8_t categories) const;
  // Adds located rows of [64 w, 64 w + 64).
  void add_rows(Tally& tally, std::size_t w, std::uint64_t rows) const;
  // The code and the name of a district by its number in the table. A code without a district is its own
  // name.
  std::string_view district_code(std::size_t number) const;
  std::string_view district_name(std::size_t number) const;
  std::size_t districts() const;  // how many numbers there are
  // The number of an adcode or a name, as City has it, or of a code that no district bears.
  std::optional<std::uint8_t> find_district(std::string_view text) const;
  DataVersion version() const { return {revision, data_version}; }
  RowRange all_rows() const { return {0, jobs->size}; }
  RowRange located_rows() const { return {0, jobs->located}; }
  std::size_t memory_bytes() const;

 private:
  friend std::shared_ptr<const Snapshot> make_snapshot(std::shared_ptr<const JobTable>,
                                                       std::shared_ptr<const City>, std::string, std::int64_t,
                                                       std::int64_t, Streets);
  // Prefix sums over the living rows before a block of 64, by category; positions of those with a point.
  struct Before {
    std::uint64_t openings = 0;
    std::int64_t lon = 0, lat = 0;
    std::uint32_t ads = 0;
  };
  struct BeforeInCircle {
    std::uint64_t openings = 0;
    std::uint32_t ads = 0;
  };
  std::vector<std::array<Before, 3>> before_block_;
  std::vector<std::array<BeforeInCircle, 3>> in_circle_before_block_;  // of the default circle
};

// A new snapshot with the jobs that live at `now`, before or after the one given, sharing all else; null
// where they are the same. Before the table's complete_from it is that of complete_from.
std::shared_ptr<const Snapshot> tick(const Snapshot& snapshot, std::int64_t now);
// Makes a snapshot of its parts; a load, tick() and tests build on it.
std::shared_ptr<const Snapshot> make_snapshot(std::shared_ptr<const JobTable> jobs,
                                              std::shared_ptr<const City> city, std::string revision,
                                              std::int64_t data_version, std::int64_t now,
                                              Streets streets = {});

}  // namespace jobmap::data
