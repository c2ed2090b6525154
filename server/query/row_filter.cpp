#include "query/row_filter.hpp"

namespace jobmap::query {

RowFilters row_filters(const JobQuery&, const data::Snapshot&) { return {}; }

}  // namespace jobmap::query
