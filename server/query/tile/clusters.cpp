#include "server/query/tile/clusters.hpp"

#include <algorithm>

#include "geo/hilbert.hpp"
#include "geo/shifted_square.hpp"
#include "server/query/filter/matches.hpp"
#include "server/query/tile/tile_budget.hpp"

namespace jobmap::query {
namespace {

using data::JobTable;
using data::Row;
using data::RowRange;
using geo::CellId;

// The cells of a tile in the order of the curve, which is the order of their rows.
struct Grid {
  std::array<CellId, cells_of_tile> id;
  std::array<Row, cells_of_tile + 1> begin;

  Grid(const JobTable& jobs, geo::TileId tile, RowRange rows) {
    std::array<std::uint64_t, cells_of_tile> key;
    const auto first = geo::hilbert_range(tile).first;
    for (std::uint32_t i = 0; i < CellId::per_side; ++i)
      for (std::uint32_t j = 0; j < CellId::per_side; ++j) {
        const CellId cell{tile, i, j};
        const auto [from, to] = geo::hilbert_range(cell.square());
        const auto at = (from - first) / (to - from);
        id[at] = cell, key[at] = from;
      }
    begin[0] = rows.begin;
    for (std::size_t at = 1; at < cells_of_tile; ++at)
      begin[at] = jobs.first_at(key[at], {begin[at - 1], rows.end});
    begin[cells_of_tile] = rows.end;
  }
};

// The matches in one cell.
struct Found {
  data::Tally tally;
  Row first = 0, last = 0;
};

unsigned parting_zoom(const JobTable& jobs, const Found& found) {
  const auto difference = jobs.hilbert_key(found.first) ^ jobs.hilbert_key(found.last);
  if (difference == 0) return geo::max_zoom + 1;
  // The first level of the curve at which the two lie in different squares; between them lie all others.
  const auto level = static_cast<unsigned>(geo::grid_bits - (std::bit_width(difference) - 1) / 2);
  return std::min(level - CellId::levels, geo::max_zoom + 1);
}

class Tile {
 public:
  Tile(const JobQuery& query, const data::Snapshot& snapshot, geo::TileId tile, std::optional<First> forced)
      : Tile(query, snapshot, tile, snapshot.jobs->rows_in_tile(tile), forced) {}

  TileContent content() {
    auto content = jobs_or_clusters();
    content.visits = matches_.visits();
    return content;
  }

 private:
  Tile(const JobQuery& query, const data::Snapshot& snapshot, geo::TileId tile, RowRange range,
       std::optional<First> forced)
      : q_(query), s_(snapshot), t_(*snapshot.jobs), tile_(tile), matches_(query, snapshot, range, forced) {
    const auto all = matches_.rows();
    rows_ = {std::max(range.begin, all.begin), std::min(range.end, all.end)};
  }

  TileContent jobs_or_clusters() {
    TileContent content;
    if (rows_.empty()) return content;
    const auto limit = crowd(tile_.z);
    if (matches_.by_category_alone() ? s_.tally(rows_, q_.categories).ads() <= limit
                                     : rows_.end - rows_.begin <= limit) {
      matches_.each_row(rows_, [&](Row row) { content.jobs.push_back(row); });
      if (fit(t_, content.jobs)) return content;
      content.jobs.clear();
    }
    const Grid grid(t_, tile_, rows_);
    std::array<Found, cells_of_tile> found;
    if (matches_.by_category_alone())
      add_up(grid, found);
    else if (look(grid, found, limit) && fit(t_, few_))
      return {std::move(few_), {}, {}};
    for (std::size_t at = 0; at < cells_of_tile; ++at) put(grid.id[at], at, found[at], content);
    return content;
  }

  void add_up(const Grid& grid, std::array<Found, cells_of_tile>& found) const {
    for (std::size_t at = 0; at < cells_of_tile; ++at) {
      const RowRange range{grid.begin[at], grid.begin[at + 1]};
      if (range.empty()) continue;
      found[at].tally = s_.tally(range, q_.categories);
      if (found[at].tally.ads() == 0) continue;
      found[at].first = end_of<false>(range), found[at].last = end_of<true>(range);
    }
  }
  // The first or the last match of a range that has one.
  template <bool last>
  Row end_of(RowRange range) const {
    for (std::size_t w = last ? (range.end - 1) / 64 : range.begin / 64;; last ? --w : ++w)
      if (const auto rows = matches_.word(w) & data::word_mask(w, range.begin, range.end))
        return static_cast<Row>(
            w * 64 + static_cast<std::size_t>(last ? 63 - std::countl_zero(rows) : std::countr_zero(rows)));
  }

  // Whether no more than the limit were found: they are in few_ then.
  bool look(const Grid& grid, std::array<Found, cells_of_tile>& found, std::size_t limit) {
    std::size_t at = 0, ads = 0;
    if (q_.pay_unit != data::PayUnit::none) pays_.emplace(t_, cells_of_tile, rows_.end - rows_.begin);
    matches_.each_word(rows_, [&](std::size_t w, std::uint64_t rows) {
      if (ads <= limit)
        for (auto m = rows; m; m &= m - 1)
          few_.push_back(static_cast<Row>(w * 64 + static_cast<unsigned>(std::countr_zero(m))));
      ads += static_cast<std::size_t>(std::popcount(rows));
      while (rows) {
        while (grid.begin[at + 1] <= w * 64 + static_cast<std::size_t>(std::countr_zero(rows))) ++at;
        const auto part = rows & data::word_mask(w, 0, grid.begin[at + 1]);
        add(found[at], w, part);
        if (pays_) pays_->add(at, w, part);
        rows &= ~part;
      }
    });
    return ads <= limit;
  }

  void add(Found& found, std::size_t w, std::uint64_t rows) const {
    const auto first = static_cast<Row>(w * 64);
    if (found.tally.ads() == 0) found.first = first + static_cast<Row>(std::countr_zero(rows));
    found.last = first + 63 - static_cast<Row>(std::countl_zero(rows));
    s_.add_rows(found.tally, w, rows);
  }

  void put(const CellId& cell, std::size_t at, const Found& found, TileContent& content) {
    const auto ads = found.tally.ads();
    if (ads == 0) return;
    if (ads == 1 && bytes_of(t_, found.first) <= most_bytes_of_one)
      return content.jobs.push_back(found.first);
    auto& cluster = content.clusters.emplace_back(Cluster{cell, found.tally, parting_zoom(t_, found), {}});
    if (pays_) cluster.pay = pays_->quartiles(at);
  }

  const JobQuery& q_;
  const data::Snapshot& s_;
  const JobTable& t_;
  geo::TileId tile_;
  Matches matches_;
  RowRange rows_;
  std::vector<Row> few_;
  std::optional<PayGroups> pays_;
};

}  // namespace

geo::PointE7 Cluster::middle() const {
  const auto n = static_cast<std::int64_t>(tally.ads());
  return {static_cast<std::int32_t>(tally.lon / n), static_cast<std::int32_t>(tally.lat / n)};
}

TileContent tile_content(const JobQuery& query, const data::Snapshot& snapshot, geo::TileId tile,
                         std::optional<First> forced) {
  if (geo::is_shifted(query.crs)) return shifted_tile_content(query, snapshot, tile, forced);
  return Tile(query, snapshot, tile, forced).content();
}

}  // namespace jobmap::query
