// The tile of a map drawn in GCJ-02 or BD-09. Runs of rows say nothing there, so the matches about the tile
// are moved one by one, some 0.2 us each.
#include "geo/deadline.hpp"
#include "geo/shifted_square.hpp"
#include "server/query/filter/matches.hpp"
#include "server/query/tile/clusters.hpp"
#include "server/query/tile/tile_budget.hpp"

namespace jobmap::query {
namespace {

using data::Row;
using geo::CellId;

// The matches in one cell.
struct FoundShifted {
  data::Tally tally;  // of shifted positions
  Row first = 0;
  geo::GridCell low, high;
};

unsigned parting_zoom_of_cells(const FoundShifted& found) {
  const auto width = std::bit_width((found.low.x ^ found.high.x) | (found.low.y ^ found.high.y));
  if (width == 0) return geo::max_zoom + 1;
  return std::min(static_cast<unsigned>(geo::grid_bits - width + 1) - CellId::levels, geo::max_zoom + 1);
}

class ShiftedTile {
 public:
  ShiftedTile(const JobQuery& query, const data::Snapshot& snapshot, geo::TileId tile,
              std::optional<First> forced)
      : q_(query),
        t_(*snapshot.jobs),
        tile_(tile),
        square_(query.crs, tile),
        matches_(query, snapshot, snapshot.located_rows(), forced) {}

  TileContent content() {
    auto content = jobs_or_clusters();
    content.visits = matches_.visits();
    return content;
  }

 private:
  TileContent jobs_or_clusters() {
    const auto ranges = candidates();
    if (q_.pay_unit != data::PayUnit::none) {
      std::size_t rows = 0;
      for (const auto& range : ranges) rows += range.end - range.begin;
      pays_.emplace(t_, cells_.size(), rows);
    }
    for (const auto& range : ranges) matches_.each_row(range, [&](Row row) { take(row); });
    if (ads_ <= crowd(tile_.z) && fit(t_, few_)) return {std::move(few_), {}, {}};
    TileContent content;
    for (std::uint32_t j = 0; j < CellId::per_side; ++j)
      for (std::uint32_t i = 0; i < CellId::per_side; ++i)
        put({tile_, i, j}, j * CellId::per_side + i, content);
    std::sort(content.jobs.begin(), content.jobs.end());
    return content;
  }

  // The runs of rows that the tile's jobs are among.
  std::vector<data::RowRange> candidates() const {
    std::vector<data::RowRange> ranges;
    const auto& reach = square_.reach();
    t_.tree.walk_rows(
        0, t_.located,
        [&](const geo::BoxE7& box) {
          if (!reach.intersects(box)) return geo::Relation::outside;
          return reach.contains(box) ? geo::Relation::inside : geo::Relation::partly;
        },
        [&](Row begin, Row end, bool) {
          if (!ranges.empty() && ranges.back().end == begin)
            ranges.back().end = end;
          else
            ranges.push_back({begin, end});
        });
    return ranges;
  }

  void take(Row row) {
    geo::check_deadline();
    const auto at = geo::shift(q_.crs, t_.tree.point(row));
    const auto grid = geo::to_grid(at);
    if (!square_.contains(grid)) return;
    if (++ads_ <= crowd(tile_.z)) few_.push_back(row);
    const unsigned below = geo::grid_bits - tile_.z - CellId::levels;
    const auto i = grid.x >> below & (CellId::per_side - 1), j = grid.y >> below & (CellId::per_side - 1);
    const auto cell = j * CellId::per_side + i;
    auto& found = cells_[cell];
    if (found.tally.ads() == 0) found.first = row, found.low = found.high = grid;
    found.low = {std::min(found.low.x, grid.x), std::min(found.low.y, grid.y)};
    found.high = {std::max(found.high.x, grid.x), std::max(found.high.y, grid.y)};
    auto& of = found.tally.category[t_.category[row]];
    ++of.ads, of.openings += static_cast<std::uint64_t>(t_.openings[row]);
    found.tally.lon += at.lon, found.tally.lat += at.lat;
    if (pays_) pays_->add(cell, row);
  }

  void put(const CellId& cell, std::size_t at, TileContent& content) {
    const FoundShifted& found = cells_[at];
    const auto ads = found.tally.ads();
    if (ads == 0) return;
    if (ads == 1 && bytes_of(t_, found.first) <= most_bytes_of_one)
      return content.jobs.push_back(found.first);
    auto& cluster =
        content.clusters.emplace_back(Cluster{cell, found.tally, parting_zoom_of_cells(found), {}});
    if (pays_) cluster.pay = pays_->quartiles(at);
  }

  const JobQuery& q_;
  const data::JobTable& t_;
  geo::TileId tile_;
  geo::ShiftedSquare square_;
  Matches matches_;
  std::size_t ads_ = 0;
  std::vector<Row> few_;
  std::array<FoundShifted, cells_of_tile> cells_;
  std::optional<PayGroups> pays_;
};

}  // namespace

TileContent shifted_tile_content(const JobQuery& query, const data::Snapshot& snapshot, geo::TileId tile,
                                 std::optional<First> forced) {
  return ShiftedTile(query, snapshot, tile, forced).content();
}

}  // namespace jobmap::query
