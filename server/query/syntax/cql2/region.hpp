#pragma once
// A geometry of a query, as points are related to it: a polygon, a box, a line or single points.
//
//   auto region = Region::box({120.1, 30.2, 120.2, 30.3});      // minx > maxx crosses the antimeridian
//   region.locate(p) == Place::inside;
//   region.relate(node);                                        // all of a tree's node inside, none, or partly
//
// Exact on the 1e-7 degree grid of PointE7, edges straight in longitude and latitude. An area is read by the
// even-odd rule over all its rings (geo/polygon_index.hpp): where a ring crosses itself, what it goes round
// twice is outside. A line's two ends are its edge, unless it is closed; a single point is inside itself.
// Immutable.
#include <string>
#include <vector>

#include "geo/geometry.hpp"
#include "geo/polygon_index.hpp"

namespace jobmap::query::cql2 {

using geo::Place;

class Region {
 public:
  static Region area(const geo::MultiPolygon& area);
  static Region box(const geo::Box& box);
  static Region line(const geo::LineString& line);
  static Region points(const geo::LineString& points);

  // A point at 180 degrees is at -180 too.
  Place locate(geo::PointE7 p) const;
  // inside: every point of the box is inside, not on an edge; outside: none is, nor on an edge.
  geo::Relation relate(const geo::BoxE7& box) const;

  // How many edges and points locate() looks at on average.
  double edges_a_point() const {
    return area_.edges_a_strip() + static_cast<double>(segments_.size() + points_.size());
  }

  // The same to relate lines and areas to it (geo/polygon.hpp), which takes an area that is valid. A box
  // without a height or a width is a line or a point.
  const geo::Shape& shape() const { return shape_; }

  std::string text;  // as CQL2 writes it, in the coordinates it was given in

 private:
  struct Segment {
    geo::PointE7 a, b;
  };
  // These two take a longitude of 180 and one of -180 for different places.
  Place locate_as_written(geo::PointE7 p) const;
  geo::Relation relate_as_written(const geo::BoxE7& box) const;

  geo::PolygonIndex area_;
  std::vector<geo::BoxE7> closed_, open_;  // boxes with their edges, and without
  std::vector<Segment> segments_;
  std::vector<geo::PointE7> points_, ends_;
  geo::Shape shape_;
};

}  // namespace jobmap::query::cql2
