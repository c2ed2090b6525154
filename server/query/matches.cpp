#include "query/matches.hpp"

namespace jobmap::query {

Matches::Matches(const JobQuery& query, const data::Snapshot& snapshot)
    : tree_(snapshot.jobs->tree),
      rows_(query.cell            ? *query.cell
            : query.names_place() ? snapshot.located_rows()
                                  : snapshot.all_rows()),
      filter_(query, snapshot, row_filters(query, snapshot), AttributeFilter::with_place),
      place_(query, snapshot) {}

}  // namespace jobmap::query
