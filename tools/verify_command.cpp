// jobmap verify: does the index answer as SQL does on the same file? Random queries, each asked twice: of the
// snapshot, and of SpatiaLite.
#include <algorithm>
#include <boost/program_options.hpp>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <iostream>
#include <map>
#include <optional>

#include "data/store/load.hpp"
#include "data/store/sqlite.hpp"
#include "server/query/facet/facets.hpp"
#include "server/query/list/evaluate.hpp"
#include "server/query/tile/clusters.hpp"
#include "tools/command_line.hpp"
#include "tools/verify_questions.hpp"
#include "tools/verify_words.hpp"

namespace jobmap::tools {
namespace {

namespace po = boost::program_options;
using data::Database;
using data::Statement;

constexpr double tolerance_m = 0.01;
constexpr std::size_t most_rows = 300;  // of each list

class Comparison {
 public:
  Comparison(Database& db, const data::Snapshot& snapshot, const query::Areas& areas)
      : db_(db), s_(snapshot), areas_(areas) {
    const auto next_minute = std::to_string((s_.minute + 1) * 60);
    loaded_ = "expires_at >= " + next_minute;
    alive_ = loaded_ + " AND coalesce(published_at, 0) < " + next_minute;
  }

  // Totals, and the first rows in each order the query can have, page by page.
  void compare(const Question& question, std::uint32_t page_size) {
    ++asked_;
    const std::string here = " FROM jobs WHERE " + alive_ + " AND " + question.what;
    const std::string placed =
        here + (question.where.empty() ? "" : " AND geom IS NOT NULL AND " + question.where);
    const auto q = parse(question, "");
    if (!q) return;
    const auto totals = count(*q, s_);
    equal(question, "ads", totals.ads, number("SELECT count(*)" + placed));
    equal(question, "openings", totals.openings, number("SELECT coalesce(sum(openings), 0)" + placed));
    equal(question, "located", totals.located, number("SELECT count(*)" + placed + " AND geom IS NOT NULL"));
    equal(question, "unlocated", totals.unlocated, number("SELECT count(*)" + here + " AND geom IS NULL"));
    found_ += totals.ads;
    compare_list(question, "newest", "-coalesce(published_at, 0)", placed, page_size);
    if (!question.distance.empty()) compare_list(question, "distance", question.distance, placed, page_size);
    if (!question.score.empty())
      compare_list(question, "relevance",
                   "-((" + question.score + ") * 4294967296 + coalesce(published_at, 0))", placed, page_size);
    if (question.has_pay_unit)
      compare_list(question, "pay", "-coalesce(pay_max, pay_min, -1)", placed, page_size);
    compare_facet(question, *q, query::FacetBy::category, "category", placed);
    compare_facet(question, *q, query::FacetBy::precision, "precision", placed);
    compare_facet(question, *q, query::FacetBy::education, "education", placed);
  }
  // One tile's cells, by position alone.
  void compare_tile(const Question& question, geo::TileId tile) {
    const auto q = parse(question, "");
    if (!q) return;
    // The columns and rows of the grid three zooms deeper.
    const auto x = column_of_grid(tile.z + geo::CellId::levels),
               y = row_of_grid(tile.z + geo::CellId::levels);
    Statement rows =
        db_.prepare("SELECT " + x + " AS i, " + y + " AS j, count(*), sum(openings) FROM jobs WHERE " +
                    alive_ + " AND geom IS NOT NULL AND " + question.what +
                    (question.where.empty() ? "" : " AND " + question.where) + " AND " + x +
                    " / 8 = " + std::to_string(tile.x) + " AND " + y + " / 8 = " + std::to_string(tile.y) +
                    " GROUP BY i, j");
    std::map<std::string, data::Sums> theirs, ours;
    while (rows.step()) {
      const auto i = static_cast<std::uint32_t>(rows.column_int64(0)),
                 j = static_cast<std::uint32_t>(rows.column_int64(1));
      theirs[geo::CellId{tile, i & 7, j & 7}.name()] = {static_cast<std::uint64_t>(rows.column_int64(2)),
                                                        static_cast<std::uint64_t>(rows.column_int64(3))};
    }
    const auto content = query::tile_content(*q, s_, tile);
    for (const auto& c : content.clusters) ours[c.cell.name()] = {c.tally.ads(), c.tally.openings()};
    for (const auto row : content.jobs) {
      const auto at = geo::to_grid(s_.jobs->tree.point(row));
      const auto shift = geo::grid_bits - tile.z - geo::CellId::levels;
      auto& sums = ours[geo::CellId{tile, at.x >> shift & 7, at.y >> shift & 7}.name()];
      ++sums.ads, sums.openings += static_cast<std::uint64_t>(s_.jobs->openings[row]);
    }
    compare_sums(question, "cell ", ours, theirs);
  }

  int report() const {
    std::printf("%llu queries, %llu jobs found, %llu differences\n", asked_, found_, differences_);
    if (s_.alive.count() == 0)
      std::puts(
          "nothing was checked: no job is shown, so every query finds nothing; import jobs that are "
          "published and "
          "not expired");
    return differences_ ? 1 : 0;
  }
  void equal(const Question& question, const std::string& what, std::uint64_t ours, std::uint64_t theirs) {
    if (ours != theirs)
      differ(question, what + ": " + std::to_string(ours) + " here, " + std::to_string(theirs) + " by SQL");
  }
  std::uint64_t number(const std::string& sql) { return static_cast<std::uint64_t>(db_.query_int64(sql)); }
  // SQL of the jobs that the snapshot's table has, and of those of them that are shown.
  const std::string& loaded() const { return loaded_; }
  const std::string& alive() const { return alive_; }

 private:
  void compare_facet(const Question& question, const query::JobQuery& q, query::FacetBy by,
                     const std::string& column, const std::string& placed) {
    std::map<std::string, data::Sums> theirs, ours;
    Statement rows =
        db_.prepare("SELECT coalesce(" + column + ", ''), count(*), sum(openings)" + placed + " GROUP BY 1");
    while (rows.step())
      theirs[std::string(rows.column_text(0))] = {static_cast<std::uint64_t>(rows.column_int64(1)),
                                                  static_cast<std::uint64_t>(rows.column_int64(2))};
    const auto facets = query::count_facets(q, {{by}, false, {}}, s_);
    for (const auto& value : facets.facets[0].values) ours[value.id] = value.sums;
    if (facets.facets[0].missing.ads) ours[""] = facets.facets[0].missing;
    compare_sums(question, column + " ", ours, theirs);
  }
  void compare_sums(const Question& question, const std::string& what,
                    const std::map<std::string, data::Sums>& ours,
                    const std::map<std::string, data::Sums>& theirs) {
    equal(question, "values of " + what, ours.size(), theirs.size());
    for (const auto& [id, sums] : theirs) {
      const auto it = ours.find(id);
      const auto mine = it == ours.end() ? data::Sums{} : it->second;
      equal(question, what + id + ", ads", mine.ads, sums.ads);
      equal(question, what + id + ", openings", mine.openings, sums.openings);
    }
  }
  std::optional<query::JobQuery> parse(const Question& question, const std::string& listing) {
    const auto params = query::Params::parse(
        question.query + (question.query.empty() || listing.empty() ? "" : "&") + listing);
    query::Reader r(*params);
    auto q = query::parse_filter(r, s_, &areas_);
    query::parse_listing(r, q, s_);
    r.finish();
    if (!r.failed()) return q;
    differ(question, "our own query is refused: " + r.error().message);
    return std::nullopt;
  }

  // Pages of ours, joined, against one list of SQL's. By distance two jobs closer to each other than the
  // tolerance may stand either way round; all else is equal to the letter.
  void compare_list(const Question& question, const std::string& sort, const std::string& key,
                    const std::string& placed, std::uint32_t page_size) {
    auto q = parse(question, "sort=" + sort + "&limit=" + std::to_string(page_size));
    if (!q) return;
    Statement rows = db_.prepare("SELECT source || ':' || id, " + key + placed + " ORDER BY 2, 1 LIMIT " +
                                 std::to_string(most_rows));
    for (std::size_t row = 0; row < most_rows;) {
      const auto page = evaluate(*q, s_);
      for (const auto& hit : page.hits) {
        if (row++ == most_rows) return;
        const auto id = s_.jobs->public_id(hit.row);
        if (!rows.step()) return differ(question, "by " + sort + " the list is longer than SQL's");
        if (sort == "distance" ? std::abs(rows.column_double(1) - hit.distance_m) > tolerance_m
                               : id != rows.column_text(0))
          return differ(question, "by " + sort + ", row " + std::to_string(row) + ": " + id + " here, " +
                                      std::string(rows.column_text(0)) + " by SQL");
        if (sort == "distance") check_distance(question, id, hit.distance_m);
      }
      if (page.next_cursor.empty()) {
        if (rows.step())
          differ(question, "by " + sort + " the list ends at row " + std::to_string(row) + ", SQL's doesn't");
        return;
      }
      q->after = query::read_cursor(page.next_cursor);
    }
  }

  void check_distance(const Question& question, const std::string& id, double metres) {
    const auto colon = id.find(':');
    Statement row = db_.prepare("SELECT " + question.distance + " FROM jobs WHERE source = ?1 AND id = ?2");
    const auto source = id.substr(0, colon), local = id.substr(colon + 1);
    row.bind(1, std::string_view(source)).bind(2, std::string_view(local));
    if (!row.step() || std::abs(row.column_double(0) - metres) > tolerance_m)
      differ(question, id + " lies " + std::to_string(metres) + " m away here, not so by SQL");
  }

  void differ(const Question& question, const std::string& what) {
    if (++differences_ <= 20) std::printf("differs: %s\n  %s\n", question.query.c_str(), what.c_str());
  }

  Database& db_;
  const data::Snapshot& s_;
  const query::Areas& areas_;
  std::string loaded_, alive_;
  unsigned long long asked_ = 0, found_ = 0, differences_ = 0;
};

}  // namespace

int run_verify(Arguments args) {
  std::string path;
  unsigned queries = 60, seed = 1;
  po::options_description options(
      "jobmap verify: the index and its answers against SQL on the same file\n"
      "exit status: 0 equal, 1 different, 2 could not be done\n\nOptions");
  options.add_options()("help", "this text")("db", po::value(&path)->value_name("FILE"), "the database")(
      "queries", po::value(&queries)->default_value(queries)->value_name("N"), "random queries to ask")(
      "seed", po::value(&seed)->default_value(seed)->value_name("S"), "of the random queries");
  const auto given = read_command_line(args, options);
  if (given.count("help")) return std::cout << options, 0;
  if (path.empty()) throw std::runtime_error("--db FILE is needed");

  Database db = Database::open_reader(path);
  data::check_is_jobmap(db);
  db.load_spatialite();
  data::Transaction read(db, data::Transaction::read);
  const auto snapshot = data::load_snapshot(path, std::time(nullptr));
  if (data::read_data_version(path) != snapshot->version())
    throw std::runtime_error(path + " changed while it was read; try again");
  std::printf("%s: generation %s, seed %u\n", path.c_str(), snapshot->generation.c_str(), seed);

  prepare_words(db);
  Asker asker(*snapshot, seed);
  Comparison comparison(db, *snapshot, asker.areas());
  Question all;
  all.query = "(all jobs)";
  comparison.equal(all, "rows", snapshot->jobs->size,
                   comparison.number("SELECT count(*) FROM jobs WHERE " + comparison.loaded()));
  comparison.equal(all, "jobs that are shown", snapshot->alive.count(),
                   comparison.number("SELECT count(*) FROM jobs WHERE " + comparison.alive()));
  // SpatiaLite's own check of its index wants to write; this one only reads.
  comparison.equal(
      all, "rows outside their box of the spatial index",
      comparison.number("SELECT count(*) FROM jobs LEFT JOIN idx_jobs_geom AS i ON i.pkid = jobs.pk "
                        "WHERE geom IS NOT NULL AND (ST_X(geom) BETWEEN i.xmin AND i.xmax AND ST_Y(geom) "
                        "BETWEEN i.ymin AND i.ymax) IS NOT 1"),
      0);
  comparison.equal(all, "rows of the spatial index", comparison.number("SELECT count(*) FROM idx_jobs_geom"),
                   comparison.number("SELECT count(*) FROM jobs WHERE geom IS NOT NULL"));
  const ProgressLine line;
  for (unsigned i = 0; i < queries; ++i) {
    line.show("queries", i, queries);
    const auto question = asker.ask();
    comparison.compare(question, 1 + asker.pick(200));
    if (snapshot->jobs->located == 0) continue;
    const auto at = geo::to_grid(snapshot->jobs->tree.point(asker.pick(snapshot->jobs->located)));
    const auto z = 6 + asker.pick(12), shift = geo::grid_bits - z;
    comparison.compare_tile(question, {z, at.x >> shift, at.y >> shift});
  }
  return comparison.report();
}

}  // namespace jobmap::tools
