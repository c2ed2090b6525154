#include "geo/distance.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <numbers>

#include "geo/crs.hpp"
#include "geo/ellipsoid.hpp"

// The sieve runs on whatever the processor has; sanitizers start before the resolver of the clones may run.
#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) && !defined(JOBMAP_SANITIZED) && \
    !defined(JOBMAP_PLAIN)
#define JOBMAP_SIMD_CLONES __attribute__((target_clones("avx2", "default")))
#else
#define JOBMAP_SIMD_CLONES
#endif

namespace jobmap::geo {
namespace {

constexpr double local_lat = 80;     // degrees: beyond, cos(lat) is too curved for the series
constexpr double local_degrees = 2;  // bounds of boxes farther away are coarse
// The bounds of a box: the nearest point of a meridian lies a little off the clamped latitude, by less than
// this part of the distance within local_degrees; and the origin is rounded to the grid.
constexpr double bound_margin = 6e-4, bound_slack_m = 0.05;
constexpr double formula_max_m = 60000;
constexpr double doubtful_m = 0.01;  // twice the error of the formula

double wrapped(double dlon) { return dlon > 180 ? dlon - 360 : dlon < -180 ? dlon + 360 : dlon; }

bool is_local(LonLat origin, double dlon, double dlat) {
  return std::abs(dlon) <= local_degrees && std::abs(dlat) <= local_degrees &&
         std::abs(origin.lat) + local_degrees <= local_lat;
}

struct LonRange {
  double min, max;
};
// Longitudes of a box seen from the origin: the image (of three, 360 degrees apart) that comes nearest.
LonRange nearest_image(double min, double max) {
  auto gap = [](double a, double b) { return a > 0 ? a : b < 0 ? -b : 0.0; };
  LonRange best{min, max};
  for (const double shift : {-360.0, 360.0})
    if (gap(min + shift, max + shift) < gap(best.min, best.max)) best = {min + shift, max + shift};
  return best;
}

JOBMAP_SIMD_CLONES
void squared_kernel(const std::int32_t* lon, const std::int32_t* lat, std::size_t n, std::uint32_t lon0,
                    std::uint32_t lat0, float x0, float x1, float x2, float y0, float y1, float* out) {
  for (std::size_t i = 0; i < n; ++i) {
    // Unsigned, so that it wraps: points that far away come out far either way.
    const float dx = static_cast<float>(static_cast<std::int32_t>(static_cast<std::uint32_t>(lon[i]) - lon0));
    const float dy = static_cast<float>(static_cast<std::int32_t>(static_cast<std::uint32_t>(lat[i]) - lat0));
    const float x = dx * (x0 + dy * (x1 + dy * x2)), y = dy * (y0 + dy * y1);
    out[i] = x * x + y * y;
  }
}

// The same near a pole or the antimeridian, where the nearer of the two ways round the earth counts.
JOBMAP_SIMD_CLONES
void squared_round_kernel(const std::int32_t* lon, const std::int32_t* lat, std::size_t n, std::int64_t lon0,
                          std::int64_t lat0, float x0, float x1, float x2, float y0, float y1, float* out) {
  constexpr std::int64_t half_turn = 1'800'000'000;
  for (std::size_t i = 0; i < n; ++i) {
    const std::int64_t east = lon[i] - lon0;
    const std::int64_t turn = east > half_turn ? 2 * half_turn : east < -half_turn ? -2 * half_turn : 0;
    const float dx = static_cast<float>(east - turn), dy = static_cast<float>(lat[i] - lat0);
    const float x = dx * (x0 + dy * (x1 + dy * x2)), y = dy * (y0 + dy * y1);
    out[i] = x * x + y * y;
  }
}

// Eight boxes at a time, by the compiler's vectors (GCC and Clang), which every processor has some way to do.
// All is inlined into bounds_kernel, so that its clones have it each their own way; so no vector is handed on
// in a way that depends on the processor, of which GCC would warn (-Wno-psabi, geo/CMakeLists.txt).
#define JOBMAP_INLINE __attribute__((always_inline))
constexpr std::size_t lanes = 8;
using FourInts = std::int32_t __attribute__((vector_size(16)));
using Ints = std::int32_t __attribute__((vector_size(lanes * 4)));
using Floats = float __attribute__((vector_size(lanes * 4)));
struct Sides {  // of boxes, in 1e-7 degree
  Ints min_lon, min_lat, max_lon, max_lat;
};
struct Bounds {
  Floats least2, most2;
};

JOBMAP_INLINE inline Sides sides_of(const BoxE7* boxes) {
  const auto sides = [&](std::size_t i) JOBMAP_INLINE {
    FourInts v;
    static_assert(sizeof v == sizeof(BoxE7));
    std::memcpy(&v, boxes + i, sizeof v);
    return v;
  };
  const auto low = [](FourInts a, FourInts b)
                       JOBMAP_INLINE { return __builtin_shufflevector(a, b, 0, 4, 1, 5); };
  const auto high = [](FourInts a, FourInts b)
                        JOBMAP_INLINE { return __builtin_shufflevector(a, b, 2, 6, 3, 7); };
  const FourInts a = sides(0), b = sides(1), c = sides(2), d = sides(3), e = sides(4), f = sides(5),
                 g = sides(6), h = sides(7);
  // min_lon and min_lat of two boxes, then of four, then one of them of eight.
  const Ints ab = __builtin_shufflevector(low(a, b), low(e, f), 0, 1, 2, 3, 4, 5, 6, 7),
             cd = __builtin_shufflevector(low(c, d), low(g, h), 0, 1, 2, 3, 4, 5, 6, 7),
             ab2 = __builtin_shufflevector(high(a, b), high(e, f), 0, 1, 2, 3, 4, 5, 6, 7),
             cd2 = __builtin_shufflevector(high(c, d), high(g, h), 0, 1, 2, 3, 4, 5, 6, 7);
  return {__builtin_shufflevector(ab, cd, 0, 1, 8, 9, 4, 5, 12, 13),
          __builtin_shufflevector(ab, cd, 2, 3, 10, 11, 6, 7, 14, 15),
          __builtin_shufflevector(ab2, cd2, 0, 1, 8, 9, 4, 5, 12, 13),
          __builtin_shufflevector(ab2, cd2, 2, 3, 10, 11, 6, 7, 14, 15)};
}

// Steps from the origin to the sides, none beyond `reach`: of a box that goes farther no upper bound is
// known.
JOBMAP_INLINE inline Bounds bounds_of(const Sides& box, std::int32_t lon0, std::int32_t lat0, float x0,
                                      float x1, float x2, float y0, float y1) {
  constexpr auto reach = static_cast<std::int32_t>(local_degrees * 1e7);
  const auto higher = [](auto a, auto b) JOBMAP_INLINE { return a > b ? a : b; };
  const auto lower = [](auto a, auto b) JOBMAP_INLINE { return a < b ? a : b; };
  const auto step = [&](Ints v, std::int32_t origin) JOBMAP_INLINE {
    return lower(higher(v, Ints{} + (origin - reach)), Ints{} + (origin + reach)) - origin;
  };
  const auto real = [](Ints v) JOBMAP_INLINE { return __builtin_convertvector(v, Floats); };
  const auto width = [&](Floats y) JOBMAP_INLINE { return x0 + y * (x1 + y * x2); };
  const auto height = [&](Floats y) JOBMAP_INLINE { return y * (y0 + y * y1); };
  const Ints west = step(box.min_lon, lon0), east = step(box.max_lon, lon0);
  const Ints south = step(box.min_lat, lat0), north = step(box.max_lat, lat0);
  const Floats near_x = real(lower(higher(west, Ints{}), east)),
               near_y = real(lower(higher(south, Ints{}), north));
  const Floats nx = near_x * width(near_y), ny = height(near_y);
  // The widest parallel is that of one side, or the origin's own.
  const Floats s = real(south), t = real(north), hs = height(s), ht = height(t);
  const Floats far_x = real(higher(-west, east)) * higher(higher(width(s), width(t)), Floats{} + x0);
  const Ints farthest = higher(higher(-west, east), higher(-south, north));
  const Floats unknown = Floats{} + std::numeric_limits<float>::infinity();
  return {nx * nx + ny * ny, farthest < reach ? far_x * far_x + higher(hs * hs, ht * ht) : unknown};
}

JOBMAP_SIMD_CLONES
void bounds_kernel(const BoxE7* boxes, std::size_t n, std::int32_t lon0, std::int32_t lat0, float x0,
                   float x1, float x2, float y0, float y1, float* least2, float* most2) {
  const auto eight = [&](const BoxE7* at, float* least, float* most) JOBMAP_INLINE {
    const auto found = bounds_of(sides_of(at), lon0, lat0, x0, x1, x2, y0, y1);
    std::memcpy(least, &found.least2, sizeof found.least2);
    std::memcpy(most, &found.most2, sizeof found.most2);
  };
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) eight(boxes + i, least2 + i, most2 + i);
  if (i == n) return;
  // Any box stands for those that are missing.
  BoxE7 rest[lanes];
  float least[lanes], most[lanes];
  std::copy(boxes + i, boxes + n, rest);
  std::fill(rest + (n - i), rest + lanes, boxes[i]);
  eight(rest, least, most);
  std::copy_n(least, n - i, least2 + i);
  std::copy_n(most, n - i, most2 + i);
}

}  // namespace

void DistanceFrom::bounds(const BoxE7* boxes, std::size_t n, float* least2, float* most2) const {
  if (inland_)
    return bounds_kernel(boxes, n, grid_.lon, grid_.lat, scale_.x0, scale_.x1, scale_.x2, scale_.y0,
                         scale_.y1, least2, most2);
  for (std::size_t i = 0; i < n; ++i) {
    const auto least = static_cast<float>(at_least_m(boxes[i])),
               most = static_cast<float>(at_most_m(boxes[i]));
    least2[i] = least * least, most2[i] = most * most;
  }
}

// Single precision is good to a few parts in ten million, a step of two degrees to a centimetre.
float DistanceFrom::beyond2(double radius_m) {
  const double out = radius_m * (1 + bound_margin + 1e-5) + 2 * bound_slack_m;
  return static_cast<float>(out * out);
}
float DistanceFrom::inside2(double radius_m) {
  const double in = std::max(0.0, radius_m * (1 - bound_margin - 1e-5) - 2 * bound_slack_m);
  return static_cast<float>(in * in);
}

DistanceFrom::DistanceFrom(LonLat origin)
    : origin_(origin),
      grid_(to_e7(origin)),
      sin_lat_(std::sin(origin.lat * rad)),
      cos_lat_(std::cos(origin.lat * rad)),
      inland_(std::abs(origin.lon) + 2 * local_degrees < 180 &&
              std::abs(origin.lat) + 2 * local_degrees < local_lat) {
  const double s = sin_lat_, c = cos_lat_;
  const double w2 = 1 - eccentricity2 * s * s;
  const double n = semi_major_m / std::sqrt(w2), m = n * (1 - eccentricity2) / w2;
  const double e7 = rad * 1e-7;
  // N cos(lat) and M at the middle latitude, to second and first order in the whole step north.
  scale_.x0 = static_cast<float>(n * c * e7);
  scale_.x1 = static_cast<float>(-m * s * e7 * (e7 / 2));  // d(N cos lat)/dlat = -M sin lat
  scale_.x2 = static_cast<float>(-n * c * e7 * (e7 / 2) * (e7 / 2) / 2);
  scale_.y0 = static_cast<float>(m * e7);
  scale_.y1 = static_cast<float>(3 * eccentricity2 * s * c * m / w2 * e7 * (e7 / 2));
}

Relation DistanceFrom::relate(const BoxE7& box, double radius_m) const {
  // Steps east and north from the origin to the box's sides, in 1e-7 degree; no wrap where the origin is
  // inland.
  const double west = static_cast<double>(box.min_lon) - grid_.lon,
               east = static_cast<double>(box.max_lon) - grid_.lon;
  const double south = static_cast<double>(box.min_lat) - grid_.lat,
               north = static_cast<double>(box.max_lat) - grid_.lat;
  constexpr double reach = local_degrees * 1e7;
  if (!inland_ || west < -reach || east > reach || south < -reach || north > reach) {
    if (at_least_m(box) > radius_m) return Relation::outside;
    return at_most_m(box) < radius_m ? Relation::inside : Relation::partly;
  }
  const auto width = [&](double dy) { return scale_.x0 + dy * (scale_.x1 + dy * scale_.x2); };
  const auto height = [&](double dy) { return dy * (scale_.y0 + dy * scale_.y1); };
  const double near_x = west > 0   ? west
                        : east < 0 ? east
                                   : 0,
               near_y = south > 0   ? south
                        : north < 0 ? north
                                    : 0;
  const double nx = near_x * width(near_y), ny = height(near_y);
  const double out = radius_m * (1 + bound_margin) + bound_slack_m;
  if (nx * nx + ny * ny > out * out) return Relation::outside;
  const double in = radius_m * (1 - bound_margin) - bound_slack_m;
  const double far_x =
      std::max(-west, east) * std::max({width(south), width(north), static_cast<double>(scale_.x0)});
  const double far_y = std::max(std::abs(height(south)), std::abs(height(north)));
  return in > 0 && far_x * far_x + far_y * far_y < in * in ? Relation::inside : Relation::partly;
}

bool DistanceFrom::is_local(double dlon, double dlat) const { return geo::is_local(origin_, dlon, dlat); }

namespace {

// Takes the sine and cosine of the middle latitude; negative where the formula doesn't hold.
double by_formula(double s, double c, double dlon, double dlat) {
  const double l = dlon * rad;
  const double w2 = 1 - eccentricity2 * s * s;
  const double n = semi_major_m / std::sqrt(w2), m = n * (1 - eccentricity2) / w2;
  const double x = n * c * l, y = m * dlat * rad;
  const double third_order = l * l * (x * x * s * s + y * y * (1 + 2 * s * s)) / 12;
  const double d = std::sqrt(x * x + y * y - third_order);
  return d <= formula_max_m ? d : -1;
}

}  // namespace

double distance_m(LonLat a, LonLat q) {
  const double dlon = wrapped(q.lon - a.lon), dlat = q.lat - a.lat;
  if (!is_local(a, dlon, dlat)) return geodesic_distance_m(a, q);
  const double middle = (a.lat + q.lat) / 2 * rad;
  const double d = by_formula(std::sin(middle), std::cos(middle), dlon, dlat);
  return d >= 0 ? d : geodesic_distance_m(a, q);
}

BoxE7 enclosing_box(LonLat centre, double radius_m) {
  constexpr BoxE7 whole_earth{-1'800'000'000, -900'000'000, 1'800'000'000, 900'000'000};
  const double dlat = radius_m / 110'000 + 1e-5;
  const double widest = std::max(std::abs(centre.lat - dlat), std::abs(centre.lat + dlat));
  if (widest > 85) return whole_earth;
  const double dlon = radius_m / (111'000 * std::cos(widest * rad)) + 1e-5;
  if (centre.lon - dlon < -180 || centre.lon + dlon > 180) return whole_earth;
  const auto low = to_e7({centre.lon - dlon, centre.lat - dlat}),
             high = to_e7({centre.lon + dlon, centre.lat + dlat});
  return {low.lon, low.lat, high.lon, high.lat};
}

double DistanceFrom::metres(PointE7 p) const {
  const LonLat q = to_lonlat(p);
  const double dlon = wrapped(q.lon - origin_.lon), dlat = q.lat - origin_.lat;
  if (!is_local(dlon, dlat)) return geodesic_distance_m(origin_, q);
  // Sine and cosine of half the step north, at most a degree, by their series; the terms left out are below
  // 1e-15.
  const double h = dlat / 2 * rad, h2 = h * h;
  const double sin_h = h * (1 - h2 / 6 * (1 - h2 / 20)), cos_h = 1 - h2 / 2 * (1 - h2 / 12 * (1 - h2 / 30));
  const double d =
      by_formula(sin_lat_ * cos_h + cos_lat_ * sin_h, cos_lat_ * cos_h - sin_lat_ * sin_h, dlon, dlat);
  return d >= 0 ? d : geodesic_distance_m(origin_, q);
}

bool DistanceFrom::within(PointE7 p, double radius_m) const {
  const double d = metres(p);
  if (std::abs(d - radius_m) > doubtful_m) return d <= radius_m;
  return geodesic_distance_m(origin_, to_lonlat(p)) <= radius_m;
}

double DistanceFrom::at_least_m(const BoxE7& box) const {
  const LonRange x = nearest_image(box.min_lon / 1e7 - origin_.lon, box.max_lon / 1e7 - origin_.lon);
  const double dlon = x.min > 0 ? x.min : x.max < 0 ? -x.max : 0;
  const double south = box.min_lat / 1e7 - origin_.lat, north = box.max_lat / 1e7 - origin_.lat;
  const double dlat = south > 0 ? south : north < 0 ? north : 0;
  if (is_local(dlon, dlat)) {
    const double dy = dlat * 1e7;
    const double mx = dlon * 1e7 * (scale_.x0 + dy * (scale_.x1 + dy * scale_.x2)),
                 my = dy * (scale_.y0 + dy * scale_.y1);
    // The nearest point of a meridian lies a little off the clamped latitude: less than 5e-4 of the distance
    // here.
    return std::sqrt(mx * mx + my * my) * (1 - 5e-4) - 0.02;
  }
  // To the nearest parallel, and to the nearest meridian (or the pole, past 90 degrees), on the smallest
  // sphere.
  const double to_parallel = std::abs(dlat) * rad;
  const double to_meridian = dlon >= 90 ? std::numbers::pi / 2 - std::abs(origin_.lat) * rad
                                        : std::asin(cos_lat_ * std::sin(dlon * rad));
  return std::max(to_parallel, to_meridian) * 6335000.0 * 0.99;
}

double DistanceFrom::at_most_m(const BoxE7& box) const {
  const LonRange x = nearest_image(box.min_lon / 1e7 - origin_.lon, box.max_lon / 1e7 - origin_.lon);
  const double dlon = std::max(std::abs(x.min), std::abs(x.max));
  const double south = box.min_lat / 1e7 - origin_.lat, north = box.max_lat / 1e7 - origin_.lat;
  const double dlat = std::max(std::abs(south), std::abs(north));
  if (!is_local(dlon, dlat)) return std::numeric_limits<double>::infinity();
  auto width = [&](double dy) { return scale_.x0 + dy * (scale_.x1 + dy * scale_.x2); };
  const double mx =
      dlon * 1e7 * std::max({width(south * 1e7), width(north * 1e7), static_cast<double>(scale_.x0)});
  const double my = dlat * 1e7 * (scale_.y0 + std::abs(dlat * 1e7 * scale_.y1));
  return std::sqrt(mx * mx + my * my) * (1 + bound_margin) + bound_slack_m;
}

void DistanceFrom::squared(const std::int32_t* lon, const std::int32_t* lat, std::size_t n,
                           float* out) const {
  if (!inland_)
    return squared_round_kernel(lon, lat, n, grid_.lon, grid_.lat, scale_.x0, scale_.x1, scale_.x2, scale_.y0,
                                scale_.y1, out);
  squared_kernel(lon, lat, n, static_cast<std::uint32_t>(grid_.lon), static_cast<std::uint32_t>(grid_.lat),
                 scale_.x0, scale_.x1, scale_.x2, scale_.y0, scale_.y1, out);
}

double DistanceFrom::slack_m(double radius_m) const {
  if (!is_local(0, 0)) return std::numeric_limits<double>::infinity();
  const double t = radius_m / (6335000.0 * std::max(cos_lat_, 0.1)), u = radius_m / 6335000.0;
  const double third_order = (t * t + u * u) / 16;  // 1/24 by the series, with room for the next term
  return radius_m * (third_order + 1e-6) + 0.02;    // origin on the grid: 8 mm; single precision: 4e-7
}

}  // namespace jobmap::geo
