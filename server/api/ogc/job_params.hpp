#pragma once
// Tells the parameters of a request for jobs under /ogc apart: one that is named as a property asks for jobs
// whose property equals its value, as OGC API has it; all others are those of the job query.
//
//   auto asked = split_job_params(call.params, snapshot);     // education=bachelor&near=120.16,30.25
//   asked->conditions;                                        // education = 'bachelor'
//   asked->rest;                                              // near=120.16,30.25
//
// Where the job query means the same by a property's name, as of categories, the parameter stays with it,
// since it has sets of rows for that. Its other meanings have names that no property bears
// (education_at_most, …).
#include "data/index/snapshot.hpp"
#include "server/query/syntax/cql2/syntax.hpp"
#include "server/query/syntax/query_string.hpp"

namespace jobmap::api::ogc {

struct JobParams {
  query::Params rest;
  std::vector<query::cql2::Node> conditions;
};
query::Result<JobParams> split_job_params(const query::Params& given, const data::Snapshot& snapshot);

// The same as the parameters of a tile, where conditions become part of `filter`.
query::Result<query::Params> to_tile_params(const query::Params& given, const data::Snapshot& snapshot);

}  // namespace jobmap::api::ogc
