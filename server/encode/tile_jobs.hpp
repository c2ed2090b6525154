#pragma once
// The tile of jobs: layer `jobs`, a point a posting with id ("source:id"), title, category, ads (1) and
// openings; and layer `clusters` (server/encode/tile_clusters.hpp) where they are many.
//
//   const auto content = query::tile_content(q, snapshot, tile);
//   std::string body = encode_jobs_tile(*snapshot.jobs, tile, content);      // empty where there are none
//
// crs is that of the query; in GCJ-02 and BD-09 positions are shifted, in any other they are those of WGS84.
// Under 500 KB whatever the data: what is shown by itself is the query's choice (server/query/tile/clusters.hpp).
#include <string>

#include "server/query/tile/clusters.hpp"

namespace jobmap::encode {

std::string encode_jobs_tile(const data::JobTable& jobs, geo::TileId tile, const query::TileContent& content,
                             geo::Crs crs = geo::Crs::wgs84);

}  // namespace jobmap::encode
