#include "geo/crs.hpp"

#include <geodesic.h>
#include <proj.h>

#include <algorithm>
#include <array>
#include <memory>
#include <stdexcept>

#include "geo/datum.hpp"
#include "geo/mercator.hpp"

namespace jobmap::geo {
namespace {

constexpr std::array<std::string_view, 8> names{"wgs84",     "cgcs2000",  "gcj02",     "bd09",
                                                "EPSG:4326", "EPSG:4490", "EPSG:3857", "EPSG:4549"};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// A transform belongs to the thread that made it, as PROJ asks.
class GaussKrueger120 {
 public:
  GaussKrueger120() : context_(proj_context_create()) {
    // EPSG:4549 by its defining parameters: needs no proj.db, and no choice between datum shifts.
    transform_.reset(
        proj_create(context_.get(),
                    "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad "
                    "+step +proj=tmerc +lat_0=0 +lon_0=120 +k=1 +x_0=500000 +y_0=0 +ellps=GRS80"));
    if (!transform_) throw std::runtime_error("PROJ cannot set up EPSG:4549.");
  }
  Xy apply(PJ_DIRECTION direction, double x, double y) const {
    const PJ_COORD out = proj_trans(transform_.get(), direction, proj_coord(x, y, 0, 0));
    return {out.xy.x, out.xy.y};  // HUGE_VAL where PROJ has no answer
  }
  static const GaussKrueger120& of_this_thread() {
    thread_local const GaussKrueger120 instance;
    return instance;
  }

 private:
  struct Free {
    void operator()(PJ_CONTEXT* c) const { proj_context_destroy(c); }
    void operator()(PJ* p) const { proj_destroy(p); }
  };
  std::unique_ptr<PJ_CONTEXT, Free> context_;
  std::unique_ptr<PJ, Free> transform_;
};

// 2,000 km to either side of the central meridian: what the series behind the projection is good for, and
// more.
bool in_epsg4549(double x, double y) { return std::abs(x - 500000) <= 2e6 && std::abs(y) <= 1e7; }

}  // namespace

std::optional<Crs> parse_crs(std::string_view name) {
  const auto same = [&](std::string_view n) {
    return std::equal(n.begin(), n.end(), name.begin(), name.end(),
                      [](char a, char b) { return lower(a) == lower(b); });
  };
  const auto it = std::find_if(names.begin(), names.end(), same);
  if (it == names.end()) return std::nullopt;
  return static_cast<Crs>(it - names.begin());
}

std::string_view name_of(Crs crs) { return names[static_cast<std::size_t>(crs)]; }

std::string_view crs_names() {
  return "wgs84, cgcs2000, gcj02, bd09, EPSG:4326, EPSG:4490, EPSG:3857, EPSG:4549";
}

bool is_geographic(Crs crs) { return crs != Crs::epsg3857 && crs != Crs::epsg4549; }

bool is_wgs84(Crs crs) { return is_geographic(crs) && crs != Crs::gcj02 && crs != Crs::bd09; }

std::optional<LonLat> to_wgs84(Crs crs, double x, double y) {
  LonLat p{x, y};
  if (crs == Crs::epsg3857) {
    if (!(std::abs(x) <= mercator_extent_m && std::abs(y) <= mercator_extent_m)) return std::nullopt;
    p = from_mercator(from_epsg3857(x, y));
  } else if (crs == Crs::epsg4549) {
    if (!in_epsg4549(x, y)) return std::nullopt;
    const Xy degrees = GaussKrueger120::of_this_thread().apply(PJ_INV, x, y);
    p = {degrees.x, degrees.y};
  } else if (!is_valid(p)) {
    return std::nullopt;
  } else if (crs == Crs::gcj02) {
    p = gcj02_to_wgs84(p);
  } else if (crs == Crs::bd09) {
    p = bd09_to_wgs84(p);
  }
  if (!is_valid(p)) return std::nullopt;
  return p;
}

Xy from_wgs84(Crs crs, LonLat p) {
  if (crs == Crs::epsg3857) {
    const Box at = to_epsg3857(to_mercator(p));
    return {at.min_x, at.min_y};
  }
  if (crs == Crs::epsg4549) return GaussKrueger120::of_this_thread().apply(PJ_FWD, p.lon, p.lat);
  if (crs == Crs::gcj02) p = wgs84_to_gcj02(p);
  if (crs == Crs::bd09) p = wgs84_to_bd09(p);
  return {p.lon, p.lat};
}

void warm_up() { from_wgs84(Crs::epsg4549, {120, 30}); }

double geodesic_distance_m(LonLat a, LonLat b) {
  static const geod_geodesic wgs84 = [] {
    geod_geodesic g;
    geod_init(&g, 6378137.0, 1 / 298.257223563);
    return g;
  }();
  double metres = 0;
  geod_inverse(&wgs84, a.lat, a.lon, b.lat, b.lon, &metres, nullptr, nullptr);
  return metres;
}

}  // namespace jobmap::geo
