#pragma once
// The expression of `filter=` over the columns of the jobs, 64 rows a step: bitmaps and tables decide names,
// comparisons of whole columns numbers and times, the boxes of the tree's leaves places; texts are read last,
// and only of rows that nothing else has decided.
//
//   filters.push_back(std::make_shared<ExpressionFilter>(*query.filter, snapshot));
//
// The same answer as cql2::evaluate on JobProperties, row by row (tests/query/expression_filter_test.cpp).
#include "server/query/filter/row_filter.hpp"
#include "server/query/syntax/cql2/syntax.hpp"

namespace jobmap::query {

class ExpressionFilter final : public RowFilter {
 public:
  // Both must outlive it. word() looks at the thread's deadline (geo/deadline.hpp).
  ExpressionFilter(const cql2::Expression& expression, const data::Snapshot& snapshot);
  ~ExpressionFilter() override;
  std::uint64_t word(std::size_t w, std::uint64_t candidates) const override;

  // The candidates for which a condition holds, and those for which it doesn't; of the rest it is unknown.
  struct Decided {
    std::uint64_t yes = 0, no = 0;
  };
  class Condition;

 private:
  std::unique_ptr<Condition> root_;
};

}  // namespace jobmap::query
