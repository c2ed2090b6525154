#pragma once
// The value types of the map: a place on the earth, a place on the map sheet, and boxes of both.
//
//   PointE7 p = to_e7({120.15937, 30.25698});   // what the index stores
//   LonLat  q = to_lonlat(p);                   // the same decimal number again
//
// LonLat is WGS84 in degrees, longitude first. PointE7 is the same in units of 1e-7 degree (1.1 cm, the
// resolution OpenStreetMap stores): integers compare exactly, print fast, and halve the memory. Rounding a
// coordinate to that grid moves it by less than 8 mm. A Box is closed on all four sides.
#include <cmath>
#include <cstdint>

namespace jobmap::geo {

struct LonLat {
  double lon = 0;  // degrees, [-180, 180]
  double lat = 0;  // degrees, [-90, 90]
  bool operator==(const LonLat&) const = default;
};

struct PointE7 {
  std::int32_t lon = 0;  // 1e-7 degree
  std::int32_t lat = 0;
  bool operator==(const PointE7&) const = default;
};

struct Box {
  double min_x = 0, min_y = 0, max_x = 0, max_y = 0;
  bool operator==(const Box&) const = default;
};

struct BoxE7 {
  std::int32_t min_lon = 0, min_lat = 0, max_lon = 0, max_lat = 0;
  bool operator==(const BoxE7&) const = default;

  bool contains(PointE7 p) const {
    return p.lon >= min_lon && p.lon <= max_lon && p.lat >= min_lat && p.lat <= max_lat;
  }
  bool contains(const BoxE7& b) const {
    return b.min_lon >= min_lon && b.max_lon <= max_lon && b.min_lat >= min_lat && b.max_lat <= max_lat;
  }
  bool intersects(const BoxE7& b) const {
    return b.min_lon <= max_lon && b.max_lon >= min_lon && b.min_lat <= max_lat && b.max_lat >= min_lat;
  }
};

inline PointE7 to_e7(LonLat p) {
  return {static_cast<std::int32_t>(std::lround(p.lon * 1e7)),
          static_cast<std::int32_t>(std::lround(p.lat * 1e7))};
}
// Dividing (not multiplying by 1e-7) gives the double nearest to the decimal number, so 120.15 stays 120.15.
inline LonLat to_lonlat(PointE7 p) { return {p.lon / 1e7, p.lat / 1e7}; }

inline bool is_valid(LonLat p) {
  return std::isfinite(p.lon) && std::isfinite(p.lat) && p.lon >= -180 && p.lon <= 180 && p.lat >= -90 &&
         p.lat <= 90;
}

// The points of the 1e-7 grid that lie in a closed box given in degrees. Exact: a point on the edge is
// inside. The box may be empty (min > max) after rounding inwards.
inline BoxE7 grid_inside(const Box& b) {
  auto up = [](double v) {
    auto i = static_cast<std::int32_t>(std::floor(v * 1e7)) - 1;
    while (i / 1e7 < v) ++i;
    return i;
  };
  auto down = [](double v) {
    auto i = static_cast<std::int32_t>(std::ceil(v * 1e7)) + 1;
    while (i / 1e7 > v) --i;
    return i;
  };
  return {up(b.min_x), up(b.min_y), down(b.max_x), down(b.max_y)};
}

}  // namespace jobmap::geo
