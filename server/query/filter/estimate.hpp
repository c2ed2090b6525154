#pragma once
// Estimates how many rows each predicate of a query matches alone: values and words by their counts, the place
// by a few levels of the tree.
//
//   Plan plan = choose_plan(estimate(query, snapshot, place, scope, words, what_decides));
//   data::each_word_of(sets_of(plan.first, query, snapshot, words), begin, end, [&](std::size_t w) { use(w); });
//
// what_decides leaves out what costs time to know and wouldn't change the choice.
#include "server/query/filter/place_filter.hpp"
#include "server/query/filter/plan.hpp"

namespace jobmap::query {

enum Thoroughness { what_decides, all_there_is };

// words: the rows of the terms of q; null where it has none. scope: the rows with a point that can match.
// share: how much of the table is walked, if not all, as of a tile; values are taken to be spread evenly.
Estimates estimate(const JobQuery& query, const data::Snapshot& snapshot, const PlaceFilter& place,
                   data::RowRange scope, const data::RowSet* words, Thoroughness how, double share = 1);

// The sets any of which a row must be in, of a predicate that the query has.
std::vector<const data::RowSet*> sets_of(First first, const JobQuery& query, const data::Snapshot& snapshot,
                                         const data::RowSet* words);

}  // namespace jobmap::query
