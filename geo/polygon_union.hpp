#pragma once
// Several areas as one: a point is inside where it is inside any of them, however they overlap.
//
//   PolygonUnion area({district, square});
//   area.contains(p);
//   tree.walk([&](const BoxE7& b) { return area.relate(b); }, take);    // all points of an R-tree
//
// Each part is a PolygonIndex and has its rules: even-odd over its own rings, closed, exact on the 1e-7
// degree grid. Nothing is cut, so neither time nor memory grows with the crossings of hostile outlines.
// Immutable; safe to share between threads.
#include <algorithm>
#include <numeric>
#include <vector>

#include "geo/polygon_index.hpp"

namespace jobmap::geo {

class PolygonUnion {
 public:
  PolygonUnion() = default;  // contains nothing
  explicit PolygonUnion(const std::vector<MultiPolygon>& parts) : parts_(parts.begin(), parts.end()) {
    std::erase_if(parts_, [](const PolygonIndex& part) { return part.empty(); });
    for (const auto& part : parts_) {
      const auto box = part.bounds();
      if (&part == &parts_.front()) bounds_ = box;
      bounds_ = {std::min(bounds_.min_lon, box.min_lon), std::min(bounds_.min_lat, box.min_lat),
                 std::max(bounds_.max_lon, box.max_lon), std::max(bounds_.max_lat, box.max_lat)};
    }
  }

  bool contains(PointE7 p) const {
    return std::any_of(parts_.begin(), parts_.end(),
                       [p](const PolygonIndex& part) { return part.contains(p); });
  }
  // inside and outside hold for every point of the box. A box that only several parts cover together is
  // partly inside, so its points are looked at one by one.
  Relation relate(const BoxE7& box) const {
    auto all = Relation::outside;
    for (const auto& part : parts_) {
      const auto one = part.relate(box);
      if (one == Relation::inside) return one;
      if (one == Relation::partly) all = one;
    }
    return all;
  }
  BoxE7 bounds() const { return bounds_; }
  // How many edges a point meets on average, which is what contains() takes time for.
  double edges_a_strip() const {
    return std::accumulate(parts_.begin(), parts_.end(), 0.0,
                           [](double sum, const PolygonIndex& part) { return sum + part.edges_a_strip(); });
  }
  std::size_t bytes() const {
    return std::accumulate(
        parts_.begin(), parts_.end(), std::size_t{0},
        [](std::size_t sum, const PolygonIndex& part) { return sum + sizeof part + part.bytes(); });
  }

 private:
  std::vector<PolygonIndex> parts_;
  BoxE7 bounds_{0, 0, -1, -1};
};

}  // namespace jobmap::geo
