#pragma once
// Why a job is in the list of a query or is not: each parameter on its own, with what the job has and what is
// asked of it.
//
//   const Explanation e = explain(query, snapshot, row);
//   e.matches;                                              // true where the list has the job
//   e.verdicts[0].text == "1,240 m from 龙翔桥, limit 800 m";
//
// A verdict is that of a query of this parameter alone, by the same filters that the list is made with, and a
// query asks for all of its parameters: so explanation and list can't disagree. To add a parameter: one line
// in the table of explain.cpp, and who says what the job has (explain_what.cpp, explain_where.cpp).
#include <string>
#include <variant>
#include <vector>

#include "server/query/parse/job_query.hpp"

namespace jobmap::query {

using Fact = std::variant<std::monostate, double, std::string>;  // monostate: nothing is said

struct Verdict {
  std::string parameter, value;  // of the canonical query
  bool passed = false;
  Fact actual, limit;  // of the job, and what passes
  std::string text;    // both in words
};

struct Explanation {
  bool matches = true;
  std::vector<Verdict> verdicts;  // in the order of the canonical query
};

Explanation explain(const JobQuery& query, const data::Snapshot& snapshot, data::Row row);

// One job and one parameter of a query, for those who put a verdict into words.
struct Subject {
  const JobQuery& query;  // of this parameter alone
  const data::Snapshot& snapshot;
  data::Row row;
};
void say_what(const Subject& subject, Verdict& verdict);
void say_text(const Subject& subject, Verdict& verdict);
void say_anchor(const Subject& subject, Verdict& verdict);
void say_circle(const Subject& subject, Verdict& verdict);
void say_place(const Subject& subject, Verdict& verdict);

}  // namespace jobmap::query
