#pragma once
// Layer `clusters` of a tile of jobs: a point a cluster, at the mean of its jobs' positions, with ads,
// openings, the ads of each category (full_time, gig, internship), expansion_zoom and cell; pay_lower,
// pay_median and pay_upper, in yuan, where the cluster has them.
//
//   append_clusters(body, tile, content.clusters);      // nothing where there are none
#include <span>
#include <string>

#include "server/query/tile/clusters.hpp"

namespace jobmap::encode {

void append_clusters(std::string& body, geo::TileId tile, std::span<const query::Cluster> clusters);

}  // namespace jobmap::encode
