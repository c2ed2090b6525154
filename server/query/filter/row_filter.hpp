#pragma once
// A predicate on jobs that bitmaps and single columns don't answer: a search for words, an expression, a
// place that was worked out first. Made once an evaluation, before the walk, where it may do its own search;
// then it is only asked about rows that the cheap predicates have left over.
//
//   const RowFilters filters = row_filters(query, snapshot);
//   for (const auto& filter : filters) candidates = filter->word(w, candidates);     // of rows [64 w, 64 w + 64)
//
// Each kind has a file of its own; row_filter.cpp lists them.
#include <cstdint>
#include <memory>
#include <vector>

#include "server/query/parse/job_query.hpp"

namespace jobmap::query {

class RowFilter {
 public:
  virtual ~RowFilter() = default;
  // The candidates among rows [64 w, 64 w + 64) that pass: a subset of `candidates`.
  virtual std::uint64_t word(std::size_t w, std::uint64_t candidates) const = 0;
  // Whether it names a place: such a filter is left out when counting what a place leaves out.
  virtual bool is_place() const { return false; }
  // All its rows, where it has worked them out: then it is never asked by word().
  virtual const data::RowSet* rows() const { return nullptr; }
};

// Immutable and shared, so that every view of one evaluation asks the same.
using RowFilters = std::vector<std::shared_ptr<const RowFilter>>;

// The filters that the query asks for, the most selective first.
RowFilters row_filters(const JobQuery& query, const data::Snapshot& snapshot);
// The rows of the words of q, which are among them; null where the query has none.
const data::RowSet* rows_of_words(const RowFilters& filters);

}  // namespace jobmap::query
