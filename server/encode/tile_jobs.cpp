#include "encode/tile_jobs.hpp"

#include <algorithm>
#include <array>

#include "encode/mvt.hpp"
#include "geo/tile_projection.hpp"

namespace jobmap::encode {
namespace {

using data::JobTable;
using data::Row;

std::uint64_t hash_of(const JobTable& jobs, Row row) {
  const auto at = jobs.tree.point(row);
  std::uint64_t h =
      std::uint64_t{static_cast<std::uint32_t>(at.lon)} << 32 | static_cast<std::uint32_t>(at.lat);
  h = (h ^ h >> 29) * 0xBF58476D1CE4E5B9u;
  h ^= std::uint64_t{jobs.published[row]} << 32 | jobs.expires[row];
  h = (h ^ h >> 32) * 0x94D049BB133111EBu;
  return h ^ h >> 31;
}

// The records lie apart: fetched ahead, they cost half.
void prefetch_text(const JobTable& jobs, Row row) {
  const std::uint32_t at = jobs.text_at[row];
  const char* record = jobs.text_parts[at >> 31].data() + std::size_t{at & 0x7FFFFFFF} * 4;
  __builtin_prefetch(record);
  __builtin_prefetch(record + 64);
}

std::int32_t to_unit(double v) {
  return static_cast<std::int32_t>(std::clamp(v, 0.0, 1.0 * tile_extent) + 0.5);
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

}  // namespace

std::vector<Row> thin(const JobTable& jobs, std::vector<Row> rows, std::size_t limit) {
  if (rows.size() <= limit) return rows;
  struct Ranked {
    std::uint64_t hash;
    Row row;
    bool operator<(const Ranked& o) const { return hash != o.hash ? hash < o.hash : row < o.row; }
  };
  // The least hashes lie below this bound, with a fifth to spare; unless the postings are all alike.
  const double share = 1.2 * static_cast<double>(limit) / static_cast<double>(rows.size()) + 1e-3;
  const auto bound = share < 1 ? static_cast<std::uint64_t>(share * 0x1p64) : ~std::uint64_t{0};
  std::vector<Ranked> ranked;
  ranked.reserve(2 * limit);
  for (const auto below : {bound, ~std::uint64_t{0}}) {
    ranked.clear();
    for (Row row : rows)
      if (const auto hash = hash_of(jobs, row); hash <= below) ranked.push_back({hash, row});
    if (ranked.size() >= limit) break;
  }
  std::nth_element(ranked.begin(), ranked.begin() + static_cast<std::ptrdiff_t>(limit), ranked.end());
  rows.resize(limit);
  std::transform(ranked.begin(), ranked.begin() + static_cast<std::ptrdiff_t>(limit), rows.begin(),
                 [](const Ranked& r) { return r.row; });
  std::sort(rows.begin(), rows.end());
  return rows;
}

std::string encode_jobs_tile(const JobTable& jobs, geo::TileId tile, std::vector<Row> rows) {
  std::string body;
  if (rows.empty()) return body;
  const bool thinned = rows.size() > max_tile_jobs;
  rows = thin(jobs, std::move(rows), max_tile_jobs);

  std::vector<std::string> sources = jobs.sources;
  for (auto& source : sources) source += ':';
  const geo::TileProjection project(tile, tile_extent);
  MvtLayer layer(body, "jobs", rows.size());
  KnownValues known(layer);
  std::array<std::uint32_t, 12> tags{};
  for (std::uint32_t i = 0; const char* name : {"id", "title", "category", "ads", "openings"})
    tags[2 * i++] = layer.key(name);
  tags[7] = known.number(1);
  if (thinned) tags[10] = layer.key("thinned"), tags[11] = layer.flag(true);
  const Tags all{tags.data(), thinned ? tags.size() : tags.size() - 2};

  constexpr std::size_t ahead = 8;
  for (std::size_t i = 0; i < std::min(ahead, rows.size()); ++i) prefetch_text(jobs, rows[i]);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i + ahead < rows.size()) prefetch_text(jobs, rows[i + ahead]);
    const Row row = rows[i];
    const auto [id, title] = jobs.id_and_title(row);
    tags[1] = layer.unique_text(sources[jobs.source[row]], id);
    tags[3] = layer.text(title);
    tags[5] = known.category(jobs.category[row]);
    tags[9] = known.number(jobs.openings[row]);
    const auto [x, y] = project(jobs.tree.point(row));
    layer.point({to_unit(x), to_unit(y)}, all);
  }
  layer.finish();
  return body;
}

}  // namespace jobmap::encode
