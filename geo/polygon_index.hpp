#pragma once
// Point in polygon, fast and exact: the edges of an area sorted into horizontal strips, so that a point meets
// only the few edges at its own latitude.
//
//   PolygonIndex area(district.geometry);
//   area.contains(p);  area.locate(p) == Place::edge;                      // one point
//   tree.walk([&](const BoxE7& b) { return area.relate(b); }, take);      // all points of an R-tree
//
// Vertices are rounded to the 1e-7 degree grid of PointE7 and all arithmetic is on integers, so there is no
// epsilon and no near miss: the answer is right for the rounded polygon. Edges are straight in longitude and
// latitude. A point is inside by the even-odd rule over all rings together (a hole is a hole whatever its
// winding; of two polygons that overlap, which no valid multipolygon has, the overlap is outside) and every
// point on an edge or vertex is inside: the area is closed, so a point on the border of two districts is in
// both. An area across the antimeridian is cut there, as RFC 7946 asks. Open rings are closed. Immutable;
// safe to share between threads.
#include <cstdint>
#include <span>
#include <vector>

#include "geo/geometry.hpp"
#include "geo/rtree.hpp"

namespace jobmap::geo {

enum class Place : std::uint8_t { outside, edge, inside };

class PolygonIndex {
 public:
  PolygonIndex() = default;  // contains nothing
  // Coordinates must be finite and in range. n log n in time; at most eight entries of 16 bytes an edge.
  explicit PolygonIndex(const MultiPolygon& area);

  bool contains(PointE7 p) const { return locate(p) != Place::outside; }
  Place locate(PointE7 p) const;  // on a vertex is on the edge
  // inside: every point of the box is inside; outside: none is; partly: an edge touches the box.
  Relation relate(const BoxE7& box) const;
  BoxE7 bounds() const { return bounds_; }
  bool empty() const { return edges_.empty(); }
  // How many edges a point meets on average, which is what locate() takes time for.
  double edges_a_strip() const {
    return begin_.size() < 2 ? 0
                             : static_cast<double>(edges_.size()) / static_cast<double>(begin_.size() - 1);
  }
  std::size_t bytes() const { return begin_.size() * sizeof begin_[0] + edges_.size() * sizeof edges_[0]; }

 private:
  struct Edge {
    PointE7 low, high;  // low.lat <= high.lat
  };
  std::size_t strip_of(std::int32_t lat) const {
    return static_cast<std::size_t>((std::int64_t{lat} - bounds_.min_lat) / strip_height_);
  }
  std::span<const Edge> strip(std::size_t i) const {
    return {edges_.data() + begin_[i], edges_.data() + begin_[i + 1]};
  }
  void sort_into_strips(const std::vector<Edge>& edges);
  static int side(const Edge& e, PointE7 p);
  static bool touches(const Edge& e, const BoxE7& box);

  BoxE7 bounds_{0, 0, -1, -1};
  std::int64_t strip_height_ = 1;     // in 1e-7 degree
  std::vector<std::uint32_t> begin_;  // of each strip in edges_, and the end
  std::vector<Edge> edges_;           // by strip; an edge is in every strip it crosses
};

}  // namespace jobmap::geo
