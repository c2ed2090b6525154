#pragma once
// GEOS judges rings on a grid: the oracle of geo/grid_rings.hpp and of tiles.
//
//   geos_reason({ring, hole}) == ""             // valid; else why not, and where
#include <geos_c.h>

#include <string>
#include <vector>

#include "geo/grid_rings.hpp"

namespace jobmap::test {

inline GEOSContextHandle_t geos() {
  static const GEOSContextHandle_t handle = GEOS_init_r();
  return handle;
}

inline GEOSGeometry* geos_ring(const geo::GridRing& ring) {
  std::vector<double> xy;
  for (const auto p : ring) xy.insert(xy.end(), {double(p.x), double(p.y)});
  if (!(ring.front() == ring.back())) xy.insert(xy.end(), {xy[0], xy[1]});
  return GEOSGeom_createLinearRing_r(
      geos(), GEOSCoordSeq_copyFromBuffer_r(geos(), xy.data(), static_cast<unsigned>(xy.size() / 2), 0, 0));
}

// The rings are those of a polygon, its outer ring first.
inline std::string geos_reason(const std::vector<geo::GridRing>& rings) {
  for (const auto& ring : rings)
    if (ring.size() < 3) return "a ring of fewer than three points";
  std::vector<GEOSGeometry*> holes;
  for (std::size_t i = 1; i < rings.size(); ++i) holes.push_back(geos_ring(rings[i]));
  GEOSGeometry* polygon = GEOSGeom_createPolygon_r(geos(), geos_ring(rings[0]), holes.data(),
                                                   static_cast<unsigned>(holes.size()));
  char* reason = GEOSisValidReason_r(geos(), polygon);
  const std::string text = reason;
  GEOSFree_r(geos(), reason);
  GEOSGeom_destroy_r(geos(), polygon);
  return text == "Valid Geometry" ? "" : text;
}

}  // namespace jobmap::test
