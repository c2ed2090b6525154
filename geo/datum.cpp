#include "geo/datum.hpp"

#include <cmath>
#include <numbers>

namespace jobmap::geo {
namespace {

double wave(double metres, double angle) { return metres * std::sin(angle * std::numbers::pi); }

// The GCJ-02 offset at p in degrees. The polynomial and the waves are metres, measured from 105 E 35 N; they
// become degrees on the Krasovsky 1940 ellipsoid.
LonLat gcj02_offset(LonLat p) {
  constexpr double a = 6378245.0, e2 = 0.00669342162296594323;
  const double x = p.lon - 105, y = p.lat - 35;
  const double both = (wave(20, 6 * x) + wave(20, 2 * x)) * 2 / 3;
  const double north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * std::sqrt(std::abs(x)) +
                       both + (wave(20, y) + wave(40, y / 3)) * 2 / 3 +
                       (wave(160, y / 12) + wave(320, y / 30)) * 2 / 3;
  const double east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * std::sqrt(std::abs(x)) + both +
                      (wave(20, x) + wave(40, x / 3)) * 2 / 3 +
                      (wave(150, x / 12) + wave(300, x / 30)) * 2 / 3;
  const double lat = p.lat * std::numbers::pi / 180;
  const double w2 = 1 - e2 * std::sin(lat) * std::sin(lat), w = std::sqrt(w2);
  return {east * 180 / (a / w * std::cos(lat) * std::numbers::pi),
          north * 180 / (a * (1 - e2) / (w2 * w) * std::numbers::pi)};
}

LonLat to_gcj02(LonLat p) {
  const LonLat d = gcj02_offset(p);
  return {p.lon + d.lon, p.lat + d.lat};
}

// BD-09 takes GCJ-02 degrees for a plane, turns and stretches it a little about the origin, and shifts it.
LonLat gcj02_to_bd09(LonLat p) {
  constexpr double k = std::numbers::pi * 3000 / 180;
  const double r = std::sqrt(p.lon * p.lon + p.lat * p.lat) + 0.00002 * std::sin(p.lat * k);
  const double angle = std::atan2(p.lat, p.lon) + 0.000003 * std::cos(p.lon * k);
  return {r * std::cos(angle) + 0.0065, r * std::sin(angle) + 0.006};
}

LonLat to_bd09(LonLat p) { return gcj02_to_bd09(to_gcj02(p)); }

// The p in China with forward(p) = q, else q itself. Both offsets are nearly constant (their slope is below
// 0.03), so stepping by what is still missing converges.
template <typename Forward>
LonLat invert(Forward forward, LonLat q) {
  constexpr double reach = 0.1;  // degrees, more than any offset at the edge of the rectangle
  const LonLat inward{q.lon + (q.lon < 105 ? reach : -reach), q.lat + (q.lat < 28 ? reach : -reach)};
  if (!shifts_at(inward)) return q;
  LonLat p = q;
  for (int step = 0; step < 20; ++step) {
    const LonLat at = forward(p);
    const double lon = q.lon - at.lon, lat = q.lat - at.lat;
    p = {p.lon + lon, p.lat + lat};
    if (std::abs(lon) < 1e-12 && std::abs(lat) < 1e-12) break;
  }
  return shifts_at(p) ? p : q;
}

}  // namespace

LonLat wgs84_to_gcj02(LonLat p) { return shifts_at(p) ? to_gcj02(p) : p; }
LonLat gcj02_to_wgs84(LonLat p) { return invert(to_gcj02, p); }
LonLat wgs84_to_bd09(LonLat p) { return shifts_at(p) ? to_bd09(p) : p; }
LonLat bd09_to_wgs84(LonLat p) { return invert(to_bd09, p); }

}  // namespace jobmap::geo
