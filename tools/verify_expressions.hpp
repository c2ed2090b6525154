#pragma once
// Random expressions of `filter`, each said twice: in CQL2, and as a SQL condition on a job's columns. Both
// have the same three-valued logic, so what compares with null is unknown here and there.
//
//   ExpressionAsker asker(snapshot, random);
//   SaidTwice e = asker.ask(3);                    // AND, OR and NOT up to three deep
//   e.cql == "NOT (pay_min > 8000)";  e.sql == "NOT (pay_min / 100.0 > 8000)";
//
// The literals are values of some job, so that most comparisons have both answers.
#include <random>
#include <string>

#include "server/query/parse/job_queryables.hpp"

namespace jobmap::tools {

struct SaidTwice {
  std::string cql, sql;
};

// A polygon about a place, some with a hole, as well-known text; the same in CQL2 and SQL.
std::string some_polygon(geo::LonLat middle, std::mt19937& random);

class ExpressionAsker {
 public:
  ExpressionAsker(const data::Snapshot& snapshot, std::mt19937& random) : s_(snapshot), random_(random) {}
  SaidTwice ask(unsigned depth);

 private:
  unsigned pick(std::size_t n) { return static_cast<unsigned>(random_() % n); }
  SaidTwice text();
  SaidTwice number();
  SaidTwice time();
  SaidTwice place();
  SaidTwice null();
  query::cql2::Value some_value(query::JobProperty property);
  std::string some_text(query::JobProperty property);
  std::string some_number(query::JobProperty property);
  std::int64_t some_time(query::JobProperty property);

  const data::Snapshot& s_;
  std::mt19937& random_;
};

}  // namespace jobmap::tools
