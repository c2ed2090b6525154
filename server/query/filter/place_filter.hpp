#pragma once
// Everything of a query that a job's position decides, but for districts and the service circle, which are
// columns: the box, an area, the circle round an anchor, what is in reach of a place by
// minutes, and circles of chosen service points.
//
//   PlaceFilter place(query, snapshot);
//   tree.walk([&](const geo::BoxE7& b) { return place.relate(b); }, take);
//   std::uint32_t rows = place.leaf(begin, end, metres2);    // 16 bits, and the estimate of their distances
//
// Inclusive at every edge; decided by the geodesic within the error of the estimate.
#include <array>
#include <vector>

#include "geo/distance.hpp"
#include "geo/rtree_walk.hpp"
#include "server/query/filter/reach.hpp"
#include "server/query/parse/areas.hpp"
#include "server/query/parse/job_query.hpp"

namespace jobmap::query {

// Any of several circles of one radius.
class Circles {
 public:
  Circles() = default;
  Circles(const std::vector<geo::LonLat>& centres, double radius_m);

  bool empty() const { return from_.empty(); }
  std::size_t size() const { return from_.size(); }
  geo::Relation relate(const geo::BoxE7& box) const;
  // Relates up to 16 boxes at once to one circle.
  geo::Children relate(const geo::BoxE7* boxes, unsigned n) const;
  // For a search best first: what puts boxes in order, and up to where it must be looked to find all within
  // m.
  void order(const geo::BoxE7* boxes, unsigned n, float* keys) const;
  static float order_until(double m) { return geo::DistanceFrom::beyond2(m); }
  // Squared metres of rows [begin, end) of the tree, at most 64, to the nearest centre that can matter.
  void estimate(const geo::RTree& tree, data::Row begin, data::Row end, float* metres2) const;
  // The same of at most 16 rows of one leaf; gives the bits of those inside.
  std::uint32_t leaf(const geo::RTree& tree, data::Row begin, data::Row end, float* metres2) const;
  // Geodesic metres to the nearest centre.
  double metres(geo::PointE7 p) const;
  double at_least_m(const geo::BoxE7& box) const;
  double radius_m() const { return radius_m_; }
  double slack_m() const { return slack_m_; }

 private:
  double radius_m_ = 0, slack_m_ = 0;
  float sure_inside2_ = 0, sure_outside2_ = 0;
  float box_inside2_ = 0, box_beyond2_ = 0;
  std::vector<geo::DistanceFrom> from_;
  std::vector<geo::BoxE7> reach_;  // beyond it the circle is not
};

class PlaceFilter {
 public:
  static constexpr std::size_t leaf_size = geo::RTree::fanout;

  PlaceFilter(const JobQuery& query, const data::Snapshot& snapshot);

  bool everywhere() const {
    return !boxed_ && !area_ && anchors_.empty() && sites_.empty() && reaches_.empty() && !circle_;
  }
  geo::Relation relate(const geo::BoxE7& node) const {
    if (!one_box_) return relate_all(node);
    const auto& box = boxes_.front();
    if (!box.intersects(node)) return geo::Relation::outside;
    return box.contains(node) ? geo::Relation::inside : geo::Relation::partly;
  }
  // The place is one circle round an anchor and nothing else: anchors() relates many boxes at once.
  bool one_circle() const { return one_circle_; }
  std::uint32_t leaf(data::Row begin, data::Row end, float* metres2) const;
  bool contains(data::Row row) const;
  const Circles& anchors() const { return anchors_; }
  // For a row in time of a query by minutes: the longest of its times, and the place it is from; the first of
  // places that take equally long.
  struct Slowest {
    double minutes = 0;
    std::size_t place = 0;
  };
  Slowest slowest(data::Row row) const;
  double minutes(data::Row row) const { return slowest(row).minutes; }
  std::vector<Leg> legs(data::Row row, std::size_t place) const { return reaches_[place]->legs(row); }
  double at_least_minutes(const geo::BoxE7& box) const;

 private:
  geo::Relation relate_all(const geo::BoxE7& node) const;
  // A point of the antimeridian under both of its names.
  bool in_area(geo::PointE7 p) const;
  bool in_transformed_box(geo::PointE7 p) const;
  bool is_in_transformed_box(geo::PointE7 p) const;

  const geo::RTree& tree_;
  bool boxed_ = false;
  bool one_box_ = false;           // and nothing else: what a map asks for at every move
  bool one_circle_ = false;        // and nothing else
  std::vector<geo::BoxE7> boxes_;  // any of them; one, or two where the box crosses the antimeridian
  bool transformed_ = false;       // boxes_ only enclose: the box itself is in another system
  geo::Crs crs_;
  geo::Box box_;
  std::shared_ptr<const Area> area_;
  unsigned steps_a_point_ = 1;  // of the deadline, to tell whether a point is in the area
  Circles anchors_, sites_;
  Reaches reaches_;
  std::shared_ptr<const Reach> circle_;  // of service points by their ids, where there are streets
};

}  // namespace jobmap::query
