#pragma once
// Questions about areas that only a full geometry library answers: the one home of GEOS.
//
//   if (auto why = invalid_reason(area)) refuse(*why);      // "Self-intersection at 120.1, 30.2"
//   PreparedPolygon p(area); p.covers({120.15, 30.25});
//   PreparedShape route(MultiLineString{line}); route.intersects(area);
//
// Nothing reaches GEOS unchecked: GEOS is undefined on NaN and quadratic on hostile rings, so
// structure_error() comes first and caps vertices and rings. For points against an area use
// geo/polygon_index.hpp, which is exact and faster. One GEOS context a thread. Errors of GEOS itself are
// std::runtime_error.
#include <memory>
#include <optional>
#include <string>

#include "geo/geometry.hpp"

namespace jobmap::geo {

struct PolygonLimits {
  std::size_t vertices = 10'000;  // of all rings
  std::size_t rings = 64;
};
// For files of an operator, whose districts follow the coast.
inline constexpr PolygonLimits import_limits{1'000'000, 10'000};

// Why this is not even a list of rings: empty, over the limits, a ring of fewer than four points or not
// closed, a coordinate not finite or out of range. Nothing where all is well.
std::optional<std::string> structure_error(const MultiPolygon& area, PolygonLimits limits = {});
// The first fault of structure, else of OGC validity (crossing rings, holes outside), with its place. Nothing
// where the area is valid.
std::optional<std::string> invalid_reason(const MultiPolygon& area, PolygonLimits limits = {});

// The union of polygons that may overlap, and what of an area lies in none of them; valid, holes as they come
// out, not wound. The parts must have no structure_error.
MultiPolygon unite(const MultiPolygon& parts);
MultiPolygon subtract(const MultiPolygon& area, const MultiPolygon& parts);
// Takes a polygon in any plane, closed rings of four points at least: nothing where it is valid, else the
// areas that its rings enclose by the even-odd rule, valid and with whole numbers for coordinates.
std::optional<MultiPolygon> make_valid_on_grid(const Polygon& polygon);

// Movable; use it on the thread that made it. The area must have no structure_error: throws
// std::invalid_argument.
class PreparedPolygon {
 public:
  explicit PreparedPolygon(const MultiPolygon& area, PolygonLimits limits = {});
  PreparedPolygon(PreparedPolygon&&) noexcept;
  PreparedPolygon& operator=(PreparedPolygon&&) noexcept;
  ~PreparedPolygon();
  bool covers(LonLat p) const;  // closed: a point on the edge is covered

 private:
  struct Geometry;
  std::unique_ptr<Geometry> geometry_;
};

// Lines, areas or points, as others are related to them, in the words of OGC's simple features. Areas must be
// valid. Movable; use it on the thread that made it.
class PreparedShape {
 public:
  explicit PreparedShape(const Shape& shape);
  PreparedShape(PreparedShape&&) noexcept;
  PreparedShape& operator=(PreparedShape&&) noexcept;
  ~PreparedShape();
  bool intersects(const Shape& other) const;
  bool contains(const Shape& other) const;  // no point of it is outside, and not all of it on the edge

 private:
  struct Geometry;
  std::unique_ptr<Geometry> geometry_;
};

}  // namespace jobmap::geo
