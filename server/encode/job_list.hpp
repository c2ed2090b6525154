#pragma once
// A list of jobs, or one job, as GeoJSON (RFC 7946) or as protobuf (proto/jobmap.proto): the same content.
//
//   std::string body = list_geojson({query, snapshot, page, "/v1/jobs?near=…", next});
//
// Coordinates are in query.crs, x first; money in yuan; times in UTC; distances in metres. Both
// round as server/encode/rounding.hpp says.
#include <string>
#include <string_view>

#include "server/encode/job_record.hpp"

namespace jobmap::encode {

struct JobList {
  const query::JobQuery& query;
  const data::Snapshot& snapshot;
  const query::Page& page;
  std::string_view self;  // the links; next is empty on the last page
  std::string_view next;
  // For OGC API, instead of those and of the short name of the crs: links as a JSON array, and when it was
  // made.
  std::string_view links = {};
  std::int64_t made_at = 0;
  // Where the query came in the body of a POST, its URL: self and next are then bodies to post there,
  // written as query strings.
  std::string_view post_to = {};
};

std::string list_geojson(const JobList& list);
std::string list_pb(const JobList& list);
// One Feature, or a JobList of one job and no totals: either says its generation, crs and method.
// links: as in JobList.
std::string job_geojson(const query::JobQuery& query, const data::Snapshot& snapshot, const query::Hit& hit,
                        std::string_view links = {});
std::string job_pb(const query::JobQuery& query, const data::Snapshot& snapshot, const query::Hit& hit);

}  // namespace jobmap::encode
