#pragma once
// Counts rows by the value of one facet. A part of server/query/facet/facets.cpp.
//
//   FacetCounter counter(FacetBy::education, query, snapshot);
//   counter.add(rows);              // any number of times
//   Facet facet = counter.facet();
#include <optional>
#include <span>

#include "server/query/facet/facets.hpp"
#include "server/query/filter/reach.hpp"

namespace jobmap::query {

class FacetCounter {
 public:
  FacetCounter(FacetBy by, const JobQuery& query, const data::Snapshot& snapshot);
  void add(std::span<const data::Row> rows);
  Facet facet() const;

 private:
  // value(row): the number of its slot; slots_.size() - 1 where it has none.
  template <typename Value>
  void add_by(std::span<const data::Row> rows, Value&& value);
  void add_near(std::span<const data::Row> rows);
  FacetValue value(std::size_t slot) const;
  void prepare_days();
  std::int64_t day_of(std::uint32_t published) const;
  std::size_t minute_of(data::Row row) const;

  FacetBy by_;
  const data::Snapshot& s_;
  const data::JobTable& t_;
  data::Sums counted_;
  std::vector<data::Sums> slots_;    // a value each, and the last for none
  std::vector<std::int32_t> edges_;  // of pay, fen, and of experience, years: where each step begins
  std::vector<std::size_t> seen_;    // of station and line: the row that was last counted in a slot, plus one
  std::int64_t first_day_ = 0;
  std::optional<std::int64_t> one_offset_;  // of the city's time, where no clock changes between those days
  Reaches reaches_;                         // of minutes
};

}  // namespace jobmap::query
