#pragma once
// An estimate of what an answer will take, before it is made. The estimate decides whether the answer runs on
// the I/O thread or a pool, whether it is admitted, and what its client is charged. It is a model of what the
// answer looks at and holds: rows reached, what each predicate does with a row, what the order looks at, what
// a row of the page lists. The constants were measured on a million jobs and are right within a factor of
// ten, to which tests/hunter holds them.
//
//   const Cost cost = list_cost(q, snapshot);       // of /v1/jobs
//   prepared.cost_us = cost.us;
//   prepared.body_bytes = cost.bytes;
#include "data/index/snapshot.hpp"
#include "server/encode/tile_city.hpp"
#include "server/query/parse/job_query.hpp"

namespace jobmap::api {

struct Cost {
  double us = 0;
  double bytes = 0;  // of the body, before it is packed
};

// A page of a query's jobs.
Cost list_cost(const query::JobQuery& q, const data::Snapshot& snapshot);
// So many facets of a query; with multi each is counted by itself.
Cost facets_cost(const query::JobQuery& q, const data::Snapshot& snapshot, std::size_t facets, bool multi);
// A tile that so many rows of the table lie in.
Cost tile_cost(const query::JobQuery& q, const data::Snapshot& snapshot, std::size_t rows);

// Why one job is in the answer: words are searched for in all jobs, minutes along all streets.
Cost explain_cost(const query::JobQuery& q, const data::Snapshot& snapshot);
// A page of at most so many features of a layer of the city, whose positions are projected or not.
Cost city_cost(const data::City& city, encode::CityLayer layer, std::size_t limit, bool projected);
// A page for people is made of so much JSON, which is read again for it.
double html_us(double json_bytes);

// Areas in reach of a place, up to so many minutes.
Cost isochrone_cost(const query::JobQuery& travel, double minutes, const data::Snapshot& snapshot);

}  // namespace jobmap::api
