#pragma once
// `datetime`: jobs whose validity, from published_at to expires_at, has an instant in common with a span of
// time. One that doesn't say when it was published has always been valid.
//
//   RowFilters filters{std::make_shared<ValidityFilter>(*query.valid, *snapshot.jobs)};
#include "server/query/filter/row_filter.hpp"

namespace jobmap::query {

class ValidityFilter : public RowFilter {
 public:
  ValidityFilter(TimeSpan span, const data::JobTable& table) : span_(span), table_(table) {}
  std::uint64_t word(std::size_t w, std::uint64_t candidates) const override;

 private:
  TimeSpan span_;
  const data::JobTable& table_;
};

}  // namespace jobmap::query
