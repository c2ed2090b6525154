#include "geo/rtree.hpp"

#include <numeric>

#include "geo/hilbert.hpp"

namespace jobmap::geo {
namespace {

struct Keyed {
  std::uint64_t key;
  std::uint32_t index;
};

// Least significant digit first, 11 bits a pass, so equal keys keep their order. All histograms in one pass;
// a digit that is the same everywhere (the top of a city's keys) costs no pass.
void radix_sort(std::vector<Keyed>& items) {
  constexpr unsigned bits = 11, passes = 6, buckets = 1u << bits;
  std::vector<std::array<std::uint32_t, buckets>> counts(passes);
  for (const Keyed& k : items)
    for (unsigned p = 0; p < passes; ++p) ++counts[p][k.key >> (p * bits) & (buckets - 1)];
  std::vector<Keyed> other(items.size());
  for (unsigned p = 0; p < passes; ++p) {
    auto& count = counts[p];
    if (count[items[0].key >> (p * bits) & (buckets - 1)] == items.size()) continue;
    std::exclusive_scan(count.begin(), count.end(), count.begin(), 0u);
    for (const Keyed& k : items) other[count[k.key >> (p * bits) & (buckets - 1)]++] = k;
    items.swap(other);
  }
}

BoxE7 join(const BoxE7& a, const BoxE7& b) {
  return {std::min(a.min_lon, b.min_lon), std::min(a.min_lat, b.min_lat), std::max(a.max_lon, b.max_lon),
          std::max(a.max_lat, b.max_lat)};
}

std::vector<BoxE7> pack_leaves(const std::vector<std::int32_t>& lon, const std::vector<std::int32_t>& lat) {
  std::vector<BoxE7> boxes((lon.size() + RTree::fanout - 1) / RTree::fanout);
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    const std::size_t begin = i * RTree::fanout, end = std::min(begin + RTree::fanout, lon.size());
    BoxE7 box{lon[begin], lat[begin], lon[begin], lat[begin]};
    for (std::size_t row = begin + 1; row < end; ++row)
      box = join(box, {lon[row], lat[row], lon[row], lat[row]});
    boxes[i] = box;
  }
  return boxes;
}

std::vector<std::vector<BoxE7>> pack(const std::vector<std::int32_t>& lon,
                                     const std::vector<std::int32_t>& lat) {
  std::vector<std::vector<BoxE7>> levels;
  if (lon.empty()) return levels;
  levels.push_back(pack_leaves(lon, lat));
  while (levels.back().size() > RTree::fanout) {
    const auto& below = levels.back();
    std::vector<BoxE7> boxes((below.size() + RTree::fanout - 1) / RTree::fanout);
    for (std::size_t i = 0; i < boxes.size(); ++i) {
      boxes[i] = below[i * RTree::fanout];
      for (std::size_t j = i * RTree::fanout + 1; j < std::min((i + 1) * RTree::fanout, below.size()); ++j)
        boxes[i] = join(boxes[i], below[j]);
    }
    levels.push_back(std::move(boxes));
  }
  return levels;
}

}  // namespace

RTree RTree::build(std::span<const PointE7> points) {
  std::vector<Keyed> keyed(points.size());
  for (std::uint32_t i = 0; i < points.size(); ++i) keyed[i] = {hilbert_key(to_grid(points[i])), i};
  if (!keyed.empty()) radix_sort(keyed);
  RTree tree;
  tree.lon_.resize(points.size());
  tree.lat_.resize(points.size());
  tree.order_.resize(points.size());
  for (std::size_t row = 0; row < keyed.size(); ++row) {
    const PointE7 p = points[keyed[row].index];
    tree.lon_[row] = p.lon;
    tree.lat_[row] = p.lat;
    tree.order_[row] = keyed[row].index;
  }
  tree.levels_ = pack(tree.lon_, tree.lat_);
  return tree;
}

BoxE7 RTree::bounds() const {
  BoxE7 box = levels_.back().front();
  for (const BoxE7& b : levels_.back()) box = join(box, b);
  return box;
}

std::size_t RTree::memory_bytes() const {
  std::size_t bytes = (lon_.capacity() + lat_.capacity() + order_.capacity()) * 4;
  for (const auto& level : levels_) bytes += level.capacity() * sizeof(BoxE7);
  return bytes;
}

}  // namespace jobmap::geo
