#pragma once
// How many jobs a tile shows one by one, and how many bytes they may take. What a tile of either system
// (clusters.cpp, shifted_tile.cpp) decides by.
//
//   if (rows.size() <= crowd(tile.z) && fit(jobs, rows)) draw(rows);   // each by itself
#include <vector>

#include "data/index/snapshot.hpp"
#include "geo/cell.hpp"

namespace jobmap::query {

inline constexpr std::size_t cells_of_tile = geo::CellId::per_side * geo::CellId::per_side;

constexpr std::size_t crowd(unsigned zoom) { return zoom >= 14 ? 1000 : 200; }

// Bytes of a tile that single jobs may take, all of them or one beside the clusters; the clusters' own take
// less than the rest of 500 KB.
inline constexpr std::size_t most_bytes = 450'000, most_bytes_of_one = 6000, bytes_beside_texts = 80;
static_assert(cells_of_tile * most_bytes_of_one < most_bytes);

inline std::size_t bytes_of(const data::JobTable& jobs, data::Row row) {
  const auto [id, title] = jobs.id_and_title(row);
  return bytes_beside_texts + jobs.sources[jobs.source[row]].size() + 1 + id.size() + title.size();
}

inline bool fit(const data::JobTable& jobs, const std::vector<data::Row>& rows) {
  if (rows.size() * (bytes_beside_texts + jobs.longest_label) <= most_bytes) return true;
  std::size_t bytes = 0;
  for (const data::Row row : rows) bytes += bytes_of(jobs, row);
  return bytes <= most_bytes;
}

}  // namespace jobmap::query
