#pragma once
// Geodesic distance from one place to many: bounds to prune with, a SIMD estimate to sift with, and the
// figure itself.
//
//   DistanceFrom from({120.15937, 30.25698});
//   from.relate(box, 800);              // outside, partly, inside: certain, for walking an RTree
//   from.squared(lon, lat, 16, out);    // float m^2, within slack_m(r) of the truth up to r
//   from.metres(point);                 // within 5 mm of the geodesic
//   from.within(point, 800);            // decided by the geodesic itself where it is close
//
// Metres on WGS84. Up to 60 km and 80 degrees of latitude metres() is the middle-latitude formula on the
// ellipsoid with the spherical third-order term (Gauss; Rapp, Geometric Geodesy I, 1991); elsewhere it is
// PROJ's geodesic. Distances cross the antimeridian.
#include <cstddef>
#include <cstdint>

#include "geo/coords.hpp"
#include "geo/rtree.hpp"

namespace jobmap::geo {

// Metres from a to b, within 5 mm of the geodesic; the formula the class's metres() uses.
double distance_m(LonLat a, LonLat b);

// A box that encloses the circle, or the whole earth where that would have to cross a pole or the
// antimeridian.
BoxE7 enclosing_box(LonLat centre, double radius_m);

class DistanceFrom {
 public:
  explicit DistanceFrom(LonLat origin);

  LonLat origin() const { return origin_; }
  double metres(PointE7 p) const;
  bool within(PointE7 p, double radius_m) const;

  // Bounds that hold for every point of the box.
  double at_least_m(const BoxE7& box) const;
  double at_most_m(const BoxE7& box) const;
  // How the box lies to the circle: the bounds, with a short way for boxes of a city.
  Relation relate(const BoxE7& box, double radius_m) const;

  // The same for up to 16 boxes at once, in single precision and with a wider margin: box i lies beyond the
  // radius where least2[i] > beyond2(radius), and inside it where most2[i] < inside2(radius).
  void bounds(const BoxE7* boxes, std::size_t n, float* least2, float* most2) const;
  static float beyond2(double radius_m);
  static float inside2(double radius_m);

  // Squared metres of n points, in single precision, across the antimeridian too. Only for points within a
  // few hundred kilometres; farther ones come out far, by how much is not said.
  void squared(const std::int32_t* lon, const std::int32_t* lat, std::size_t n, float* out) const;
  // The largest error of sqrt(squared) against the geodesic, for distances up to radius_m.
  double slack_m(double radius_m) const;

 private:
  struct Scale {  // metres per 1e-7 degree at a point `dlat` (1e-7 degree) north of the origin, half way to
                  // it
    float x0, x1, x2, y0, y1;
  };
  bool is_local(double dlon, double dlat) const;

  LonLat origin_;
  PointE7 grid_;
  double sin_lat_, cos_lat_;
  bool inland_;  // neither a pole nor the antimeridian within local_degrees
  Scale scale_;
};

}  // namespace jobmap::geo
