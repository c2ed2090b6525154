#include "server/query/filter/row_filter.hpp"

#include "server/query/filter/expression_filter.hpp"
#include "server/query/filter/service_circle.hpp"
#include "server/query/filter/shift_filter.hpp"
#include "server/query/filter/shifted_cell_filter.hpp"
#include "server/query/filter/text_filter.hpp"
#include "server/query/filter/validity_filter.hpp"

namespace jobmap::query {

RowFilters row_filters(const JobQuery& query, const data::Snapshot& snapshot) {
  RowFilters filters;
  if (!query.terms.empty()) filters.push_back(std::make_shared<TextFilter>(query.terms, *snapshot.jobs));
  if (auto circle = service_circle_filter(query, snapshot)) filters.push_back(std::move(circle));
  if (query.valid) filters.push_back(std::make_shared<ValidityFilter>(*query.valid, *snapshot.jobs));
  if (query.shift) filters.push_back(std::make_shared<ShiftFilter>(*query.shift, *snapshot.jobs));
  if (query.shifted_cell)
    filters.push_back(std::make_shared<ShiftedCellFilter>(*query.shifted_cell, *snapshot.jobs));
  if (query.filter) filters.push_back(std::make_shared<ExpressionFilter>(*query.filter, snapshot));
  return filters;
}

const data::RowSet* rows_of_words(const RowFilters& filters) {
  return filters.empty() ? nullptr : filters.front()->rows();
}

}  // namespace jobmap::query
