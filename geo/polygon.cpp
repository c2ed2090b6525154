#include "geo/polygon.hpp"

#define GEOS_USE_ONLY_R_API
#include <geos_c.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <stdexcept>

#include "geo/deadline.hpp"

namespace jobmap::geo {
namespace {

// A GEOS context and the last error it reported; never shared between threads.
class Geos {
 public:
  static Geos& of_this_thread() {
    thread_local Geos instance;
    return instance;
  }
  Geos(const Geos&) = delete;
  Geos& operator=(const Geos&) = delete;
  ~Geos() { GEOS_finish_r(handle_); }

  GEOSContextHandle_t handle() const { return handle_; }
  template <typename T>
  T* checked(T* result) const {
    if (!result) fail();
    return result;
  }
  // The deadline may have interrupted the operation (below), which then fails like any other: it is asked
  // first.
  [[noreturn]] void fail() const {
    check_deadline_now();
    throw std::runtime_error("GEOS failed: " + error_);
  }

 private:
  Geos() : handle_(GEOS_init_r()) {
    if (!handle_) throw std::bad_alloc();
    const auto keep = [](const char* message, void* self) { static_cast<Geos*>(self)->error_ = message; };
    GEOSContext_setErrorMessageHandler_r(handle_, keep, this);
    // GEOS calls this now and then on the thread that works; an exception out of it ends the operation, which
    // then says that it failed. It is one for the whole process.
    static const auto before = GEOS_interruptRegisterCallback([] { check_deadline(8); });
    static_cast<void>(before);
  }
  GEOSContextHandle_t handle_;
  std::string error_;
};

}  // namespace

// Not in the unnamed namespace, since classes of the header hold it.
struct FreeGeometry {
  void operator()(GEOSGeometry* g) const { GEOSGeom_destroy_r(Geos::of_this_thread().handle(), g); }
};
using GeometryPtr = std::unique_ptr<GEOSGeometry, FreeGeometry>;

struct FreePrepared {
  void operator()(const GEOSPreparedGeometry* g) const {
    GEOSPreparedGeom_destroy_r(Geos::of_this_thread().handle(), g);
  }
};

namespace {

GEOSCoordSequence* make_points(const LineString& line) {
  Geos& geos = Geos::of_this_thread();
  static_assert(sizeof(LonLat) == 2 * sizeof(double));
  return geos.checked(GEOSCoordSeq_copyFromBuffer_r(
      geos.handle(), &line.front().lon, static_cast<unsigned>(line.size()), /*hasZ=*/0, /*hasM=*/0));
}

GeometryPtr make_ring(const Ring& ring) {
  Geos& geos = Geos::of_this_thread();
  return GeometryPtr(
      geos.checked(GEOSGeom_createLinearRing_r(geos.handle(), make_points(ring))));  // takes the points
}

// GEOS takes the parts over when it succeeds and when it fails.
std::vector<GEOSGeometry*> release(std::vector<GeometryPtr>& parts) {
  std::vector<GEOSGeometry*> raw;
  raw.reserve(parts.size());
  for (auto& part : parts) raw.push_back(part.release());
  return raw;
}

GeometryPtr collect(int type, std::vector<GeometryPtr>& parts) {
  Geos& geos = Geos::of_this_thread();
  auto raw = release(parts);
  return GeometryPtr(geos.checked(
      GEOSGeom_createCollection_r(geos.handle(), type, raw.data(), static_cast<unsigned>(raw.size()))));
}

GeometryPtr make_geometry(const MultiPolygon& area) {
  Geos& geos = Geos::of_this_thread();
  std::vector<GeometryPtr> polygons;
  for (const Polygon& polygon : area) {
    GeometryPtr shell = make_ring(polygon.front());
    std::vector<GeometryPtr> holes;
    for (std::size_t i = 1; i < polygon.size(); ++i) holes.push_back(make_ring(polygon[i]));
    auto raw = release(holes);
    polygons.emplace_back(geos.checked(GEOSGeom_createPolygon_r(geos.handle(), shell.release(), raw.data(),
                                                                static_cast<unsigned>(raw.size()))));
  }
  return collect(GEOS_MULTIPOLYGON, polygons);
}

GeometryPtr make_geometry(const MultiLineString& lines) {
  Geos& geos = Geos::of_this_thread();
  std::vector<GeometryPtr> parts;
  for (const LineString& line : lines)
    if (line.size() > 1)
      parts.emplace_back(geos.checked(GEOSGeom_createLineString_r(geos.handle(), make_points(line))));
  return collect(GEOS_MULTILINESTRING, parts);
}

GeometryPtr make_geometry(const MultiPoint& all) {
  Geos& geos = Geos::of_this_thread();
  std::vector<GeometryPtr> parts;
  for (const LonLat p : all.points)
    parts.emplace_back(geos.checked(GEOSGeom_createPointFromXY_r(geos.handle(), p.lon, p.lat)));
  return collect(GEOS_MULTIPOINT, parts);
}

GeometryPtr make_geometry(const Shape& shape) {
  return std::visit([](const auto& of) { return make_geometry(of); }, shape);
}

std::string place(LonLat p) {
  char text[80];
  std::snprintf(text, sizeof text, "%.7f, %.7f", p.lon, p.lat);
  return text;
}

}  // namespace

std::optional<std::string> structure_error(const MultiPolygon& area, PolygonLimits limits) {
  std::size_t vertices = 0, rings = 0;
  if (area.empty()) return "The area has no polygon.";
  for (const Polygon& polygon : area) {
    if (polygon.empty()) return "A polygon has no ring.";
    rings += polygon.size();
    for (const Ring& ring : polygon) {
      vertices += ring.size();
      if (ring.size() < 4) return "A ring has fewer than four points.";
      for (LonLat p : ring)
        if (!is_valid(p)) return "A coordinate is not a longitude and latitude: " + place(p) + ".";
      if (ring.front() != ring.back())
        return "A ring is not closed: it begins at " + place(ring.front()) + ".";
    }
  }
  if (rings > limits.rings)
    return "The area has " + std::to_string(rings) + " rings, at most " + std::to_string(limits.rings) +
           " are allowed.";
  if (vertices > limits.vertices)
    return "The area has " + std::to_string(vertices) + " vertices, at most " +
           std::to_string(limits.vertices) + " are allowed.";
  return std::nullopt;
}

std::optional<std::string> invalid_reason(const MultiPolygon& area, PolygonLimits limits) {
  if (auto error = structure_error(area, limits)) return error;
  Geos& geos = Geos::of_this_thread();
  const GeometryPtr geometry = make_geometry(area);
  char* reason = nullptr;
  GEOSGeometry* where = nullptr;
  const char valid = GEOSisValidDetail_r(geos.handle(), geometry.get(), 0, &reason, &where);
  const GeometryPtr point(where);
  if (valid == 1) return std::nullopt;
  if (valid != 0) geos.fail();
  std::string text = reason;
  GEOSFree_r(geos.handle(), reason);
  LonLat at;
  if (point && GEOSGeomGetX_r(geos.handle(), point.get(), &at.lon) == 1 &&
      GEOSGeomGetY_r(geos.handle(), point.get(), &at.lat) == 1)
    text += " at " + place(at);
  return text + ".";
}

namespace {

Ring read_ring(const GEOSGeometry* ring) {
  Geos& geos = Geos::of_this_thread();
  const auto* points = geos.checked(GEOSGeom_getCoordSeq_r(geos.handle(), ring));
  unsigned size = 0;
  if (!GEOSCoordSeq_getSize_r(geos.handle(), points, &size)) geos.fail();
  Ring out(size);
  if (size && !GEOSCoordSeq_copyToBuffer_r(geos.handle(), points, &out.front().lon, 0, 0)) geos.fail();
  return out;
}

// The polygons among the parts of a result.
void read_polygons(const GEOSGeometry* geometry, MultiPolygon& out) {
  Geos& geos = Geos::of_this_thread();
  if (GEOSisEmpty_r(geos.handle(), geometry) == 1) return;
  const int type = GEOSGeomTypeId_r(geos.handle(), geometry);
  if (type == GEOS_MULTIPOLYGON || type == GEOS_GEOMETRYCOLLECTION) {
    for (int i = 0; i < GEOSGetNumGeometries_r(geos.handle(), geometry); ++i)
      read_polygons(GEOSGetGeometryN_r(geos.handle(), geometry, i), out);
  } else if (type == GEOS_POLYGON) {
    Polygon polygon{read_ring(GEOSGetExteriorRing_r(geos.handle(), geometry))};
    for (int i = 0; i < GEOSGetNumInteriorRings_r(geos.handle(), geometry); ++i)
      polygon.push_back(read_ring(GEOSGetInteriorRingN_r(geos.handle(), geometry, i)));
    out.push_back(std::move(polygon));
  }
}

GeometryPtr make_union(const MultiPolygon& parts) {
  Geos& geos = Geos::of_this_thread();
  return GeometryPtr(geos.checked(GEOSUnaryUnion_r(geos.handle(), make_geometry(parts).get())));
}

}  // namespace

MultiPolygon unite(const MultiPolygon& parts) {
  MultiPolygon out;
  read_polygons(make_union(parts).get(), out);
  return out;
}

MultiPolygon subtract(const MultiPolygon& area, const MultiPolygon& parts) {
  Geos& geos = Geos::of_this_thread();
  MultiPolygon out;
  const GeometryPtr rest(
      geos.checked(GEOSDifference_r(geos.handle(), make_geometry(area).get(), make_union(parts).get())));
  read_polygons(rest.get(), out);
  return out;
}

std::optional<MultiPolygon> make_valid_on_grid(const Polygon& polygon) {
  Geos& geos = Geos::of_this_thread();
  const GeometryPtr geometry = make_geometry(MultiPolygon{polygon});
  const char valid = GEOSisValid_r(geos.handle(), geometry.get());
  if (valid == 1) return std::nullopt;
  if (valid != 0) geos.fail();
  MultiPolygon areas, rounded;
  read_polygons(GeometryPtr(geos.checked(GEOSMakeValid_r(geos.handle(), geometry.get()))).get(), areas);
  // Seams are taken out without a new corner: then all is on the grid already.
  const auto on_grid = [](const Polygon& part) {
    return std::all_of(part.begin(), part.end(), [](const Ring& ring) {
      return std::all_of(ring.begin(), ring.end(),
                         [](LonLat p) { return p.lon == std::round(p.lon) && p.lat == std::round(p.lat); });
    });
  };
  if (std::all_of(areas.begin(), areas.end(), on_grid)) return areas;
  // Crossings lie between the points of the grid: rounding to it keeps what is valid valid.
  read_polygons(
      GeometryPtr(geos.checked(GEOSGeom_setPrecision_r(geos.handle(), make_geometry(areas).get(), 1, 0)))
          .get(),
      rounded);
  return rounded;
}

struct PreparedPolygon::Geometry {
  GeometryPtr geometry;
  std::unique_ptr<const GEOSPreparedGeometry, FreePrepared> prepared;
};

PreparedPolygon::PreparedPolygon(const MultiPolygon& area, PolygonLimits limits) {
  if (auto error = structure_error(area, limits)) throw std::invalid_argument(*error);
  Geos& geos = Geos::of_this_thread();
  geometry_ = std::make_unique<Geometry>();
  geometry_->geometry = make_geometry(area);
  geometry_->prepared.reset(geos.checked(GEOSPrepare_r(geos.handle(), geometry_->geometry.get())));
}
PreparedPolygon::PreparedPolygon(PreparedPolygon&&) noexcept = default;
PreparedPolygon& PreparedPolygon::operator=(PreparedPolygon&&) noexcept = default;
PreparedPolygon::~PreparedPolygon() = default;

bool PreparedPolygon::covers(LonLat p) const {
  Geos& geos = Geos::of_this_thread();
  const GeometryPtr point(geos.checked(GEOSGeom_createPointFromXY_r(geos.handle(), p.lon, p.lat)));
  const char result = GEOSPreparedCovers_r(geos.handle(), geometry_->prepared.get(), point.get());
  if (result == 2) geos.fail();
  return result == 1;
}

struct PreparedShape::Geometry {
  GeometryPtr geometry;
  std::unique_ptr<const GEOSPreparedGeometry, FreePrepared> prepared;

  using Predicate = char (*)(GEOSContextHandle_t, const GEOSPreparedGeometry*, const GEOSGeometry*);
  bool holds(Predicate predicate, const Shape& other) const {
    Geos& geos = Geos::of_this_thread();
    const char result = predicate(geos.handle(), prepared.get(), make_geometry(other).get());
    if (result == 2) geos.fail();
    return result == 1;
  }
};

PreparedShape::PreparedShape(const Shape& shape) : geometry_(std::make_unique<Geometry>()) {
  Geos& geos = Geos::of_this_thread();
  geometry_->geometry = make_geometry(shape);
  geometry_->prepared.reset(geos.checked(GEOSPrepare_r(geos.handle(), geometry_->geometry.get())));
}
PreparedShape::PreparedShape(PreparedShape&&) noexcept = default;
PreparedShape& PreparedShape::operator=(PreparedShape&&) noexcept = default;
PreparedShape::~PreparedShape() = default;

bool PreparedShape::intersects(const Shape& other) const {
  return geometry_->holds(GEOSPreparedIntersects_r, other);
}
bool PreparedShape::contains(const Shape& other) const {
  return geometry_->holds(GEOSPreparedContains_r, other);
}

}  // namespace jobmap::geo
