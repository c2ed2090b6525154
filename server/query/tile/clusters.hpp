#pragma once
// Decides what a tile of jobs shows: each job by itself where they are few, else the jobs of each cell of an 8 x 8
// grid counted together. Each match of the tile is in exactly one of the two lists.
//
//   const TileContent tile = tile_content(query, snapshot, {10, 853, 421});
//   tile.clusters[0].tally.ads();  tile.clusters[0].cell.name();    // "10/853/421/3/5": cell= of the same query
//
// A tile is crowded above 1,000 jobs, above 200 before zoom 14; and where the texts of its jobs would not fit
// the 500 KB that no tile passes. For the same reason a single job of a crowded tile is a cluster of one
// where its texts are too long. The decision is the tile's own: since tiles and cells are half-open and nest,
// the counts of all tiles of a zoom are those of the list however each of them decided.
//
// Where nothing but the category filters, prefix sums are read and not rows. A query in GCJ-02 or BD-09 asks
// for tiles of that system (geo/shifted_square.hpp): positions are the shifted ones, cells are cut from the
// shifted tile, and each match is looked at.
#include <optional>

#include "geo/cell.hpp"
#include "server/query/filter/plan.hpp"
#include "server/query/parse/job_query.hpp"
#include "server/query/tile/pay_quartiles.hpp"

namespace jobmap::query {

struct Cluster {
  geo::CellId cell;
  data::Tally tally;
  // The zoom whose cells part its jobs, at the latest; geo::max_zoom + 1 where no zoom does.
  unsigned expansion_zoom = 0;
  // Quartiles of what pay_min compares, over postings that say it; absent without pay_unit, or under five.
  std::optional<PayQuartiles> pay;

  geo::PointE7 middle() const;  // the mean of its jobs' positions, in the query's system
};

struct TileContent {
  std::vector<data::Row> jobs;    // ascending
  std::vector<Cluster> clusters;  // along the curve, or of a shifted tile row by row
  Visits visits;
};

// `forced` is walked first, as in evaluate(): for tests.
TileContent tile_content(const JobQuery& query, const data::Snapshot& snapshot, geo::TileId tile,
                         std::optional<First> forced = {});
TileContent shifted_tile_content(const JobQuery& query, const data::Snapshot& snapshot, geo::TileId tile,
                                 std::optional<First> forced = {});

}  // namespace jobmap::query
