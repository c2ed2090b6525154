#pragma once
// An order of jobs by their properties: what one row is sorted by.
//
//   SortValues values;
//   fill_values(snapshot, query.order, row, values);
//
// Names of a short list, as levels of education, go in the order of that list, not of the alphabet.
#include "server/query/parse/job_queryables.hpp"
#include "server/query/parse/sort_values.hpp"

namespace jobmap::query {

// Room of `values` is used again.
void fill_values(const data::Snapshot& snapshot, std::span<const SortKey> keys, data::Row row,
                 SortValues& values);
// How long it takes, in nanoseconds a row.
double sort_ns(std::span<const SortKey> keys);

}  // namespace jobmap::query
