#include "server/query/filter/matches.hpp"

#include "server/query/filter/estimate.hpp"

namespace jobmap::query {

Matches::Matches(const JobQuery& query, const data::Snapshot& snapshot, data::RowRange among,
                 std::optional<First> forced)
    : tree_(snapshot.jobs->tree),
      rows_(query.cell            ? *query.cell
            : query.names_place() ? snapshot.located_rows()
                                  : snapshot.all_rows()),
      more_(row_filters(query, snapshot)),
      filter_(query, snapshot, more_, AttributeFilter::with_place),
      place_(query, snapshot) {
  if (by_category_alone()) return;
  const data::RowRange scope{std::max(among.begin, rows_.begin), std::min(among.end, rows_.end)};
  if (scope.empty()) return;
  const auto* words = rows_of_words(more_);
  const double share = static_cast<double>(scope.end - scope.begin) / snapshot.jobs->size;
  const auto estimates =
      estimate(query, snapshot, place_, scope, words, forced ? all_there_is : what_decides, share);
  first_ = forced && estimates.of[*forced] ? *forced : choose_plan(estimates).first;
  sets_ = sets_of(first_, query, snapshot, words);
}

}  // namespace jobmap::query
