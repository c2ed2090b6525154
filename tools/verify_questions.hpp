#pragma once
// Random job queries, each said twice: as a query string for the index, and as SQL for SpatiaLite on the same
// file.
//
//   Asker asker(snapshot, seed);
//   Question q = asker.ask();       // q.query, q.what and q.where, q.distance
//
// The positions are those of jobs, so most queries find something. What goes into the SQL is numbers, names
// of our own tables of words, and codes that the schema's checks let through.
#include <random>
#include <string>

#include "data/index/snapshot.hpp"
#include "server/query/parse/areas.hpp"

namespace jobmap::tools {

// SQL of the column and the row of a job in the Web Mercator grid of 2^zoom squares a side.
std::string column_of_grid(unsigned zoom);
std::string row_of_grid(unsigned zoom);

struct Question {
  std::string query;       // without sort and limit
  std::string what = "1";  // SQL conditions on a job's columns
  std::string where;       // and on its place; empty where the query names none
  std::string distance;    // SQL of the metres to the nearest anchor; empty without one
  std::string score;       // and of what sort=relevance counts; empty without words
  bool has_pay_unit = false;

  void add(const std::string& parameter, const std::string& condition);
};

class Asker {
 public:
  Asker(const data::Snapshot& snapshot, unsigned seed) : s_(snapshot), random_(seed) {}
  Question ask();
  const query::Areas& areas() const { return areas_; }  // that `within` names
  unsigned pick(unsigned n) { return static_cast<unsigned>(random_() % n); }

 private:
  void ask_where(Question& q);
  void ask_pay(Question& q);
  void ask_requirements(Question& q);
  void ask_kind(Question& q);
  void near_point(Question& q, geo::LonLat at);
  void near_stations(Question& q, bool whole_line);
  void in_box(Question& q, geo::LonLat at);
  void in_circle(Question& q);
  void in_area(Question& q, geo::LonLat at);
  void in_cell(Question& q, geo::LonLat at);
  void in_district(Question& q);
  void ask_shift(Question& q);
  void ask_words(Question& q);
  void ask_filter(Question& q);

  const data::Snapshot& s_;
  query::Areas areas_{64u << 20};
  std::mt19937 random_;
};

}  // namespace jobmap::tools
