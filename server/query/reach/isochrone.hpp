#pragma once
// The question /v1/isochrone answers: what can be reached from a place within some minutes.
//
//   IsochroneQuery q = parse_isochrone(reader, snapshot);     // all of the request; the first error sticks
//   geo::Isochrone areas = evaluate(q, snapshot);             // an area for each of q.minutes, largest first
//
// Along the streets where the snapshot has them, else by straight lines and a detour, as from a place beyond
// those that are loaded (server/query/parse/footing.hpp). By metro is the least
// of walking all the way and walking, riding and walking on, as of jobs (server/query/filter/reach.hpp).
#include <string>
#include <vector>

#include "geo/isochrone.hpp"
#include "server/query/parse/job_query.hpp"

namespace jobmap::query {

struct IsochroneQuery {
  geo::LonLat from;
  std::vector<double> minutes;  // descending
  JobQuery travel;              // mode, travel, depart and crs of it
  geo::Snap street;             // where `from` meets the streets: nothing, and straight lines are meant
  std::string canonical;        // itself a query string

  bool along_streets() const { return static_cast<bool>(street); }
};

IsochroneQuery parse_isochrone(Reader& reader, const data::Snapshot& snapshot);
geo::Isochrone evaluate(const IsochroneQuery& query, const data::Snapshot& snapshot);

}  // namespace jobmap::query
