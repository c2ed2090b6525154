#include "server/encode/tile_jobs.hpp"

#include <algorithm>
#include <array>

#include "geo/deadline.hpp"
#include "geo/shifted_square.hpp"
#include "geo/tile_projection.hpp"
#include "server/encode/mvt.hpp"
#include "server/encode/tile_clusters.hpp"

namespace jobmap::encode {
namespace {

using data::JobTable;
using data::Row;

// The records lie apart: fetched ahead, they cost half.
void prefetch_text(const JobTable& jobs, Row row) {
  const std::uint32_t at = jobs.text_at[row];
  const char* record = jobs.text_parts[at >> 31].data() + std::size_t{at & 0x7FFFFFFF} * 4;
  __builtin_prefetch(record);
  __builtin_prefetch(record + 64);
}

// Value numbers of small integers and categories, so that each is looked up once a tile.
class KnownValues {
 public:
  explicit KnownValues(MvtLayer& layer) : layer_(layer) {
    categories_.fill(unknown);
    numbers_.fill(unknown);
  }
  std::uint32_t category(std::uint8_t c) {
    if (categories_[c] == unknown) categories_[c] = layer_.text(data::category_names[c]);
    return categories_[c];
  }
  std::uint32_t number(std::int32_t n) {
    if (n >= static_cast<std::int32_t>(numbers_.size())) return layer_.number(static_cast<std::uint64_t>(n));
    auto& known = numbers_[static_cast<std::size_t>(n)];
    if (known == unknown) known = layer_.number(static_cast<std::uint64_t>(n));
    return known;
  }

 private:
  static constexpr std::uint32_t unknown = ~0u;
  MvtLayer& layer_;
  std::array<std::uint32_t, data::category_names.size()> categories_;
  std::array<std::uint32_t, 64> numbers_;
};

void append_jobs(std::string& body, const JobTable& jobs, geo::TileId tile, std::span<const Row> rows,
                 geo::Crs crs) {
  if (rows.empty()) return;
  std::vector<std::string> sources = jobs.sources;
  for (auto& source : sources) source += ':';
  const geo::TileProjection project(tile, tile_extent);
  MvtLayer layer(body, "jobs", rows.size());
  KnownValues known(layer);
  std::array<std::uint32_t, 10> tags{};
  for (std::uint32_t i = 0; const char* name : {"id", "title", "category", "ads", "openings"})
    tags[2 * i++] = layer.key(name);
  tags[7] = known.number(1);

  constexpr std::size_t ahead = 8;
  for (std::size_t i = 0; i < std::min(ahead, rows.size()); ++i) prefetch_text(jobs, rows[i]);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i + ahead < rows.size()) prefetch_text(jobs, rows[i + ahead]);
    if (i % ahead == 0) geo::check_deadline();
    const Row row = rows[i];
    const auto [id, title] = jobs.id_and_title(row);
    tags[1] = layer.unique_text(sources[jobs.source[row]], id);
    tags[3] = layer.text(title);
    tags[5] = known.category(jobs.category[row]);
    tags[9] = known.number(jobs.openings[row]);
    const auto [x, y] = project(geo::shift(crs, jobs.tree.point(row)));
    layer.point({tile_unit(x), tile_unit(y)}, tags);
  }
  layer.finish();
}

}  // namespace

std::string encode_jobs_tile(const JobTable& jobs, geo::TileId tile, const query::TileContent& content,
                             geo::Crs crs) {
  std::string body;
  append_jobs(body, jobs, tile, content.jobs, crs);
  append_clusters(body, tile, content.clusters);
  return body;
}

}  // namespace jobmap::encode
