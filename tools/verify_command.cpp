// jobmap verify: does the index answer as SQL does on the same file? Random queries, each asked twice: of the
// snapshot, and of SpatiaLite.
#include <algorithm>
#include <boost/program_options.hpp>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <iostream>
#include <random>

#include "data/snapshot.hpp"
#include "data/sqlite.hpp"
#include "query/evaluate.hpp"
#include "tools/commands.hpp"

namespace jobmap::tools {
namespace {

namespace po = boost::program_options;
using data::Database;
using data::Statement;

constexpr double tolerance_m = 0.01;

// One random query, as a query string for us and as conditions for SQL. Values go into the SQL by number
// only.
struct Question {
  std::string query;
  std::string what = "1";   // conditions on a job's columns
  std::string where = "1";  // and on its place
  bool has_place = false, has_anchor = false;
  double lon = 0, lat = 0, radius = 0;

  void add(const std::string& parameter, const std::string& condition) {
    query += (query.empty() ? "" : "&") + parameter;
    what += " AND " + condition;
  }
};

class Asker {
 public:
  Asker(const data::Snapshot& snapshot, unsigned seed) : s_(snapshot), random_(seed) {}

  Question ask() {
    Question q;
    place(q);
    if (pick(2)) {
      const auto c = std::string(data::category_names[pick(3)]);
      q.add("category=" + c, "category = '" + c + "'");
    }
    if (pick(4) == 0) {
      const auto unit = std::string(data::pay_unit_names[1 + pick(4)]);
      const auto least = pick(30000);
      q.add("pay_unit=" + unit + "&pay_min=" + std::to_string(least),
            "pay_unit = '" + unit + "' AND coalesce(pay_max, pay_min) >= " + std::to_string(least * 100));
    }
    if (pick(4) == 0) {
      const auto years = std::to_string(pick(11));
      q.add("experience_max=" + years, "coalesce(experience, 0) <= " + years);
    }
    if (pick(6) == 0) {
      std::string levels;
      const auto most = pick(9);
      for (unsigned e = 0; e <= most; ++e)
        levels += (e ? ",'" : "'") + std::string(data::education_names[e]) + "'";
      q.add("education=" + std::string(data::education_names[most]),
            "(education IS NULL OR education IN (" + levels + "))");
    }
    if (pick(6) == 0 && !s_.city->districts.empty()) {
      const auto& d = s_.city->districts[pick(static_cast<unsigned>(s_.city->districts.size()))];
      q.add("district=" + d.adcode, "CASE WHEN geom IS NULL THEN district = '" + d.adcode + "' ELSE '" +
                                        d.adcode +
                                        "' = (SELECT adcode FROM districts AS d WHERE ST_Covers(d.geom, "
                                        "jobs.geom) ORDER BY adcode LIMIT 1) END");
    }
    return q;
  }

 private:
  unsigned pick(unsigned n) { return static_cast<unsigned>(random_() % n); }

  void place(Question& q) {
    const auto kind = pick(3);
    if (kind == 2 || s_.jobs->located == 0) return;
    const auto at = geo::to_lonlat(s_.jobs->tree.point(pick(s_.jobs->located)));
    char text[200];
    q.has_place = true;
    if (kind == 0) {
      q.has_anchor = true;
      q.lon = at.lon, q.lat = at.lat, q.radius = std::round(std::pow(10.0, 1 + pick(2400) / 1000.0));
      std::snprintf(text, sizeof text, "near=%.7f,%.7f&radius=%.0f", q.lon, q.lat, q.radius);
      q.query = text;
      q.where = "ST_Distance(geom, MakePoint(" + number(q.lon) + ", " + number(q.lat) +
                ", 4326), 1) <= " + number(q.radius) + " AND " + frame(q.lon, q.lat, q.radius);
    } else {
      const double w = (1 + pick(500)) * 1e-4, h = (1 + pick(500)) * 1e-4;
      const std::string x0 = number(at.lon), y0 = number(at.lat), x1 = number(at.lon + w),
                        y1 = number(at.lat + h);
      q.query = "bbox=" + x0 + "," + y0 + "," + x1 + "," + y1;
      q.where = "ST_X(geom) BETWEEN " + x0 + " AND " + x1 + " AND ST_Y(geom) BETWEEN " + y0 + " AND " + y1;
    }
  }
  static std::string number(double v) {
    char text[40];
    return {text, static_cast<std::size_t>(std::snprintf(text, sizeof text, "%.7f", v))};
  }
  // SpatiaLite's own index narrows the search; it is part of what is compared.
  static std::string frame(double lon, double lat, double radius) {
    const double y = radius / 110'000, x = y / std::cos(lat * 0.0174532925) * 1.01;
    return "pk IN (SELECT rowid FROM SpatialIndex WHERE f_table_name = 'jobs' AND f_geometry_column = 'geom' "
           "AND search_frame = BuildMbr(" +
           number(lon - x) + ", " + number(lat - y) + ", " + number(lon + x) + ", " + number(lat + y) +
           ", 4326))";
  }

  const data::Snapshot& s_;
  std::mt19937 random_;
};

class Comparison {
 public:
  Comparison(Database& db, const data::Snapshot& snapshot) : db_(db), s_(snapshot) {
    alive_ = "expires_at >= " + std::to_string((s_.minute + 1) * 60);
  }

  void compare(const Question& question) {
    ++asked_;
    const auto params = query::Params::parse(question.query);
    query::Reader r(*params);
    auto q = query::parse_filter(r, s_);
    query::parse_listing(r, q, s_);
    r.finish();
    if (r.failed()) return differ(question, "our own query is refused: " + r.error().message);
    q.limit = 1000;
    const auto page = evaluate(q, s_);
    const std::string here = " FROM jobs WHERE " + alive_ + " AND " + question.what;
    const std::string placed =
        here + " AND " + (question.has_place ? "geom IS NOT NULL AND " + question.where : "1");
    equal(question, "ads", page.totals.ads, number("SELECT count(*)" + placed));
    equal(question, "openings", page.totals.openings, number("SELECT coalesce(sum(openings), 0)" + placed));
    equal(question, "unlocated", page.totals.unlocated,
          number("SELECT count(*)" + here + " AND geom IS NULL"));
    found_ += page.totals.ads;
    if (question.has_anchor) distances(question, page, placed);
  }

  int report() const {
    std::printf("%llu queries, %llu jobs found, %llu differences\n", asked_, found_, differences_);
    return differences_ ? 1 : 0;
  }
  void equal(const Question& question, const std::string& what, std::uint64_t ours, std::uint64_t theirs) {
    if (ours != theirs)
      differ(question, what + ": " + std::to_string(ours) + " here, " + std::to_string(theirs) + " by SQL");
  }
  std::uint64_t number(const std::string& sql) { return static_cast<std::uint64_t>(db_.query_int64(sql)); }
  const std::string& alive() const { return alive_; }

 private:
  void distances(const Question& question, const query::Page& page, const std::string& placed) {
    char point[80];
    std::snprintf(point, sizeof point, "MakePoint(%.7f, %.7f, 4326)", question.lon, question.lat);
    Statement rows = db_.prepare("SELECT ST_Distance(geom, " + std::string(point) + ", 1)" + placed +
                                 " ORDER BY 1 LIMIT 1000");
    for (const auto& hit : page.hits) {
      if (!rows.step()) return differ(question, "the list is longer than SQL's");
      if (std::abs(rows.column_double(0) - hit.distance_m) > tolerance_m)
        return differ(question, s_.jobs->public_id(hit.row) + " lies " + std::to_string(hit.distance_m) +
                                    " m away, by SQL " + std::to_string(rows.column_double(0)));
    }
  }
  void differ(const Question& question, const std::string& what) {
    if (++differences_ <= 20) std::printf("differs: %s\n  %s\n", question.query.c_str(), what.c_str());
  }

  Database& db_;
  const data::Snapshot& s_;
  std::string alive_;
  unsigned long long asked_ = 0, found_ = 0, differences_ = 0;
};

}  // namespace

int run_verify(Arguments args) {
  std::string path;
  unsigned queries = 200, seed = 1;
  po::options_description options(
      "jobmap verify: the index and its answers against SQL on the same file\n"
      "exit status: 0 equal, 1 different, 2 could not be done\n\nOptions");
  options.add_options()("help", "this text")("db", po::value(&path)->value_name("FILE"), "the database")(
      "queries", po::value(&queries)->default_value(queries)->value_name("N"), "random queries to ask")(
      "seed", po::value(&seed)->default_value(seed)->value_name("S"), "of the random queries");
  po::variables_map given;
  const std::vector<std::string> words(args.begin(), args.end());
  po::store(po::command_line_parser(words).options(options).positional({}).run(), given);
  po::notify(given);
  if (given.count("help")) return std::cout << options, 0;
  if (path.empty()) throw std::runtime_error("--db FILE is needed");

  Database db = Database::open_reader(path);
  data::check_is_jobmap(db);
  db.load_spatialite();
  data::Transaction read(db, data::Transaction::read);
  const auto snapshot = data::load_snapshot(path, std::time(nullptr));
  if (const auto version = data::read_data_version(path); version != snapshot->data_version)
    throw std::runtime_error(path + " changed while it was read; try again");
  std::printf("%s: generation %s, seed %u\n", path.c_str(), snapshot->generation.c_str(), seed);

  Comparison comparison(db, *snapshot);
  const Question all{.query = "(all jobs)"};
  comparison.equal(all, "rows", snapshot->jobs->size,
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
  Asker asker(*snapshot, seed);
  for (unsigned i = 0; i < queries; ++i) comparison.compare(asker.ask());
  return comparison.report();
}

}  // namespace jobmap::tools
